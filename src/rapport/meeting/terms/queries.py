"""Which terms are in force, and which ones bind a client."""

from datetime import date, datetime
from typing import Any

from django.db.models import Case, Value, When

from ..appointments.models import Appointment
from . import rules
from .models import Accepted, Terms


def in_force(*, day: date) -> Terms | None:
    """The terms that somebody who books on ``day`` (practice-local) accepts; None without any."""
    begun = Terms.objects.filter(from_on__lte=day)
    return begun.order_by("-from_on", "-version").first()


def every(*, by: Any) -> list[Terms]:
    """Every version, the latest first."""
    return list(Terms.objects.select_related("made_by___staff").order_by("-version"))


def binding(*, appointment: Appointment) -> Terms | None:
    """What was accepted with this meeting; else what the client accepted last, if anything."""
    first = Case(When(appointment=appointment.pk, then=Value(0)), default=Value(1))
    theirs = Accepted.objects.filter(client=appointment.client_id).select_related("terms")
    found = theirs.order_by(first, "-at").first()
    return found.terms if found else None


def until(*, appointment: Appointment) -> datetime | None:
    """Until when the client may call it off in time; None where nothing would be late."""
    terms = binding(appointment=appointment)
    if terms is None or terms.hours == 0 or appointment.status != Appointment.Status.BOOKED:
        return None
    return rules.last_moment(appointment.starts_at, terms.hours)


def counts_as_late(*, appointment: Appointment, now: datetime) -> bool:
    """Whether the client who calls it off at ``now`` does so later than the terms allow."""
    last = until(appointment=appointment)
    return last is not None and now > last
