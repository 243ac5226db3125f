"""The board: the day of the whole house in columns, of clinicians or rooms, or a week in rows."""

import functools
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext, gettext_lazy

from rapport.contact.calendars.writing import initials
from rapport.core import time as clock
from rapport.meeting.appointments import arriving
from rapport.meeting.appointments.models import Appointment
from rapport.meeting.appointments.rules import EARLY, Slot
from rapport.meeting.availability.queries import DayHours, why_in_words
from rapport.meeting.board import rules
from rapport.meeting.board.queries import Taken
from rapport.people.staff.models import Staff

from .grid import time_in_words

STEP = 5  # minutes a row
A_DAY = 24 * 60
LEAST_ROWS = 4  # what a line of text needs
SHORT = 7  # rows below which a card is one line
USUAL = (9 * 60, 17 * 60)  # minutes shown of a day that has nothing in it

LOOKS = {
    "asked": (gettext_lazy("asked for"), "circle-help"),
    "booked": (gettext_lazy("booked"), "calendar"),
    "confirmed": (gettext_lazy("confirmed"), "calendar-check"),
    "awaited": (gettext_lazy("comes later"), "phone"),
    "late": (gettext_lazy("late"), "clock"),
    "arrived": (gettext_lazy("arrived"), "armchair"),
    "session": (gettext_lazy("in session"), "messages-square"),
    "over": (gettext_lazy("not settled"), "circle-help"),
    "kept": (gettext_lazy("kept"), "check"),
    "missed": (gettext_lazy("did not come"), "user-x"),
    "off": (gettext_lazy("cancelled"), "x"),
    "off-late": (gettext_lazy("cancelled late"), "x"),
}
"""How each state is called, and its icon: never colour alone."""


def at(instant: datetime) -> str:
    """A time of day in words."""
    return time_in_words(instant.time())


def word(one: Any, state: str, now: datetime | None) -> str:
    """The state of a meeting in words, with the time that goes with it.

    Args:
        one: what is known of it, named as on Appointment; None where it is only known that
            the time is taken.
    """
    if one is None:
        return gettext("taken")
    if state == "arrived" and one.arrived_at:
        return gettext("arrived %(time)s") % {"time": at(clock.local(one.arrived_at))}
    if state == "awaited" and one.expected_at:
        return gettext("comes %(time)s") % {"time": at(clock.local(one.expected_at))}
    if state == "late" and now:
        since = max(one.starts_at, one.expected_at or one.starts_at)
        return gettext("late, %(n)s min") % {"n": (now - since) // timedelta(minutes=1)}
    return str(LOOKS[state][0])


def known(one: Any) -> rules.Known:
    """What decides how a meeting stands; ``one`` has the names of Appointment."""
    return rules.Known(
        one.status, one.starts_at, one.ends_at, one.way == Appointment.Way.HERE, one.arrived_at,
        one.expected_at, one.confirmed_at is not None, one.late,
    )  # fmt: skip


def minute(instant: datetime) -> int:
    """Minutes of the wall's clock since midnight."""
    return instant.hour * 60 + instant.minute


@dataclass
class Card:
    """One meeting or one time taken on the board, on the practice's clock, within the day."""

    slot: Slot
    start: datetime
    end: datetime
    appointment: Appointment | None = None
    state: str = "taken"
    may: bool = False  # whether the reader may move it and say how it went
    now: datetime | None = None
    row: int = 0
    rows: int = 0
    lane: tuple[int, int] = (0, 1)
    equipment: Sequence[str] = ()
    nth: str = ""  # tells it from the same meeting in another column

    @functools.cached_property
    def key(self) -> str:
        """What names it on the page."""
        return f"{self.appointment.pk}{self.nth}" if self.appointment else ""

    @property
    def begins(self) -> int:
        """Minutes since midnight."""
        return minute(self.start)

    @property
    def ends(self) -> int:
        """Where it ends, drawn as long as it lasts, also when clocks change meanwhile."""
        return min(self.begins + self.slot.minutes, A_DAY)

    @property
    def starts(self) -> str:
        """When it begins, in words."""
        return at(self.start)

    @property
    def stops(self) -> str:
        """When it ends, in words."""
        return at(self.end)

    @property
    def off(self) -> bool:
        """Whether it holds no time any more."""
        return self.state in ("off", "off-late")

    @property
    def icon(self) -> str:
        """The sign of its state."""
        return LOOKS[self.state][1]

    @functools.cached_property
    def word(self) -> str:
        """Its state in words, with the time that goes with it."""
        return word(self.appointment, self.state, self.now)

    @property
    def does(self) -> list[str]:
        """What a button can say of it now, what is most likely first."""
        one = self.appointment
        if one is None or not self.may or self.now is None:
            return []
        if self.state in ("kept", "missed", "off", "off-late"):
            return ["undo"]
        if one.status != "BOOKED":
            return []
        comes = one.way == Appointment.Way.HERE and self.now >= one.starts_at - arriving.BEFORE
        begun = self.now >= one.starts_at - EARLY
        if self.state in ("session", "over"):
            found = ["kept", "missed"]
            return [*found, "unarrive"] if one.arrived_at else found
        if one.arrived_at is not None:
            return ["kept", "unarrive"] if begun else ["unarrive"]
        found = ["arrive"] if comes else []
        found += ["kept", "missed"] if begun else []
        return [*found, "late"] if comes else found

    @property
    def moves(self) -> bool:
        """Whether it can be dragged elsewhere."""
        one = self.appointment
        return self.may and one is not None and one.status == "BOOKED"

    @property
    def short(self) -> str:
        """The client's initials."""
        return initials(self.appointment.client.name) if self.appointment else ""

    @property
    def said(self) -> tuple[Any, ...]:
        """All that its drawing says: another as soon as any of it is."""
        one = self.appointment
        if one is None:
            return (self.slot,)
        of = (one.pk, one.revision, one.clinician.display_name, one.client.name, one.kind, one.way)
        called = (one.type and (one.type.name, one.type.hue), one.room and one.room.name)
        return (self.slot, *of, *called, self.state, self.word, self.does, *self.equipment)

    @property
    def looks(self) -> str:
        """How it is drawn and where."""
        lane, of = self.lane
        one = self.appointment
        found = f"card card--{self.state} r-{self.row} s-{self.rows} at-{lane} of-{of}"
        if one is not None and one.type:
            found += f" hue-{one.type.hue}"
        return found + (" card--short" if self.rows < SHORT else "")


@dataclass
class Ground:
    """A stretch of a column behind the cards: hours in which somebody works, or is away."""

    what: str  # "open", "away", or "room": there at any hour
    begins: int
    ends: int
    why: str = ""
    row: int = 0
    rows: int = 0


@dataclass
class Column:
    """What stands below each other: of a clinician, of a room, or of no room."""

    key: str  # an id, or "none"
    name: str
    about: Any = None
    place: str = ""
    marks: list[str] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)
    ground: list[Ground] = field(default_factory=list)
    chosen: bool = False  # the one a phone shows

    @property
    def widest(self) -> int:
        """How many cards stand beside each other at most."""
        return max((one.lane[1] for one in self.cards), default=1)

    @property
    def empty(self) -> bool:
        """Whether there is nothing in it and nobody at work."""
        return not (self.cards or self.ground or self.marks)

    @property
    def listed(self) -> list[Card]:
        """What its table on paper says."""
        return sorted(self.cards, key=lambda one: (one.slot.start, one.slot.end))


@dataclass(frozen=True)
class Board:
    """Columns beside each other on a common stretch of hours."""

    on: date
    columns: list[Column]
    away: list[Column]  # nobody there that day, and nothing booked
    hours: list[tuple[int, time]]
    first: int  # the minute of its first row
    now_row: int = 0

    @property
    def tall(self) -> int:
        """How many hours it shows."""
        return len(self.hours)

    @property
    def times(self) -> str:
        """When each of its rows begins, in the words of the reader's language: what is being
        moved says its time as everything else does."""
        minutes = range(self.first, self.first + self.tall * 60, 5)
        return "|".join(time_in_words(time(at // 60 % 24, at % 60)) for at in minutes)

    @property
    def any(self) -> bool:
        """Whether anything is booked or taken."""
        return any(one.cards for one in self.columns)

    @property
    def counts(self) -> list[tuple[str, str, str, int]]:
        """Each state that occurs, with its icon, its word and how many there are of it."""
        states = [c.state for one in self.columns for c in one.cards if c.appointment and not c.nth]
        found = [(one, icon, str(word), states.count(one)) for one, (word, icon) in LOOKS.items()]
        return [one for one in found if one[-1]]

    @property
    def seen(self) -> str:
        """A mark that is another as soon as anything on the board is."""
        said = [
            (column.key, column.name, column.place, column.marks, column.ground,
             [card.said for card in column.cards])
            for column in self.columns
        ]  # fmt: skip
        away = [(one.key, one.name) for one in self.away]
        return hashlib.sha256(repr((self.on, said, away)).encode()).hexdigest()[:24]


def card(one: Appointment, *, by: Any, now: datetime) -> Card:
    """A meeting as the board shows it to ``by``."""
    may = by.staff.has("FRONT_DESK") or one.clinician_id == by.staff.pk
    start, end = clock.local(one.starts_at), clock.local(one.ends_at)
    return Card(one.slot, start, end, one, rules.state(known(one), now), may, now)


def within(cards: Iterable[Card], on: date) -> list[Card]:
    """The parts of these that lie on a day, in order."""
    start, end = clock.day_bounds(on)
    if start == end:  # a day that the land skipped
        return []
    whole, found = Slot(start, end), []
    for one in cards:
        part = one.slot.clipped(whole)
        if part is not None:
            one.slot, one.start, one.end = part, clock.local(part.start), clock.local(part.end)
            found.append(one)
    return sorted(found, key=lambda one: (one.slot.start, one.slot.end))


def taken(one: Taken) -> Card:
    """A time that is taken, and no more than that."""
    return Card(one.slot, clock.local(one.slot.start), clock.local(one.slot.end))


def ground(hours: DayHours) -> list[Ground]:
    """When somebody works on a day, and when they are away."""
    found = [_ground("open", one) for one in hours.working]
    start, end = clock.day_bounds(hours.on)
    if start == end:
        return found
    whole = hours.whole or Slot(start, end)
    for away in hours.away:
        part = away.slot.clipped(whole)
        if part is not None:
            found.append(_ground("away", part, why_in_words(away.why)))
    return found


def _ground(what: str, slot: Slot, why: str = "") -> Ground:
    begins = minute(clock.local(slot.start))
    return Ground(what, begins, min(begins + slot.minutes, A_DAY), why)


def of_person(staff: Staff, hours: DayHours, cards: list[Card]) -> Column:
    """A clinician's column."""
    column = Column(str(staff.pk), staff.display_name, staff, cards=cards)
    column.marks = hours.marks
    column.ground = ground(hours) if hours.working or hours.marks else []
    return column


def drawn(columns: list[Column], on: date, now: datetime) -> Board:
    """Give everything its rows and lanes; show the hours that any of it needs."""
    stand = [one for one in columns if not one.empty]
    away = [one for one in columns if one.empty]
    pieces = [one for column in stand for one in column.cards]
    behind = [one for column in stand for one in column.ground if one.what == "open"]
    spans = [*((one.begins, one.ends) for one in pieces), *((g.begins, g.ends) for g in behind)]
    first = min((begins for begins, _ends in spans), default=USUAL[0]) // 60
    last = max(-(-max((ends for _begins, ends in spans), default=USUAL[1]) // 60), first + 1)
    for column in stand:
        for one in column.cards:
            one.row, one.rows = _rows(one.begins, one.ends, first, LEAST_ROWS)
        ends = [(one.row, one.row + one.rows) for one in column.cards]
        for one, lane in zip(column.cards, rules.lanes(ends), strict=True):
            one.lane = lane
        column.ground = _clipped(column.ground, first, last)
    hours = [((hour - first) * 60 // STEP + 1, time(hour)) for hour in range(first, last)]
    wall = clock.local(now)
    shown = wall.date() == on and first * 60 <= minute(wall) < last * 60
    row = (minute(wall) - first * 60) // STEP + 1 if shown else 0
    return Board(on, stand, away, hours, first * 60, row)


def _clipped(pieces: list[Ground], first: int, last: int) -> list[Ground]:
    """What of them lies within the hours that are shown."""
    found = []
    for one in pieces:
        one.begins, one.ends = max(one.begins, first * 60), min(one.ends, last * 60)
        if one.begins < one.ends:
            one.row, one.rows = _rows(one.begins, one.ends, first, 1)
            found.append(one)
    return found


def _rows(begins: int, ends: int, first: int, least: int) -> tuple[int, int]:
    return (begins - first * 60) // STEP + 1, max(-(-(ends - begins) // STEP), least)
