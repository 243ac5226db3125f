"""What a client who goes still has ahead of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q

from rapport.core import time as clock
from rapport.people.clients.models import Client

from ..appointments.models import Appointment
from ..series.models import Series
from ..waiting import queries as waiting
from ..waiting.models import WaitingEntry

HELD = (Appointment.Status.BOOKED, Appointment.Status.REQUESTED)


@dataclass(frozen=True)
class Ahead:
    """Single meetings, standing slots with all that is ahead of them, a place on the list."""

    meetings: list[Appointment]
    standing: list[Series]
    entry: WaitingEntry | None

    @property
    def any(self) -> bool:
        """Whether there is anything."""
        return bool(self.meetings or self.standing or self.entry)


def ahead(*, by: Any, client: Client, now: datetime) -> Ahead:
    """What is ahead of a client whom ``by`` has opened. Three statements."""
    today = clock.local(now).date()
    goes_on = Q(ended_on=None) | Q(ended_on__gt=today) & Q(ended_on__gt=F("starts_on"))
    standing = Series.objects.filter(goes_on, client=client).select_related("clinician")
    slots = list(standing.order_by("starts_on", "pk"))
    meetings = Appointment.objects.filter(client=client, status__in=HELD, starts_at__gt=now)
    single = meetings.exclude(series__in=[one.pk for one in slots])
    near = single.select_related("clinician").defer("video_url")
    entry = waiting.standing(by=by, client=client)
    return Ahead(list(near.order_by("starts_at", "pk")), slots, entry)
