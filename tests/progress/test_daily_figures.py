"""What one daily series comes to, by hand-worked cases."""

import subprocess
import sys
from datetime import date, timedelta

import pytest

from rapport.progress.daily import figures, rules
from rapport.progress.daily.rules import Point, Stretch

MONDAY = date(2030, 1, 7)


def on(n):
    return MONDAY + timedelta(days=n)


def series(*values, a_day=1):
    """One value for each time; None: no answer."""
    given = [(on(n // a_day), n % a_day, value) for n, value in enumerate(values)
             if value is not None]  # fmt: skip
    return rules.points(given, MONDAY, a_day)


def days(*values):
    return [(on(n), float(value)) for n, value in enumerate(values)]


def phases(at):
    return rules.stretches([(MONDAY, "A"), (on(at), "B")])


def test_mssd_is_worked_out_over_valid_pairs_only():
    points = series(20, 18, 17, None, 15, 14, 14, 10)
    found = figures.described(points, a_day=1, asked=8)
    assert (found.n, found.pairs, found.mssd, found.compliance) == (7, 5, 4.4, 0.875)
    assert found.inertia is None


def test_no_pair_spans_a_night_or_a_time_that_was_left_out():
    found = figures.described(series(1, 3, 9, None, 5, 5, a_day=2), a_day=2, asked=6)
    assert (found.pairs, found.mssd) == (2, 2.0)  # 1 to 3, and 5 to 5
    thrice = figures.described(series(1, None, 4, 2, 3, 3, a_day=3), a_day=3, asked=6)
    assert (thrice.pairs, thrice.mssd) == (2, 0.5)


def test_most_days_left_out_leave_the_usual_gap_one_day():
    found = figures.described(series(*[1, None, 3, None] * 3, 2, 4), a_day=1, asked=14)
    assert (found.pairs, found.mssd) == (1, 4.0)


def test_nothing_asked_is_nothing_said():
    assert figures.described([], a_day=1, asked=0) is None
    assert figures.described([], a_day=1, asked=3).n == 0


def test_inertia_is_told_from_twenty_answers_on():
    values = [3, 4, 4, 5, 5, 4, 3, 2, 2, 3, 4, 5, 5, 4, 4, 3, 2, 2, 3, 3]
    assert round(figures.described(series(*values), a_day=1, asked=20).inertia, 2) == 0.67
    assert figures.described(series(*values[:19]), a_day=1, asked=19).inertia is None


def test_the_mean_of_seven_days_needs_four_answers():
    found = figures.running_mean(series(1, 2, None, 4, 5, 6, 7, 8), MONDAY)
    assert found[:3] == [None, None, None]
    assert found[3] == 3.0
    assert found[-1] == pytest.approx(32 / 6)


def test_two_phases_are_compared_by_all_pairs():
    (found,) = figures.compare(days(20, 20, 26, 25, 22, 23, 28, 25, 24, 27, 30, 30, 29),
                               phases(6), "higher")  # fmt: skip
    assert found.counts == (6, 7)
    assert (found.pairs.better, found.pairs.equal, found.pairs.all) == (38, 1, 42)
    assert found.nap.nap == pytest.approx(38.5 / 42)
    assert found.nap.tau == pytest.approx(35 / 42)
    assert (found.tau_u.between, found.tau_u.trend) == (35, 4)  # 38 - 3 worse; 9 rise, 5 fall
    (turned,) = figures.compare(days(20, 20, 26, 25, 22, 23, 28, 25, 24, 27, 30, 30, 29),
                                phases(6), "lower")  # fmt: skip
    assert turned.nap.nap == pytest.approx(3.5 / 42)


def test_a_trend_that_goes_on_is_no_change():
    (found,) = figures.compare(days(1, 2, 3, 4, 5, 6, 7, 8, 9, 10), phases(5), "higher")
    assert found.nap.nap == 1
    assert (found.corrected.tau, found.corrected.corrected, found.corrected.slope) == (0, True, 1)


def test_days_left_out_are_days_for_a_trend():
    gaps = [(on(2 * n), float(n)) for n in range(10)]
    slope = figures.course(gaps, None)
    assert slope.slope == 0.5


@pytest.mark.parametrize(("before", "after"), [(4, 9), (9, 4), (0, 5)])
def test_fewer_than_five_days_of_a_phase_are_only_drawn(before, after):
    (found,) = figures.compare(days(*range(before + after)), phases(before), "higher")
    assert found.counts == (before, after)
    assert found.nap is found.tau_u is found.corrected is found.pairs is None


def test_limits_rest_on_the_baseline_where_it_is_long_enough():
    found = figures.limits(days(10, 12, 11, 9, 10, 11, 18), Stretch("A", None, on(6)))
    chart = found.chart
    assert (found.set_by, found.skipped) == (6, 0)
    assert (chart.centre, round(chart.low, 2), round(chart.high, 2)) == (10.5, 6.78, 14.22)
    assert [(one.at, one.rule, one.side) for one in chart.signals] == [
        (6, "beyond a limit", "above")
    ]
    late = figures.limits(days(99, 10, 12, 11, 9, 10, 18), Stretch("A", on(1), on(6)))
    assert (late.set_by, late.skipped, late.chart.centre) == (5, 1, 10.4)
    short = figures.limits(days(10, 12, 11, 9, 10, 11, 18), Stretch("A", None, on(3)))
    assert short.set_by == 7
    assert figures.limits(days(1, 2, 3, 4), None) is None


def test_a_line_through_a_phase_needs_five_days():
    a, b = phases(5)
    values = days(10, 9, 9, 7, 6, 1, 1, 1)
    assert figures.course(values, a).slope == -1
    assert figures.course(values, b) is None


def test_where_a_level_changed_is_weighed_and_from_thirty_days_divided():
    few = figures.turned(days(18, 19, 17, 18, 19, 11, 10, 12, 11, 10))
    assert (few.best, round(few.at[5], 2)) == (5, 0.75)
    many = figures.turned(days(*[5, 6, 5, 4, 5, 6, 5] * 3, *[9, 8, 9, 10, 9, 8, 9] * 2))
    assert many.at == (21,)
    assert figures.turned(days(1, 2, 3, 4)) is None


def test_serving_them_loads_neither_scipy_nor_numba():
    code = (
        "import sys; import rapport.progress.daily.figures; "
        "print([one for one in ('scipy', 'numba', 'django') if one in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert ran.stdout.strip() == "[]"


def test_over_a_day_without_an_answer_no_difference_is_taken_and_no_run_goes_on():
    given = [(on(n), value) for n, value in zip((0, 1, 2, 5, 6, 7), (10, 12, 11, 21, 20, 22),
                                                strict=True)]  # fmt: skip
    assert figures.limits(given, None).chart.moving_range == 1.5  # of 2, 1, 1 and 2
    usual = [(on(n), 9.0) for n in range(20)]
    runs = figures.limits([*usual, *((on(n), 12.0) for n in range(20, 28))], None).chart.signals
    assert [one.at for one in runs if one.side == "above" and "eight" in one.rule] == [27]
    apart = (20, 21, 22, 23, 25, 26, 27, 28)
    cut = figures.limits([*usual, *((on(n), 12.0) for n in apart)], None).chart.signals
    assert not [one for one in cut if one.side == "above" and "eight" in one.rule]


def test_days_that_all_stand_alone_have_no_limits():
    alone = [(on(3 * n), 4.0) for n in range(6)]
    assert figures.limits(alone, None) is None
    assert figures.limits([*alone, (on(16), 4.0)], None).set_by == 7


def test_the_week_before_is_the_seven_days_before_the_last_seven():
    values = {0: 9, 1: 1, 2: 2, 3: 3, 5: 6, 8: 0, 9: 0, 10: 0, 14: 0}
    given = [Point(on(n), 0, value, n, joined=False) for n, value in values.items()]
    assert figures.week_before(given, on(0)) == 3  # days 1 to 7: 1, 2, 3 and 6
    assert figures.week_before(given[2:], on(0)) is None  # three answers lie in them
