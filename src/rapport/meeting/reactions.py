"""What the calendar does when something happens to people."""

from datetime import datetime

from rapport.core.events import on
from rapport.core.policy import System
from rapport.people.clients.models import Client
from rapport.people.events import EpisodeClosed, EpisodeReopened, MembersChanged
from rapport.people.models import Episode

from .appointments import holding
from .appointments.models import Appointment, Occupancy
from .series import ending


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
