"""What the record does when a meeting was kept or missed: the draft lies ready."""

from datetime import datetime
from typing import Any

from rapport.core.events import on
from rapport.core.policy import System
from rapport.meeting.appointments.rules import EARLY
from rapport.meeting.events import AppointmentKept, AppointmentMissed
from rapport.meeting.models import Appointment

from .notes import actions
from .notes.models import Note

BY = System("record")


@on(AppointmentKept, name="note.open_kept")
def open_the_draft(fact: AppointmentKept, *, now: datetime) -> None:
    """The note about a meeting that took place."""
    _open(fact.appointment_id, Appointment.Status.KEPT, now)


@on(AppointmentMissed, name="note.open_missed")
def open_the_draft_of_a_missed_session(fact: AppointmentMissed, *, now: datetime) -> None:
    """The note about a meeting to which nobody came."""
    _open(fact.appointment_id, Appointment.Status.MISSED, now)


def kind_of(appointment: Appointment) -> str:
    """What kind of contact a meeting was."""
    if appointment.status == Appointment.Status.MISSED:
        return Note.Kind.MISSED
    return Note.Kind.CRISIS if appointment.kind == "CRISIS" else Note.Kind.SESSION


def _open(appointment_id: Any, status: str, now: datetime) -> None:
    """Open it, unless that was taken back meanwhile, or lies further ahead than may be kept."""
    near = ("client__data_key", "clinician")
    found = Appointment.objects.filter(pk=appointment_id, status=status).select_related(*near)
    appointment = found.first()
    if appointment is None or appointment.starts_at - EARLY > now:
        return
    actions.open_(
        by=BY, client=appointment.client, author=appointment.clinician, kind=kind_of(appointment),
        appointment=appointment, now=now,
    )  # fmt: skip
