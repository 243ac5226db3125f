"""What may be booked by whom, what is free of it, and what waits for the practice."""

import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from rapport.core import time as clock
from rapport.core.prepared import prepared
from rapport.people.care_team.models import CareTeamMember
from rapport.people.clients import scopes
from rapport.people.clients.models import Client
from rapport.people.practice.models import Place
from rapport.people.staff.models import CLINICAL, Staff

from ..appointments.models import Appointment, Change, Hold, Room
from ..appointments.rules import Slot, lasting
from ..availability.queries import Opening, openings
from ..diaries import rooms
from ..types import queries as types
from ..types.models import AppointmentType
from ..waiting.models import Offer
from .models import Introduction, SelfBooking

BOOKERS = {"ACTIVE": "ACTIVE", "WAITING": "WAITING"}  # by the status of the client
AROUND = timedelta(days=14)  # in which another time is looked for
NEAREST = 6
NEWS = timedelta(days=2)  # how long what clients did by themselves stands on Today
MOST = 100


@dataclass(frozen=True)
class Choice:
    """A time somebody wants: of what, in which way, with whom, and where."""

    type: AppointmentType
    way: str
    clinician: Staff
    slot: Slot
    place: Place | None = None
    room: Room | None = None

    def at(self, opening: Opening) -> "Choice":
        """The same at another time."""
        return replace(self, slot=opening.slot, clinician=opening.clinician,
                       place=opening.place, room=opening.room)  # fmt: skip

    def kept_by(self, hold: Hold) -> "Choice":
        """The same in the room that a hold keeps for it."""
        if hold.room_id == (self.room and self.room.pk) or hold.room is None:
            return self
        return replace(self, place=hold.room.place, room=hold.room)


def settings() -> SelfBooking:
    """What clients may do by themselves."""
    found = _settings()
    return found[0] if found else SelfBooking()


@prepared
def _settings() -> QuerySet[SelfBooking]:
    return SelfBooking.objects.filter(pk=1)


def offered(*, client: Client | None) -> list[AppointmentType]:
    """What this client may book by themselves; what a stranger may, of None."""
    if client is None:
        return types.offered(to="PUBLIC")
    booker = BOOKERS.get(client.status)
    return types.offered(to=booker) if booker and client.archived_at is None else []


def clinicians(*, client: Client | None, type: AppointmentType, anybody: bool) -> list[Staff]:
    """With whom: those who offer the type; of a client their care team, unless ``anybody`` and
    the client is not restricted.

    By name, each with their diary at hand. One statement, of a type that is ``offered``.
    """
    today = clock.today()
    whose = {}
    if client is not None and (client.restricted or not anybody):
        whose = {"client": client.pk}
    treating = (one for one in _working(today=today, **whose) if types.offers(one, type))
    return [one for one in treating if one.works_on(today) and not CLINICAL.isdisjoint(one.roles)]


@prepared
def _working(*, today: Any, client: Any = None) -> QuerySet[Staff]:
    found = Staff.objects.filter(started_on__lte=today).select_related("diary")
    if client is not None:
        stands = Q(until_on=None) | Q(until_on__gt=today)
        team = CareTeamMember.objects.filter(stands, client=client, from_on__lte=today)
        found = found.filter(pk__in=team.values("staff"))
    return found.order_by("display_name", "pk")


def free(
    *, by: Any, type: AppointmentType, way: str, people: list[Staff], first: date, last: date,
    now: datetime, client: Client | None, known_room: uuid.UUID | None = None,
) -> list[Opening]:  # fmt: skip
    """Times that can be booked from ``first`` to ``last`` (practice-local), each with the room
    it takes where the type needs one: ``known_room``, if it is free."""
    if not people:
        return []
    return openings(by=by, type=type, way=way, clinicians=people, first=first, last=last, now=now,
                    client=client, known_room=known_room)  # fmt: skip


def opening_at(*, by: Any, choice: Choice, now: datetime, client: Client | None) -> Opening | None:
    """The opening that was chosen, if it is one at this moment; in another room if need be."""
    day = clock.local(choice.slot.start).date()
    room = choice.room.pk if choice.room else None
    if room is None and choice.type.takes_room(choice.way):
        room = rooms.known(client=client)
    found = free(by=by, type=choice.type, way=choice.way, people=[choice.clinician], first=day,
                 last=day, now=now, client=client, known_room=room)  # fmt: skip
    return next((one for one in found if one.slot == choice.slot), None)


def nearest(
    *, by: Any, choice: Choice, people: list[Staff], now: datetime, client: Client | None
) -> list[Opening]:
    """The times nearest to one that was just taken, by time."""
    day = clock.local(choice.slot.start).date()
    around = free(by=by, type=choice.type, way=choice.way, people=people, now=now, client=client,
                  first=max(day - AROUND, clock.local(now).date()), last=day + AROUND)  # fmt: skip
    wanted = choice.slot.start
    close = sorted(around, key=lambda one: (abs(one.slot.start - wanted), one.slot.start))
    return sorted(close[:NEAREST], key=lambda one: one.slot)


def choice_of(
    *, client: Client | None, type_id: uuid.UUID, way: str, clinician_id: uuid.UUID,
    start: datetime, place_id: uuid.UUID | None = None, room_id: uuid.UUID | None = None,
) -> Choice | None:  # fmt: skip
    """A choice by its ids, as long as it is offered; None when it is not, or not any more."""
    type = next((one for one in offered(client=client) if one.pk == type_id), None)
    if type is None or way not in type.ways:
        return None
    anybody = client is None or settings().any_clinician
    people = clinicians(client=client, type=type, anybody=anybody)
    clinician = next((one for one in people if one.pk == clinician_id), None)
    if clinician is None:
        return None
    place = Place.objects.filter(pk=place_id).first() if place_id else None
    room = Room.objects.select_related("place").filter(pk=room_id).first() if room_id else None
    return Choice(type, way, clinician, lasting(start, type.minutes), place, room)


def live_hold(*, hold_id: uuid.UUID | None, visitor: str, now: datetime) -> Hold | None:
    """A hold of this visitor that still runs."""
    if hold_id is None or not visitor:
        return None
    return Hold.objects.filter(pk=hold_id, visitor=visitor, expires_at__gt=now).first()


def booked_by(*, once: uuid.UUID, client: Client | None) -> Appointment | None:
    """What a form booked that was sent before; of strangers without looking whose it is."""
    found = Appointment.objects.filter(once=once).select_related("clinician")
    return (found if client is None else found.filter(client=client)).first()


def ahead(*, client: Client, now: datetime) -> int:
    """How many meetings ahead the client has booked or asked for by themselves."""
    mine = Appointment.objects.filter(client=client, booked_by=client.account, ends_at__gt=now)
    return mine.filter(status__in=("BOOKED", "REQUESTED")).count()


def answered(*, client: Client, now: datetime) -> list[Change]:
    """What the practice could not confirm, of times that are still ahead or of these two days.

    For the client who asks; each with its appointment.
    """
    no = Change.objects.filter(client=client, what__in=("DECLINED", "EXPIRED"))
    recent = no.filter(appointment__status="CANCELLED", at__gt=now - timedelta(days=14))
    rows = list(recent.select_related("appointment").order_by("-at")[:3])
    for row in rows:
        row.client = client
    return rows


# For the practice -------------------------------------------------------------------------


def waiting(*, by: Any) -> list[Appointment]:
    """Times that were asked for and wait for an answer, the nearest first; bounded."""
    rows = Appointment.objects.visible_to(by).filter(status="REQUESTED")
    near = rows.select_related("client", "clinician", "type", "place")
    near = near.prefetch_related("client__care_team")  # who may answer, and who joins it
    return list(near.defer("client__address", "client__remark", "video_url")
                .order_by("starts_at", "pk")[:MOST])  # fmt: skip


def introduction(*, appointment: Appointment) -> Introduction | None:
    """What the stranger said who asked for it; of an appointment that ``by`` has opened."""
    found = Introduction.objects.filter(appointment=appointment).first()
    if found is not None:
        found.client = appointment.client  # its data key is loaded already
    return found


def said_by(*, client: Client) -> Introduction | None:
    """What a client whom ``by`` has opened said when they first asked, with its appointment."""
    near = ("appointment__clinician", "appointment__type")
    found = Introduction.objects.filter(client=client).select_related(*near)
    first = found.order_by("may_contact_at", "pk").first()
    if first is not None:
        first.client = first.appointment.client = client  # its data key is loaded already
    return first


def asked_of(*, appointment_id: uuid.UUID) -> Staff | None:
    """The clinician of an appointment, with the account at hand; None where it is gone. For
    reactions."""
    rows = Appointment.objects.select_related("clinician__account").filter(pk=appointment_id)
    return next((one.clinician for one in rows), None)


def who_asked(*, appointment_id: uuid.UUID) -> Client | None:
    """The client of an appointment, with the key at hand; the same."""
    rows = Appointment.objects.select_related("client__data_key").filter(pk=appointment_id)
    return next((one.client for one in rows), None)


def of_today(*, by: Any, staff: Staff | None, now: datetime, most: int) -> list[Appointment]:
    """What waits for an answer, and what clients did by themselves these two days.

    ``did`` on each is what the client did last, of Change.What; None where they booked it, or
    took it when it was offered to them (``took``).

    Args:
        staff: whose; None is everybody whom ``by`` may know of. One statement.
    """
    what, values = scopes.asker(by)
    mine = {"staff": staff.pk} if staff is not None else {}
    values["since"] = now - NEWS
    return _of_today(what, most, **values, **mine)


@prepared
def _of_today(
    what: str, most: int, *, mine: Any, today: Any, now: Any, since: Any, staff: Any = None
) -> QuerySet[Appointment]:
    seen = scopes.administrative_to(what, mine=mine, today=today, now=now)
    themselves = Change.objects.filter(
        Q(by=OuterRef("client__account")) | Q(by_link=True), appointment=OuterRef("pk"),
        at__gte=since,
    )  # fmt: skip
    did = Subquery(themselves.order_by("-revision").values("what")[:1])
    # By a stranger as long as nothing became of it: what was asked for has an answer by then.
    whose = Q(booked_by=F("client__account")) | Q(introduction__isnull=False, revision=1)
    booked = Q(whose, status="BOOKED", booked_at__gte=since)
    offered = Offer.objects.filter(appointment=OuterRef("pk"), answered_at__gte=since)
    took = offered.filter(Q(answered_by=None) | Q(answered_by=OuterRef("client__account")))
    news = Q(status="REQUESTED") | booked | Q(did__isnull=False) | Q(status="BOOKED", took=True)
    found = Appointment.objects.filter(scopes.of_rows(seen))
    if staff is not None:
        found = found.filter(clinician=staff)
    rows = found.annotate(did=did, took=Exists(took)).filter(
        news, starts_at__gt=since, ends_at__gt=now
    )
    near = rows.select_related("client", "clinician").defer(
        "video_url", "client__address", "client__remark"
    )
    return near.order_by("starts_at", "pk")[:most]
