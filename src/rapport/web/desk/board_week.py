"""The week of several clinicians on the board: a row each, a day a column, a line a meeting.

What a clinician's week looks like hangs on nothing but the rows that the database gave just
now to the person who asks, on words, zone and hour. It is therefore written once for the same
rows, and again as soon as one of them differs or the hour makes a meeting stand otherwise.
Asked the database is each time; a kept week is never found by whose it is, only by what it says.
"""

import functools
import hashlib
import html
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from operator import attrgetter
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from rapport.contact.calendars.writing import initials
from rapport.meeting.appointments.rules import Slot
from rapport.meeting.board import rules
from rapport.meeting.board.queries import Met, slot_of
from rapport.people.practice.models import Place
from rapport.people.staff.models import Staff
from rapport.web import stencil
from rapport.web.stencil import Stencil

from .board import LOOKS, known, word
from .grid import time_in_words

LINE, HEAD, DAY, ROW = (
    f"desk/board/{name}.html" for name in ("_line", "_week_head", "_week_day", "_week_row")
)
NOTHING = SafeString("")
KEPT = 64  # clinicians' weeks in memory, some 50 kB each; what was asked for longest ago goes
NOBODY = str(uuid.UUID(int=0))
PLAIN = frozenset(LOOKS) - {"arrived", "awaited", "late"}
"""States whose word names no time."""
A_MINUTE = timedelta(minutes=1)
EVER = datetime.max.replace(tzinfo=UTC)


@functools.cache
def _address() -> tuple[str, str]:
    """What stands before and after the id in the address of an appointment's page."""
    before, _id, after = reverse("desk_appointment", args=[NOBODY]).partition(NOBODY)
    return before, after


class Line(NamedTuple):
    """One meeting, or one time taken, as it is written."""

    on: date
    starts: datetime
    ends: datetime
    text: str


@dataclass(frozen=True)
class Written:
    """A clinician's week from ``since`` on, as it looks until something in it stands otherwise."""

    since: datetime
    until: datetime  # excluded
    days: dict[date, SafeString]  # the lines of each day that has any, in order
    mark: str  # another as soon as anything that is written is


class Week:
    """A clinician's week as the database holds it.

    Args:
        names: the whole name on paper, too.
    """

    def __init__(
        self, met: Iterable[str], taken: Iterable[str], *, names: bool, zone: ZoneInfo
    ) -> None:
        self.met = [Met.of(row) for row in met]
        self.taken = [slot_of(row) for row in taken]
        self.ids = [str(one.pk) for one in self.met]
        self.names, self.zone = names, zone
        self.ends = "".join(f"{one.ends_at}{one.revision}" for one in self.met)  # no line says it
        self._written: Written | None = None

    def at(self, now: datetime) -> Written:
        """How it looks at ``now``."""
        written = self._written
        if written is None or not written.since <= now < written.until:
            written = self._written = self._write(now)
        return written

    def _write(self, now: datetime) -> Written:
        pen = Pen(now=now, names=self.names, zone=self.zone)
        lines = [*map(pen.met, self.met), *map(pen.taken, self.taken)]
        days: dict[date, list[str]] = {}
        for one in sorted(lines, key=attrgetter("starts", "ends")):
            days.setdefault(one.on, []).append(one.text)
        written = {on: SafeString("".join(some)) for on, some in days.items()}
        said = "".join([self.ends, *written.values()])
        return Written(now, pen.until, written, hashlib.sha256(said.encode()).hexdigest())


@functools.lru_cache(maxsize=KEPT)
def week(
    met: tuple[str, ...], taken: tuple[str, ...], names: bool, zone: ZoneInfo, _language: str
) -> Week:
    """The week of these rows in this language."""
    return Week(met, taken, names=names, zone=zone)


def seen(
    first: date, weeks: Iterable[tuple[Staff, Written]],
    marks: Mapping[uuid.UUID, Mapping[date, Sequence[str]]],
) -> str:  # fmt: skip
    """A mark that is another as soon as anything that is written, or a meeting, is.

    Args:
        marks: as ``table`` takes them.
    """
    said = [
        (str(staff.pk), staff.display_name, written.mark, sorted(marks[staff.pk].items()))
        for staff, written in weeks
    ]
    return hashlib.sha256(repr((first, said)).encode()).hexdigest()[:24]


@functools.lru_cache(maxsize=1024)
def short(day: date, _language: str) -> str:
    """How a day is called above its column."""
    return date_format(day, pgettext("how a day is written short", "D j M"))


def heads(days: Iterable[tuple[date, str]], *, today: date, place: Place | None) -> SafeString:
    """What stands above the columns: each day leads to its own board."""
    at = f"{reverse('desk_board')}?" + (f"place={place.pk}&" if place else "")
    return SafeString("".join(
        stencil.cut(HEAD, "address", "head", today=day == today).filled(
            address=f"{at}on={day}", head=called
        )
        for day, called in days
    ))  # fmt: skip


def table(
    weeks: Iterable[tuple[Staff, Written]], heads: Iterable[tuple[date, str]],
    marks: Mapping[uuid.UUID, Mapping[date, Sequence[str]]], *, on: date,
) -> SafeString:  # fmt: skip
    """A row for each clinician.

    Args:
        heads: the days that are shown, and how each is called.
        marks: by clinician what sort of day it is, of days that are of some sort.
        on: the day that was asked for.
    """
    named, said = [(day, _escaped(head)) for day, head in heads], SafeString(on)
    drawn = stencil.cut(ROW, "who", "on", "name", "days")
    cut = functools.cache(functools.partial(stencil.cut, DAY, "head", "lines"))  # for this page
    return SafeString("".join(
        drawn.filled(
            who=SafeString(staff.pk), on=said, name=staff.display_name,
            days=_days(cut, named, week, marks[staff.pk]),
        )
        for staff, week in weeks
    ))  # fmt: skip


def _days(
    cut: Callable[..., Stencil], heads: Iterable[tuple[date, SafeString]], week: Written,
    marks: Mapping[date, Sequence[str]],
) -> SafeString:  # fmt: skip
    """A clinician's days beside each other."""
    found = []
    for day, head in heads:
        sort, lines = tuple(marks.get(day, ())), week.days.get(day, NOTHING)
        found.append(cut(marks=sort, nothing=not (sort or lines)).filled(head=head, lines=lines))
    return SafeString("".join(found))


class Pen:
    """Writes the lines of a week; what many of them say is said once.

    ``until`` is when it would first write one of them otherwise.
    """

    def __init__(self, *, now: datetime, names: bool, zone: ZoneInfo) -> None:
        self.now, self.names, self.zone, self.until = now, names, zone, EVER
        self.before, self.after = _address()
        self.times: dict[time, SafeString] = {}
        self.words: dict[str, SafeString] = {}
        self.stencils: dict[tuple[str, str], Stencil] = {}

    def met(self, one: Met) -> Line:
        """A meeting that may be known of."""
        state = self._state(one)
        hue = (one.colour or "").lower()
        drawn = self.stencils.get((state, hue))
        if drawn is None:
            drawn = self.stencils[state, hue] = stencil.cut(
                LINE, "address", "starts", "word", "name", "short",
                state=state, hue=hue, icon=LOOKS[state][1], seen=True, names=self.names,
            )  # fmt: skip
        start, name = one.starts_at.astimezone(self.zone), one.name
        text = drawn.filled(
            address=SafeString(self.before + str(one.pk) + self.after),
            starts=self._time(start.time()), word=self._word(one, state), name=name,
            short="" if self.names else initials(name),
        )  # fmt: skip
        return Line(start.date(), one.starts_at, one.ends_at, text)

    def taken(self, slot: Slot) -> Line:
        """A time that is taken, and no more than that."""
        drawn = stencil.cut(LINE, "starts", "word", state="taken", seen=False)
        start = slot.start.astimezone(self.zone)
        text = drawn.filled(starts=self._time(start.time()), word=word(None, "taken", self.now))
        return Line(start.date(), slot.start, slot.end, text)

    def _state(self, one: Met) -> str:
        stands = known(one)
        state = rules.state(stands, self.now)
        self.until = min(self.until, rules.turns(stands, self.now) or EVER)
        if state == "late":  # its word counts the minutes
            into = (self.now - rules.due(stands)) % A_MINUTE
            self.until = min(self.until, self.now + A_MINUTE - into)
        return state

    def _time(self, at: time) -> SafeString:
        said = self.times.get(at)
        if said is None:
            said = self.times[at] = _escaped(time_in_words(at))
        return said

    def _word(self, one: Met, state: str) -> str:
        if state not in PLAIN:
            return word(one, state, self.now)
        said = self.words.get(state)
        if said is None:
            said = self.words[state] = _escaped(word(one, state, self.now))
        return said


def _escaped(text: str) -> SafeString:
    return SafeString(html.escape(text))
