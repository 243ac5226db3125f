"""What measures do when a session is booked, moved or cancelled, and when a score arrives."""

from datetime import datetime

from rapport.core.events import on
from rapport.core.policy import System
from rapport.meeting.events import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentMoved,
    AppointmentsRemoved,
)

from .events import ScoreRecorded
from .expected import actions as expected
from .measures import asking

BY = System("measures")


@on(AppointmentBooked)
def ask_before(fact: AppointmentBooked, *, now: datetime) -> None:
    """A session so near that its questionnaires are due is asked for at once."""
    asking.ask_due(by=BY, appointment_id=fact.appointment_id, now=now)


@on(AppointmentMoved)
def move_along(fact: AppointmentMoved, *, now: datetime) -> None:
    """What was asked stays open until the session's new end; a nearer one may be due now."""
    asking.follow_session(by=BY, appointment_id=fact.appointment_id, now=now)
    asking.ask_due(by=BY, appointment_id=fact.appointment_id, now=now)


@on(AppointmentCancelled)
def withdraw_for(fact: AppointmentCancelled, *, now: datetime) -> None:
    """What was asked for a session that does not happen is asked no longer."""
    asking.follow_session(by=BY, appointment_id=fact.appointment_id, now=now)


@on(AppointmentsRemoved)
def withdraw_for_those(fact: AppointmentsRemoved, *, now: datetime) -> None:
    """So is what was asked for sessions that went with their standing slot."""
    asking.withdraw_left_over(by=BY, client_id=fact.client_id, now=now)


@on(ScoreRecorded)
def compare(fact: ScoreRecorded, *, now: datetime) -> None:
    """A score is compared with what was expected of that client."""
    expected.look(by=BY, sheet_id=fact.sheet_id, now=now)
