"""Which days are open, what may be answered, and how answers and phases lie in time."""

from datetime import date, datetime, timedelta

import pytest

from rapport.progress.daily import rules
from rapport.progress.daily.rules import Stretch

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
