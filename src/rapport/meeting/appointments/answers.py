"""The practice's answer to a time that was asked for, and what counts as called off late."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from rapport.core import events
from rapport.core.action import action

from ..events import (
    AppointmentApproved,
    AppointmentBooked,
    AppointmentDeclined,
    CancelledLate,
    LateTakenBack,
    RequestExpired,
)
from . import changing, holding
from .actions import LONGEST_REASON
from .knowing import may_meet
from .models import Appointment, Change
from .problems import CannotBook

Status, What = Appointment.Status, Change.What


@action("appointment.approve")
def approve(*, by: Any, appointment: Appointment, revision: int, now: datetime) -> Appointment:
    """Confirm a time that was asked for.

    Announces AppointmentApproved and, as of any meeting that is booked now, AppointmentBooked.

    Raises:
        CannotBook: nobody waits for an answer any more, its time has begun, or the clinician
            may not come to know the client so.
    """
    fresh = changing.locked(appointment)
    if fresh.status == Status.BOOKED and fresh.revision == revision + 1:
        return fresh  # sent twice
    _asked_for(fresh, revision)
    if fresh.starts_at <= now:
        raise CannotBook("", _("Its time has begun. It can only be declined."))
    may_meet(by, appointment.client, appointment.clinician)
    before = changing.as_it_was(fresh)
    fresh.status = Status.BOOKED
    changing.note(fresh, What.APPROVED, before, by, now)
    events.announce(AppointmentApproved(fresh.pk))
    events.announce(AppointmentBooked(fresh.pk))
    return fresh


@action("appointment.decline")
def decline(
    *, by: Any, appointment: Appointment, words: str, revision: int, now: datetime
) -> Appointment:
    """Say no to a time that was asked for, and give it back.

    Args:
        words: a line for the client, kept sealed; they read it in the portal.

    Announces AppointmentDeclined. Raises:
        CannotBook: nobody waits for an answer any more, or too long a line.
    """
    fresh = changing.locked(appointment)
    if fresh.status == Status.CANCELLED and fresh.revision == revision + 1:
        return fresh  # sent twice
    _asked_for(fresh, revision)
    if len(words) > LONGEST_REASON:
        raise CannotBook("words", _("Use at most %(n)s characters.") % {"n": LONGEST_REASON})
    _say_no(fresh, What.DECLINED, by, now, words)
    events.announce(AppointmentDeclined(fresh.pk))
    return fresh


@action("appointment.expire")
def expire(*, by: Any, appointment: Appointment, now: datetime) -> Appointment:
    """Let a request go that nobody answered before its start. Announces RequestExpired."""
    fresh = changing.locked(appointment)
    if fresh.status == Status.REQUESTED and fresh.starts_at <= now:
        _say_no(fresh, What.EXPIRED, by, now)
        events.announce(RequestExpired(fresh.pk))
    return fresh


@action("appointment.mark_late")
def mark_late(
    *, by: Any, appointment: Appointment, late: bool, revision: int, now: datetime
) -> Appointment:
    """Say that a meeting the client called off counts as late, or does not. ``undo`` undoes it.

    Announces CancelledLate or LateTakenBack. Raises:
        CannotBook: the client did not call it off, or somebody changed it meanwhile.
    """
    fresh = changing.locked(appointment)
    if fresh.late == late:
        return fresh
    changing.as_seen(fresh, revision)
    if fresh.cancelled_by != Appointment.Side.CLIENT:
        raise CannotBook("", _("Only what the client called off can be late."))
    before = changing.as_it_was(fresh)
    fresh.late = late
    changing.note(fresh, What.LATE if late else What.NOT_LATE, before, by, now)
    events.announce((CancelledLate if late else LateTakenBack)(fresh.pk))
    return fresh


def _asked_for(fresh: Appointment, revision: int) -> None:
    changing.as_seen(fresh, revision)
    if fresh.status != Status.REQUESTED:
        raise CannotBook("", _("This does not wait for an answer any more."))


def _say_no(fresh: Appointment, what: str, by: Any, now: datetime, words: str = "") -> None:
    before = changing.as_it_was(fresh)
    fresh.status, fresh.settled_at = Status.CANCELLED, now
    fresh.cancelled_by = Appointment.Side.PRACTICE
    changing.note(fresh, what, before, by, now, words)
    holding.give_back(fresh)
