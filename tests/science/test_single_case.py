"""Change between two phases: published examples, counting pair by pair, and what must hold."""

import math
import statistics

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from rapport.science import case_blocks
from rapport.science.single_case import corrected_tau, nap, overlap, tau_u

# Parker, Vannest & Davis (2011), the example of their review.
A, B = [20, 20, 26, 25, 22, 23], [28, 25, 24, 27, 30, 30, 29]
# Parker & Vannest (2009), the first example.
EARLY, LATE = [4, 3, 4, 3, 4, 7, 5, 2, 3, 2], [5, 9, 7, 9, 7, 5, 9, 11, 11, 10, 9]
PHASE = st.lists(st.integers(0, 12), min_size=1, max_size=9)
WAY = st.sampled_from(["lower", "higher"])
quick = settings(deadline=None, max_examples=60)


def by_pairs(before, after, better):
    """q of every pair, one row for each earlier score."""
    sign = 1 if better == "higher" else -1
    return np.array([[(1 + np.sign(sign * (b - a))) / 2 for b in after] for a in before])


def test_the_example_of_parker_vannest_and_davis():
    found = nap(A, B, better="higher")

    assert found.nap == 38.5 / 42
    assert found.tau == pytest.approx(35 / 42)
    assert (found.before, found.after, found.enough) == (6, 7, True)


def test_the_older_measures_of_the_same_example():
    found = overlap(A, B, better="higher")

    assert found.pnd == 5 / 7
    assert found.pem == 1
    assert found.pand == pytest.approx(1 - 2 / 13)
    assert found.ird == pytest.approx(6 / 7 - 1 / 6)


def test_the_example_with_a_trend_before():
    """Tau 16/20, Tau-U 11/20 (Parker, Vannest & Davis 2011)."""
    found = tau_u([3, 3, 4, 5], [4, 5, 6, 7, 7], better="higher")

    assert nap([3, 3, 4, 5], [4, 5, 6, 7, 7], better="higher").tau == pytest.approx(16 / 20)
    assert (found.value, found.between, found.trend) == (11 / 20, 16, 5)
    assert not found.enough


def test_the_first_example_of_parker_and_vannest():
    """NAP .96 with its ties (2009, page 360)."""
    assert round(nap(EARLY, LATE, better="higher").nap, 2) == 0.96


@quick
@given(PHASE, PHASE, WAY)
def test_nap_is_the_mean_over_every_pair(before, after, better):
    found = nap(before, after, better=better)
    q = by_pairs(before, after, better)

    assert found.nap == pytest.approx(q.mean())
    u = stats.mannwhitneyu(after, before).statistic / q.size
    assert found.nap == pytest.approx(u if better == "higher" else 1 - u)


@quick
@given(PHASE, PHASE, WAY)
def test_the_error_is_the_formula_of_sen_and_mee(before, after, better):
    found = nap(before, after, better=better)
    q, m, n = by_pairs(before, after, better), len(before), len(after)

    if m == 1 or n == 1:
        assert found.se is None
        return
    p = q.mean()
    both = n * (q.mean(1) ** 2).mean() + m * (q.mean(0) ** 2).mean()
    variance = (p - (m + n - 1) * p**2 + both - 2 * (q**2).mean()) / ((m - 1) * (n - 1))
    if found.se is None:
        assert variance < 1e-12
    else:
        assert found.se == pytest.approx(math.sqrt(max(0, variance)), abs=1e-7)


def test_the_error_is_unbiased_over_many_cases():
    """Scores without ties from N(0, 1) and N(1, 1): the variance of NAP itself is known."""
    chance = np.random.default_rng(7)
    first, second = chance.normal(0, 1, (20_000, 5)), chance.normal(1, 1, (20_000, 7))
    found = case_blocks.nap(first, second, better="higher")

    assert np.nanmean(found.variance) == pytest.approx(found.nap.var(), rel=0.03)


@quick
@given(PHASE, PHASE, WAY, st.sampled_from([0.8, 0.95, 0.99]))
def test_the_interval_ends_where_newcombes_fifth_says(before, after, better, confidence):
    found = nap(before, after, better=better, confidence=confidence)
    m, n, p = found.before, found.after, found.nap
    h, z = (m + n) / 2 - 1, stats.norm.ppf((1 + confidence) / 2)

    def off(x):
        variance = x * (1 - x) * (1 + h * (1 - x) / (2 - x) + h * x / (1 + x)) / (m * n)
        return abs(p - x) - z * math.sqrt(variance)

    ends = 1e-7  # off is 0 at both ends where nothing overlaps, and those are no solutions
    low = 0 if p == 0 else optimize.brentq(off, 0, min(p, 1 - ends), xtol=1e-12)
    high = 1 if p == 1 else optimize.brentq(off, max(p, ends), 1, xtol=1e-12)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-6)


def test_the_interval_holds_its_level_in_short_phases():
    chance = np.random.default_rng(3)
    first, second = chance.normal(0, 1, (4_000, 6)), chance.normal(1, 1, (4_000, 8))
    truth = stats.norm.cdf(1 / math.sqrt(2))
    found = case_blocks.nap(first, second, better="higher")

    assert 0.94 < ((found.low <= truth) & (truth <= found.high)).mean() < 0.985


def test_an_interval_remains_where_nothing_overlaps():
    found = nap([9, 9, 8, 9, 7], [1, 2, 0, 3, 2], better="lower")

    assert (found.nap, found.se, found.high) == (1, 0, 1)
    assert 0.6 < found.low < 0.8
    assert found.tau_interval == (2 * found.low - 1, 1)


@quick
@given(PHASE, PHASE, WAY)
def test_phases_that_change_places_change_the_sign(before, after, better):
    one, other = nap(before, after, better=better), nap(after, before, better=better)

    assert one.nap + other.nap == pytest.approx(1)
    assert one.se == other.se
    assert (one.low, one.high) == pytest.approx((1 - other.high, 1 - other.low), abs=1e-9)
    assert 0 <= one.low <= one.nap <= one.high <= 1


@quick
@given(PHASE, PHASE, WAY, st.integers(1, 9), st.integers(-50, 50))
def test_another_scale_changes_no_measure(before, after, better, times, plus):
    moved = [[times * score + plus for score in phase] for phase in (before, after)]

    assert nap(before, after, better=better) == nap(*moved, better=better)
    assert tau_u(before, after, better=better) == tau_u(*moved, better=better)
    assert overlap(before, after, better=better) == overlap(*moved, better=better)
    one, other = corrected_tau(before, after, better=better), corrected_tau(*moved, better=better)
    assert (one.tau, one.corrected) == (other.tau, other.corrected)
    assert other.slope == pytest.approx(times * one.slope)


@quick
@given(PHASE, PHASE)
def test_better_the_other_way_round_is_the_same_with_the_signs_turned(before, after):
    turned = [[-score for score in phase] for phase in (before, after)]

    assert nap(before, after, better="lower") == nap(*turned, better="higher")
    assert tau_u(before, after, better="lower").value == -tau_u(
        before, after, better="higher"
    ).value  # fmt: skip
    assert overlap(before, after, better="lower") == overlap(*turned, better="higher")


def test_tau_u_may_exceed_one():
    """Rising before, and every later score below: 25 pairs of 25, and 10 of a trend against it."""
    assert tau_u([6, 7, 8, 9, 10], [1, 1, 1, 1, 1], better="lower").value == 35 / 25


def test_a_trend_that_went_on_is_no_change():
    """Tarlow (2017): 1 to 5, then 6 to 10. Tau 1, Tau-U 0.6, baseline-corrected 0."""
    before, after = [1, 2, 3, 4, 5], [6, 7, 8, 9, 10]

    assert nap(before, after, better="higher").tau == 1
    assert tau_u(before, after, better="higher").value == 0.6
    found = corrected_tau(before, after, better="higher")
    assert (found.tau, found.p, found.corrected, found.slope) == (0, 1, True, 1)


def test_a_trend_in_thirds_leaves_ties_and_no_dust():
    before = [n / 3 for n in range(1, 7)]
    after = [n / 3 for n in range(7, 13)]

    assert corrected_tau(before, after, better="higher").tau == 0


def test_a_significant_trend_is_taken_off_before_tau():
    """Scores of the example in SingleCaseES; the reference is worked with SciPy."""
    before = [33, 25, 17, 25, 19, 21, 19, 14, 19, 17]
    after = [14, 15, 15, 9, 12, 7, 10, 6, 5, 2, 2, 3, 5, 4]
    slope = stats.theilslopes(before, np.arange(1, 11)).slope
    left = np.array(before + after) - slope * np.arange(1, 25)
    phase = [0] * 10 + [1] * 14

    found = corrected_tau(before, after, better="lower")

    assert found.corrected and found.slope == slope == -1.2
    assert found.tau == pytest.approx(-stats.kendalltau(phase, left.round(9)).statistic)


def test_a_trend_that_is_not_significant_stays():
    found = corrected_tau(A, B, better="higher")

    assert not found.corrected and found.slope == 0
    assert found.tau == pytest.approx(stats.kendalltau([0] * 6 + [1] * 7, A + B).statistic)


def test_the_level_at_which_a_trend_counts_can_be_chosen():
    """Pairs of ties that rise: p is .029."""
    before, after = [1, 1, 3, 3, 5, 5], [5, 6, 4, 8, 9]

    assert corrected_tau(before, after, better="higher").corrected
    assert not corrected_tau(before, after, better="higher", alpha=0.01).corrected


def test_the_trend_goes_by_time_where_sessions_were_missed():
    times = [0, 1, 2, 3, 10, 11, 12]

    found = corrected_tau([0, 1, 2, 3, 10], [11, 12], better="higher", times=times)

    assert (found.slope, found.tau) == (1, 0)


def test_scores_that_are_all_equal_changed_nothing():
    found = corrected_tau([5] * 5, [5] * 5, better="lower")

    assert (found.tau, found.p, found.corrected) == (0, 1, False)
    assert nap([5] * 5, [5] * 5, better="lower").nap == 0.5
    assert tau_u([5] * 5, [5] * 5, better="lower").value == 0


@quick
@given(PHASE, PHASE)
def test_the_older_measures_are_what_their_words_say(before, after):
    found = overlap(before, after, better="higher")
    m, n = len(before), len(after)
    middle = statistics.median(before)

    assert found.pnd == sum(b > max(before) for b in after) / n
    assert found.pem == sum((b > middle) + (b == middle) / 2 for b in after) / n
    cuts = [*before, *after, -1]
    kept = max(sum(a <= cut for a in before) + sum(b > cut for b in after) for cut in cuts)
    assert found.pand == kept / (m + n)
    assert found.ird <= 1 and 0 <= found.pnd <= found.pand <= 1 or m > n


@pytest.mark.parametrize("size, enough", [(4, False), (5, True)])
def test_fewer_than_five_points_a_phase_are_to_be_drawn_only(size, enough):
    short, long = list(range(size)), list(range(9))

    for phases in ((short, long), (long, short)):
        assert nap(*phases, better="lower").enough is enough
        assert tau_u(*phases, better="lower").enough is enough
        assert corrected_tau(*phases, better="lower").enough is enough
        assert overlap(*phases, better="lower").enough is enough


@pytest.mark.parametrize("measure", [nap, tau_u, corrected_tau, overlap])
@pytest.mark.parametrize(
    "before, after, sentence",
    [
        ([], [1, 2], "one score or more"),
        ([1, 2], [], "one score or more"),
        ([1, math.nan], [1, 2], "leave out what is missing"),
        ([1, 2], [1, math.inf], "a finite number"),
    ],
)
def test_what_cannot_be_compared_is_refused(measure, before, after, sentence):
    with pytest.raises(ValueError, match=sentence):
        measure(before, after, better="lower")


def test_times_that_are_not_as_many_as_the_scores_are_refused():
    with pytest.raises(ValueError, match="5 scores and 4 times"):
        corrected_tau([1, 2], [3, 4, 5], better="lower", times=[1, 2, 3, 4])


def test_many_cases_at_once_come_to_what_they_come_to_one_by_one():
    chance = np.random.default_rng(11)
    before = chance.integers(0, 10, (60, 8)).astype(float)
    after = chance.integers(0, 12, (60, 11)).astype(float)
    before[chance.random(before.shape) < 0.3] = np.nan
    after[chance.random(after.shape) < 0.3] = np.nan
    before[:, 0], after[:, 0] = 3, 5

    for better in ("lower", "higher"):
        found = case_blocks.nap(before, after, better=better)
        for k in range(60):
            phases = [table[k][~np.isnan(table[k])] for table in (before, after)]
            one = nap(*phases, better=better)
            assert found.nap[k] == pytest.approx(one.nap)
            assert (found.low[k], found.high[k]) == pytest.approx((one.low, one.high), abs=1e-9)
            assert found.tau_u[k] == pytest.approx(tau_u(*phases, better=better).value)
            assert found.enough[k] == one.enough
            if one.se is not None:
                assert found.variance[k] == pytest.approx(one.se**2, abs=1e-12)


@pytest.mark.parametrize(
    "before, after, sentence",
    [
        (np.ones((2, 3)), np.ones((3, 3)), "one row for each case"),
        (np.ones(3), np.ones(3), "one row for each case"),
        (np.full((1, 3), np.nan), np.ones((1, 3)), "one score or more"),
        (np.full((1, 3), np.inf), np.ones((1, 3)), "a finite number"),
    ],
)
def test_a_block_that_is_none_is_refused(before, after, sentence):
    with pytest.raises(ValueError, match=sentence):
        case_blocks.nap(before, after, better="lower")
