"""The week of several clinicians on the board: a row each, a day a column, a line a meeting."""

import functools
import hashlib
import html
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from operator import attrgetter
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.safestring import SafeString

from rapport.contact.calendars.writing import initials
from rapport.core import time as clock
from rapport.meeting.board import rules
from rapport.meeting.board.queries import Met, Taken
from rapport.people.staff.models import Staff
from rapport.web import stencil
from rapport.web.stencil import Stencil

from .board import LOOKS, known, word
from .grid import time_in_words

TEMPLATE = "desk/board/_line.html"
NOBODY = str(uuid.UUID(int=0))
PLAIN = frozenset(LOOKS) - {"arrived", "awaited", "late"}
"""States whose word names no time."""


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


class Pen:
    """Writes the lines of one page; what many of them say is said once.

    It ends with the page, and so does what it knows of anybody.

    Args:
        names: the whole name on paper, too.
    """

    def __init__(self, *, now: datetime, names: bool) -> None:
        self.now, self.names, self.zone = now, names, clock.zone()
        self.before, self.after = _address()
        self.times: dict[time, SafeString] = {}
        self.words: dict[str, SafeString] = {}
        self.stencils: dict[tuple[str, str], Stencil] = {}

    def met(self, one: Met) -> Line:
        """A meeting that may be known of."""
        state = rules.state(known(one), self.now)
        hue = (one.colour or "").lower()
        drawn = self.stencils.get((state, hue))
        if drawn is None:
            drawn = self.stencils[state, hue] = stencil.cut(
                TEMPLATE, "address", "starts", "word", "name", "short",
                state=state, hue=hue, icon=LOOKS[state][1], seen=True, names=self.names,
            )  # fmt: skip
        start, name = one.starts_at.astimezone(self.zone), one.name
        text = drawn.filled(
            address=SafeString(self.before + str(one.pk) + self.after),
            starts=self._time(start.time()), word=self._word(one, state), name=name,
            short="" if self.names else initials(name),
        )  # fmt: skip
        return Line(start.date(), one.starts_at, one.ends_at, text)

    def taken(self, one: Taken) -> Line:
        """A time that is taken, and no more than that."""
        drawn = stencil.cut(TEMPLATE, "starts", "word", state="taken", seen=False)
        start = one.slot.start.astimezone(self.zone)
        text = drawn.filled(starts=self._time(start.time()), word=word(None, "taken", self.now))
        return Line(start.date(), one.slot.start, one.slot.end, text)

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


@dataclass(frozen=True)
class Row:
    """A clinician's week."""

    staff: Staff
    days: dict[date, list[Line]]

    def on(self, day: date) -> SafeString:
        """The lines of a day, in order."""
        found = sorted(self.days.get(day, ()), key=attrgetter("starts", "ends"))
        return SafeString("".join(one.text for one in found))


def rows(
    staff: Iterable[Staff], met: Iterable[Met], taken: Iterable[Taken], pen: Pen
) -> list[Row]:  # fmt: skip
    """Everybody's week, in the order of ``staff``."""
    of: dict[Any, Row] = {one.pk: Row(one, {}) for one in staff}
    for one in met:
        _put(of[one.clinician_id], pen.met(one))
    for other in taken:
        _put(of[other.thing], pen.taken(other))
    return list(of.values())


def _put(row: Row, line: Line) -> None:
    row.days.setdefault(line.on, []).append(line)


def seen(first: date, rows: Iterable[Row], met: Iterable[Met]) -> str:
    """A mark that is another as soon as anything that is written, or a meeting, is."""
    said = [str(first)]
    for row in rows:
        said.append(str(row.staff.pk))
        said += (one.text for lines in row.days.values() for one in lines)
    said += (f"{one.ends_at}{one.revision}" for one in met)
    return hashlib.sha256("".join(said).encode()).hexdigest()[:24]
