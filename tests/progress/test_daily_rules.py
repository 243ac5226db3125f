"""Which days are open, what may be answered, and how answers and phases lie in time."""

from datetime import date, datetime, timedelta

import pytest

from rapport.progress.daily import rules
from rapport.progress.daily.rules import Pause, Stretch

MONDAY = date(2030, 1, 7)
DAY = timedelta(days=1)


def on(n):
    return MONDAY + n * DAY


@pytest.mark.parametrize(
    ("hour", "first", "last", "open_"),
    [
        (11, -9, None, [0, -1]),
        (12, -9, None, [0]),
        (9, 0, None, [0]),
        (9, -9, -1, [-1]),
        (9, -9, -2, []),
        (9, 1, None, []),
    ],
)
def test_yesterday_may_be_filled_in_until_noon(hour, first, last, open_):
    now = datetime(2030, 1, 7, hour, 0)
    ends = None if last is None else on(last)
    assert rules.open_days(now, on(first), ends) == [on(n) for n in open_]


@pytest.mark.parametrize(
    ("kind", "value", "can"),
    [
        ("RATING", 0, True),
        ("RATING", 10, True),
        ("RATING", 11, False),
        ("RATING", -1, False),
        ("COUNT", 999, True),
        ("COUNT", 1000, False),
        ("YES_NO", 1, True),
        ("YES_NO", 2, False),
        ("RATING", "3", False),
        ("YES_NO", True, False),
    ],
)
def test_an_answer_lies_on_its_scale(kind, value, can):
    assert rules.fits(kind, value) is can


def test_a_line_leads_only_from_one_time_to_the_next():
    found = rules.points([(on(3), 0, 4), (on(0), 0, 2), (on(1), 0, 3)], MONDAY, 1)
    assert [(one.value, one.number, one.joined) for one in found] == [
        (2, 0, False), (3, 1, True), (4, 3, False),
    ]  # fmt: skip
    twice = rules.points([(on(0), 1, 2), (on(1), 0, 3), (on(1), 1, 3)], MONDAY, 2)
    assert [(one.number, one.joined) for one in twice] == [(1, False), (2, True), (3, True)]
    assert [rules.moment(one, MONDAY) for one in twice] == [0.25, 1.0, 1.25]


def test_a_day_that_was_answered_twice_counts_once():
    found = rules.points([(on(0), 0, 2), (on(0), 1, 5), (on(2), 0, 4)], MONDAY, 2)
    assert rules.by_day(found) == [(on(0), 3.5), (on(2), 4)]


@pytest.mark.parametrize(
    ("answered", "last", "still", "asked"),
    [
        ([], None, [], 0),
        ([], -1, [], 0),
        ([0, 1], 3, [], 4),
        ([0, 1], 3, [3, 2], 2),  # two days can still be filled in
        ([0, 3], 3, [3], 4),
        ([0], 3, [9], 4),  # a day after the last is none of it
    ],
)
def test_an_open_day_counts_as_asked_once_it_was_answered(answered, last, still, asked):
    points = rules.points([(on(n), 0, 1) for n in answered], MONDAY, 1)
    found = rules.asked(
        points, first=MONDAY, last=None if last is None else on(last), a_day=1,
        still=[on(n) for n in still],
    )  # fmt: skip
    assert found == asked


def test_several_times_a_day_are_each_asked():
    points = rules.points([(on(0), 0, 1), (on(1), 0, 1)], MONDAY, 3)
    found = rules.asked(points, first=MONDAY, last=on(1), a_day=3, still=[on(1)])
    assert found == 3 + 1


def test_what_lies_before_a_first_intervention_is_baseline():
    a, b = rules.stretches([(on(5), "B")])
    assert (a, b) == (Stretch("A", None, on(5)), Stretch("B", on(5), None))
    assert a.holds(on(-99))
    assert a.holds(on(4))
    assert not a.holds(on(5))
    assert b.holds(on(5))


def test_a_phase_lasts_until_the_next_and_a_second_one_has_a_number():
    found = rules.stretches([(on(9), "A"), (on(0), "A"), (on(5), "B"), (on(14), "B")])
    assert [(one.name, one.starts, one.ends) for one in found] == [
        ("A", on(0), on(5)), ("B", on(5), on(9)), ("A2", on(9), on(14)), ("B2", on(14), None),
    ]  # fmt: skip
    assert not found[0].holds(on(-1))
    assert [(a.name, b.name) for a, b in rules.neighbours(found)] == [
        ("A", "B"), ("B", "A2"), ("A2", "B2"),
    ]  # fmt: skip
    assert rules.stretches([]) == []


@pytest.mark.parametrize(
    ("starts", "back", "day", "inside"),
    [(0, 2, -1, False), (0, 2, 0, True), (0, 2, 1, True), (0, 2, 2, False), (0, None, 99, True)],
)
def test_a_pause_lasts_until_the_day_it_goes_on(starts, back, day, inside):
    assert Pause(on(starts), None if back is None else on(back)).holds(on(day)) is inside


@pytest.mark.parametrize(
    ("other", "together"),
    [((-2, 0), False), ((-2, 1), True), ((1, 2), True), ((2, 3), False), ((-1, None), True)],
)
def test_two_pauses_meet_where_they_have_a_day_in_common(other, together):
    first, back = other
    one = Pause(on(first), None if back is None else on(back))
    pause = Pause(on(0), on(2))
    assert one.meets(pause) is pause.meets(one) is together


def test_a_day_in_a_pause_is_not_open():
    now = datetime(2030, 1, 7, 9, 0)
    assert rules.open_days(now, on(-9), None, [Pause(on(0), None)]) == [on(-1)]
    assert rules.open_days(now, on(-9), None, [Pause(on(-3), on(0))]) == [on(0)]


def test_days_of_pauses_are_counted_once_and_within_what_is_asked():
    pauses = [Pause(on(-2), on(1)), Pause(on(0), on(2)), Pause(on(4), None)]
    assert rules.paused_days(pauses, on(0), on(5)) == {on(0), on(1), on(4), on(5)}
    assert rules.paused_days(pauses, on(0), on(-1)) == set()
    assert rules.paused_days([], on(0), on(5)) == set()


@pytest.mark.parametrize(
    ("day", "last", "may"),
    [(0, None, True), (1, None, False), (-9, None, True), (-10, None, False), (0, -1, False),
     (-1, -1, True)],
)  # fmt: skip
def test_what_waited_is_taken_for_days_that_were_asked(day, last, may):
    ends = None if last is None else on(last)
    assert rules.may_arrive(on(day), today=MONDAY, first=on(-9), last=ends) is may


def test_what_waited_for_more_than_thirty_days_is_not_taken():
    given = {"today": MONDAY, "first": on(-99), "last": None}
    assert rules.may_arrive(on(-30), **given)
    assert not rules.may_arrive(on(-31), **given)
