"""What can be booked: the hours, limits and meetings of clinicians handed to the engine."""

import functools
import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet, prefetch_related_objects

from rapport.core import time as clock
from rapport.core.prepared import as_mark, as_text, instant, named, prepared
from rapport.people.clients.models import Client
from rapport.people.practice.models import Place
from rapport.people.staff.models import Staff

from ..appointments import holding
from ..appointments.models import Appointment, Diary, Occupancy, Room
from ..appointments.rules import REACH, ROOM, Slot
from ..diaries import queries as diaries
from ..equipment.models import Equipment
from ..equipment.taking import Shelf
from ..types.models import AppointmentType
from ..types.queries import offerers
from . import asking, holidays, rules
from .gathering import Gathered, Hours, Times, gather

LONGEST = timedelta(days=400)
DAY = timedelta(days=1)
EVER = 4000  # days: who works here may book as far ahead as there are days


class Opening(NamedTuple):
    """A time that can be had, with whom and where.

    Attributes:
        begins, ends: minutes since 1970-01-01T00:00Z. A month has hundreds of openings, and of
            most of them nobody asks more than the day.
    """

    begins: int
    ends: int
    clinician: Staff
    place: Place | None = None
    room: Room | None = None

    @property
    def slot(self) -> Slot:
        """The time it takes."""
        return Slot(_instant(self.begins), _instant(self.ends))


def openings(
    *, by: Any, type: AppointmentType, way: str, clinicians: Sequence[Staff] | None, first: date,
    last: date, now: datetime, client: Client | None = None, but: Appointment | None = None,
    minutes: int = 0, step: int | None = None, known_room: uuid.UUID | None = None,
) -> list[Opening]:  # fmt: skip
    """What can be booked from ``first`` to ``last`` (included), by start.

    A clinician who has never said their hours is not offered: they would be somebody else's
    guess. Notice and horizon hold for everybody but those who work here. Seven statements at
    most, however much there is.

    Of a type that takes equipment one more.

    Args:
        clinicians: whose time; None is everybody who treats clients here.
        client: whose own meetings, and those of who belongs to them, are in the way as well.
        but: a meeting that is to be moved; its time counts as free.
        minutes: how long; 0 is as long as the type takes. step: minutes between starts, else
            the clinician's.
        known_room: of the rooms that are free, where the type takes one, the one to have first.
    """
    if way not in type.ways or last < first:
        return []
    last = min(last, first + LONGEST)
    people = diaries.clinicians(by=by) if clinicians is None else list(clinicians)
    named_ones = offerers(type)
    people = [one for one in people if not named_ones or one.pk in named_ones]
    if not people:
        return []
    prefetch_related_objects(people, "diary")
    start, end = clock.day_bounds(first - DAY)[0], clock.day_bounds(last + DAY)[1]
    told = gather(people, first=first, last=last, start=start, end=end)
    people = [one for one in people if told.of[one.pk].said]
    spots = diaries.spots(by=by)
    around = [] if client is None else holding.around(client)[0]
    rooms = [spot.room for spot in spots if spot.room and type.takes_room(way)]
    rooms.sort(key=lambda one: one.pk != known_room)
    shared: list[Room | Equipment] = [*rooms, *Shelf(type.takes_equipment(way)).pieces]
    things = [*(one.pk for one in [*people, *shared]), *around]
    taken = _Taken(things, start, end, now, but)
    known = holidays.Known(told.country, first, last)
    inside = getattr(by, "staff", None) is not None
    found = rules.openings(
        asking.Wanted(
            minutes=minutes or type.minutes, way=way, heavy=type.heavy, needs=type.needs(way),
            buffer_before=type.buffer_before, buffer_after=type.buffer_after,
        ),
        [
            as_asked(one, told.of[one.pk], taken.meetings(one.pk), known,
                     limits_of(one, inside, step), first, last, shared)
            for one in people
        ],
        first=first, last=last, now=-(-int(now.timestamp()) // 60),
        pieces=_pieces(shared, taken, told, end),
        busy_client=[span for one in around for span in taken.spans("CLIENT", one)],
    )  # fmt: skip
    return _answered(found, people, spots)


def is_open(
    *, by: Any, type: AppointmentType, way: str, clinician: Staff, slot: Slot, now: datetime,
    client: Client | None = None, place: Place | None = None, but: Appointment | None = None,
    step: int | None = None,
) -> bool:  # fmt: skip
    """Whether exactly ``slot`` is among the openings; asked again inside the booking action.

    Args:
        place: where, if that matters. step: 1 asks for any minute, not only for those offered.
    """
    day = clock.local(slot.start).date()
    found = openings(
        by=by, type=type, way=way, clinicians=[clinician], first=day, last=day, now=now,
        client=client, but=but, minutes=slot.minutes, step=step,
    )  # fmt: skip
    return any(
        one.slot == slot and (place is None or one.place is None or one.place == place)
        for one in found
    )


def _answered(
    found: Iterable[asking.Opening], people: list[Staff], spots: list[diaries.Spot]
) -> list[Opening]:
    who = {str(one.pk): one for one in people}
    places: dict[Any, Place] = {str(spot.place.pk): spot.place for spot in spots}
    rooms: dict[Any, Room] = {str(spot.room.pk): spot.room for spot in spots if spot.room}
    return [
        Opening(one.start, one.end, who[one.clinician], places.get(one.place),
                rooms.get(one.room))
        for one in found
    ]  # fmt: skip


# One clinician, as the engine reads them --------------------------------------------------


def as_asked(
    staff: Staff, times: Times, meetings: Sequence[asking.Meeting], known: holidays.Known,
    limits: asking.Limits, first: date, last: date, shared: Sequence[Room | Equipment] = (),
) -> asking.Clinician:  # fmt: skip
    """What is known of a clinician from ``first`` to ``last``, as the engine reads it.

    Args:
        shared: rooms and equipment among which some is needed, if any is.
    """
    unsaid = _unsaid(times, shared)
    other = {day: _stretches(hours, unsaid) for day, hours in times.other.items()}
    for day in known.days(times) - other.keys():
        other[day] = _stretches(known.left(day, times)[0], unsaid)
    for day in _not_here(staff, first, last):
        other[day] = []
    return asking.Clinician(
        key=str(staff.pk), zone=clock.zone(), other=other, limits=limits,
        week={day: _stretches(hours, unsaid) for day, hours in times.week.items()},
        away=[span(one.slot.start, one.slot.end) for one in times.away],
        meetings=meetings,
    )  # fmt: skip


def _unsaid(times: Times, shared: Sequence[Room | Equipment]) -> list[uuid.UUID | None]:
    """Where hours are that name no place: the one place where the clinician works; of several,
    wherever, or where a room or equipment is needed at each of theirs that has some."""
    theirs: list[uuid.UUID | None] = [*times.places]
    if len(theirs) == 1:
        return theirs
    if not shared or not theirs:
        return [None]
    places = dict.fromkeys(one.place_id for one in shared)
    return [one for one in places if one in theirs] or theirs


def _stretches(hours: list[Hours], unsaid: list[uuid.UUID | None]) -> list[asking.Stretch]:
    return [
        asking.Stretch(one.opens, one.closes, _key(place), one.ways)
        for one in hours
        for place in ([one.place] if one.place else unsaid)
    ]


def _not_here(staff: Staff, first: date, last: date) -> Iterable[date]:
    """Days on which they do not work here yet, or no more."""
    days = (first + timedelta(n) for n in range((last - first).days + 1))
    return [day for day in days if not staff.works_on(day)]


def limits_of(staff: Staff, inside: bool = True, step: int | None = None) -> asking.Limits:
    """What their diary says a day may hold; who works here (``inside``) needs no notice."""
    diary = diaries.diary_of(staff)
    return asking.Limits(
        buffer_before=diary.buffer_before, buffer_after=diary.buffer_after,
        notice=0 if inside else diary.notice_minutes,
        horizon_days=EVER if inside else diary.horizon_days,
        most_a_day=diary.most_a_day, most_in_a_row=diary.most_in_a_row,
        heavy_a_day=diary.heavy_a_day, lunch=_lunch(diary),
        step=diary.step if step is None else step,
    )  # fmt: skip


def _lunch(diary: Diary) -> tuple[time, time] | None:
    if diary.lunch_from is None or diary.lunch_until is None:
        return None
    return diary.lunch_from, diary.lunch_until


def _pieces(
    shared: Iterable[Room | Equipment], taken: "_Taken", told: Gathered, end: datetime
) -> list[asking.Piece]:
    """What is where one of these clinicians works. What closes is taken from that day on."""
    places = {place for times in told.of.values() for place in times.places}
    found = []
    for one in shared:
        kind = one.kind if isinstance(one, Equipment) else ROOM
        busy = taken.spans("EQUIPMENT" if kind else "ROOM", one.pk)
        if one.closed_on is not None and (closes := clock.day_bounds(one.closed_on)[0]) < end:
            busy.append(span(closes, end))
        if not places or one.place_id in places:
            found.append(asking.Piece(str(one.pk), str(one.place_id), busy, kind))
    return found


# What is taken ----------------------------------------------------------------------------


class _Taken:
    """Times held by meetings and by those who are booking now. One statement."""

    def __init__(
        self, things: list[uuid.UUID], start: datetime, end: datetime, now: datetime,
        but: Appointment | None,
    ) -> None:  # fmt: skip
        when = {"start": start, "end": end, "since": start - REACH, "now": now}
        rows = _held(**when, **named(things)) if things else []
        of: dict[tuple[str, str], list[asking.Meeting]] = {}
        for kind, thing, begins, ends, appointment, *types in rows:
            if but is not None and appointment and uuid.UUID(appointment) == but.pk:
                continue
            heavy, before, after = types[:3] if appointment else types[3:]
            opens, closes = _spanned(begins, ends)
            meeting = asking.Meeting(opens, closes, heavy != "", before, after)
            of.setdefault((kind, thing), []).append(meeting)
        self._of = {(kind, uuid.UUID(thing)): some for (kind, thing), some in of.items()}

    def meetings(self, clinician: uuid.UUID) -> list[asking.Meeting]:
        """A clinician's, with the buffers of their types."""
        return self._of.get((Occupancy.Kind.CLINICIAN, clinician), [])

    def spans(self, kind: str, thing: uuid.UUID) -> list[tuple[int, int]]:
        """When a client, room or piece of equipment is taken."""
        return [(one.start, one.end) for one in self._of.get((kind, thing), [])]


@prepared
def _held(*, start: Any, end: Any, since: Any, now: Any, **ids: Any) -> QuerySet[Any]:
    stands = Q(hold=None) | Q(hold__expires_at__gt=now)
    rows = Occupancy.objects.between(start, end, since).filter(
        stands, kind__in=Occupancy.Kind.values, thing__in=list(ids.values())
    )
    of_types = [
        said for of in ("appointment__type__", "hold__type__")
        for said in (as_mark(f"{of}heavy"), f"{of}buffer_before", f"{of}buffer_after")
    ]  # fmt: skip
    when = (as_text("starts_at"), as_text("ends_at"))
    return rows.values_list("kind", as_text("thing"), *when, as_text("appointment_id"), *of_types)


def span(start: datetime, end: datetime) -> tuple[int, int]:
    """The fewest whole minutes since 1970 that hold it."""
    return int(start.timestamp()) // 60, -(-int(end.timestamp()) // 60)


@functools.lru_cache(maxsize=8192)
def _spanned(start: str, end: str) -> tuple[int, int]:
    """The same of what a database writes; the sessions of a month are asked for again and again."""
    return span(instant(start), instant(end))


def _instant(minutes: int) -> datetime:
    return datetime.fromtimestamp(minutes * 60, UTC)


def _key(one: uuid.UUID | None) -> str | None:
    return str(one) if one else None
