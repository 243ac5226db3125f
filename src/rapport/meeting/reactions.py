"""What the calendar does when something happens to people."""

from datetime import datetime

from rapport.core.events import on
from rapport.people.clients.models import Client
from rapport.people.events import MembersChanged

from .appointments import holding
from .appointments.models import Appointment, Occupancy


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
