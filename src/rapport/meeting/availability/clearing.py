"""Clearing a time off: its meetings are called off or moved together, and put back together."""

import contextlib
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from rapport.core.action import action

from ..appointments import actions as appointments
from ..appointments import changing, holding
from ..appointments.actions import CannotBook
from ..appointments.models import Appointment, Change
from ..appointments.rules import Slot
from . import fitting, queries
from .models import TimeOff


@dataclass(frozen=True)
class Cleared:
    """What became of meetings that were to be called off or moved together."""

    done: list[Appointment]
    left: int  # changed by somebody meanwhile, or in nobody's time, and not touched


@action("time_off.take")
def cancel_meetings(
    *, by: Any, time_off: TimeOff, seen: Mapping[uuid.UUID, int], reason: str, now: datetime
) -> Cleared:
    """Call off the meetings in it that somebody chose, each as if by itself.

    Args:
        seen: their ids, each with the revision the person saw. What was changed since, or is
            not booked in this stretch any more, is left as it is.

    Raises:
        CannotBook: the reason is too long. Nothing was cancelled.
        Denied: one of them is not ``by``'s to cancel. Nothing was cancelled.
    """
    done = [
        appointments.cancel(
            by=by, appointment=one, side=Appointment.Side.CLINICIAN, revision=one.revision,
            now=now, reason=reason,
        )
        for one in chosen(by=by, time_off=time_off, seen=seen, now=now)
    ]  # fmt: skip
    return Cleared(done, len(seen) - len(done))


@action("time_off.take")
def move_meetings(
    *, by: Any, time_off: TimeOff, seen: Mapping[uuid.UUID, int], goal: fitting.Goal, now: datetime
) -> Cleared:
    """Move the meetings in it that somebody chose, each as if by itself, where they fit.

    One of a standing slot stays its occurrence, changed by hand: a later change of the slot
    keeps it so.

    Args:
        seen: as ``cancel_meetings``.

    Raises:
        Denied: one of them is not ``by``'s to move. Nothing was moved.
    """
    meetings = chosen(by=by, time_off=time_off, seen=seen, now=now)
    looked = fitting.look(by=by, meetings=meetings, goal=goal, now=now)
    found = [one for one in looked if one.fits]
    _wait_for(found, time_off)
    done = []
    for one in found:
        meeting, slot = one.meeting, one.slot
        assert slot is not None  # it fits
        with contextlib.suppress(CannotBook), transaction.atomic():
            done.append(appointments.move(
                by=by, appointment=meeting, slot=slot, revision=meeting.revision, now=now,
                clinician=goal.clinician, way=meeting.way, place=meeting.place, room=meeting.room,
            ))  # fmt: skip
    return Cleared(done, len(seen) - len(done))


def chosen(
    *, by: Any, time_off: TimeOff, seen: Mapping[uuid.UUID, int], now: datetime
) -> list[Appointment]:
    """Meetings booked in it that are as the person saw them, in order."""
    there = queries.affected(by=by, staff=time_off.staff, slot=_slot(time_off), now=now)
    return [
        one for one in there.shown
        if seen.get(one.pk) == one.revision and one.status == Appointment.Status.BOOKED
    ]  # fmt: skip


def _wait_for(found: Iterable[fitting.Fit], time_off: TimeOff) -> None:
    """Hold all of them, then everything they take and let go of, as whoever moves a single one
    does: two who move many at once would wait for each other for ever."""
    rows = Appointment.objects.filter(pk__in=[one.meeting.pk for one in found]).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk", flat=True))
    meetings = [one.meeting for one in found]
    held = holding.held_by_each(one.pk for one in meetings)
    holding.wait_for([
        *(thing for one in found for thing in one.things), ("CLINICIAN", time_off.staff_id),
        *(thing for things in held.values() for thing in things), *fitting.shelf(meetings).things,
    ])  # fmt: skip


@action("time_off.take")
def put_meetings_back(
    *, by: Any, time_off: TimeOff, seen: Mapping[uuid.UUID, int], now: datetime
) -> list[Appointment]:
    """Take back that meetings were called off or moved together, each as if by itself.

    Args:
        seen: their ids, each with the revision it had when that was done.

    Returns:
        Those that are as they were: not what was changed since, nor whose time is taken.
    """
    back = []
    for change in _changes(by=by, seen=seen):
        one, was = change.appointment, changing.as_values(change.before)
        before = Slot(was["starts_at"], was["ends_at"])
        theirs = was["clinician_id"] == time_off.staff_id and before.overlaps(_slot(time_off))
        if theirs and one.revision == seen[one.pk]:
            with contextlib.suppress(CannotBook), transaction.atomic():
                back.append(appointments.undo(by=by, appointment=one, revision=one.revision,
                                              now=now))  # fmt: skip
    return back


def _changes(*, by: Any, seen: Iterable[uuid.UUID]) -> QuerySet[Change]:
    """What last happened to these, where it was called off or moved."""
    last = Change.objects.visible_to(by).filter(
        appointment__in=list(seen), revision=F("appointment__revision"),
        what__in=(Change.What.CANCELLED, Change.What.MOVED),
    )  # fmt: skip
    rows = last.select_related("appointment__client").defer("reason", "video_url")
    return rows.defer("appointment__video_url").order_by("appointment__starts_at")


def _slot(time_off: TimeOff) -> Slot:
    return Slot(time_off.starts_at, time_off.ends_at)
