"""Where meetings, times taken and free time stand on a page of the calendar."""

import functools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.db import models
from django.utils.formats import time_format
from django.utils.translation import get_language

from rapport.core import time as clock
from rapport.meeting.appointments.models import Appointment
from rapport.meeting.appointments.rules import Slot
from rapport.meeting.availability.queries import DayHours, why_in_words
from rapport.meeting.types.models import AppointmentType

STEP = 5  # minutes a row of the grid
A_DAY = 24 * 60
LEAST_ROWS = 4  # what a line of text needs
LEAST_FREE = 15  # minutes worth a link
USUAL = (9 * 60, 17 * 60)  # minutes shown of a day that has nothing in it


@dataclass
class Block:
    """A stretch of one day: a meeting one may see, a time taken, time away, or free time.

    ``row`` and ``rows`` are its place in a grid of five minutes, once it is drawn.
    """

    what: str  # "meeting", "taken", "away" or "free"
    slot: Slot
    start: datetime  # on the practice's clock, within the day
    end: datetime
    appointment: Appointment | None = None
    until: datetime | None = None  # of free time: where the whole gap ends, on its first block
    why: str = ""  # of time away, in words
    row: int = 0
    rows: int = 0

    @property
    def begins(self) -> int:
        """Minutes of the wall's clock since midnight."""
        return self.start.hour * 60 + self.start.minute

    @property
    def ends(self) -> int:
        """Where it ends, drawn as long as it lasts, also when clocks change meanwhile."""
        return min(self.begins + self.slot.minutes, A_DAY)

    @property
    def starts(self) -> str:
        """The time it begins, in words."""
        return time_in_words(self.start.time())

    @property
    def stops(self) -> str:
        """The time it ends, in words."""
        return time_in_words(self.end.time())

    @property
    def stretch(self) -> str:
        """Of free time: when the whole gap ends, in words; "" on all but its first block."""
        return time_in_words(self.until.time()) if self.until else ""

    @property
    def way(self) -> str:
        """How a meeting is held, in words."""
        return _word(Appointment.Way, self.appointment.way) if self.appointment else ""

    @property
    def status(self) -> str:
        """What became of a meeting, in words."""
        return _word(Appointment.Status, self.appointment.status) if self.appointment else ""

    @property
    def looks(self) -> str:
        """How it is drawn and where: what it is, a meeting's status or a gap's "more", its rows."""
        mark = "more" if self.what == "free" and not self.until else ""
        if self.appointment is not None:
            mark = self.appointment.status.lower()
        drawn = f"slot--{self.what} slot--{mark}" if mark else f"slot--{self.what}"
        hue = f" hue-{self.type.hue}" if self.type else ""
        return f"{drawn}{hue} r-{self.row} s-{self.rows}"

    @property
    def type(self) -> AppointmentType | None:
        """What was booked."""
        return self.appointment.type if self.appointment else None

    @property
    def at(self) -> str:
        """The instant it begins, as the booking page takes it."""
        return self.slot.start.strftime("%Y-%m-%dT%H:%MZ")


def _once_a_language(say: Callable[..., str]) -> Callable[..., str]:
    """Keep what ``say`` said in the language that is being spoken."""
    kept = functools.lru_cache(maxsize=4096)(lambda _language, *about: say(*about))
    return lambda *about: kept(get_language(), *about)


@_once_a_language
def time_in_words(at: time) -> str:
    """A time of day as the reader's language writes it."""
    return time_format(at, "TIME_FORMAT")


@_once_a_language
def _word(choices: type[models.TextChoices], value: str) -> str:
    return str(choices(value).label)


@dataclass(frozen=True)
class Day:
    """A day and what is in it, in order."""

    on: date
    blocks: list[Block]
    today: bool = False
    marks: tuple[str, ...] = ()  # what sort of day it is: a holiday's name, other hours, away

    @property
    def meetings(self) -> list[Block]:
        """Meetings and times taken."""
        return [block for block in self.blocks if block.what in ("meeting", "taken")]

    @property
    def listed(self) -> list[Block]:
        """What is not free."""
        return [block for block in self.blocks if block.what != "free"]


def day(
    meetings: Iterable[Appointment], taken: Iterable[Slot], hours: DayHours, *, now: datetime
) -> Day:
    """A day's blocks: meetings and times taken, cut at midnight, time away, and what is free.

    A cancelled meeting is a block of its own that leaves its time free.
    """
    on = hours.on
    start, end = clock.day_bounds(on)
    if start == end:  # a day that the land skipped
        return Day(on, [])
    whole = Slot(start, end)
    blocks: list[Block] = []
    held: list[Slot] = []
    for one in meetings:
        part = one.slot.clipped(whole)
        if part is not None:
            blocks.append(_block("meeting", part, one))
            if one.status != Appointment.Status.CANCELLED:
                held.append(part)
    for slot in taken:
        part = slot.clipped(whole)
        if part is not None:
            blocks.append(_block("taken", part))
            held.append(part)
    for away in hours.away_around(held):
        blocks.append(_block("away", away.slot))
        blocks[-1].why = why_in_words(away.why)
    for gap in hours.free(held, after=now, least=LEAST_FREE):
        parts = [_block("free", part) for part in _by_the_hour(gap)]
        for block in parts[:1]:
            block.until = parts[-1].end
        blocks += parts
    blocks.sort(key=lambda b: (b.slot.start, b.slot.end, b.what))
    today = on == clock.local(now).date()
    return Day(on, blocks, today, tuple(hours.marks))


def _block(what: str, slot: Slot, appointment: Appointment | None = None) -> Block:
    return Block(what, slot, clock.local(slot.start), clock.local(slot.end), appointment)


def _by_the_hour(gap: Slot) -> Iterator[Slot]:
    """``gap`` cut at full hours of the wall, from the next five minutes on."""
    late = -gap.start.minute % STEP * 60 - gap.start.second
    start = (gap.start + timedelta(seconds=late)).replace(microsecond=0)
    while start < gap.end:
        wall = clock.local(start)
        left = timedelta(minutes=60 - wall.minute)
        end = min(start + left, gap.end)
        if end - start >= timedelta(minutes=LEAST_FREE):
            yield Slot(start, end)
        start = end


@dataclass(frozen=True)
class Grid:
    """Days beside each other, on a common stretch of hours."""

    days: list[Day]
    hours: list[tuple[int, int]]  # the row and the hour of each line

    @property
    def tall(self) -> int:
        """How many hours it shows."""
        return len(self.hours)

    @property
    def marked(self) -> bool:
        """Whether a day of it says what sort of day it is."""
        return any(day.marks for day in self.days)


def drawn(days: list[Day]) -> Grid:
    """Give every block but cancelled meetings its rows; show the hours that any block needs."""
    shown = [replace(one, blocks=[b for b in one.blocks if not _cancelled(b)]) for one in days]
    blocks = [block for one in shown for block in one.blocks]
    first = min((b.begins for b in blocks), default=USUAL[0]) // 60
    last = -(-max((b.ends for b in blocks), default=USUAL[1]) // 60)
    for block in blocks:
        block.row = (block.begins - first * 60) // STEP + 1
        block.rows = max(-(-(block.ends - block.begins) // STEP), LEAST_ROWS)
    hours = [((hour - first) * 60 // STEP + 1, hour) for hour in range(first, last)]
    return Grid(shown, hours)


def _cancelled(block: Block) -> bool:
    one = block.appointment
    return one is not None and one.status == Appointment.Status.CANCELLED
