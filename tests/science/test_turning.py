"""When a course turned, against sums and searches over every division."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from rapport.science.turning import change_points, one_change

COURSE = st.lists(st.integers(0, 27), min_size=3, max_size=14)
quick = settings(deadline=None, max_examples=50)
FELL = [18, 19, 17, 18, 19, 11, 10, 12, 11, 10]


def test_a_clear_fall_is_found_where_it_was():
    found = one_change(FELL)

    assert found.best == 5
    assert found.probability > 0.9
    assert (found.before, found.after) == (18.2, 10.8)
    assert found.at[5] == max(found.at) > 0.7


def by_sums(values, k, size):
    """Evidence for a change after k scores: sums over a fine grid of heights and spreads."""
    y, n = np.array(values, float), len(values)
    step = np.r_[np.zeros(k), np.ones(n - k)]
    y, step = y - y.mean(), step - step.mean()  # the level integrated out, flat
    s = np.exp(np.linspace(math.log(y.std()) - 3, math.log(y.std()) + 6, 400))[:, None]
    height = np.linspace(-14, 14, 1401) * s  # in spreads
    left = y @ y - 2 * height * (y @ step) + height**2 * (step @ step)
    weight = stats.norm.pdf(height, 0, size * s) * s * 28 / 1400
    changed = (weight * np.exp(-left / (2 * s * s)) / s ** (n - 1)).sum()
    return changed / (np.exp(-(y @ y) / (2 * s * s)) / s ** (n - 1)).sum()


@pytest.mark.parametrize("size", [1.0, 2.0])
def test_the_evidence_is_the_sum_over_every_height_and_spread(size):
    values = [5, 7, 6, 9, 10, 8]
    found = one_change(values, size=size)

    weights = np.array([by_sums(values, k, size) / 5 for k in range(1, 6)])

    assert found.at[1:] == pytest.approx(weights / (1 + weights.sum()), rel=1e-3)


@quick
@given(COURSE)
def test_the_probabilities_are_probabilities(values):
    found = one_change(values)

    assert found.at[0] == 0 and min(found.at) >= 0
    assert sum(found.at) == pytest.approx(found.probability)
    assert 0 < found.probability < 1
    assert len(found.at) == found.n == len(values)


@quick
@given(COURSE, st.integers(1, 9), st.integers(-30, 30), st.sampled_from([1, -1]))
def test_another_scale_or_direction_changes_no_probability(values, times, plus, sign):
    moved = [sign * times * value + plus for value in values]

    assert one_change(moved).at == pytest.approx(one_change(values).at)
    assert change_points(moved, shortest=2).at == change_points(values, shortest=2).at


@quick
@given(COURSE)
def test_a_course_read_backwards_turns_at_the_same_place(values):
    there, back = one_change(values), one_change(values[::-1])

    assert back.at[1:] == pytest.approx(there.at[:0:-1])


def test_a_flat_course_speaks_against_a_change_a_little():
    found = one_change([12] * 8)

    assert 0.2 < found.probability < 0.5
    assert max(found.at[1:]) == found.at[1]  # where one score tells least, the least is lost


def test_noise_is_called_a_change_rarely():
    chance = np.random.default_rng(1)
    told = [one_change(chance.normal(size=12)).probability for _ in range(400)]

    assert np.mean(np.array(told) > 0.8) < 0.05


def test_what_was_believed_before_counts():
    believed = [one_change(FELL, prior=prior).probability for prior in (0.01, 0.5, 0.99)]

    assert believed == sorted(believed)
    even, odds = believed[1] / (1 - believed[1]), believed[0] / (1 - believed[0])
    assert odds == pytest.approx(even / 99)


def every_division(values, shortest, most):
    """BIC of every division there is."""
    n = len(values)
    for changes in range(most + 1):
        for at in itertools.combinations(range(1, n), changes):
            edges = [0, *at, n]
            parts = [values[i:j] for i, j in zip(edges, edges[1:], strict=False)]
            if changes and min(map(len, parts)) < shortest:
                continue
            left = sum(np.var(part) * len(part) for part in parts)
            yield n * math.log(left / n) + (2 * changes + 2) * math.log(n), at


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("shortest", [2, 3])
def test_no_division_has_a_lower_bic(seed, shortest):
    chance = np.random.default_rng(seed)
    values = chance.normal(size=13) + np.repeat([0, 3, -1], [5, 4, 4])

    found = change_points(values, shortest=shortest, most=3)

    bic, at = min(every_division(values, shortest, 3))
    assert found.bic == pytest.approx(bic)
    assert found.at == at
    assert found.bic_of_one == pytest.approx(next(every_division(values, shortest, 0))[0])


def test_levels_that_follow_each_other_are_found_in_a_long_series():
    chance = np.random.default_rng(4)
    values = np.repeat([14.0, 9.0, 12.0, 4.0], [30, 25, 40, 30]) + chance.normal(size=125)

    found = change_points(values)

    assert found.at == pytest.approx((30, 55, 95), abs=1)
    assert found.levels == pytest.approx((14, 9, 12, 4), abs=0.6)


@pytest.mark.parametrize(
    "values, at",
    [([5] * 30, ()), ([5] * 20 + [9] * 20, (20,)), ([1, 2], ()), ([0.1] * 40, ()),
     ([1, 2, 1, 2, 8, 9, 8, 9], ())],
)  # fmt: skip
def test_series_without_noise_and_short_ones(values, at):
    assert change_points(values).at == at


def test_noise_alone_is_divided_as_rarely_as_is_said():
    chance = np.random.default_rng(2)
    divided = [bool(change_points(chance.normal(size=60)).at) for _ in range(120)]

    assert np.mean(divided) < 0.2


@pytest.mark.parametrize(
    "work, sentence",
    [
        (lambda: one_change([1, 2]), "three scores or more"),
        (lambda: one_change([1, 2, math.nan]), "a finite number"),
        (lambda: one_change([1, 2, 3], size=0), "size must be above zero"),
        (lambda: one_change([1, 2, 3], prior=1), "prior must be between 0 and 1"),
        (lambda: change_points([1]), "two scores or more"),
        (lambda: change_points([1, math.inf]), "a finite number"),
        (lambda: change_points([1, None, 2]), "leave out what is missing"),  # type: ignore[list-item]
        (lambda: change_points([1, 2], shortest=0), "one score or more"),
        (lambda: change_points([1, 2], most=-1), "none or more"),
    ],
)
def test_what_has_no_turn_is_refused(work, sentence):
    with pytest.raises(ValueError, match=sentence):
        work()
