"""Effects of a group: against published examples, hand-worked cases and simulated truth."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rapport.science import effects, proportions
from rapport.science.effects import Paired

PHQ = Paired(n=100, first=15.4, last=9.4, sd_first=5.5, sd_last=6.4, r=0.5, starters=160)


def test_the_change_in_units_of_the_start():
    """6 / 5.5 = 1.0909; variance 1/100 + 1.0909^2 / 200 = 0.01595; error .1263."""
    found = effects.d_pre(PHQ, better="lower")

    assert found.size == pytest.approx(1.0909, abs=1e-4)
    assert found.error == pytest.approx(0.1263, abs=1e-4)
    assert (found.low, found.high) == pytest.approx((0.8434, 1.3384), abs=2e-4)
    assert (found.rests_on.n, found.rests_on.starters, found.sd) == (100, 160, 5.5)


def test_who_was_chosen_by_the_first_score_is_measured_by_the_spread_of_everybody():
    """8.7 / 5.5 = 1.5818; differences 2.56 + 40.96 - 4.096 = 39.424; variance 39.424 / 30.25 / 20
    + 1.5818^2 / 200 = 0.06516 + 0.01251; error .2787. By their own spread of 1.6 it is 5.4."""
    severe = Paired(n=20, first=22.1, last=13.4, sd_first=1.6, sd_last=6.4, r=0.2)
    found = effects.d_pre(severe, better="lower", among=PHQ)

    assert found.size == pytest.approx(1.5818, abs=1e-4)
    assert found.error == pytest.approx(0.2787, abs=1e-4)
    assert (found.rests_on.n, found.sd) == (20, 5.5)
    assert effects.d_pre(severe, better="lower").size == pytest.approx(5.4375)


def test_the_interval_of_a_band_holds_the_truth_as_often_as_it_says():
    """Of 160 who all fall by a third of their score with an error of 4: those from 18 up."""
    chance, truth, held = np.random.default_rng(7), [], []
    for _ in range(1500):
        first = chance.normal(15, 5, 160)
        last = first * 2 / 3 + chance.normal(0, 4, 160)
        high = first >= 18
        band = effects.paired(first[high], last[high])
        found = effects.d_pre(band, better="lower", among=effects.paired(first, last))
        truth.append((first[high] - last[high]).mean() / 5)
        held.append((found.low, found.high))
    true = np.mean(truth)

    assert np.mean([low <= true <= high for low, high in held]) == pytest.approx(0.95, abs=0.02)


def test_the_change_in_units_of_both_spreads():
    """SD sqrt((30.25 + 40.96) / 2) = 5.967; differences 71.21 - 35.2 = 36.01, SD 6.001.

    Variance 36.01 / 35.605 / 100 + 1.0055^2 x 1.25 / 400 = 0.010114 + 0.003160.
    """
    found = effects.d_pooled(PHQ, better="lower")

    assert found.size == pytest.approx(6 / 5.9670, abs=1e-4)
    assert found.error == pytest.approx(math.sqrt(0.013274), abs=1e-5)


def test_the_change_in_units_of_changes():
    found = effects.d_z(PHQ, better="lower")

    assert found.size == pytest.approx(6 / 6.0008, abs=1e-4)
    assert found.error == pytest.approx(math.sqrt(0.01 + 0.99972 / 200), abs=1e-5)


def test_an_effect_is_positive_where_things_got_better():
    assert effects.d_pre(PHQ, better="higher").size == -effects.d_pre(PHQ, better="lower").size


def test_small_groups_flatter():
    """1 - 3 / 35 = 0.9143 for ten clients."""
    small = Paired(n=10, first=15, last=9, sd_first=6, sd_last=6, r=0.5)

    plain = effects.d_pre(small, better="lower")
    found = effects.hedges_g(plain)

    assert found.size == pytest.approx(0.9143, abs=1e-4)
    assert found.high - found.low == pytest.approx(0.9143 * (plain.high - plain.low), abs=1e-4)
    with pytest.raises(ValueError, match="corrected already"):
        effects.hedges_g(found)


@pytest.mark.parametrize("kind", [effects.d_pre, effects.d_pooled, effects.d_z])
def test_intervals_hold_the_truth_as_often_as_they_say(kind):
    """Two thousand groups of sixty with known means, spreads and correlation."""
    truth = kind(Paired(n=60, first=15, last=10, sd_first=5, sd_last=5, r=0.6), better="lower").size
    chance = np.random.default_rng(11)
    both = chance.multivariate_normal([15, 10], [[25, 15], [15, 25]], (2000, 60))

    found = [kind(effects.paired(one[:, 0], one[:, 1]), better="lower") for one in both]

    held = np.mean([one.low <= truth <= one.high for one in found])
    assert 0.935 <= held <= 0.965


def test_scores_are_summed_up():
    group = effects.paired(np.array([20, 15, 18, 11.0]), np.array([12, 9, 14, 8.0]), starters=6)

    assert (group.n, group.first, group.last) == (4, 16, 10.75)
    assert group.sd_first == pytest.approx(math.sqrt((16 + 1 + 4 + 25) / 3))
    assert group.sd_change == pytest.approx(np.std([8, 6, 4, 3], ddof=1))


@pytest.mark.parametrize(
    "first, last, why",
    [
        ([1, 2], [1, 2], "3 clients or more"),
        ([1, 2, 3], [1, 2], "two columns alike"),
        ([1, 2, np.nan], [1, 2, 3], "a score is missing"),
        ([5, 5, 5], [1, 2, 3], "must differ between clients"),
        ([1, 2, 3], [2, 3, 4], r"r must be in \(-1, 1\)"),
    ],
)
def test_groups_that_cannot_be_are_refused(first, last, why):
    with pytest.raises(ValueError, match=why):
        effects.paired(np.array(first, float), np.array(last, float))


def test_more_clients_than_began_are_refused():
    with pytest.raises(ValueError, match="cannot come from 3 starters"):
        effects.paired(np.array([1, 2, 4, 3.0]), np.array([2, 1, 3, 5.0]), starters=3)


def test_severity_is_taken_into_account():
    """The reference falls by half of what is above six: both clients did as expected."""
    first = np.array([10, 20, 30.0, 20])
    last = np.array([8, 13, 18.0, 13])
    line = effects.expectation(first, last, better="lower")

    found = effects.severity_adjusted(
        np.array([10.0, 30, 20]), np.array([8.0, 18, 21]), reference=line, better="lower"
    )

    assert (line.start, line.slope) == pytest.approx((3, 0.5))
    assert found[0] == found[1] == pytest.approx(line.effect)
    assert found[2] == pytest.approx(line.effect - 8 / line.sd)


def test_a_reference_group_is_as_good_as_itself():
    chance = np.random.default_rng(2)
    first = chance.normal(15, 5, 200)
    last = 40 - 0.5 * first + chance.normal(0, 4, 200)
    line = effects.expectation(first, last, better="higher")

    found = effects.severity_adjusted(first, last, reference=line, better="higher")

    assert found.mean() == pytest.approx(line.effect)
    assert line.effect == pytest.approx(
        effects.d_pre(effects.paired(first, last), better="higher").size
    )


def test_extreme_scores_fall_by_themselves():
    assert effects.regression_to_the_mean(20, mean=10, r=0.75) == 2.5
    assert effects.regression_to_the_mean(4, mean=10, r=0.75) == -1.5
    with pytest.raises(ValueError, match=r"r must be in \[0, 1\]"):
        effects.regression_to_the_mean(4, mean=10, r=1.2)


@settings(deadline=None)
@given(
    st.lists(
        st.lists(st.one_of(st.just(math.nan), st.integers(0, 27)), min_size=6, max_size=6),
        min_size=1,
        max_size=10,
    ),
    st.integers(1, 3),
)
def test_ends_are_the_first_and_last_scores_there_are(rows, k):
    first, last = effects.ends(np.array(rows, float), k=k)

    for n, row in enumerate(rows):
        there = [score for score in row if not math.isnan(score)]
        if len(there) < 2 * k:
            assert math.isnan(first[n]) and math.isnan(last[n])
        else:
            assert first[n] == pytest.approx(np.mean(there[:k]))
            assert last[n] == pytest.approx(np.mean(there[-k:]))


@pytest.mark.parametrize(
    "count, n, low, high",
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_intervals_newcombe_prints(count, n, low, high):
    """Newcombe (1998), Stat Med 17:857-872, table I, method 3."""
    found = proportions.wilson(count, n)

    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    "given_, low, high",
    [
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((10, 10, 0, 20), 0.6791, 1.0000),
        ((5, 56, 0, 29), -0.0381, 0.1926),
    ],
)
def test_the_differences_newcombe_prints(given_, low, high):
    """Newcombe (1998), Stat Med 17:873-890, table II, method 10."""
    found = proportions.difference(*given_)

    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


@settings(deadline=None)
@given(st.integers(1, 300), st.data())
def test_a_share_lies_in_its_interval_and_mirrors(n, data):
    count = data.draw(st.integers(0, n))

    found, other = proportions.wilson(count, n), proportions.wilson(n - count, n)

    assert 0 <= found.low <= found.estimate <= found.high <= 1
    assert found.low == pytest.approx(1 - other.high)


def test_more_than_all_are_refused():
    with pytest.raises(ValueError, match="there cannot be 5 of 4"):
        proportions.wilson(5, 4)
    with pytest.raises(ValueError, match="there cannot be 0 of 0"):
        proportions.wilson(0, 0)
