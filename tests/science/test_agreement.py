"""Agreement and reliability: published tables, independent references, known truth."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.science import agreement
from rapport.science.agreement import alpha, intraclass, kappa, linear, quadratic, retest
from rapport.science.omega import NoFactor, omega

SHROUT_FLEISS = [
    [9, 2, 5, 8],
    [6, 1, 3, 2],
    [8, 4, 6, 8],
    [7, 1, 2, 6],
    [10, 5, 6, 9],
    [6, 2, 4, 7],
]
NAMES = ("icc_1_1", "icc_2_1", "icc_3_1", "icc_1_k", "icc_2_k", "icc_3_k")


def test_the_six_coefficients_of_shrout_and_fleiss():
    """Table 4 of their paper (1979)."""
    found = intraclass(SHROUT_FLEISS)

    assert [round(getattr(found, name).value, 2) for name in NAMES] == [
        0.17, 0.29, 0.71, 0.44, 0.62, 0.91,
    ]  # fmt: skip
    assert (found.subjects, found.raters) == (6, 4)


def test_their_intervals_are_those_of_the_usual_package():
    """As the R package psych prints them for the same table, at 95 %."""
    found = intraclass(SHROUT_FLEISS)

    bounds = [(getattr(found, name).low, getattr(found, name).high) for name in NAMES]
    np.testing.assert_allclose(
        bounds,
        [
            (-0.133, 0.72),
            (0.019, 0.76),
            (0.342, 0.95),
            (-0.884, 0.91),
            (0.071, 0.93),
            (0.676, 0.99),
        ],
        atol=0.006,
    )


@pytest.mark.parametrize(
    "name, judges, truth", [("icc_1_1", 0, 0.5), ("icc_2_1", 1, 0.4), ("icc_3_1", 1, 0.5)]
)
def test_intervals_hold_the_truth_as_often_as_they_say(name, judges, truth):
    """Subjects and error of variance 2, raters of variance 1: 2/4, 2/5, 2/4."""
    chance = np.random.default_rng(21)
    held = []
    for _ in range(1500):
        subjects = chance.normal(0, math.sqrt(2), (30, 1))
        raters = chance.normal(0, math.sqrt(judges), (1, 6))
        rated = subjects + raters + chance.normal(0, math.sqrt(2), (30, 6))
        found = getattr(intraclass(rated), name)
        held.append(found.low <= truth <= found.high)

    assert 0.93 <= np.mean(held) <= 0.97


@given(st.integers(2, 6), st.integers(3, 12), st.integers(0, 10_000))
def test_moving_and_stretching_the_scale_changes_no_agreement(k, n, seed):
    rated = np.random.default_rng(seed).normal(0, 1, (n, k))

    one, other = intraclass(rated), intraclass(7 * rated - 30)

    for name in NAMES:
        assert getattr(one, name).low <= getattr(one, name).value <= getattr(one, name).high
        assert getattr(one, name).value == pytest.approx(getattr(other, name).value, abs=1e-9)


def test_tables_that_say_nothing_are_refused():
    with pytest.raises(ValueError, match="2 rows and 2 columns"):
        intraclass([[1, 2, 3]])
    with pytest.raises(ValueError, match="an answer is missing"):
        intraclass([[1, 2], [3, math.nan]])
    with pytest.raises(ValueError, match="the subjects do not differ"):
        intraclass([[1, 2], [1, 2], [1, 2]])


def test_kappa_by_hand():
    """35 of 50 agree; by chance .5 x .6 + .5 x .4 = .5; (.7 - .5) / .5."""
    found = kappa([[20, 5], [10, 15]])

    assert found.value == pytest.approx(0.4)
    assert (found.observed, found.by_chance) == pytest.approx((0.7, 0.5))


FLEISS = np.array([[53, 5, 2], [11, 14, 5], [1, 6, 3]]) * 2
UNEVEN = np.array([[1, 0, 0.4444], [0, 1, 0.6667], [0.4444, 0.6667, 1]])


def test_the_example_of_fleiss_cohen_and_everitt():
    """Two hundred cases, kappa .429 (1969)."""
    assert round(kappa(FLEISS).value, 3) == 0.429


def test_the_example_of_cohen():
    """Kappa .492; with disagreement weighing 1, 3 and 6 it is 1 - .90 / 1.38 = .348 (1968)."""
    table = [[44, 7, 9], [5, 20, 5], [1, 3, 6]]
    weights = 1 - np.array([[0, 1, 3], [1, 0, 6], [3, 6, 0]]) / 6

    assert round(kappa(table).value, 3) == 0.492
    assert kappa(table, weights=weights).value == pytest.approx(1 - 0.90 / 1.38)


@pytest.mark.parametrize("weights", [None, UNEVEN, linear(3), quadratic(3)])
def test_its_error_is_that_of_the_delta_method(weights):
    """The gradient by small steps, from the definition of kappa alone."""
    w = np.eye(3) if weights is None else weights
    p = FLEISS / FLEISS.sum()

    def by_definition(share):
        chance = share.sum(axis=1) @ w @ share.sum(axis=0)
        return ((w * share).sum() - chance) / (1 - chance)

    slope = np.zeros((3, 3))
    for at in np.ndindex(3, 3):
        step = np.zeros((3, 3))
        step[at] = 1e-6
        slope[at] = (by_definition(p + step) - by_definition(p - step)) / 2e-6
    variance = ((p * slope**2).sum() - (p * slope).sum() ** 2) / FLEISS.sum()

    assert kappa(FLEISS, weights=weights).error == pytest.approx(math.sqrt(variance), rel=1e-5)


def test_near_misses_count_for_more_than_far_ones():
    near, far = [[10, 5, 0], [5, 10, 5], [0, 5, 10]], [[10, 0, 5], [5, 10, 5], [5, 0, 10]]

    assert kappa(near, weights=quadratic(3)).value > kappa(near, weights=linear(3)).value
    assert kappa(near, weights=linear(3)).value > kappa(near).value
    assert kappa(far, weights=quadratic(3)).value < kappa(near, weights=quadratic(3)).value


def test_quadratic_kappa_is_the_agreement_of_scores():
    """Fleiss and Cohen (1973): with many cases it equals ICC(2,1) of the category numbers."""
    table = np.array([[10, 5, 0], [6, 10, 5], [1, 4, 10]]) * 400
    rated = np.repeat([(i, j) for i in range(3) for j in range(3)], table.ravel(), axis=0)

    assert kappa(table, weights=quadratic(3)).value == pytest.approx(
        intraclass(rated).icc_2_1.value, abs=1e-4
    )


@pytest.mark.parametrize(
    "table, weights, why",
    [
        ([[1, 2]], None, "square"),
        ([[0, 0], [0, 0]], None, "not only zeros"),
        ([[-1, 2], [3, 4]], None, "counts"),
        ([[5, 0], [0, 0]], None, "always said the same"),
        ([[5, 1], [1, 5]], [[0.5, 0], [0, 1]], "1 for agreement"),
    ],
)
def test_tables_that_cannot_be_are_refused(table, weights, why):
    with pytest.raises(ValueError, match=why):
        kappa(table, weights=weights)


def test_alpha_by_hand():
    """Item variances 1.3, 1 and 1.5 of a sum's 9.3: 1.5 x (1 - 3.8 / 9.3)."""
    found = alpha([[2, 3, 3], [0, 1, 0], [3, 3, 2], [1, 1, 2], [2, 2, 3]])

    assert found.value == pytest.approx(1.5 * (1 - 3.8 / 9.3))


def test_alpha_is_the_agreement_of_items():
    """Feldt's interval is that of ICC(3,k)."""
    found, icc = alpha(SHROUT_FLEISS), intraclass(SHROUT_FLEISS).icc_3_k

    assert (found.value, found.low, found.high) == pytest.approx((icc.value, icc.low, icc.high))


def test_omega_equals_alpha_where_items_are_equally_good():
    found = omega(with_covariance(np.full((4, 4), 0.5) + 0.5 * np.eye(4)))

    assert found.value == pytest.approx(0.8)
    assert found.loadings == pytest.approx(np.full(4, math.sqrt(0.5)))
    assert found.left == pytest.approx(0, abs=1e-6)


def test_omega_finds_the_loadings_that_made_the_items():
    """Loadings .9 to .3: (3)^2 / (9 + 5 - 2.2) by hand; alpha falls short of it."""
    made = np.array([0.9, 0.8, 0.6, 0.4, 0.3])
    shared = np.outer(made, made)
    np.fill_diagonal(shared, 1.0)
    answers = with_covariance(shared)

    found = omega(answers)

    assert found.loadings == pytest.approx(made, abs=1e-6)
    assert found.value == pytest.approx(9 / (9 + 5 - (0.81 + 0.64 + 0.36 + 0.16 + 0.09)))
    assert alpha(answers).value < found.value


def test_omega_says_when_one_factor_is_not_enough():
    two = np.kron(np.eye(2), np.full((3, 3), 0.6)) + 0.4 * np.eye(6)
    two[:3, 3:] = two[3:, :3] = 0.1

    assert omega(with_covariance(two)).left > 0.2
    with pytest.raises(NoFactor, match="the same answer"):
        omega(np.column_stack([np.arange(9.0), np.arange(9.0) ** 2, np.ones(9)]))
    with pytest.raises(ValueError, match="3 items and more people"):
        omega(np.zeros((3, 5)))


def with_covariance(shared):
    """Two hundred answers whose covariance is exactly ``shared``."""
    raw = np.random.default_rng(4).normal(size=(200, len(shared)))
    raw -= raw.mean(axis=0)
    raw = raw @ np.linalg.inv(np.linalg.cholesky(np.cov(raw, rowvar=False))).T
    return raw @ np.linalg.cholesky(shared).T


def test_a_retest_by_hand():
    """r 71.4 / sqrt(95.2 x 56.8) = .971; error sqrt(23.8 x .029) = .83."""
    found = retest([10, 14, 7, 20, 12], [11, 13, 9, 19, 14])

    assert found.correlation.value == pytest.approx(71.4 / math.sqrt(95.2 * 56.8))
    assert found.sd == pytest.approx(math.sqrt(23.8))
    assert (round(found.sem, 2), found.shift, found.n) == (0.83, pytest.approx(0.6), 5)


def test_everybodys_moving_alike_is_no_agreement():
    earlier = [10.0, 14, 7, 20, 12, 15]

    found = retest(earlier, [score - 6 for score in earlier[:-1]] + [10])

    assert found.correlation.value > 0.98
    assert found.agreement.value < 0.7


def test_the_interval_of_a_correlation():
    """r .5 of 28: atanh .5493 +- 1.96 / 5: tanh(.1573) and tanh(.9413)."""
    shared = with_covariance(np.array([[1, 0.5], [0.5, 1]]))
    found = retest(shared[:, 0], shared[:, 1])

    wide = 1.959964 / math.sqrt(197)
    assert found.correlation.low == pytest.approx(math.tanh(math.atanh(0.5) - wide))
    assert found.correlation.high == pytest.approx(math.tanh(math.atanh(0.5) + wide))
    with pytest.raises(ValueError, match="4 people or more"):
        retest([1, 2, 3], [2, 3, 5])
    with pytest.raises(ValueError, match="level must be in"):
        agreement.alpha(SHROUT_FLEISS, level=95)
