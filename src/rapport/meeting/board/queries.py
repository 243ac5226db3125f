"""Reading the day of the whole house. Every function answers within what ``by`` may see."""

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from rapport.core.prepared import as_one_text, as_text, instant, named, prepared
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


class Holding(NamedTuple):
    """A meeting, and a piece of equipment that it has."""

    thing: uuid.UUID
    meeting: Appointment


class Met(NamedTuple):
    """What a line of a week says of a meeting."""

    pk: uuid.UUID
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

    @classmethod
    def of(cls, row: str) -> "Met":
        """The meeting of a row of ``week_of``."""
        said = dict(zip(cls._fields, json.loads(row), strict=True))
        instants = {one: instant(said[one]) for one in INSTANTS if said[one] is not None}
        return cls(**said | instants | {"pk": uuid.UUID(said["pk"]), "late": bool(said["late"])})

    @property
    def name(self) -> str:
        """What the client wants to be called."""
        return self.preferred_name or self.legal_name


SAID = ("pk", "client__preferred_name", "client__legal_name", "type__colour",
        *Met._fields[4:])  # fmt: skip
"""Where each field of ``Met`` comes from."""

INSTANTS = ("starts_at", "ends_at", "arrived_at", "expected_at", "confirmed_at")


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


def week_of(
    *, by: Any, staff: Iterable[Staff], start: datetime, end: datetime
) -> dict[uuid.UUID, list[str]]:  # fmt: skip
    """The same meetings by whom they are with, each as one text that holds all that a line of a
    week says: hundreds are read at once, told apart as they lie, and few are made into ``Met``.

    In order of their start for each clinician. One statement.
    """
    ids = [one.pk for one in staff]
    what, values = scopes.asker(by)
    given = {"start": start, "end": end, "since": start - REACH}
    return _each(_met(what, **values, **given, **named(ids)) if ids else [])


@prepared
def _met(what: str, **values: Any) -> QuerySet[Any]:
    found = _of(what, "clinicians", **values).order_by("clinician_id", "starts_at", "pk")
    said = as_one_text(*SAID)
    return found.values_list(as_text("clinician_id"), said)[:MOST]


def _each(rows: Iterable[tuple[str, Any]]) -> dict[uuid.UUID, list[Any]]:
    """What rows say, by the id that stands first in each."""
    found: dict[str, list[Any]] = {}
    for whose, said in rows:
        found.setdefault(whose, []).append(said)
    return {uuid.UUID(whose): some for whose, some in found.items()}


def of_rooms(
    *, by: Any, rooms: Iterable[Any], place: Place | None, start: datetime, end: datetime
) -> list[Appointment]:
    """Meetings in these rooms, and those in none or in one that is closed by now: at ``place``
    or at no place, or anywhere when there is no ``place``. One statement."""
    ids, given = [one.pk for one in rooms], {"start": start, "end": end}
    if place is None:
        return _meetings(by, "rooms", ids, **given)
    return _meetings(by, "rooms of a place", ids, place=place.pk, **given)


def of_equipment(
    *, by: Any, pieces: Iterable[Any], start: datetime, end: datetime
) -> list[Holding]:  # fmt: skip
    """Meetings that have these pieces, each as often as it has one; what is called off has none.
    One statement."""
    ids = [one.pk for one in pieces]
    held = Occupancy.objects.visible_to(by).filter(kind=Occupancy.Kind.EQUIPMENT, thing__in=ids)
    near = ("client", "clinician", "room", "type")
    rows = held.between(start, end, start - REACH).select_related(
        "appointment", *(f"appointment__{name}" for name in near)
    )  # fmt: skip
    rows = rows.defer(*(f"appointment__{name}" for name in (*UNDRAWN, *UNSAID)))
    found = rows.order_by("starts_at", "ends_at", "pk")[:MOST]
    return [Holding(one.thing, one.appointment) for one in found if one.appointment is not None]


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
    each = taken_of(by=by, kind=kind, things=things, start=start, end=end)
    return [Taken(thing, slot_of(row)) for thing, rows in each.items() for row in rows]


def taken_of(
    *, by: Any, kind: str, things: Iterable[Any], start: datetime, end: datetime
) -> dict[uuid.UUID, list[str]]:
    """The same by what they are taken from, each as one text: see ``slot_of``."""
    ids = [one.pk for one in things]
    what, values = scopes.asker(by)
    given = values | {"start": start, "end": end, "since": start - REACH}
    return _each(_taken(what, kind, **given, **named(ids)) if ids else [])


def slot_of(row: str) -> Slot:
    """When a row of ``taken_of`` begins and ends."""
    return Slot(*map(instant, json.loads(row)))


@prepared
def _taken(
    what: str, kind: str, *, start: Any, end: Any, since: Any, mine: Any, today: Any, now: Any,
    **ids: Any,
) -> QuerySet[Any]:  # fmt: skip
    held = Occupancy.objects.filter(kind=kind, thing__in=list(ids.values()))
    seen = scopes.administrative_to(what, mine=mine, today=today, now=now)
    known = scopes.of_rows(seen, "appointment__client")
    rows = held.between(start, end, since).exclude(known, appointment__isnull=False)
    said = as_one_text("starts_at", "ends_at")
    return rows.order_by("thing", "starts_at", "pk").values_list(as_text("thing"), said)[:MOST]
