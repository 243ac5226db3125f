"""A clinician is away, or is there after all: what becomes of hours that fell free."""

import uuid
from datetime import datetime

from rapport.core.policy import System
from rapport.people.staff.models import Staff

from ..appointments.models import Appointment
from ..appointments.rules import Slot
from ..availability.models import TimeOff
from . import hours, offering
from .models import FreedHour

BY = System("waiting")
State = FreedHour.State


def while_away(*, time_off_id: uuid.UUID, now: datetime) -> None:
    """Hours of somebody who is away then are offered no more; who was asked is told."""
    off = TimeOff.objects.filter(pk=time_off_id).first()
    if off is None:
        return
    during = FreedHour.objects.filter(
        clinician=off.staff_id, starts_at__lt=off.ends_at, ends_at__gt=off.starts_at
    )
    for hour in during.filter(state__in=(State.OPEN, State.RUNNING)).order_by("pk"):
        offering.give_up(by=BY, hour=hour, now=now)


def after_all(*, staff_id: uuid.UUID, slot: Slot, now: datetime) -> None:
    """Somebody is there after all: what fell free before, or was called off, is free again."""
    staff = Staff.objects.get(pk=staff_id)
    during = {"clinician": staff, "starts_at__lt": slot.end, "ends_at__gt": slot.start}
    ahead = FreedHour.objects.filter(**during, starts_at__gt=now)
    known = set(ahead.values_list("starts_at", flat=True))
    near = ("place", "room__place")
    gone = ahead.filter(state__in=(State.AWAY, State.GONE)).select_related(*near)
    for hour in gone.order_by("pk"):
        again = {"rule": hour.rule, "holidays": hour.holidays}
        hours.free_again(hour.slot, staff, hour.place, hour.room, hour.ways, now, **again)
    off = Appointment.objects.filter(**during, starts_at__gt=now, status="CANCELLED")
    off = off.filter(changes__what="CANCELLED").distinct().select_related(*near)
    for one in off.order_by("starts_at", "pk"):
        if one.starts_at not in known:
            ways = hours.ways_of(one.way, one.place, one.room)
            hours.free_again(one.slot, staff, one.place, one.room, ways, now)
