"""What a sum score means is what all patterns with that sum mean together."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rapport.science.adaptive import sums
from rapport.science.adaptive.graded import Prior
from rapport.science.adaptive.items import BadItem
from tests.science.adaptive import banks, slow

# The manuals' tables come from a grid half a unit wider than the adaptive test's.
MANUAL = Prior(lowest=-4.5, highest=4.5, points=91)


@given(items=banks.items(most=4), theta=st.floats(-3, 3))
@settings(max_examples=30, deadline=None)
def test_the_recursion_finds_what_adding_up_all_patterns_finds(items, theta):
    expected = np.zeros(sum(item.categories - 1 for item in items) + 1)
    for pattern in slow.patterns(items):
        pairs = zip(items, pattern, strict=True)
        expected[sum(pattern)] += math.prod(slow.chance(item, k, theta) for item, k in pairs)

    np.testing.assert_allclose(sums.sum_distribution(items, theta)[0], expected, atol=1e-12)


def test_theta_of_a_sum_is_the_mean_over_its_patterns():
    items = banks.MIXED
    found = sums.sum_table(items)

    for score in range(len(found.theta)):
        joint = np.zeros(len(slow.NODES))
        for pattern in slow.patterns(items):
            if sum(pattern) == score:
                pairs = list(zip(items, pattern, strict=True))
                joint += [math.prod(slow.chance(i, k, t) for i, k in pairs) for t in slow.NODES]
        joint *= slow.posterior(items, {})
        theta = joint @ slow.NODES / joint.sum()
        se = math.sqrt(joint @ (np.array(slow.NODES) - theta) ** 2 / joint.sum())
        assert (found.theta[score], found.se[score]) == pytest.approx((theta, se))
        assert found.probability[score] == pytest.approx(joint.sum())
    assert found.probability.sum() == pytest.approx(1)
    assert (np.diff(found.theta) > 0).all()


def close(found, published):
    """Equal where the published number has one decimal."""
    np.testing.assert_allclose(found, published, rtol=0, atol=0.0501)


def test_the_manual_of_promis_depression_8a_is_reproduced():
    """PROMIS Depression scoring manual, short form 8a: raw score 8 to 40, T score and its SE."""
    table = sums.sum_table(
        banks.named(banks.DEPRESSION, "EDDEP04", "EDDEP05", "EDDEP06", "EDDEP09", "EDDEP22",
                    "EDDEP29", "EDDEP36", "EDDEP41"),
        prior=MANUAL,
    )  # fmt: skip

    close(table.t, [38.2, 44.7, 47.5, 49.4, 50.9, 52.1, 53.2, 54.1, 55.1, 55.9, 56.8, 57.7, 58.5,
                    59.4, 60.3, 61.2, 62.1, 63.0, 63.9, 64.9, 65.8, 66.8, 67.7, 68.7, 69.7, 70.7,
                    71.7, 72.8, 73.9, 75.0, 76.4, 78.2, 81.3])  # fmt: skip
    close(10 * table.se, [5.7, 3.3, 2.7, 2.3, 2.0, 1.9, *[1.8] * 2, *[1.7] * 8, *[1.8] * 13, 1.9,
                          2.0, 2.4, 3.4])  # fmt: skip


def test_the_manuals_of_the_short_forms_4a_are_reproduced():
    """PROMIS scoring manuals, Depression 4a and Anxiety 4a: raw score 4 to 20, T score, SE."""
    depression = sums.sum_table(
        banks.named(banks.DEPRESSION, "EDDEP04", "EDDEP06", "EDDEP29", "EDDEP41"), prior=MANUAL
    )
    anxiety = sums.sum_table(
        banks.named(banks.ANXIETY, "EDANX01", "EDANX40", "EDANX41", "EDANX53"), prior=MANUAL
    )

    close(depression.t, [41.0, 49.0, 51.8, 53.9, 55.7, 57.3, 58.9, 60.5, 62.2, 63.9, 65.7, 67.5,
                         69.4, 71.2, 73.3, 75.7, 79.4])  # fmt: skip
    close(anxiety.t, [40.3, 48.0, 51.2, 53.7, 55.8, 57.7, 59.5, 61.4, 63.4, 65.3, 67.3, 69.3, 71.2,
                      73.3, 75.4, 77.9, 81.6])  # fmt: skip
    close(10 * anxiety.se, [6.1, 3.6, 3.1, 2.8, 2.7, *[2.6] * 4, *[2.7] * 6, 2.9, 3.7])


def test_items_of_one_name_are_refused():
    with pytest.raises(BadItem, match="two items are called two"):
        sums.sum_table([banks.MIXED[0], banks.MIXED[0]])
