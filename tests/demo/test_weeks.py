"""The demo's weeks: nobody meets twice, clocks may change, today is a working day at any hour."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from rapport.demo import cast, courses
from rapport.demo.week import Diary, Seat, Shape

NEW_YORK = ZoneInfo("America/New_York")
FULL = {"ana": 6, "ben": 5, "clara": 4, "ines": 3, "sam": 3}
NIGHT, MORNING, NOON, EVENING, LATE = (
    datetime(2030, 3, 13, hour, 20, tzinfo=NEW_YORK) for hour in (2, 9, 12, 18, 22)
)
SATURDAY = datetime(2030, 11, 9, 11, 0, tzinfo=NEW_YORK)  # a week after clocks went back
NEW_YEAR = datetime(2031, 1, 1, 14, 40, tzinfo=NEW_YORK)
LEAP = datetime(2032, 2, 29, 10, 5, tzinfo=NEW_YORK)  # a Sunday, too
MOMENTS = [NIGHT, MORNING, NOON, EVENING, LATE, SATURDAY, NEW_YEAR, LEAP]
each = pytest.mark.parametrize("now", MOMENTS, ids=lambda one: f"{one:%a-%H%M}")


@cache
def laid(now, count=60, seed=1, days=790):
    """Every course of the practice, by clinician."""
    shape = Shape(now.astimezone(UTC), NEW_YORK)
    diaries = {name: Diary(shape, 0, 190, full) for name, full in FULL.items()}
    people = cast.clients(count, seed=seed, today=shape.today, days=days)
    found = defaultdict(list)
    for n in sorted(range(count), key=lambda n: (n != cast.RISK, n != 0)):
        person = people[n]
        if person.alone and person.status not in ("WAITING", "INQUIRY"):
            for stay in person.stays:
                given = {"intern": person.clinician == "ines", "seed": seed}
                course = courses.lay(person, n, stay, diaries[person.clinician], **given)
                found[person.clinician].append((n, course))
    return found


def hours(theirs):
    """What takes a clinician's time, as it was booked and as it was kept."""
    met = [one for _n, course in theirs for one in course.contacts if one.meets]
    return sorted((one.at, one.ends) for one in met)


@each
def test_a_clinician_meets_nobody_while_they_meet_somebody_else(now):
    for theirs in laid(now).values():
        taken = hours(theirs)
        for (_start, end), (start, _end) in zip(taken, taken[1:], strict=False):
            assert end <= start


@each
def test_what_is_over_is_told_and_what_is_to_come_is_not(now):
    for theirs in laid(now).values():
        for _n, course in theirs:
            for one in course.contacts:
                assert (one.told is None) == (one.at > now)
            assert [one.at for one in course.contacts] == sorted(one.at for one in course.contacts)


@each
def test_today_is_a_working_day_for_everybody_who_treats(now):
    today = now.date()
    for name, theirs in laid(now).items():
        here = [one for one in hours(theirs) if one[0].date() == today]
        assert len(here) >= (4 if name == "ana" else 2)
        assert all(8 <= start.hour < 20 for start, _end in here)


@pytest.mark.parametrize("now", [MORNING, NOON, EVENING])
def test_in_working_hours_some_of_today_is_over_and_some_is_to_come(now):
    here = [start for start, _end in hours(laid(now)["ana"]) if start.date() == now.date()]
    assert any(start < now for start in here) and any(start > now for start in here)


def test_nobody_works_on_a_weekend_unless_that_is_today():
    for now in (NOON, SATURDAY):
        days = {start.date() for theirs in laid(now).values() for start, _end in hours(theirs)}
        off = {day.weekday() for day in days} & {5, 6}
        assert off == {now.weekday()} & {5, 6}


def test_a_standing_hour_is_the_same_on_the_wall_when_clocks_change():
    for _n, course in laid(NOON)["ana"]:
        kept = [one for one in course.contacts if one.meets and one.moved_from is None]
        walls = {one.at.time() for one in kept if one.at.weekday() == course.seat.weekday}
        assert len(walls) <= 1
    offsets = {start.utcoffset() for start, _end in hours(laid(NOON)["ana"])}
    assert offsets == {timedelta(hours=-5), timedelta(hours=-4)}


def test_the_same_seed_makes_the_same_weeks_and_another_does_not():
    assert laid(NOON, 30) == laid.__wrapped__(NOON, 30)
    assert laid(NOON, 30) != laid(NOON, 30, seed=2)


@each
def test_who_is_in_danger_today_was_met_some_days_ago_and_is_expected(now):
    theirs = dict(laid(now)["ana"])
    course = theirs[cast.RISK]
    assert course.story.today
    past = [one for one in course.contacts if one.told is not None and one.at.date() != now.date()]
    assert "I call before the hour" in past[-1].told.note["plan"]
    assert 2 <= (now.date() - past[-1].at.date()).days <= 7
    ahead = [one.at.date() for one in course.contacts if one.told is None]
    assert ahead[0] == (now.date() if now is not LATE else now.date() + timedelta(days=1))


def test_maras_next_hour_is_on_the_next_working_day_and_her_scores_fall():
    course = dict(laid(NOON)["ana"])[0]
    ahead = [one for one in course.contacts if one.told is None]
    assert ahead[0].at.date() == NOON.date() + timedelta(days=1)
    totals = [one.told.scores["phq-9"] for one in course.contacts if one.told and one.told.scores]
    assert len(totals) >= 8 and max(totals[:3]) - min(totals[-3:]) >= 6


def test_seats_of_the_same_hour_meet_unless_their_weeks_differ():
    weekly, even, odd = Seat(1, 2, 1, 0), Seat(1, 2, 2, 0), Seat(1, 2, 2, 1)
    assert weekly.meets(even) and weekly.meets(odd) and even.meets(even)
    assert not even.meets(odd) and not weekly.meets(Seat(1, 3, 1, 0))
    days = [date(2030, 1, 1) + timedelta(days=n) for n in range(60)]
    assert not [day for day in days if even.is_on(day) and odd.is_on(day)]
