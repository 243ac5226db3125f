"""Where somebody stands is what the formulas say, one sheet or a million."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rapport.science.adaptive import graded, sheets
from rapport.science.adaptive.graded import Prior
from rapport.science.adaptive.items import BadItem, GradedItem
from tests.science.adaptive import banks, slow

THETA = np.linspace(-6, 6, 25)


@pytest.mark.parametrize(
    "a, b",
    [(0.0, (0.0,)), (-1.0, (0.0,)), (math.nan, (0.0,)), (math.inf, (0.0,)), (1.0, ()),
     (1.0, (0.5, 0.5)), (1.0, (1.0, 0.0)), (1.0, (0.0, math.nan))],
)  # fmt: skip
def test_an_item_that_cannot_be_is_refused(a, b):
    with pytest.raises(BadItem, match="^x: "):
        GradedItem("x", a, b)


@given(items=banks.items())
@settings(deadline=None)
def test_answers_and_information_follow_the_formulas(items):
    for item in items:
        chances = graded.probabilities(item, THETA)
        expected = [[slow.chance(item, k, t) for k in range(item.categories)] for t in THETA]

        np.testing.assert_allclose(chances, expected, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(chances.sum(axis=1), 1)
        np.testing.assert_allclose(
            graded.information(item, THETA),
            [slow.information(item, theta) for theta in THETA],
            rtol=1e-6,
            atol=1e-12,  # the formula as it stands subtracts what is nearly equal
        )


def test_far_from_every_threshold_nothing_overflows_and_nothing_is_lost():
    item = GradedItem("x", 4.0, (-0.5, 0.5))

    far = graded.probabilities(item, [-150.0, 150.0])

    assert far[0, 0] == far[1, 2] == 1
    assert far[0, 2] == pytest.approx(math.exp(-602), rel=1e-9)
    assert far[1, 0] == pytest.approx(math.exp(-602), rel=1e-9)
    assert 0 <= graded.information(item, 150.0)[0] < 1e-200


def test_theta_that_is_no_number_is_refused():
    with pytest.raises(ValueError, match="numbers"):
        graded.probabilities(banks.MIXED[0], [0.0, math.nan])


@given(data=st.data(), mean=st.sampled_from([0.0, -0.7]), sd=st.sampled_from([1.0, 1.8]))
@settings(max_examples=50, deadline=None)
def test_an_estimate_is_the_mean_of_the_posterior(data, mean, sd):
    answers = {
        item.key: data.draw(st.none() | st.integers(0, item.categories - 1)) for item in banks.MIXED
    }

    found = graded.estimate(banks.MIXED, answers, prior=Prior(mean=mean, sd=sd))

    assert (found.theta, found.se) == pytest.approx(slow.estimate(banks.MIXED, answers, mean, sd))
    assert (found.t, found.t_se) == (50 + 10 * found.theta, 10 * found.se)


def test_without_an_answer_the_prior_remains():
    found = graded.estimate(banks.MIXED, {"two": None})

    assert found.theta == pytest.approx(0, abs=1e-12)
    assert found.se == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("answers", [{"two": 2}, {"two": -1}, {"two": 0.5}, {"ten": 1}])
def test_an_answer_that_is_not_there_is_refused(answers):
    with pytest.raises(BadItem):
        graded.estimate(banks.MIXED, answers)


@pytest.mark.parametrize(
    "prior",
    [{"sd": 0.0}, {"sd": math.nan}, {"mean": 5.0}, {"lowest": 4.0}, {"points": 2}],
)
def test_a_prior_that_cannot_be_is_refused(prior):
    with pytest.raises(ValueError):
        Prior(**prior)


def block_of(items, rows, seed=1, missing=0.2):
    chance = np.random.default_rng(seed)
    block = np.column_stack([chance.integers(0, one.categories, rows) for one in items])
    block[chance.random(block.shape) < missing] = sheets.MISSING
    return block.astype(np.int8)


def test_a_block_comes_to_what_its_sheets_come_to():
    block = block_of(banks.MIXED, 60)

    few = sheets.estimate(banks.MIXED, block)
    table = sheets.PatternTable.of(banks.MIXED).look_up(block)

    keys = [item.key for item in banks.MIXED]
    for n, row in enumerate(block.tolist()):
        answers = {k: None if a < 0 else a for k, a in zip(keys, row, strict=True)}
        expected = slow.estimate(banks.MIXED, answers)
        assert (few.theta[n], few.se[n]) == pytest.approx(expected, abs=1e-9)
        assert (table.theta[n], table.se[n]) == pytest.approx(expected, abs=1e-7)


def test_rows_beyond_the_first_portion_are_worked_out_too():
    block = np.asfortranarray(block_of(banks.MIXED, sheets.AT_ONCE + 5))

    found = sheets.estimate(banks.MIXED, block)

    few = sheets.estimate(banks.MIXED, block[-7:])
    np.testing.assert_allclose(found.theta[-7:], few.theta, atol=1e-8)
    np.testing.assert_allclose(found.se[-7:], few.se, atol=1e-7)


def test_a_bank_too_long_for_a_table_is_worked_out_row_by_row():
    block = block_of(banks.DEPRESSION, sheets.AT_ONCE, missing=0.9)
    with pytest.raises(BadItem, match="too many"):
        sheets.PatternTable.of(banks.DEPRESSION)

    found = sheets.estimate(banks.DEPRESSION, block)

    keys = [item.key for item in banks.DEPRESSION]
    answers = {k: int(a) for k, a in zip(keys, block[3], strict=True) if a >= 0}
    assert (found.theta[3], found.se[3]) == pytest.approx(slow.estimate(banks.DEPRESSION, answers))


@pytest.mark.parametrize(
    "block",
    [np.zeros((2, 4)), np.zeros((2, 3), np.int8), np.full((2, 4), 2, np.int8),
     np.full((2, 4), -2, np.int8)],
)  # fmt: skip
def test_a_block_of_something_else_is_refused(block):
    with pytest.raises(BadItem):
        sheets.estimate(banks.MIXED, block)


def test_a_table_of_complete_sheets_finds_the_same_and_refuses_what_is_missing():
    block = block_of(banks.MIXED, sheets.AT_ONCE, missing=0)
    table = sheets.PatternTable.of(banks.MIXED, complete=True)

    found = sheets.estimate(banks.MIXED, block)

    every = sheets.PatternTable.of(banks.MIXED).look_up(block)
    np.testing.assert_allclose(found.theta, every.theta, atol=1e-9)
    np.testing.assert_array_equal(found.theta, table.look_up(block).theta)
    block[7, 2] = sheets.MISSING
    with pytest.raises(BadItem, match="complete sheets"):
        table.look_up(block)
