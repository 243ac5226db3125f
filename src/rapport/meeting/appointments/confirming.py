"""The client says that they will come."""

from datetime import datetime
from typing import Any

from rapport.core.action import action

from .models import Appointment


@action("appointment.confirm")
def confirm(*, by: Any, appointment: Appointment, now: datetime) -> Appointment:
    """Note that the client confirmed the meeting at the time it has now; the first time counts."""
    booked = Appointment.objects.filter(pk=appointment.pk, status=Appointment.Status.BOOKED)
    if booked.filter(confirmed_at=None).update(confirmed_at=now):
        appointment.confirmed_at = now
    return appointment
