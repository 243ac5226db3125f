"""What makes a time bookable, and what a clock on the wall means. No database, no clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

SHORTEST, LONGEST = 5, 480  # minutes
REACH = timedelta(days=1)  # nothing takes longer, and the database holds it
AFTERWARDS = timedelta(days=31)  # how long ago a meeting may be that is entered afterwards
EARLY = timedelta(minutes=15)  # before its start a meeting may be called kept
WORKWEEK = (1, 2, 3, 4, 5)  # ISO 8601: 1 is Monday
LONGEST_ADDRESS = 500
ROOM = ""  # as a kind of what a meeting needs; equipment has kinds with names


class Unfit(ValueError):
    """Something that cannot be booked. ``code`` says why; ``given`` fills the words."""

    def __init__(self, field: str, code: str, **given: object) -> None:
        super().__init__(code)
        self.field, self.code, self.given = field, code, given


@dataclass(frozen=True, order=True)
class Slot:
    """A half-open stretch of time ``[start, end)``, given aware and kept in UTC.

    In UTC, because two times of one zone are compared by what its clocks show, and clocks
    that go back show less than an hour ago.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a slot needs aware datetimes")
        for name in ("start", "end"):
            object.__setattr__(self, name, getattr(self, name).astimezone(UTC))
        if self.end <= self.start:
            raise ValueError("a slot ends after it starts")

    @property
    def minutes(self) -> int:
        """Its length, as time passes: clocks that change meanwhile do not count."""
        return round((self.end - self.start) / timedelta(minutes=1))

    def overlaps(self, other: "Slot") -> bool:
        """Whether they share an instant. Slots that merely touch do not."""
        return self.start < other.end and other.start < self.end

    def clipped(self, to: "Slot") -> "Slot | None":
        """The part of it that lies in ``to``."""
        start, end = max(self.start, to.start), min(self.end, to.end)
        return Slot(start, end) if start < end else None


def lasting(start: datetime, minutes: int) -> Slot:
    """The slot of ``minutes`` from ``start`` (aware), in UTC.

    Raises:
        Unfit: shorter than 5 minutes or longer than 8 hours.
    """
    if not SHORTEST <= minutes <= LONGEST:
        raise Unfit("minutes", "length", shortest=SHORTEST, longest=LONGEST)
    begins = start.astimezone(UTC)
    return Slot(begins, begins + timedelta(minutes=minutes))


def check(slot: Slot, *, now: datetime, afterwards: bool) -> None:
    """Look whether ``slot`` may be booked at ``now``.

    Args:
        afterwards: the person says that the meeting took place and is entered now.

    Raises:
        Unfit: its length, or it is over: unsaid, or more than 31 days ago.
    """
    lasting(slot.start, slot.minutes)
    if slot.end > now:
        return
    if slot.start < now - AFTERWARDS:
        raise Unfit("on", "long_ago", days=AFTERWARDS.days)
    if not afterwards:
        raise Unfit("afterwards", "over")


def first_clash(wanted: Slot, taken: Iterable[Slot]) -> Slot | None:
    """The earliest taken slot that overlaps ``wanted``, or None."""
    return min((slot for slot in taken if slot.overlaps(wanted)), default=None)


# Clocks on the wall -----------------------------------------------------------------------


def instants(day: date, at: time, where: ZoneInfo) -> list[datetime]:
    """The instants, in UTC, at which clocks there show ``at`` on ``day``.

    One as a rule; none in the hour that is left out when clocks go forward; two, the
    earlier first, in the hour that comes twice when they go back.
    """
    wall = datetime.combine(day, at.replace(tzinfo=None))
    found = {wall.replace(tzinfo=where, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return sorted(
        one for one in found if one.astimezone(where).replace(tzinfo=None, fold=0) == wall
    )


def next_there_is(day: date, at: time, where: ZoneInfo) -> datetime:
    """What clocks show first after the hour they leave out, there.

    In a gap the two readings of a time lie before and after it, as far apart as the clocks
    jump; the jump itself is where the offset changes between them.
    """
    wall = datetime.combine(day, at.replace(tzinfo=None))
    ends = [wall.replace(tzinfo=where, fold=fold).astimezone(UTC) for fold in (1, 0)]
    before, after = min(ends), max(ends)
    offset = before.astimezone(where).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) / 2
        if middle.astimezone(where).utcoffset() == offset:
            before = middle
        else:
            after = middle
    jump = after.replace(microsecond=0)
    return jump.astimezone(where)


def on_the_wall(day: date, at: time, where: ZoneInfo, *, second: bool | None = None) -> datetime:
    """The instant, in UTC, that somebody means who writes ``day`` and ``at``.

    Args:
        second: of an hour that comes twice, the second; None when nobody said.

    Raises:
        Unfit: the time does not exist, or comes twice and nobody said which.
    """
    found = instants(day, at, where)
    if not found:
        then = next_there_is(day, at, where)
        raise Unfit("at", "left_out", at=at, then=then.time())
    if len(found) == 2 and second is None:
        raise Unfit("which", "twice", at=at)
    return found[-1] if second else found[0]


def days_later(slot: Slot, days: int, where: ZoneInfo) -> Slot:
    """As long, at the same hour on the wall there, so many days later (negative: earlier).

    Of an hour that comes twice on that day it is the first.

    Raises:
        Unfit: clocks leave that hour out on that day.
    """
    begins = slot.start.astimezone(where)
    day = begins.date() + timedelta(days=days)
    start = on_the_wall(day, begins.time(), where, second=False)
    return Slot(start, start + (slot.end - slot.start))


# A day's hours ----------------------------------------------------------------------------


@lru_cache(maxsize=2048)  # most clinicians keep the same few
def hours(day: date, opens: time, closes: time, where: ZoneInfo) -> Slot | None:
    """Working hours of ``day``; None when clocks leave nothing of them.

    An end that clocks leave out is the first time there is after it; of one that comes
    twice, the day opens with the earlier and closes with the later. Closing at 0:00 is closing
    with the day's end.
    """
    start = (instants(day, opens, where) or [next_there_is(day, opens, where)])[0]
    if closes == time(0):
        after = day + timedelta(days=1)
        end = (instants(after, closes, where) or [next_there_is(after, closes, where)])[0]
    else:
        end = (instants(day, closes, where) or [next_there_is(day, closes, where)])[-1]
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    return Slot(start, end) if start < end else None


def free_hours(working: Slot | None, taken: Iterable[Slot], *, least: int = SHORTEST) -> list[Slot]:
    """What is left of ``working`` between ``taken``, in order.

    Args:
        taken: in any order; they may overlap each other.
        least: minutes below which a gap is not worth a word.
    """
    if working is None:
        return []
    left, begin = [], working.start
    for slot in sorted(taken):
        if slot.end <= begin or slot.start >= working.end:
            continue
        if slot.start > begin:
            left.append(Slot(begin, slot.start))
        begin = max(begin, slot.end)
    if begin < working.end:
        left.append(Slot(begin, working.end))
    return [slot for slot in left if slot.minutes >= least]


# Video addresses --------------------------------------------------------------------------


def check_address(text: str) -> str:
    """A video address as it is kept: https, with a host, nobody's password in it.

    Raises:
        Unfit: anything else. "" is fine: there is none.
    """
    address = text.strip()
    if not address:
        return ""
    if len(address) > LONGEST_ADDRESS:
        raise Unfit("video_url", "address_long", longest=LONGEST_ADDRESS)
    try:
        parts = urlsplit(address)
        fits = parts.scheme == "https" and bool(parts.hostname) and parts.username is None
        fits = fits and (parts.port is None or parts.port > 0)
    except ValueError:
        fits = False
    if not fits or not address.isprintable() or any(sign.isspace() for sign in address):
        raise Unfit("video_url", "address")
    return address
