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
class SlotOffered:
    """Somebody on the waiting list is asked whether they take an hour that fell free."""

    offer_id: uuid.UUID


@dataclass(frozen=True)
class OfferGone:
    """Somebody was asked, and the hour is not theirs any more."""

    offer_id: uuid.UUID


@dataclass(frozen=True)
class OfferAccepted:
    offer_id: uuid.UUID


@dataclass(frozen=True)
class WaitingAsked:
    """Somebody on the waiting list is asked whether they still look."""

    entry_id: uuid.UUID


@dataclass(frozen=True)
class SeriesPaused:
    """A standing slot rests for some weeks and is kept."""

    pause_id: uuid.UUID
