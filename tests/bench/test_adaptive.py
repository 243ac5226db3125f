"""The benchmark compares ways to the same result, and says when a peer is not there."""

import numpy as np
import pytest
from bench import adaptive

from rapport.science.adaptive import sheets


def test_the_table_and_numpy_find_the_same():
    items = adaptive.questionnaire()
    block = adaptive.answers(items, 20_000)

    theta, se = adaptive.in_numpy(items, block)

    found = sheets.estimate(items, block)
    np.testing.assert_allclose(found.theta, theta, atol=1e-6)
    np.testing.assert_allclose(found.se, se, atol=1e-6)
    assert {0, 1, 2, 3} == set(np.unique(block))


@pytest.mark.parametrize("theirs, met", [([], True), ([0.31], True), ([0.29], False)])
def test_a_ratio_below_its_target_is_a_failure(theirs, met, capsys):
    assert adaptive._beside("calibration", "girth", [0.1], theirs, 3) is met
    assert ("not measured" in capsys.readouterr().out) is (not theirs)
