"""Meetings of a colleague who leaves: handed to whoever takes over, or called off.

An owner does it who need not know the clients: what they are shown of a meeting is its time.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from rapport.core import time as clock
from rapport.core.action import action
from rapport.core.policy import System
from rapport.people.staff.models import Staff

from ..appointments import actions as appointments
from ..appointments.models import Appointment
from ..appointments.problems import CannotBook
from ..appointments.rules import Unfit
from ..availability.models import TimeOff
from ..series import actions as standing
from ..series import making, rules
from ..series import queries as series
from ..series.models import Series
from ..types import queries as types

BY = System("leaving")
HELD = (Appointment.Status.BOOKED, Appointment.Status.REQUESTED)


@dataclass
class HandedOver:
    """How many meetings went to somebody else, and when those are that did not."""

    moved: int = 0
    stay: list[datetime] = field(default_factory=list)


def held_from(*, leaving: Staff, on: date, now: datetime) -> QuerySet[Appointment]:
    """What is booked with a colleague or asked of them from ``on`` on, in order."""
    start = max(clock.day_bounds(on)[0], now)
    rows = Appointment.objects.filter(clinician=leaving, status__in=HELD, starts_at__gte=start)
    return rows.order_by("starts_at", "pk")


@action("care_team.hand_over")
def hand_over(*, by: Any, leaving: Staff, staff: Staff, on: date, now: datetime) -> HandedOver:
    """Let ``staff`` meet whom ``leaving`` was to meet from ``on`` on, where they are free then.

    Standing slots go on with them; a day on which they are taken stays in what is returned.
    """
    found = HandedOver()
    goes_on = Series.objects.filter(clinician=leaving, ended_on=None)
    for slot in goes_on.select_related("place", "type").order_by("pk"):
        _go_on(slot, staff, on, now, found)
    near = ("client", "room__place", "place", "type")
    for one in held_from(leaving=leaving, on=on, now=now).select_related(*near):
        if _moved(one, staff, now):
            found.moved += 1
        else:
            found.stay.append(one.starts_at)
    found.stay.sort()
    return found


def _go_on(slot: Series, staff: Staff, on: date, now: datetime, found: HandedOver) -> None:
    first = max(on, clock.local(now).date())
    said, last = series.pattern(slot), series.horizon(slot, clock.local(now).date())
    named = (due.nth_on for due in series.dues(slot, first, last)
             if due.slot is not None and due.slot.start > now)  # fmt: skip
    from_on = next(named, None)
    if from_on is None or (slot.type is not None and not types.offers(staff, slot.type)):
        return
    rooms, gone = series.rooms_of(slot), rules.days(said.rule, said.starts_on, from_on, from_on)
    turn = rules.in_turn(slot.rooms, next((n for n, _day in gone), 0))
    try:
        wanted = standing.Wanted(
            clinician=staff, rule=rules.rest_of(said.rule, said.starts_on, from_on),
            starts_on=from_on, at=slot.at, minutes=slot.minutes, way=slot.way, kind=slot.kind,
            place=slot.place, rooms=tuple(rooms[pk] for pk in turn if pk in rooms),
            holidays=slot.holidays, video_url=slot.video_url, type=slot.type, zone=slot.zone,
        )  # fmt: skip
        later, without = _changed(slot, wanted, from_on, now)
    except (CannotBook, Unfit):
        return  # its meetings are tried one by one
    found.moved += later.appointments.filter(clinician=staff, status="BOOKED").count()
    found.stay += without


def _changed(
    slot: Series, wanted: standing.Wanted, from_on: date, now: datetime
) -> tuple[Series, list[datetime]]:
    """The slot that goes on, and the hours that the other has no time in: those are left out."""
    given: dict[str, Any] = {
        "by": BY, "series": slot, "from_on": from_on, "wanted": wanted, "now": now,
        "revision": slot.revision,
    }  # fmt: skip
    try:
        return standing.change_following(**given), []
    except making.Clashes as problem:
        taken = [one.due for one in problem.taken]
        days: Collection[date] = {due.nth_on for due in taken}
        later = standing.change_following(**given, without=days)
        return later, [due.slot.start for due in taken if due.slot is not None]


def _moved(one: Appointment, staff: Staff, now: datetime) -> bool:
    """Whether ``staff`` meets them from now on."""
    away = TimeOff.objects.filter(staff=staff, starts_at__lt=one.ends_at, ends_at__gt=one.starts_at)
    if away.exists() or (one.type is not None and not types.offers(staff, one.type)):
        return False
    try:
        appointments.move(
            by=BY, appointment=one, slot=one.slot, revision=one.revision, now=now,
            clinician=staff, way=one.way, place=one.place, room=one.room,
        )  # fmt: skip
    except CannotBook:
        return False
    return True


@action("staff.end")
def call_off(*, by: Any, staff: Staff, on: date, now: datetime) -> int:
    """Call off what is still booked with a colleague from ``on`` on, and end their slots then.

    Returns:
        How many meetings were called off or taken away.
    """
    many = held_from(leaving=staff, on=on, now=now).count()
    day = max(on, clock.local(now).date())
    for slot in Series.objects.filter(clinician=staff, ended_on=None).order_by("pk"):
        standing.end(by=BY, series=slot, on=day, revision=slot.revision, now=now)
    for one in held_from(leaving=staff, on=on, now=now).select_related("client"):
        appointments.cancel(
            by=BY, appointment=one, side=Appointment.Side.PRACTICE, revision=one.revision, now=now
        )
    return many
