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
class AppointmentStands:
    """It is booked again, at its time: what happened to it was taken back."""

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


@dataclass(frozen=True)
class SeriesBegun:
    """A standing slot was booked, or goes on under another rule; its appointments are made."""

    series_id: uuid.UUID


@dataclass(frozen=True)
class SlotOffered:
    """Somebody on the waiting list is asked whether they take an hour that fell free."""

    offer_id: uuid.UUID


@dataclass(frozen=True)
class OfferGone:
    """Somebody was asked, and the hour is not theirs any more."""

    offer_id: uuid.UUID


@dataclass(frozen=True)
class WaitingAsked:
    """Somebody on the waiting list is asked whether they still look."""

    entry_id: uuid.UUID


@dataclass(frozen=True)
class SeriesPaused:
    """It rests. The appointments of those weeks are gone; ``Pause.offered`` says for whom."""

    pause_id: uuid.UUID


@dataclass(frozen=True)
class SeriesResumed:
    """A pause ended early or was taken back: appointments of the series were made again."""

    series_id: uuid.UUID


@dataclass(frozen=True)
class SeriesEnded:
    """From ``Series.ended_on`` on there is none, and what stood there is gone."""

    series_id: uuid.UUID


@dataclass(frozen=True)
class AppointmentsRemoved:
    """Appointments of a standing slot were taken away. The rows are gone: whose they were."""

    client_id: uuid.UUID


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
    """Somebody without an account asked for a first meeting, or booked it where that needs
    nobody's yes; they are a client now, INQUIRY."""

    appointment_id: uuid.UUID


@dataclass(frozen=True)
class ClientActed:
    """A client booked, moved or called off a meeting by themselves, or asks for another time."""

    appointment_id: uuid.UUID


@dataclass(frozen=True)
class CancelledLate:
    """The client called it off later than the terms allow."""

    appointment_id: uuid.UUID


@dataclass(frozen=True)
class LateTakenBack:
    """It does not count as late any more."""

    appointment_id: uuid.UUID
