"""What the calendar does when something happens to people, or to a time."""

from datetime import datetime

from rapport.core.events import on
from rapport.core.policy import System
from rapport.people.clients.models import Client
from rapport.people.events import EpisodeClosed, EpisodeReopened, MembersChanged, StaffEnded
from rapport.people.models import Episode

from .appointments import holding
from .appointments.models import Appointment, Occupancy
from .appointments.rules import Slot
from .day_sheet import actions as day_sheets
from .events import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentMoved,
    AppointmentStands,
    SeriesBegun,
    SeriesEnded,
    SeriesPaused,
    TimeOffRemoved,
    TimeOffTaken,
)
from .joining import team
from .series import ending
from .waiting import away, hours


@on(MembersChanged)
def hold_the_members_time(fact: MembersChanged, now: datetime) -> None:
    """Meetings to come take the time of whoever belongs to the couple or family now.

    A new member who meets somebody else then keeps that time: the later booking is not lost.
    """
    client = Client.objects.get(pk=fact.client_id)
    people, _episode = holding.around(client)
    holding.wait_for((Occupancy.Kind.CLIENT, one) for one in people)
    ahead = Appointment.objects.filter(client=client, ends_at__gt=now)
    for appointment in ahead.exclude(status=Appointment.Status.CANCELLED):
        holding.only(appointment, people)


@on(EpisodeClosed)
def end_the_standing_slots(fact: EpisodeClosed, now: datetime) -> None:
    """When a therapy ends, so do its standing slots: the last day of care is their last."""
    episode = Episode.objects.select_related("client").filter(pk=fact.episode_id).first()
    if episode is not None and episode.closed_on is not None:
        ending.end_with(by=System("meeting"), episode=episode, now=now)


@on(EpisodeReopened)
def take_their_end_back(fact: EpisodeReopened, now: datetime) -> None:
    """A therapy that goes on after all has its standing slots again, where they are free."""
    episode = Episode.objects.select_related("client").filter(pk=fact.episode_id).first()
    if episode is not None and episode.closed_on is None:
        ending.go_on_with(by=System("meeting"), episode=episode, now=now)


@on(AppointmentCancelled)
def notice_the_free_hour(fact: AppointmentCancelled, now: datetime) -> None:
    """What a client or the practice gave back can be offered to somebody who waits."""
    hours.after_cancelling(appointment_id=fact.appointment_id, now=now)


@on(AppointmentMoved)
def notice_the_former_hour(fact: AppointmentMoved, now: datetime) -> None:
    """So can the time that a meeting held before."""
    hours.after_moving(appointment_id=fact.appointment_id, now=now)


@on(SeriesPaused)
def notice_the_resting_hours(fact: SeriesPaused, now: datetime) -> None:
    """So can the hours of a standing slot that rests, where others may have them."""
    hours.after_pausing(pause_id=fact.pause_id, now=now)


@on(SeriesEnded)
def notice_the_hours_it_had(fact: SeriesEnded, now: datetime) -> None:
    """So can the next hours of a standing slot that ended, by itself or with a therapy."""
    hours.after_ending(series_id=fact.series_id, now=now)


@on(TimeOffTaken)
def offer_nothing_meanwhile(fact: TimeOffTaken, now: datetime) -> None:
    """What is on offer of somebody who is away then is taken back."""
    away.while_away(time_off_id=fact.time_off_id, now=now)


@on(TimeOffRemoved)
def notice_the_hours_of_who_is_there(fact: TimeOffRemoved, now: datetime) -> None:
    """Hours that were called off for it, or taken back, can be offered again."""
    away.after_all(staff_id=fact.staff_id, slot=Slot(fact.starts_at, fact.ends_at), now=now)


@on(AppointmentBooked)
def let_them_know_whom_they_meet(fact: AppointmentBooked, now: datetime) -> None:
    """A clinician who is booked with somebody is on their care team from then on."""
    team.after_booking(appointment_id=fact.appointment_id, now=now)


@on(AppointmentMoved)
def let_them_know_whom_they_meet_now(fact: AppointmentMoved, now: datetime) -> None:
    """So is one to whom a meeting is moved; who met them before may leave."""
    team.after_booking(appointment_id=fact.appointment_id, now=now)


@on(AppointmentStands)
def let_them_know_whom_they_meet_again(fact: AppointmentStands, now: datetime) -> None:
    """So is one whose meeting was called off and stands again."""
    team.after_booking(appointment_id=fact.appointment_id, now=now)


@on(AppointmentCancelled)
def let_them_go(fact: AppointmentCancelled, now: datetime) -> None:
    """One who joined for a meeting that the practice called off leaves again."""
    team.after_booking(appointment_id=fact.appointment_id, now=now)


@on(SeriesBegun)
def let_them_know_whom_they_meet_each_time(fact: SeriesBegun, now: datetime) -> None:
    """So is one with whom a standing slot was booked."""
    team.after_beginning(series_id=fact.series_id, now=now)


@on(SeriesEnded)
def let_them_go_with_the_slot(fact: SeriesEnded, now: datetime) -> None:
    """One who joined for a standing slot of which nothing took place leaves again."""
    team.after_beginning(series_id=fact.series_id, now=now)


@on(StaffEnded)
def forget_their_day_sheet(fact: StaffEnded) -> None:
    """No day sheet is made any more for somebody whose last day is over."""
    day_sheets.forget_of_those_who_left(by=System("meeting"))
