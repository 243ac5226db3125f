"""Hours that fall free: noticed when a meeting is called off or moved, or said by somebody."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from rapport.core import time as clock
from rapport.core.action import action
from rapport.core.policy import System
from rapport.people.practice.models import Place
from rapport.people.staff.models import CLINICAL, Staff

from ..appointments import rules as times
from ..appointments.models import Appointment, Change, Occupancy, Room
from ..appointments.rules import Slot
from ..availability.models import Busy, TimeOff
from ..series.models import LeftOut, Pause, Series
from . import queries, rules
from .models import FreedHour

BY = System("waiting")
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
    room: Room | None = None, ways: Iterable[str] = (),
) -> FreedHour:  # fmt: skip
    """Note that a clinician has this hour free, to be offered to the waiting list.

    Args:
        ways: in which it can be; none means every way that the place allows.

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
    over = Q(hold__expires_at__lte=now)
    if Occupancy.objects.between(slot.start, slot.end).filter(ours).exclude(over).exists():
        return True
    during: Any = {"starts_at__lt": slot.end, "ends_at__gt": slot.start}
    away = (model.objects.filter(staff=staff, **during) for model in (TimeOff, Busy))
    return any(found.exists() for found in away)


# What is heard of -------------------------------------------------------------------------


def after_cancelling(*, appointment_id: uuid.UUID, now: datetime) -> None:
    """A client called off: the hour is free. Where the practice did, nobody is there then."""
    rows = Appointment.objects.select_related("clinician", "place", "room__place")
    one = rows.filter(pk=appointment_id, status="CANCELLED", cancelled_by="CLIENT").first()
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
    series = pause.series
    during = (pause.from_on, pause.until_on)
    days = LeftOut.objects.filter(series=series, why="PAUSE", nth_on__range=during)
    room = _only_room(series)
    for day in days.order_by("nth_on").values_list("nth_on", flat=True):
        for start in times.instants(day, series.at, ZoneInfo(series.zone))[:1]:
            slot = times.lasting(start, series.minutes)
            _if_free(slot, series.clinician, series.place, room, series.way, pause.made_at, now)


def _only_room(series: Series) -> Room | None:
    """The room of a standing slot; of several in turn nobody knows here which it would be."""
    rooms = Room.objects.select_related("place").filter(pk__in=series.rooms)
    return rooms.first() if len(series.rooms) == 1 else None


def _if_free(
    slot: Slot, staff: Staff, place: Place | None, room: Room | None, way: str,
    since: datetime | None, now: datetime,
) -> None:  # fmt: skip
    """Note the hour if it lies ahead and is free, unless that was done since it fell free.
    In person it can be where there is a place."""
    known = FreedHour.objects.filter(clinician=staff, starts_at=slot.start)
    if known.filter(freed_at__gte=since or now).exists():
        return
    free_again(slot, staff, place, room, ways_of(way, place, room), now)


def ways_of(way: str, place: Place | None, room: Room | None) -> Iterable[str]:
    """In which ways an hour can be that was a meeting in this way, at this place."""
    return rules.WAYS if room or place else {way, "VIDEO", "PHONE"}


def free_again(
    slot: Slot, staff: Staff, place: Place | None, room: Room | None, ways: Iterable[str],
    now: datetime,
) -> None:  # fmt: skip
    """Note the hour, unless it is none."""
    try:
        free(by=BY, staff=staff, slot=slot, now=now, place=place, room=room, ways=ways)
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
