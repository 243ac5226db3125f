"""Daily ratings: worked examples, one figure from another, and many people as one by one."""

import math
import statistics

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rapport.science import daily_panel
from rapport.science.daily import describe, inertia, mssd, smooth

GAP = [20, 18, 17, None, 15, 14, 14, 10]
RATINGS = st.lists(st.one_of(st.none(), st.integers(0, 10)), min_size=1, max_size=40)
quick = settings(deadline=None, max_examples=60)


def carried_over(people, days, phi, seed):
    """Ratings with a known autocorrelation and a variance of 1 / (1 - phi^2)."""
    chance = np.random.default_rng(seed).normal(size=(days, people))
    chance[0] /= math.sqrt(1 - phi * phi)
    for day in range(1, days):
        chance[day] += phi * chance[day - 1]
    return chance.T


def test_no_pair_spans_a_missing_day():
    """Five pairs, 4 + 1 + 1 + 0 + 16 = 22; a division by seven answers less one gives 3.667."""
    found = describe(GAP)

    assert (found.mssd, found.pairs, found.n) == (4.4, 5, 7)
    assert found.rmssd == math.sqrt(4.4)
    assert found.mssd != pytest.approx(22 / 6, abs=0.01)


def test_a_day_left_out_is_as_missing_as_one_without_an_answer():
    answered = [value for value in GAP if value is not None]

    assert mssd(answered, [1, 2, 3, 5, 6, 7, 8]) == mssd(GAP) == 4.4
    assert mssd([math.nan if value is None else value for value in GAP]) == 4.4


def test_days_left_out_do_not_become_the_usual_gap_even_when_they_are_most():
    values = carried_over(1, 300, 0.3, seed=8)[0].tolist()
    kept = np.random.default_rng(9).random(300) < 0.35
    times = np.flatnonzero(kept)
    gone = [value if there else None for value, there in zip(values, kept, strict=True)]

    sparse, whole = describe([values[day] for day in times], times), describe(gone)

    assert np.median(np.diff(times)) > 1
    assert (sparse.mssd, sparse.pairs, sparse.inertia) == (whole.mssd, whole.pairs, whole.inertia)


def test_no_pair_spans_a_night_where_somebody_is_asked_many_times_a_day():
    """At 9, 13, 17 and 21 o'clock on two days; the night is twelve hours."""
    hours = [9, 13, 17, 21, 33, 37, 41, 45]
    found = describe([1, 2, 1, 2, 9, 8, 9, 8], [hour / 24 for hour in hours])

    assert (found.pairs, found.mssd, found.lagged) == (6, 1, 6)


def test_unequal_gaps_are_brought_to_the_usual_one():
    """Gaps of 1, 1 and 4 days; the last step of 4 counts as 2 when divided by 4 ^ 0.5."""
    values, times = [0, 1, 2, 6], [0, 1, 2, 6]

    assert mssd(values, times, widest=9) == (1 + 1 + 16) / 3
    assert mssd(values, times, widest=9, power=0.5) == (1 + 1 + 4) / 3
    assert mssd(values, times, widest=9, power=1) == 1
    assert mssd(values, times) == 1


def test_a_random_walk_is_as_unstable_over_long_gaps_as_over_short_ones():
    chance = np.random.default_rng(5)
    gaps = chance.integers(1, 6, 4_000)
    walk = np.cumsum(chance.normal(size=4_000) * np.sqrt(gaps))
    times = np.cumsum(gaps)

    found = mssd(walk, times, widest=math.inf, power=0.5)

    assert found == pytest.approx(statistics.median(gaps), rel=0.08)


@quick
@given(RATINGS)
def test_the_figures_are_what_their_words_say(values):
    found = describe(values)
    answers = [value for value in values if value is not None]
    steps = [
        (a - b) ** 2 for a, b in zip(values, values[1:], strict=False) if None not in (a, b)
    ]  # fmt: skip

    assert (found.n, found.expected, found.pairs) == (len(answers), len(values), len(steps))
    assert found.compliance == len(answers) / len(values)
    assert found.mean == (pytest.approx(statistics.mean(answers)) if answers else None)
    assert found.sd == (pytest.approx(statistics.stdev(answers)) if answers[1:] else None)
    assert found.mssd == (pytest.approx(statistics.mean(steps)) if steps else None)


@quick
@given(RATINGS, st.integers(-9, 9), st.integers(1, 9))
def test_another_scale_moves_the_figures_with_it(values, plus, times):
    moved = [None if value is None else times * value + plus for value in values]
    one, other = describe(values), describe(moved)

    assert other.mssd == (None if one.mssd is None else pytest.approx(times**2 * one.mssd))
    assert other.sd == (None if one.sd is None else pytest.approx(times * one.sd))
    assert other.inertia == (None if one.inertia is None else pytest.approx(one.inertia))


@pytest.mark.parametrize("phi", [-0.3, 0, 0.5])
def test_mssd_is_twice_the_variance_times_what_is_not_carried_over(phi):
    """MSSD = 2 SD^2 (1 - phi), both sides known from the process itself."""
    found = daily_panel.describe(carried_over(3_000, 60, phi, seed=1))

    assert found.mssd.mean() == pytest.approx(2 * (1 - phi) / (1 - phi * phi), rel=0.02)


@pytest.mark.parametrize("phi, days", [(0.0, 30), (0.4, 30), (0.3, 90)])
def test_inertia_is_too_low_in_short_series_by_as_much_as_is_said(phi, days):
    values = carried_over(4_000, days, phi, seed=2)
    values += 0.2 * np.arange(days)  # a trend is no inertia

    found = daily_panel.describe(values).inertia.mean()

    assert found - phi == pytest.approx(-(2 + 4 * phi) / (days - 1), abs=0.012)


def test_the_bias_is_stated_beside_the_value():
    found = describe(carried_over(1, 60, 0.5, seed=3)[0])

    assert found.lagged == 59
    assert found.bias == -(2 + 4 * found.inertia) / 59


def test_a_trend_alone_is_no_inertia():
    assert describe([0.1 * day for day in range(40)]).inertia is None
    assert describe([7] * 40).inertia is None


@pytest.mark.parametrize("answers, told", [(19, False), (20, True)])
def test_fewer_than_twenty_answers_have_no_inertia(answers, told):
    values = [*carried_over(1, answers, 0.5, seed=4)[0], None, None]

    assert (describe(values).inertia is not None) is told
    assert (inertia(values)[0] is not None) is told


def test_inertia_goes_over_pairs_at_equal_gaps_only():
    """Every second day is missing: forty answers, and no two of them a day apart."""
    values = [3.0 + day % 3 if day % 2 else None for day in range(80)]

    assert inertia(values) == (None, 0)


def test_the_mean_of_seven_days_needs_four_answers():
    means = smooth([1, 2, None, 4, 5, 6, 7, 8])

    assert means[:4] == [None] * 4  # three answers
    assert means[4] == 12 / 4
    assert means[7] == pytest.approx((2 + 4 + 5 + 6 + 7 + 8) / 6)  # the window excludes the first


def test_the_window_goes_by_time_and_not_by_count():
    means = smooth([1, 2, 3, 4, 100], [0, 1, 2, 3, 30])

    assert means == [None, None, None, 2.5, None]


@pytest.mark.parametrize(
    "work, sentence",
    [
        (lambda: describe([]), "asked once or more"),
        (lambda: describe([1, 2], expected=1), "2 answers are more than the 1 expected"),
        (lambda: describe([1, math.inf]), "a finite number"),
        (lambda: describe([1, 2], [1]), "2 values and 1 times"),
        (lambda: mssd([1, 2], [2, 1]), "times must rise"),
        (lambda: mssd([1, 2], [1, 1]), "times must rise"),
        (lambda: inertia([1, 2], [1, math.nan]), "a finite number"),
        (lambda: smooth([1], days=0), "above zero"),
        (lambda: smooth([1], least=0), "above zero"),
        (lambda: daily_panel.describe(np.ones(3)), "a table"),
        (lambda: daily_panel.describe(np.ones((3, 0))), "a table"),
        (lambda: daily_panel.describe(np.full((2, 3), np.inf)), "a finite number"),
        (lambda: daily_panel.describe(np.ones((2, 3)), expected=np.array([3, 2])), "more often"),
        (lambda: daily_panel.describe(np.ones((2, 3)), days=0), "above zero"),
    ],
)
def test_what_is_no_series_is_refused(work, sentence):
    with pytest.raises(ValueError, match=sentence):
        work()


def test_who_never_answered_has_no_figures_and_no_compliance():
    found = describe([None, None])

    assert (found.n, found.compliance, found.pairs) == (0, 0, 0)
    assert (found.mean, found.sd, found.mssd, found.rmssd, found.inertia) == (None,) * 5


def told(value):
    return math.nan if value is None else value


def test_many_people_at_once_come_to_what_they_come_to_one_by_one():
    values = carried_over(600, 45, 0.4, seed=6).round(1)
    gone = np.random.default_rng(7).random(values.shape)
    values[gone < np.linspace(0, 1, 600)[:, None]] = np.nan
    values[5] = 3

    found = daily_panel.describe(values)

    for k in [*range(0, 600, 11), 5, 598, 599]:
        one = describe(list(values[k]))
        assert (found.n[k], found.pairs[k]) == (one.n, one.pairs)
        assert (
            found.mean[k], found.sd[k], found.mssd[k], found.rmssd[k], found.inertia[k],
            found.bias[k], found.compliance[k],
        ) == pytest.approx(
            [told(each) for each in (one.mean, one.sd, one.mssd, one.rmssd, one.inertia,
                                     one.bias, one.compliance)],
            nan_ok=True,
        )  # fmt: skip
        means = [told(each) for each in smooth(list(values[k]))]
        np.testing.assert_allclose(found.smooth[k], means, atol=1e-9)
