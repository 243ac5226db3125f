"""What else is free when what somebody chose is offered no more: nothing typed has to be lost."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from rapport.core import time as clock
from rapport.meeting.appointments.actions import CannotBook
from rapport.meeting.appointments.rules import lasting
from rapport.meeting.availability.queries import Opening
from rapport.meeting.models import AppointmentType, Hold
from rapport.meeting.requests import queries
from rapport.meeting.requests.queries import Choice

from . import choosing, zones

MOST = 3  # types whose times are shown


@dataclass(frozen=True)
class Other:
    """Something else that can be booked: its nearest times, each with how its button names it."""

    type: AppointmentType
    times: list[tuple[str, Opening]]


def others(way: choosing.Way, *, way_wanted: str, around: datetime) -> list[Other]:
    """What can be booked at times near ``around``; what fits the wish first, bounded."""
    found: list[Other] = []
    types = queries.offered(client=way.client)
    for type in sorted(types, key=lambda one: way_wanted not in one.ways):
        people = way.people(type)
        if len(found) < MOST and people and type.ways:
            how = way_wanted if way_wanted in type.ways else next(iter(type.ways))
            slot = lasting(max(around, clock.now()), type.minutes)
            times = choosing.near(way, Choice(type, how, people[0], slot), people)
            if times:
                found.append(Other(type, [(f"{type.pk}|{how}|{name}", one) for name, one in times]))
    return found


def keep(
    way: choosing.Way, text: str, *, shown: zones.Shown, before: uuid.UUID | None
) -> tuple[Choice, Hold]:
    """Keep the time that a button of ``others`` names, instead of what was kept before.

    Raises:
        Gone: it is taken. CannotBook: nothing that is offered, or more than may be kept.
    """
    named, _bar, rest = text[:200].partition("|")
    how, _bar, start = rest.partition("|")
    types: dict[str, Any] = {str(one.pk): one for one in queries.offered(client=way.client)}
    type = types.get(named)
    if type is None or how not in type.ways:
        raise CannotBook("start", _("Choose one of the times."))
    first = clock.today().replace(day=1)
    what = choosing.Asked(type, how, "", shown, first, None, way.people(type), "")
    return choosing.kept(way, what, start, before)
