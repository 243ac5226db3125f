"""Reading standing slots, and seeing ahead what would become of each of their days."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet

from rapport.core import time as clock
from rapport.people.staff.models import Staff

from ..appointments import conflicts, holding
from ..appointments.holding import Thing
from ..appointments.models import Appointment, Occupancy, Room
from ..availability import queries as availability
from ..availability.models import TimeOff
from ..equipment.taking import NotFree, Shelf
from . import ical, rules
from .models import LeftOut, Pause, Series
from .rules import Due, Pattern

AHEAD = timedelta(days=365)  # how far appointments are made
SOON = timedelta(days=28)  # a slot that is made less far than that is made further
MOST = 60
Why = LeftOut.Why


def get(*, by: Any, series_id: uuid.UUID) -> Series:
    """One standing slot of a client whom ``by`` may know of, with all around it at hand.

    Raises:
        Series.DoesNotExist: none, or not for ``by``.
    """
    near = ("client__data_key", "client__place", "clinician", "place", "type")
    found = Series.objects.visible_to(by).select_related(*near)
    series: Series = found.prefetch_related("client__care_team").get(pk=series_id)
    series.client.seen_by = by.pk  # asked just now; the policy need not ask again
    return series


def pause(*, by: Any, pause_id: uuid.UUID) -> Pause:
    """One pause of a standing slot of a client whom ``by`` may know of.

    Raises:
        Pause.DoesNotExist: none, or not for ``by``.
    """
    found = Pause.objects.visible_to(by).select_related("series__client")
    rest: Pause = found.prefetch_related("client__care_team").get(pk=pause_id)
    return rest


def pattern(series: Series) -> Pattern:
    """What its rule says."""
    return Pattern(
        rules.parse(series.rule), series.starts_on, series.at, clock.zone_named(series.zone),
        series.minutes, series.holidays,
    )  # fmt: skip


def dues(series: Series, first: date, last: date) -> list[Due]:
    """Every day from ``first`` to ``last`` that its rule names before it ended."""
    if series.ended_on is not None:
        last = min(last, series.ended_on - timedelta(1))
    said, near = pattern(series), timedelta(rules.CLOSED_IN_A_ROW)
    if series.holidays == Series.Holidays.KEEP:
        return rules.planned(said, first, last)
    return rules.planned(said, first, last, availability.holidays(series.place, first - near,
                                                            last + near))  # fmt: skip


def horizon(series: Series, today: date) -> date:
    """How far its appointments are made."""
    return max(series.starts_on, today) + AHEAD


def next_named(series: Series, now: datetime) -> date | None:
    """The first day its rule names that is ahead; None when nothing is."""
    today = now.astimezone(clock.zone_named(series.zone)).date()
    last = horizon(series, today)
    ahead = (due.nth_on for due in dues(series, today, last) if due.slot and due.slot.start > now)
    return next(ahead, None)


# What would become of each day ------------------------------------------------------------


@dataclass(frozen=True)
class Taken:
    """A day whose hour is taken: on which field that shows, and by whom as far as one may know."""

    due: Due
    field: str
    words: str


@dataclass
class Foreseen:
    """What becomes of the days a rule names: met, left out and why, or taken already."""

    people: list[uuid.UUID]
    episode: uuid.UUID | None
    rooms: dict[str, Room]
    things: dict[date, list[Thing]] = field(default_factory=dict)  # what each day takes
    met: list[Due] = field(default_factory=list)
    left_out: list[tuple[Due, str]] = field(default_factory=list)
    resting: list[tuple[Due, Pause, bool]] = field(default_factory=list)  # and: the hour is kept
    taken: list[Taken] = field(default_factory=list)


def room_of(series: Series, rooms: dict[str, Room], number: int, day: date) -> Room | None:
    """Whose turn it is among its rooms; none when that one is closed by then."""
    turn = rooms.get(series.rooms[number % len(series.rooms)]) if series.rooms else None
    open_ = turn is not None and (turn.closed_on is None or turn.closed_on > day)
    return turn if open_ else None


def rooms_of(series: Series) -> dict[str, Room]:
    """Its rooms by their ids as text."""
    found = Room.objects.filter(pk__in=series.rooms).select_related("place")
    return {str(room.pk): room for room in found} if series.rooms else {}


def things_of(series: Series, people: Iterable[uuid.UUID], room: Room | None) -> list[Thing]:
    """What one of its meetings takes."""
    return holding.things(people, series.clinician_id, room.pk if room else None)


def foresee(
    *, by: Any, series: Series, wanted: list[Due], now: datetime,
    late: str = "", insist: bool = False, pauses: list[Pause] | None = None,
) -> Foreseen:  # fmt: skip
    """What becomes of the days ``wanted`` if they were booked now. Nothing is.

    Args:
        late: why a day that has begun is left out; "" to
            book it all the same. insist: also while the clinician is away.
        pauses: of a slot that is not saved, or none.
    """
    people, episode = holding.around(series.client)
    found = Foreseen(people, episode, rooms_of(series))
    shelf = _shelf(series, wanted, now)
    rests = list(series.pauses.all()) if pauses is None else pauses
    away = [] if insist else _away(series, wanted)
    asked: list[tuple[Due, Pause | None, list[Thing]]] = []
    for due in wanted:
        rest = next((p for p in rests if p.from_on <= due.nth_on <= p.until_on), None)
        room = room_of(series, found.rooms, due.number, due.nth_on)
        if rest is not None:
            keeps = due.slot is not None and not rest.offered
            pieces = _pieces(series, shelf, due, room)[0] if keeps else []
            whose = [*things_of(series, (), room), *pieces] if keeps else []
            asked.append((due, rest, whose))
        elif due.slot is None:
            found.left_out.append((due, Why.HOLIDAY))
        elif late and due.slot.start <= now:
            found.left_out.append((due, late))
        elif _is_away(series, due, away):
            found.left_out.append((due, Why.AWAY))
        else:
            pieces, lacking = _pieces(series, shelf, due, room)
            if lacking is not None:
                found.taken.append(Taken(due, lacking.field, str(lacking)))
            else:
                asked.append((due, None, [*things_of(series, people, room), *pieces]))
    clashes = conflicts.of_each(
        by=by, now=now, wanted=[(due.slot, things) for due, _r, things in asked
                                if due.slot and things],
    )  # fmt: skip
    number = 0
    for due, rest, things in asked:
        clash = clashes.get(number) if due.slot and things else None
        number += bool(due.slot and things)
        found.things[due.nth_on] = things
        if rest is not None:
            found.resting.append((due, rest, bool(things) and clash is None))
        elif clash is not None:
            found.taken.append(Taken(due, *clash))
        else:
            found.met.append(due)
    found.taken.sort(key=lambda one: one.due.nth_on)
    return found


def shelf_of(series: Series) -> Shelf:
    """The equipment of which each of its meetings takes some."""
    return Shelf(series.type.takes_equipment(series.way) if series.type is not None else ())


def _shelf(series: Series, wanted: list[Due], now: datetime) -> Shelf:
    shelf, slots = shelf_of(series), [due.slot for due in wanted if due.slot is not None]
    if slots:
        shelf.look(min(one.start for one in slots), max(one.end for one in slots), now=now)
    return shelf


def _pieces(
    series: Series, shelf: Shelf, due: Due, room: Room | None
) -> tuple[list[Thing], NotFree | None]:
    """Equipment that is free on that day, where it meets; or what there is none of."""
    assert due.slot is not None  # a day without an hour takes nothing
    try:
        return shelf.pick(due.slot, room.place_id if room else series.place_id), None
    except NotFree as problem:
        return [], problem


def _away(series: Series, wanted: list[Due]) -> list[tuple[datetime, datetime]]:
    slots = [due.slot for due in wanted if due.slot is not None]
    if not slots:
        return []
    off = TimeOff.objects.filter(
        staff=series.clinician_id, starts_at__lt=max(slot.end for slot in slots),
        ends_at__gt=min(slot.start for slot in slots),
    )  # fmt: skip
    return list(off.values_list("starts_at", "ends_at"))


def _is_away(series: Series, due: Due, away: list[tuple[datetime, datetime]]) -> bool:
    slot = due.slot
    if slot is None or not series.clinician.works_on(clock.local(slot.start).date()):
        return True
    return any(start < slot.end and end > slot.start for start, end in away)


# Pages ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Opened:
    """What the page of a standing slot shows."""

    ahead: list[Appointment]
    left_out: list[LeftOut]
    pauses: list[Pause]
    rooms: list[Room]
    follower: uuid.UUID | None


def opened(*, by: Any, series: Series, now: datetime) -> Opened:
    """What is ahead of a standing slot that ``by`` has opened, and what was left out."""
    today = clock.local(now).date()
    theirs = Appointment.objects.filter(series=series, ends_at__gt=now)
    ahead = theirs.select_related("room", "clinician").defer("video_url").order_by("starts_at")
    out = LeftOut.objects.filter(series=series, nth_on__gte=today).order_by("nth_on")
    rests = Pause.objects.filter(series=series, until_on__gte=today).order_by("from_on")
    rooms = rooms_of(series)
    return Opened(
        list(ahead[:MOST]), list(out[:MOST]), list(rests),
        [rooms[pk] for pk in series.rooms if pk in rooms], follower(series),
    )  # fmt: skip


def begun_by(*, by: Any, once: uuid.UUID) -> Series | None:
    """What a form of ``by`` made that was sent before, of a client whom they may know of."""
    return Series.objects.visible_to(by).filter(once=once, made_by=by).first()


def follower(series: Series) -> uuid.UUID | None:
    """The series that goes on in its place."""
    return series.followed_by.values_list("pk", flat=True).first()


def as_before(series: Series, now: datetime) -> tuple[Series, date] | None:
    """What it was before it went on otherwise, and the first day ahead on which that would meet.

    None where it follows nothing, or nothing of either is ahead.
    """
    former, first = series.follows, next_named(series, now)
    if former is None or first is None:
        return None
    said = pattern(former)
    begin = max(first - timedelta(first.weekday()), now.astimezone(said.zone).date())
    named = rules.days(said.rule, said.starts_on, begin, begin + AHEAD)
    day = next((day for _n, day in named if said.slot(day).start > now), None)
    return (former, day) if day is not None else None


def put_off(series: Series, appointment: Appointment) -> bool:
    """Whether a person moved it from where its rule has it."""
    return appointment.starts_at != appointment.due_at


def to_look_at(*, by: Any, staff: Staff, most: int) -> QuerySet[LeftOut]:
    """Days ahead whose hour was taken when a clinician's slots were made further."""
    out = LeftOut.objects.visible_to(by).filter(
        why=Why.TAKEN, seen_at=None, nth_on__gte=clock.today()
    )
    ours = out.filter(series__clinician=staff).select_related("series", "client")
    return ours.order_by("nth_on", "pk")[:most]


def to_extend(*, today: date) -> list[uuid.UUID]:
    """Slots whose appointments end sooner than they should, the furthest behind first."""
    behind = Q(made_until__lt=today + AHEAD - SOON) | Q(made_until=None)
    running = Series.objects.filter(behind, ended_on=None)
    return list(running.order_by(F("made_until").asc(nulls_first=True), "pk")
                .values_list("pk", flat=True))  # fmt: skip


def held_for(left_out: Iterable[LeftOut]) -> QuerySet[Occupancy]:
    """Times kept for days that rest."""
    return Occupancy.objects.filter(left_out__in=left_out)


# Handing out ------------------------------------------------------------------------------


def events(*, by: Any, series: Series, title: str, now: datetime) -> list[ical.icalendar.Event]:
    """A standing slot as RFC 5545 writes it, with every day that is otherwise than its rule.

    Args:
        title: what it is called outside; it says nothing that the caller does not want said.
    """
    last = series.made_until or series.starts_on
    rows = Appointment.objects.filter(series=series).defer("video_url")
    gone = {one.nth_on for one in rows if one.status == Appointment.Status.CANCELLED}
    met = {one.nth_on: one.slot for one in rows if one.nth_on and one.nth_on not in gone}
    named = dues(series, series.starts_on, last)
    return ical.events(
        pattern(series), named, uid=str(series.pk), title=title, stamp=now, moved=met,
        left_out={due.nth_on for due in named} - met.keys(), ended_on=series.ended_on,
    )  # fmt: skip
