"""Why a client cannot move a meeting by themselves."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from rapport.core.policy import Words

from ..appointments.models import Appointment
from ..terms import queries as in_terms
from . import queries

WORDS: dict[str, Words] = {
    "OVER": _("Only what is booked and still ahead can be moved."),
    "OURS": _("This meeting was made with you by the practice. Write or call to move it."),
    "ASKED": _("The practice confirms each of these times. Call this one off and ask for another."),
    "LATE": _("It is too near to be moved here. Write to or call your practice."),
}


def why(*, appointment: Appointment, now: datetime) -> str:
    """Of WORDS; "" when they can."""
    if appointment.status != Appointment.Status.BOOKED or appointment.starts_at <= now:
        return "OVER"
    offered = queries.offered(client=appointment.client)
    if appointment.type is None or appointment.type not in offered:
        return "OURS"
    if appointment.type.needs_approval:
        return "ASKED"
    if in_terms.counts_as_late(appointment=appointment, now=now):
        return "LATE"
    return ""
