"""Reading the day of the whole house. Every function answers within what ``by`` may see."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from rapport.core.prepared import named, prepared
from rapport.people.clients import scopes
from rapport.people.clients.models import Client
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
def _seen(
    what: str, of: str, *, start: Any, end: Any, since: Any, mine: Any, today: Any, now: Any,
    place: Any = None, **ids: Any,
) -> QuerySet[Appointment]:  # fmt: skip
    seen = scopes.administrative_to(what, mine=mine, today=today, now=now)
    found = Appointment.objects.between(start, end, since).filter(
        client__in=Client.objects.filter(seen).values("pk")
    )
    these = list(ids.values())
    if of == "clinicians":
        found = found.filter(clinician__pk__in=these)
    else:
        nowhere = Q(room=None) | Q(room__closed_on__lte=today)
        if of == "rooms of a place":
            nowhere &= Q(place=None) | Q(place=place)
        found = found.filter(Q(room__pk__in=these) | nowhere if these else nowhere)
    rows = found.select_related("client", "room", "type")
    if of == "clinicians":
        rows = rows.defer(*UNDRAWN)
    else:
        rows = rows.select_related("clinician").defer(*UNDRAWN, *UNSAID)
    return rows.order_by("starts_at", "ends_at", "pk")[:MOST]


def taken(
    *, by: Any, kind: str, things: Iterable[Any], start: datetime, end: datetime,
    known: Iterable[Appointment],
) -> list[Taken]:  # fmt: skip
    """Times that are taken from these by what is not among ``known``: when, and no more.

    Args:
        kind: of Occupancy.Kind. things: the clinicians or rooms.
    """
    ids = [one.pk for one in things]
    shown = {one.pk for one in known}
    given = {"start": start, "end": end, "since": start - REACH}
    rows = _taken(kind, **given, **named(ids)) if ids else []
    return [Taken(thing, Slot(begins, ends)) for pk, thing, begins, ends in rows if pk not in shown]


@prepared
def _taken(kind: str, *, start: Any, end: Any, since: Any, **ids: Any) -> QuerySet[Any]:
    held = Occupancy.objects.filter(kind=kind, thing__in=list(ids.values()))
    rows = held.between(start, end, since).order_by("starts_at", "pk")
    return rows.values_list("appointment_id", "thing", "starts_at", "ends_at")[:MOST]
