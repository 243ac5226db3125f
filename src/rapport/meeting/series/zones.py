"""Keeping the hour on the wall when a land changes its clocks' rules after all.

An appointment lies in the database as an instant. When a newer table of zones gives another
one for the same day and time on the wall, those that nobody moved follow.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from rapport.core import events
from rapport.core.action import action

from ..appointments import conflicts, holding
from ..appointments.models import Appointment, Occupancy
from ..appointments.rules import Slot
from ..events import AppointmentMoved
from . import making, queries
from .models import LeftOut, Series

AT_ONCE = 500


@dataclass
class Late:
    """One appointment or kept hour that the wall has at another instant now."""

    row: Appointment
    then: Slot
    follows: bool  # nobody moved it


@action("series.extend")
def follow_clocks(*, by: Any, now: datetime) -> int:
    """Move what is ahead and no longer at its hour; how many were moved.

    One whose new time is taken by what does not move stays where it is, and counts as moved
    by hand from then on. Announces AppointmentMoved for each that moves.
    """
    late, kept = _late(now), _kept_hours(now)
    following = [one for one in late if one.follows]
    theirs = {thing for one in following for thing in _things(one.row)}
    holding.wait_for(theirs | {(row.kind, row.thing) for _line, row, _slot in kept})
    moving = _those_that_can(by, following, now)
    with transaction.atomic():
        ids = [one.row.pk for one in moving]
        held = list(Occupancy.objects.filter(appointment__in=ids))
        Occupancy.objects.filter(appointment__in=ids).delete()
        new = {one.row.pk: one.then for one in moving}
        for one in late:
            one.row.due_at = one.then.start
            if one.row.pk in new:
                one.row.starts_at, one.row.ends_at = one.then.start, one.then.end
                one.row.revision += 1
        fields = ["due_at", "starts_at", "ends_at", "revision"]
        Appointment.objects.bulk_update([one.row for one in late], fields, batch_size=AT_ONCE)
        for row in held:
            slot = new[_appointment_of(row)]
            row.starts_at, row.ends_at = slot.start, slot.end
        Occupancy.objects.bulk_create(held)
    _keep(by, kept, now)
    for one in moving:
        events.announce(AppointmentMoved(one.row.pk))
    return len(moving)


def _appointment_of(row: Occupancy) -> uuid.UUID:
    assert row.appointment_id is not None  # asked for by it
    return row.appointment_id


def _late(now: datetime) -> list[Late]:
    """What is ahead and due at another instant than the zone's table says today."""
    patterns = {row.pk: queries.pattern(row) for row in Series.objects.filter(ended_on=None)}
    rows = Appointment.objects.filter(
        series__in=Series.objects.filter(ended_on=None), due_at__gt=now,
        status=Appointment.Status.BOOKED,
    )  # fmt: skip
    columns = ("pk", "series", "nth_on", "due_at")
    then = {}
    for pk, series, nth_on, due_at in rows.values_list(*columns).iterator(chunk_size=2000):
        slot = patterns[series].unmoved(nth_on, due_at)
        if slot.start != due_at:
            then[pk] = slot.start
    found = []
    late = rows.filter(pk__in=then).select_for_update(of=("self",)).order_by("pk")
    for row in late.prefetch_related("occupancies").defer("video_url") if then else ():
        start = then[row.pk]
        slot = Slot(start, start + (row.ends_at - row.starts_at))
        found.append(Late(row, slot, row.starts_at == row.due_at))
    return found


def _things(row: Appointment) -> list[holding.Thing]:
    return [(one.kind, one.thing) for one in row.occupancies.all()]


def _those_that_can(by: Any, following: list[Late], now: datetime) -> list[Late]:
    """The most that can move together: what stays stands in the way of others in turn."""
    moving = list(following)
    while moving:
        ids = {one.row.pk for one in moving}
        wanted = [(one.then, _things(one.row)) for one in moving]
        taken = {*conflicts.of_each(by=by, wanted=wanted, now=now, but=ids), *_apart(wanted)}
        if not taken:
            return moving
        moving = [one for number, one in enumerate(moving) if number not in taken]
    return []


def _apart(wanted: list[tuple[Slot, list[holding.Thing]]]) -> set[int]:
    """Those that would stand in each other's way: clocks of several lands may have changed."""
    found: set[int] = set()
    until: dict[holding.Thing, datetime] = {}
    for number, (slot, things) in sorted(enumerate(wanted), key=lambda one: one[1][0]):
        if any(until.get(thing, slot.start) > slot.start for thing in things):
            found.add(number)
        else:
            until |= dict.fromkeys(things, slot.end)
    return found


def _kept_hours(now: datetime) -> list[tuple[LeftOut, Occupancy, Slot]]:
    """Hours that are kept for days that rest, and the wall has at another instant now."""
    lines = LeftOut.objects.filter(occupancies__starts_at__gt=now).distinct()
    late = []
    for line in lines.select_related("series").prefetch_related("occupancies"):
        said = queries.pattern(line.series)
        held: Iterable[Occupancy] = line.occupancies.all()
        for row in held:
            slot = said.unmoved(line.nth_on, row.starts_at)
            if slot.start != row.starts_at:
                late.append((line, row, slot))
    return late


def _keep(by: Any, late: list[tuple[LeftOut, Occupancy, Slot]], now: datetime) -> None:
    """They follow too, where they are free."""
    Occupancy.objects.filter(pk__in=[row.pk for _line, row, _slot in late]).delete()
    wanted = [(slot, [(row.kind, row.thing)]) for _line, row, slot in late]
    taken = conflicts.of_each(by=by, wanted=wanted, now=now)
    free = [one for number, one in enumerate(late) if number not in taken]
    Occupancy.objects.bulk_create(
        kept for line, row, slot in free
        for kept in making.keep_for(line, [(row.kind, row.thing)], slot)
    )  # fmt: skip
