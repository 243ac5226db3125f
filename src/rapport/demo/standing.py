"""The demo's standing slots: an hour that is somebody's every week, and what becomes of it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from rapport.core.policy import System
from rapport.demo.cases import Case
from rapport.demo.cast import IN_HAND, RISK
from rapport.demo.courses import Contact
from rapport.demo.days import Days
from rapport.demo.week import AHEAD
from rapport.meeting.models import Appointment
from rapport.meeting.series import actions, resting
from rapport.meeting.series.rules import Rule
from rapport.meeting.waiting import hours

EARLY = time(8)  # before anybody's first hour
PAUSE = timedelta(weeks=3)


@dataclass(frozen=True)
class Slot:
    """The part of a course that recurs: its first day, and its contacts by that day's date."""

    since: date
    contacts: dict[date, int]


def of(case: Case) -> Slot | None:
    """What recurs of a client's hours: all that is ahead, and the last weeks as far as they
    were regular. None for who has no hour ahead, or whose days lie otherwise."""
    if case.n == RISK or not case.courses or case.person.stays[-1].until is not None:
        return None
    course, shape = case.courses[-1], case.house.shape
    before = len(case.contacts) - len(course.contacts)
    diary = case.house.diaries[case.person.clinician]
    at = {}
    for n, one in enumerate(course.contacts, before):
        named = one.moved_from or one.at
        if one.meets and not one.first and named == diary.start(named.date(), course.seat.hour):
            at[named.date()] = n
    days = list(diary.days(course.seat, shape.today - timedelta(AHEAD), shape.today
                           + timedelta(AHEAD)))  # fmt: skip
    regular: list[date] = []
    for day in reversed(days):
        if day not in at:
            break
        regular.append(day)
    if not regular or max(regular) <= shape.today:
        return None
    return Slot(regular[-1], {day: at[day] for day in regular})


def is_steady(case: Case, name: str) -> bool:
    """Whether they come to this clinician in person, and have for a while."""
    slot = of(case) if case.person.clinician == name and case.person.status == "ACTIVE" else None
    return slot is not None and slot.since < case.house.shape.today - timedelta(days=6)


def cast(cases: list[Case]) -> None:
    """Of Ana's standing slots one rests soon, and one takes two rooms in turn."""
    able = [one for one in cases if one.n >= IN_HAND and is_steady(one, "ana")]
    able.sort(key=lambda one: one.courses[-1].seat.every)
    for case, part in zip(able, ("RESTS", "TURNS"), strict=False):
        case.part = part


def begin(case: Case, slot: Slot, rooms: list[Any], now: datetime) -> tuple[Any, dict[date, Any]]:
    """Agree on the hour; the series, and its appointments by the day the rule names."""
    house, course = case.house, case.courses[-1]
    first: Contact = case.contacts[slot.contacts[slot.since]]
    at = house.diaries[case.person.clinician].start(slot.since, course.seat.hour)
    together = case.person.kind in ("COUPLE", "FAMILY")
    case.client.seen_by = case.carer.pk
    wanted = actions.Wanted(
        clinician=case.staff, starts_on=slot.since, at=at.time(), minutes=first.minutes,
        rule=Rule("WEEKLY", course.seat.every, (slot.since.isoweekday(),)),
        way="HERE" if rooms else "VIDEO", place=house.place(case.person.clinician),
        rooms=tuple(rooms), type=house.types["TOGETHER" if together else "SESSION"],
    )  # fmt: skip
    series = actions.begin(by=case.carer, client=case.client, wanted=wanted, now=now)
    rows = Appointment.objects.filter(series=series, nth_on__lte=max(slot.contacts))
    return series, {one.nth_on: one for one in rows if one.nth_on is not None}


# What becomes of some of them -------------------------------------------------------------


def rests(case: Case, now: datetime) -> None:
    """Three weeks without, from next Monday on; others may have the hours meanwhile."""
    today = case.house.shape.today
    monday = today + timedelta(days=7 - today.weekday())
    pause = resting.pause(
        by=case.carer, series=case.series, from_on=monday, until_on=monday + PAUSE - timedelta(1),
        offered=True, revision=case.series.revision, now=now,
    )  # fmt: skip
    hours.after_pausing(pause_id=pause.pk, now=now)


def monthly(case: Case, days: Days) -> None:
    """One client who is seen less and less: early on the first of some weekday of each month."""
    shape = case.house.shape
    weekday = next(one for one in shape.workdays if one != shape.today.weekday())
    days.at(days.now - timedelta(days=3), partial(_monthly, case, weekday))


def _monthly(case: Case, weekday: int, now: datetime) -> None:
    house, name = case.house, case.person.clinician
    first = house.shape.today + timedelta(days=1)
    while first.weekday() != weekday or first.day > 7:
        first += timedelta(days=1)
    wanted = actions.Wanted(
        clinician=case.staff, starts_on=first, at=EARLY, place=house.place(name),
        rule=Rule("MONTHLY", 1, (weekday + 1,), nth=1), type=house.types["SESSION"],
        rooms=(house.rooms[name],),
    )  # fmt: skip
    actions.begin(by=System("demo"), client=case.client, wanted=wanted, now=now)
