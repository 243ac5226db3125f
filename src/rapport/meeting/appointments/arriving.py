"""The client is here, is not here after all, or called that they come later.

None of it changes what was promised, so the appointment's revision stays: whoever moves or
settles it meanwhile is not told that somebody changed it.
"""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from rapport.core.action import action

from .changing import locked
from .models import Appointment
from .problems import CannotBook

Status = Appointment.Status
BEFORE = timedelta(hours=4)  # its beginning somebody may be here already
AFTER = timedelta(hours=12)  # its end it can still be said
LATEST = 120  # minutes that somebody may be late by


@action("appointment.arrive")
def arrive(*, by: Any, appointment: Appointment, now: datetime) -> Appointment:
    """The client is here, since ``now``. Said twice, the first time counts.

    Raises:
        CannotBook: it is not booked any more, or it is another day.
    """
    fresh = locked(appointment)
    if fresh.arrived_at is None:
        _expected(fresh, now)
        fresh.arrived_at = now
        fresh.save(update_fields=["arrived_at"])
    return fresh


@action("appointment.arrive")
def take_back(*, by: Any, appointment: Appointment, now: datetime) -> Appointment:
    """The client is not here after all. Said of somebody who is not, it changes nothing."""
    fresh = locked(appointment)
    if fresh.arrived_at is not None:
        fresh.arrived_at = None
        fresh.save(update_fields=["arrived_at"])
    return fresh


@action("appointment.arrive")
def expect(*, by: Any, appointment: Appointment, minutes: int, now: datetime) -> Appointment:
    """The client called: they come ``minutes`` after it begins; 0 is in time after all.

    Raises:
        CannotBook: it is not booked any more, it is another day, the client is here already,
            or nobody waits that long.
    """
    fresh = locked(appointment)
    if not 0 <= minutes <= LATEST:
        raise CannotBook("minutes", _("Use 0 to %(most)s minutes.") % {"most": LATEST})
    late = fresh.starts_at + timedelta(minutes=minutes) if minutes else None
    if fresh.expected_at == late:
        return fresh
    _expected(fresh, now)
    if fresh.arrived_at is not None:
        raise CannotBook("", _("The client is here already."))
    fresh.expected_at = late
    fresh.save(update_fields=["expected_at"])
    return fresh


def _expected(fresh: Appointment, now: datetime) -> None:
    """Somebody is waited for around now."""
    if fresh.status != Status.BOOKED:
        raise CannotBook("", _("Nobody is waited for: it is not booked any more."))
    if not fresh.starts_at - BEFORE <= now <= fresh.ends_at + AFTER:
        raise CannotBook("", _("That can be said on the day of the meeting."))
