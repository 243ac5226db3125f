"""Hours that fall free: noticed when a meeting is called off or moved, or said by somebody."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from rapport.core import time as clock
from rapport.core.action import action
from rapport.core.policy import System
from rapport.people.practice.models import Place
from rapport.people.staff.models import CLINICAL, Staff

from ..appointments.models import Appointment, Change, Occupancy, Room
from ..appointments.rules import Slot
from ..availability.models import Busy, TimeOff
from ..series import queries as standing
from ..series.models import LeftOut, Pause, Series
from ..series.rules import Due
from . import places, queries, rules
from .models import FreedHour

BY = System("waiting")
NEXT_WEEKS = timedelta(days=27)  # of a slot that ended; four of its hours, met once a week
NEWS = timedelta(days=2)  # how long ago a move may be that is heard of now
State = FreedHour.State


class CannotFree(Exception):
    """It is no free hour. ``field`` names what is wrong; the message is safe to show."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@action("hour.free")
def free(
    *, by: Any, staff: Staff, slot: Slot, now: datetime, place: Place | None = None,
    room: Room | None = None, ways: Iterable[str] = (), rule: str = "", holidays: str = "",
) -> FreedHour:  # fmt: skip
    """Note that a clinician has this hour free, to be offered to the waiting list.

    Args:
        ways: in which it can be; none means every way that the place allows.
        rule: by which it is free again and again, of ``places``. holidays: of Series.Holidays.

    Returns:
        The hour; one that was noted before is that one, open again unless it is on offer.

    Raises:
        CannotFree: it has begun, is taken, or nobody treats clients then.
    """
    where = room.place if room else place
    possible = [one for one in rules.WAYS if one in set(ways) or not ways]
    if where is None:
        possible = [one for one in possible if one != Appointment.Way.HERE]
    if not possible:
        raise CannotFree("where", _("Choose where, or another way than in person."))
    if slot.start <= now:
        raise CannotFree("on", _("That time has begun."))
    if CLINICAL.isdisjoint(staff.roles) or not staff.works_on(clock.local(slot.start).date()):
        raise CannotFree("clinician", _("Choose somebody who treats clients here on that day."))
    known = FreedHour.objects.select_for_update().filter(clinician=staff, starts_at=slot.start)
    hour = known.first()
    if hour is not None and hour.state == State.RUNNING:
        return hour
    if _taken(slot, staff, room, now):
        raise CannotFree("at", _("That time is taken."))
    hour = hour or FreedHour(clinician=staff, starts_at=slot.start)
    if hour.state != State.OPEN:
        hour.round += 1  # whoever was asked before may be asked again
    hour.ends_at, hour.place, hour.room, hour.ways = slot.end, where, room, possible
    hour.state, hour.freed_at, hour.settled_at = State.OPEN, now, None
    hour.rule, hour.holidays, hour.standing = rule, holidays, False
    hour.could_take = len(queries.fitting(hour=hour, now=now))
    try:
        with transaction.atomic():
            hour.save()
    except IntegrityError:  # sent twice at the same moment
        return FreedHour.objects.get(clinician=staff, starts_at=slot.start)
    return hour


def _taken(slot: Slot, staff: Staff, room: Room | None, now: datetime) -> bool:
    """Whether the clinician or the room is, or the clinician is away."""
    ours = Q(kind="CLINICIAN", thing=staff.pk)
    if room is not None:
        ours |= Q(kind="ROOM", thing=room.pk)
    if _held(slot, ours, now):
        return True
    during: Any = {"starts_at__lt": slot.end, "ends_at__gt": slot.start}
    away = (model.objects.filter(staff=staff, **during) for model in (TimeOff, Busy))
    return any(found.exists() for found in away)


def _held(slot: Slot, things: Q, now: datetime) -> bool:
    over = Q(hold__expires_at__lte=now)
    taken = Occupancy.objects.between(slot.start, slot.end).filter(things)
    return bool(taken.exclude(over).exists())


# What is heard of -------------------------------------------------------------------------


def after_cancelling(*, appointment_id: uuid.UUID, now: datetime) -> None:
    """The client or the practice called off: the hour is free. Where the clinician did, they
    are not there then; somebody may still say that it is free."""
    rows = Appointment.objects.select_related("clinician", "place", "room__place")
    off = rows.filter(pk=appointment_id, status="CANCELLED").exclude(cancelled_by="CLINICIAN")
    one = off.first()
    if one is not None:
        _if_free(one.slot, one.clinician, one.place, one.room, one.way, one.settled_at, now)


def after_moving(*, appointment_id: uuid.UUID, now: datetime) -> None:
    """What a meeting held before it was moved is free, as far as nobody took it since."""
    moves = Change.objects.filter(appointment=appointment_id, what__in=["MOVED", "TAKEN_BACK"])
    for one in moves.filter(at__gt=now - NEWS).order_by("at"):
        was = one.before
        slot = Slot(
            datetime.fromisoformat(was["starts_at"]), datetime.fromisoformat(was["ends_at"])
        )
        staff = Staff.objects.get(pk=was["clinician_id"])
        place = Place.objects.filter(pk=was["place_id"]).first()
        room = Room.objects.select_related("place").filter(pk=was["room_id"]).first()
        _if_free(slot, staff, place, room, was["way"], one.at, now)


def after_pausing(*, pause_id: uuid.UUID, now: datetime) -> None:
    """A standing slot rests and others may have its hours: each of them is free."""
    rows = Pause.objects.select_related("series__clinician", "series__place")
    pause = rows.filter(pk=pause_id, offered=True).first()
    if pause is None:
        return
    series, during = pause.series, (pause.from_on, pause.until_on)
    rests = LeftOut.objects.filter(series=series, why="PAUSE", nth_on__range=during)
    days = set(rests.values_list("nth_on", flat=True))
    dues = [one for one in standing.dues(series, *during) if one.nth_on in days]
    _of_series(series, dues, pause.made_at, now)


def after_ending(*, series_id: uuid.UUID, now: datetime) -> None:
    """A standing slot ended: its hours of the next weeks are free, and its place from each of
    them on. What was moved or called off by hand is not of them; it was heard of by itself."""
    rows = Series.objects.select_related("clinician", "place").exclude(ended_on=None)
    series = rows.filter(pk=series_id).first()
    if series is None or series.ended_on is None:
        return
    first = max(series.ended_on, clock.local(now).date())
    series.ended_on = None  # not saved: which days its rule would go on naming
    dues = standing.dues(series, first, first + NEXT_WEEKS)
    known = set(Appointment.objects.filter(series=series, nth_on__gte=first)
                .values_list("nth_on", flat=True))  # fmt: skip
    rule = places.rule_of(series)
    _of_series(series, [one for one in dues if one.nth_on not in known], None, now, rule)


def _of_series(
    series: Series, dues: Iterable[Due], since: datetime | None, now: datetime, rule: str = ""
) -> None:  # fmt: skip
    """Note these hours, each with the room whose turn it is, and without meeting there where
    somebody else has that room."""
    rooms = standing.rooms_of(series)
    for due in dues:
        if due.slot is None:
            continue
        room = standing.room_of(series, rooms, due.number, due.nth_on)
        place = room.place if room else series.place
        if room is not None and _held(due.slot, Q(kind="ROOM", thing=room.pk), now):
            room = place = None
        again = {} if due.put_off or due.later else {"rule": rule, "holidays": series.holidays}
        _if_free(due.slot, series.clinician, place, room, series.way, since, now, **again)


def _if_free(
    slot: Slot, staff: Staff, place: Place | None, room: Room | None, way: str,
    since: datetime | None, now: datetime, **again: str,
) -> None:  # fmt: skip
    """Note the hour if it lies ahead and is free, unless that was done since it fell free.
    In person it can be where there is a place."""
    known = FreedHour.objects.filter(clinician=staff, starts_at=slot.start)
    if known.filter(freed_at__gte=since or now).exists():
        return
    free_again(slot, staff, place, room, ways_of(way, place, room), now, **again)


def ways_of(way: str, place: Place | None, room: Room | None) -> Iterable[str]:
    """In which ways an hour can be that was a meeting in this way, at this place."""
    return rules.WAYS if room or place else {way, "VIDEO", "PHONE"}


def free_again(
    slot: Slot, staff: Staff, place: Place | None, room: Room | None, ways: Iterable[str],
    now: datetime, **again: str,
) -> None:  # fmt: skip
    """Note the hour, unless it is none."""
    try:
        free(by=BY, staff=staff, slot=slot, now=now, place=place, room=room, ways=ways, **again)
    except CannotFree:
        return


# Counting ---------------------------------------------------------------------------------


def recount(*, now: datetime) -> None:
    """Say anew how many people could take each open hour. Derived, so nothing is recorded."""
    hours = list(queries.free_hours(now=now))
    among = queries.waiting(now=now) if hours else []
    for hour in hours:
        many = len(queries.fitting(hour=hour, now=now, among=among))
        if many != hour.could_take:
            FreedHour.objects.filter(pk=hour.pk).update(could_take=many)
