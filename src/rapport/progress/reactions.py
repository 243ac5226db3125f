"""What measures do when a session is booked, moved, held or cancelled, when care begins or ends,
and when a score arrives."""

from datetime import datetime

from rapport.core.events import on
from rapport.core.policy import System
from rapport.meeting.events import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentKept,
    AppointmentMoved,
    AppointmentsRemoved,
)
from rapport.people.events import (
    CircleChanged,
    ConsentGiven,
    ConsentStandsAgain,
    ConsentWithdrawn,
    EpisodeClosed,
    EpisodeOpened,
    EpisodeReopened,
)

from .events import ScoreRecorded
from .expected import actions as expected
from .measures import sessions
from .schedules import following

BY = System("measures")


@on(AppointmentBooked)
def ask_before(fact: AppointmentBooked, *, now: datetime) -> None:
    """A session so near that its questionnaires are due is asked for at once."""
    sessions.ask_due(by=BY, appointment_id=fact.appointment_id, now=now)


@on(AppointmentMoved)
def move_along(fact: AppointmentMoved, *, now: datetime) -> None:
    """What was asked stays open until the session's new end; a nearer one may be due now."""
    sessions.follow_session(by=BY, appointment_id=fact.appointment_id, now=now)
    sessions.ask_due(by=BY, appointment_id=fact.appointment_id, now=now)


@on(AppointmentCancelled)
def withdraw_for(fact: AppointmentCancelled, *, now: datetime) -> None:
    """What was asked for a session that does not happen is asked no longer."""
    sessions.follow_session(by=BY, appointment_id=fact.appointment_id, now=now)


@on(AppointmentsRemoved)
def withdraw_for_those(fact: AppointmentsRemoved, *, now: datetime) -> None:
    """So is what was asked for sessions that went with their standing slot."""
    sessions.withdraw_left_over(by=BY, client_id=fact.client_id, now=now)


@on(ScoreRecorded)
def compare(fact: ScoreRecorded, *, now: datetime) -> None:
    """A score is compared with what was expected of that client."""
    expected.look(by=BY, sheet_id=fact.sheet_id, now=now)


@on(EpisodeOpened)
def ask_as_planned(fact: EpisodeOpened, *, now: datetime) -> None:
    """Care begins: what the practice has planned for everybody is set for this client."""
    following.care_began(by=BY, episode_id=fact.episode_id, now=now)


@on(AppointmentKept)
def count_towards_a_review(fact: AppointmentKept, *, now: datetime) -> None:
    """Every session that was held brings the next review nearer."""
    following.session_held(by=BY, appointment_id=fact.appointment_id, now=now)


@on(EpisodeClosed)
def ask_at_the_end(fact: EpisodeClosed, *, now: datetime) -> None:
    """Care ends: what is asked then, and after it, gets its days."""
    following.care_ended(by=BY, episode_id=fact.episode_id, now=now)


@on(EpisodeReopened)
def ask_on(fact: EpisodeReopened, *, now: datetime) -> None:
    """It does not end after all."""
    following.care_goes_on(by=BY, episode_id=fact.episode_id, now=now)


@on(ConsentWithdrawn)
def stop_asking_others(fact: ConsentWithdrawn, *, now: datetime) -> None:
    """Nobody else is asked by itself any more."""
    following.consent_changed(by=BY, consent_id=fact.consent_id, now=now)


@on(ConsentStandsAgain)
def ask_others_on(fact: ConsentStandsAgain, *, now: datetime) -> None:
    """Its withdrawal was a slip."""
    following.consent_changed(by=BY, consent_id=fact.consent_id, now=now)


@on(ConsentGiven)
def ask_others_too(fact: ConsentGiven, *, now: datetime) -> None:
    """The client may just have agreed that others are asked."""
    following.others_known(by=BY, client_id=fact.client_id, now=now)


@on(CircleChanged)
def ask_who_is_new(fact: CircleChanged, *, now: datetime) -> None:
    """Somebody around the client may be one whom the practice's plan asks."""
    following.others_known(by=BY, client_id=fact.client_id, now=now)


@on(ScoreRecorded)
def ask_what_was_raised(fact: ScoreRecorded, *, now: datetime) -> None:
    """A result may call for another questionnaire."""
    following.result_came(by=BY, sheet_id=fact.sheet_id, now=now)
