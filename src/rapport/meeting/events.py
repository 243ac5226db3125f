"""What happens to appointments, as ids."""

import uuid
from dataclasses import dataclass


@dataclass(frozen=True)
class AppointmentBooked:
    appointment_id: uuid.UUID


@dataclass(frozen=True)
class AppointmentMoved:
    appointment_id: uuid.UUID


@dataclass(frozen=True)
class AppointmentCancelled:
    appointment_id: uuid.UUID


@dataclass(frozen=True)
class AppointmentKept:
    appointment_id: uuid.UUID


@dataclass(frozen=True)
class AppointmentMissed:
    appointment_id: uuid.UUID


@dataclass(frozen=True)
class FirstConsultationBooked:
    """Somebody who is no client booked, or asked for, a first consultation by themself."""

    appointment_id: uuid.UUID
