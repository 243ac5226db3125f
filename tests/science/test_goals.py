"""Goal attainment: the T score by hand, and what it is from one end to the other."""

import math

import pytest

from rapport.science.goals import attainment


@pytest.mark.parametrize(
    ("levels", "weights", "expected"),
    [
        ([0], [1], 50.0),
        ([1], [7], 60.0),  # one goal: 10 points a level, whatever it weighs
        ([1, 1], [1, 1], 50 + 20 / math.sqrt(2.6)),  # 0.7 * 2 + 0.3 * 4
        ([2, -1], [3, 1], 50 + 50 / math.sqrt(11.8)),  # 0.7 * 10 + 0.3 * 16
        ([-2, -2, -2], [1, 1, 1], 50 - 60 / math.sqrt(4.8)),
    ],
)
def test_the_t_score_by_hand(levels, weights, expected):
    assert attainment(levels, weights) == pytest.approx(expected, abs=1e-12)
    turned = [-level for level in levels]
    assert attainment(turned, weights) == pytest.approx(100 - expected, abs=1e-12)


def test_what_weights_are_multiplied_with_changes_nothing():
    assert attainment([1, -2], [2, 3]) == pytest.approx(attainment([1, -2], [20, 30]))


@pytest.mark.parametrize(
    ("levels", "weights", "rho"),
    [([], [], 0.3), ([1], [1, 1], 0.3), ([3], [1], 0.3), ([1], [0], 0.3), ([1], [-1], 0.3),
     ([1], [math.nan], 0.3), ([1], [math.inf], 0.3), ([1], [1], 1.5)],
)  # fmt: skip
def test_what_cannot_be_is_refused(levels, weights, rho):
    with pytest.raises(ValueError, match="level|weight"):
        attainment(levels, weights, rho=rho)
