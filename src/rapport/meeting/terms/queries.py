"""Which terms are in force, and which ones bind a client."""

import uuid
from datetime import date, datetime
from typing import Any

from django.db.models import Case, Value, When

from rapport.core import time as clock
from rapport.people.clients.models import Client

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


def to_read(*, by: Any, client: Client, now: datetime) -> Terms | None:
    """The terms in force, to be accepted by a client who takes an hour at ``now``; None where
    there are none, they accepted this version before, or somebody here does it for them."""
    terms = in_force(day=clock.local(now).date())
    if terms is None or by.is_system or by.staff is not None:
        return None
    known = Accepted.objects.filter(client=client, terms=terms)
    return None if known.exists() else terms


def accepted(*, by: Any, client: Client, most: int = 50) -> list[Accepted]:
    """What a client whom ``by`` has opened accepted, the latest first: that one binds them."""
    near = ("terms", "appointment", "noted_by___staff")
    rows = Accepted.objects.filter(client=client).select_related(*near)
    return list(rows.order_by("-at", "pk")[:most])


def acceptance(*, by: Any, accepted_id: uuid.UUID) -> Accepted:
    """One that a client whom ``by`` may know of accepted.

    Raises:
        Accepted.DoesNotExist: none, or not for ``by``.
    """
    rows = Accepted.objects.visible_to(by).select_related("client", "terms")
    found: Accepted = rows.get(pk=accepted_id)
    return found


def would_be_late(*, appointment: Appointment, now: datetime) -> bool:
    """Whether calling it off at ``now`` is later than the terms in force allow, which the client
    has not accepted: so it does not count as late."""
    terms = in_force(day=clock.local(now).date())
    if terms is None or binding(appointment=appointment) is not None:
        return False
    return rules.is_late(appointment.starts_at, now, terms.hours)


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
