"""Ending what is ahead of a client who goes."""

from datetime import datetime
from typing import Any

from rapport.core import time as clock
from rapport.core.action import action
from rapport.people.clients.models import Client

from ..appointments import actions as appointments
from ..appointments.models import Appointment
from ..series import actions as series
from ..waiting import actions as waiting
from . import queries


@action("series.end")
def end_all(*, by: Any, client: Client, now: datetime) -> None:
    """End standing slots from today on, call single meetings off, leave the waiting list.

    Announces what each of these announces. Raises:
        CannotBook: somebody changes one of them at this moment.
    """
    today = clock.local(now).date()
    found = queries.ahead(by=by, client=client, now=now)
    for slot in found.standing:
        series.end(by=by, series=slot, on=today, revision=slot.revision, now=now)
    for one in queries.ahead(by=by, client=client, now=now).meetings:
        appointments.cancel(
            by=by, appointment=one, side=Appointment.Side.PRACTICE, revision=one.revision, now=now
        )
    if found.entry is not None:
        waiting.withdraw(by=by, client=client, entry=found.entry, now=now)
