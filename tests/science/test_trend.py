"""Kendall's tau and the slope of Theil and Sen, against books and counting by hand."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from rapport.science.trend import kendall, theil_sen

NUMBERS = st.lists(st.integers(-20, 20), min_size=2, max_size=15)


def test_the_example_with_ties_in_kendalls_book():
    """Example 3.1, page 35 of the fourth edition: S 33, tau-b .859."""
    x = [1, 2.5, 2.5, 4.5, 4.5, 6.5, 6.5, 8, 9.5, 9.5]
    y = [1, 2, 4.5, 4.5, 4.5, 4.5, 8, 8, 8, 10]

    found = kendall(x, y)

    assert (found.s, round(found.tau, 3), found.exact) == (33, 0.859, False)


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_tau_is_that_of_scipy(data):
    x = data.draw(NUMBERS)
    y = data.draw(st.lists(st.integers(-20, 20), min_size=len(x), max_size=len(x)))
    if len(set(x)) < 2 or len(set(y)) < 2:
        return
    assert kendall(x, y).tau == pytest.approx(stats.kendalltau(x, y).statistic)


@settings(deadline=None, max_examples=25)
@given(st.permutations(range(8)))
def test_without_ties_p_is_that_of_counting_every_order(order):
    found = kendall(range(8), order)

    assert found.exact
    assert found.p == pytest.approx(stats.kendalltau(range(8), order, method="exact").pvalue)


def test_p_of_five_points_is_counted_over_all_120_orders():
    order = (1, 3, 2, 4, 5)
    s = kendall(range(5), order).s
    as_far = [abs(kendall(range(5), one).s) >= abs(s) for one in itertools.permutations(range(5))]

    assert kendall(range(5), order).p == pytest.approx(sum(as_far) / 120)


def test_with_ties_p_is_normal_with_a_correction_for_continuity():
    """Pairs of ties in six points: S 12, variance (510 - 3 x 18) / 18, z = 11 / 5.033."""
    found = kendall([1, 2, 3, 4, 5, 6], [1, 1, 3, 3, 5, 5])

    assert found.s == 12
    assert found.p == pytest.approx(math.erfc(11 / math.sqrt(2 * 456 / 18)))
    assert 0.01 < found.p < 0.05


def test_the_normal_p_allows_for_ties_on_both_sides():
    x, y = [1, 1, 1, 2, 2, 3, 4, 4, 5, 6], [2, 1, 1, 1, 3, 3, 3, 4, 6, 6]
    found = kendall(x, y)

    z = -stats.norm.ppf(stats.kendalltau(x, y, method="asymptotic").pvalue / 2)

    assert found.p == pytest.approx(2 * stats.norm.sf(z * (found.s - 1) / found.s))


@pytest.mark.parametrize(
    "x, y, sentence",
    [
        ([1, 2], [1, 2, 3], "x has 2 points and y has 3"),
        ([1], [1], "two points or more"),
        ([1, 2], [3, 3], "all values are the same"),
        ([1, math.nan], [1, 2], "a finite number"),
        ([1, 2], [1, math.inf], "a finite number"),
    ],
)
def test_what_has_no_order_is_refused(x, y, sentence):
    with pytest.raises(ValueError, match=sentence):
        kendall(x, y)


def test_the_slope_and_its_interval_are_those_of_sens_example():
    """Sen (1968): the slope is 4, its 93 % interval 26/7 to 35/8."""
    line = theil_sen([9, 15, 19, 20, 45, 55, 78], [1, 2, 3, 4, 10, 12, 18], confidence=0.93)

    assert line.slope == 4
    assert (line.low, line.high) == pytest.approx((26 / 7, 35 / 8))


@settings(deadline=None, max_examples=40)
@given(NUMBERS)
def test_the_slope_is_that_of_scipy(values):
    line = theil_sen(values)
    reference = stats.theilslopes(values, np.arange(1, len(values) + 1))

    assert line.slope == pytest.approx(reference.slope)
    if line.low is not None:
        assert line.low == pytest.approx(reference.low_slope)
        assert line.high == pytest.approx(reference.high_slope)


def test_few_points_have_a_slope_and_no_interval():
    line = theil_sen([5, 4, 2])

    assert (line.slope, line.low, line.high) == (-1.5, None, None)
    assert line.at(2) == line.intercept - 3


def test_one_wild_score_does_not_tilt_the_line():
    assert theil_sen([10, 9, 8, 27, 6, 5, 4]).slope == -1


@pytest.mark.parametrize(
    "values, times, sentence",
    [
        ([1, 2], [1], "2 values and 1 times"),
        ([1, 2], [3, 3], "two different times"),
        ([], None, "two different times"),
        ([1, math.nan], None, "a finite number"),
    ],
)
def test_what_has_no_slope_is_refused(values, times, sentence):
    with pytest.raises(ValueError, match=sentence):
        theil_sen(values, times)


@pytest.mark.parametrize("confidence", [0, 1, 95, -0.5, math.nan])
def test_a_confidence_that_is_none_is_refused(confidence):
    with pytest.raises(ValueError, match="confidence must be between 0 and 1"):
        theil_sen([1, 2, 3], confidence=confidence)
