"""What happens to appointments, as ids."""

import uuid
from dataclasses import dataclass
from datetime import datetime


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
class TimeOffTaken:
    time_off_id: uuid.UUID


@dataclass(frozen=True)
class TimeOffRemoved:
    """A clinician is not away after all. The row is gone, so whose it was and when stands here."""

    time_off_id: uuid.UUID
    staff_id: uuid.UUID
    starts_at: datetime
    ends_at: datetime
