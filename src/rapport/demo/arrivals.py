"""Who has come to the front desk this morning in the demo, and who called that they come later."""

from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from rapport.core import policy
from rapport.core import time as clock
from rapport.demo.cases import Case
from rapport.demo.days import Days
from rapport.meeting.appointments import arriving
from rapport.meeting.models import Appointment

SOON = timedelta(hours=2)
LATER = 10  # minutes


def plan(cases: list[Case], days: Days) -> None:
    """The next who are expected in the house: the first is here, the second comes later."""
    house = cases[0].house
    days.at(days.now - timedelta(minutes=4), lambda now: _expected(house, now))


def _expected(house: Any, now: datetime) -> None:
    fay, until = house.account("fay"), min(now + SOON, clock.day_bounds(clock.local(now).date())[1])
    awaited = Appointment.objects.filter(
        status=Appointment.Status.BOOKED, way=Appointment.Way.HERE, starts_at__gte=now,
        starts_at__lt=until, place=house.places["river"],
    ).order_by("starts_at", "pk")  # fmt: skip
    greets = (one for one in awaited if policy.allows("appointment.arrive", fay, appointment=one))
    for n, one in enumerate(islice(greets, 2)):
        if n == 0:
            arriving.arrive(by=fay, appointment=one, now=now)
        else:
            arriving.expect(by=fay, appointment=one, minutes=LATER, now=now)
