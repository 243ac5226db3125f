"""Reading the day of the whole house. Every function answers within what ``by`` may see."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from rapport.core.prepared import named, prepared
from rapport.people.clients import scopes
from rapport.people.practice.models import Place
from rapport.people.staff.models import CLINICAL, Staff

from ..appointments.models import Appointment, Occupancy
from ..appointments.queries import UNDRAWN
from ..appointments.rules import REACH, Slot

MOST = 1500  # meetings of a page
UNSAID = tuple(f"clinician__{name}" for name in ("account", "legal_name", "roles", "started_on",
                                                  "ended_on"))  # fmt: skip


@dataclass(frozen=True)
class Taken:
    """A time that is taken from a clinician or room, and no more than that."""

    thing: uuid.UUID
    slot: Slot


class Met(NamedTuple):
    """What a line of a week says of a meeting. Hundreds of them are read, so no more is."""

    pk: uuid.UUID
    clinician_id: uuid.UUID
    preferred_name: str
    legal_name: str
    colour: str | None  # of its type, where it has one
    starts_at: datetime
    ends_at: datetime
    status: str
    way: str
    arrived_at: datetime | None
    expected_at: datetime | None
    confirmed_at: datetime | None
    late: bool
    revision: int

    @property
    def name(self) -> str:
        """What the client wants to be called."""
        return self.preferred_name or self.legal_name


SAID = ("pk", "clinician_id", "client__preferred_name", "client__legal_name", "type__colour",
        *Met._fields[5:])  # fmt: skip
"""Where each field of ``Met`` comes from."""


def clinicians(*, by: Any, first: date, last: date, place: Place | None = None) -> list[Staff]:
    """Who treats clients here on one of these days, by name. One statement.

    Args:
        place: only who works there.
    """
    given = {"place": place.pk} if place else {}
    rows = _working(place is not None, first=first, last=last, **given)
    return [one for one in rows if not CLINICAL.isdisjoint(one.roles)]


@prepared
def _working(at_place: bool, *, first: Any, last: Any, place: Any = None) -> QuerySet[Staff]:
    lasts = Q(ended_on=None) | Q(ended_on__gt=first)
    found = Staff.objects.filter(lasts, started_on__lte=last).defer("legal_name", "account")
    if at_place:
        found = found.filter(places=place)
    return found.order_by("display_name", "pk")


def of_clinicians(
    *, by: Any, staff: Iterable[Staff], start: datetime, end: datetime
) -> list[Appointment]:
    """Meetings of these people that ``by`` may know of and that overlap ``[start, end)``, in
    order, cancelled ones too; their clinicians are those of ``staff``. One statement."""
    people = {one.pk: one for one in staff}
    found = _meetings(by, "clinicians", list(people), start=start, end=end)
    for one in found:
        one.clinician = people[one.clinician_id]
    return found


def week_of(*, by: Any, staff: Iterable[Staff], start: datetime, end: datetime) -> list[Met]:
    """The same meetings, each as a line of a week says it. One statement."""
    ids = [one.pk for one in staff]
    what, values = scopes.asker(by)
    given = {"start": start, "end": end, "since": start - REACH}
    rows = _met(what, **values, **given, **named(ids)) if ids else []
    return list(map(Met._make, rows))


@prepared
def _met(what: str, **values: Any) -> QuerySet[Any]:
    return _of(what, "clinicians", **values).values_list(*SAID)[:MOST]


def of_rooms(
    *, by: Any, rooms: Iterable[Any], place: Place | None, start: datetime, end: datetime
) -> list[Appointment]:
    """Meetings in these rooms, and those in none or in one that is closed by now: at ``place``
    or at no place, or anywhere when there is no ``place``. One statement."""
    ids, given = [one.pk for one in rooms], {"start": start, "end": end}
    if place is None:
        return _meetings(by, "rooms", ids, **given)
    return _meetings(by, "rooms of a place", ids, place=place.pk, **given)


def _meetings(by: Any, of: str, ids: list[uuid.UUID], **given: Any) -> list[Appointment]:
    if not ids and of == "clinicians":
        return []
    what, values = scopes.asker(by)
    given["since"] = given["start"] - REACH
    return _seen(what, of, **values, **given, **named(ids))


@prepared
def _seen(what: str, of: str, **values: Any) -> QuerySet[Appointment]:
    rows = _of(what, of, **values).select_related("client", "room", "type")
    if of == "clinicians":
        rows = rows.defer(*UNDRAWN)
    else:
        rows = rows.select_related("clinician").defer(*UNDRAWN, *UNSAID)
    return rows[:MOST]


def _of(
    what: str, of: str, *, start: Any, end: Any, since: Any, mine: Any, today: Any, now: Any,
    place: Any = None, **ids: Any,
) -> QuerySet[Appointment]:  # fmt: skip
    seen = scopes.administrative_to(what, mine=mine, today=today, now=now)
    found = Appointment.objects.between(start, end, since).filter(scopes.of_rows(seen))
    these = list(ids.values())
    if of == "clinicians":
        found = found.filter(clinician__pk__in=these)
    else:
        nowhere = Q(room=None) | Q(room__closed_on__lte=today)
        if of == "rooms of a place":
            nowhere &= Q(place=None) | Q(place=place)
        found = found.filter(Q(room__pk__in=these) | nowhere if these else nowhere)
    return found.order_by("starts_at", "ends_at", "pk")


def taken(
    *, by: Any, kind: str, things: Iterable[Any], start: datetime, end: datetime
) -> list[Taken]:
    """Times that are taken from these by what ``by`` may not know of: when, and no more.

    Args:
        kind: of Occupancy.Kind. things: the clinicians or rooms.
    """
    ids = [one.pk for one in things]
    what, values = scopes.asker(by)
    given = values | {"start": start, "end": end, "since": start - REACH}
    rows = _taken(what, kind, **given, **named(ids)) if ids else []
    return [Taken(thing, Slot(begins, ends)) for thing, begins, ends in rows]


@prepared
def _taken(
    what: str, kind: str, *, start: Any, end: Any, since: Any, mine: Any, today: Any, now: Any,
    **ids: Any,
) -> QuerySet[Any]:  # fmt: skip
    held = Occupancy.objects.filter(kind=kind, thing__in=list(ids.values()))
    seen = scopes.administrative_to(what, mine=mine, today=today, now=now)
    known = scopes.of_rows(seen, "appointment__client")
    rows = held.between(start, end, since).exclude(known, appointment__isnull=False)
    return rows.order_by("starts_at", "pk").values_list("thing", "starts_at", "ends_at")[:MOST]
