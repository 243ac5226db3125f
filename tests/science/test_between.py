"""Variance between therapists: published fits, a dense check, the interval, and what cannot be."""

import math

import numpy as np
import pytest

from rapport.science.between import between
from rapport.science.case_mix import CannotFit

from .published import DYESTUFF, DYESTUFF_2

NOTHING = np.empty((30, 0))
BATCHES = np.repeat(np.arange(6), 5)


def of(published):
    return np.array([value for batch in published.values() for value in batch], float)


def test_dyestuff():
    """lme4: REML 319.6543, standard deviations 42.00 and 49.51."""
    found = between(of(DYESTUFF), NOTHING, BATCHES)

    assert math.isclose(found.deviance, 319.6543, abs_tol=1e-4)
    assert math.isclose(math.sqrt(found.variances.between), 42.00, abs_tol=0.005)
    assert math.isclose(math.sqrt(found.variances.within), 49.51, abs_tol=0.005)
    assert math.isclose(found.share.estimate, found.variances.share)
    assert 0 <= found.share.low < found.share.estimate < found.share.high < 1


def test_dyestuff_that_varies_less_than_chance_has_no_share_and_an_interval():
    """lme4: REML 161.8283, standard deviations 0 and 3.716."""
    found = between(of(DYESTUFF_2), NOTHING, BATCHES)

    assert math.isclose(found.deviance, 161.8283, abs_tol=1e-4)
    assert (found.variances.between, found.share.estimate, found.share.low) == (0, 0, 0)
    assert math.isclose(math.sqrt(found.variances.within), 3.716, abs_tol=0.001)
    assert 0 < found.share.high < 1


def uneven(seed=1, *, tau=2.0, therapists=40):
    chance = np.random.default_rng(seed)
    unit = np.repeat(np.arange(therapists), chance.integers(1, 40, therapists))
    x = np.column_stack([chance.normal(15, 4, len(unit)), chance.random(len(unit)) < 0.3])
    y = 3 + 0.5 * x[:, 0] - 2 * x[:, 1] + chance.normal(0, tau, therapists)[unit]
    return y + chance.normal(0, 5, len(unit)), x, unit


def densely(y, x, unit, variances):
    """The restricted likelihood from whole matrices."""
    v = variances.between * (unit[:, None] == unit) + variances.within * np.eye(len(y))
    design = np.column_stack([np.ones(len(y)), x])
    inverse = np.linalg.inv(v)
    inner = design.T @ inverse @ design
    beta = np.linalg.solve(inner, design.T @ inverse @ y)
    left = y - design @ beta
    return beta, (np.linalg.slogdet(v)[1] + np.linalg.slogdet(inner)[1] + left @ inverse @ left
                  + (len(y) - design.shape[1]) * math.log(2 * math.pi))  # fmt: skip


def test_uneven_caseloads_with_covariates_as_whole_matrices_have_them():
    y, x, unit = uneven()
    found = between(y, x, unit)

    beta, least = densely(y, x, unit, found.variances)

    # covariates are put on one scale first, which moves the determinant by a constant
    moved = 2 * np.log(x.std(axis=0)).sum()
    assert math.isclose(found.deviance + moved, least, rel_tol=1e-9)
    assert np.allclose(found.weights, beta[1:], rtol=1e-6)
    for factor in (0.9, 1.1):
        other = type(found.variances)(found.variances.between * factor, found.variances.within)
        assert densely(y, x, unit, other)[1] > least
    one = unit == 3
    mean = (y[one] - beta[0] - x[one] @ beta[1:]).mean()
    assert math.isclose(found.caseloads[3].residual, mean, rel_tol=1e-6)
    assert found.caseloads[3].n == one.sum()


def test_nineteen_in_twenty_intervals_hold_the_truth():
    truth = 4 / 29  # 2^2 of 2^2 + 5^2
    fits = [between(*uneven(seed, therapists=24)) for seed in range(200)]
    held = [found.share.low <= truth <= found.share.high for found in fits]

    assert 0.91 <= sum(held) / len(held) <= 0.99


def test_what_covariates_explain_lies_between_nobody():
    """One therapist treats the worst off alone: without the score at the start they look worse."""
    chance = np.random.default_rng(4)
    unit = np.repeat(np.arange(20), 60)
    start = 10.0 + unit + chance.normal(0, 1, 1200)
    y = start + chance.normal(0, 3, 1200)

    assert between(y, np.empty((1200, 0)), unit).share.estimate > 0.5
    assert between(y, start[:, None], unit).share.low == 0


@pytest.mark.parametrize(
    ("y", "x", "unit"),
    [
        ([1, 2, 3, 4], np.empty((4, 0)), [0, 0, 0, 0]),
        ([1, 2, 3, 4], np.empty((4, 0)), [0, 1, 2, 3]),
        ([1, 2], np.empty((2, 0)), [0, 1]),
        ([1, 2, 3, 5, 4], [[7], [7], [7], [7], [7]], [0, 0, 1, 1, 2]),
        ([1, 2, 3, 5, 4], [[1, 2], [2, 4], [3, 6], [4, 8], [5, 10]], [0, 0, 1, 1, 2]),
        ([1, 1, 1, 1], np.empty((4, 0)), [0, 0, 1, 1]),
    ],
    ids=["one therapist", "a client each", "two clients", "the same for all", "in step", "alike"],
)  # fmt: skip
def test_what_cannot_be_told_is_refused(y, x, unit):
    with pytest.raises(CannotFit):
        between(y, x, unit)


def test_columns_of_different_lengths_and_a_wrong_level_are_mistakes():
    with pytest.raises(ValueError, match="row a client"):
        between([1, 2], np.empty((3, 0)), [0, 1, 1])
    with pytest.raises(ValueError, match="level"):
        between([1, 2, 3], np.empty((3, 0)), [0, 1, 1], level=1)
