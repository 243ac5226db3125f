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
class AppointmentRequested:
    """Somebody asked for a time; it is held until the practice answers."""

    appointment_id: uuid.UUID


@dataclass(frozen=True)
class AppointmentApproved:
    appointment_id: uuid.UUID


@dataclass(frozen=True)
class AppointmentDeclined:
    appointment_id: uuid.UUID


@dataclass(frozen=True)
class RequestExpired:
    """Nobody answered before the time that was asked for."""

    appointment_id: uuid.UUID


@dataclass(frozen=True)
class FirstConsultationBooked:
    """Somebody without an account asked for a first meeting; they are a client now, INQUIRY."""

    appointment_id: uuid.UUID


@dataclass(frozen=True)
class ClientActed:
    """A client booked, moved or called off a meeting by themselves."""

    appointment_id: uuid.UUID


@dataclass(frozen=True)
class CancelledLate:
    """The client called it off later than the terms allow."""

    appointment_id: uuid.UUID


@dataclass(frozen=True)
class LateTakenBack:
    """It does not count as late any more."""

    appointment_id: uuid.UUID
