"""What is asked of the engine of free times, and what it answers. Minutes are whole ones since
1970-01-01T00:00Z, stretches of them half-open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ..appointments.rules import ROOM
from .spans import Span


class Stretch(NamedTuple):
    """Hours on the wall in which a clinician meets people."""

    from_at: time
    until_at: time
    place: str | None = None  # None: wherever is wanted
    ways: frozenset[str] = frozenset()  # none: every way


class Meeting(NamedTuple):
    """Time a clinician has given away to somebody; a hold is one too."""

    start: int
    end: int
    heavy: bool = False
    buffer_before: int | None = None  # minutes; None: the clinician's
    buffer_after: int | None = None


class Piece(NamedTuple):
    """A room or a piece of equipment: where it is, when it is taken, and what it is."""

    key: str
    place: str
    busy: Sequence[Span] = ()
    kind: str = ROOM


class Opening(NamedTuple):
    """A time that can be had, with whom and where."""

    start: int
    end: int
    clinician: str
    place: str | None = None
    room: str | None = None


@dataclass(frozen=True)
class Limits:
    """How much a clinician takes on, in minutes, days and meetings; None is no limit."""

    buffer_before: int = 0
    buffer_after: int = 0
    notice: int = 0
    horizon_days: int = 60
    most_a_day: int | None = None
    most_in_a_row: int | None = None
    heavy_a_day: int | None = None
    rest: int = 30  # minutes without a meeting that end a row
    lunch: tuple[time, time] | None = None
    step: int = 15  # minutes; 0: the length that is wanted

    def __post_init__(self) -> None:
        least = min(self.buffer_before, self.buffer_after, self.notice, self.horizon_days,
                    self.rest, self.step)  # fmt: skip
        if least < 0:
            raise ValueError("buffers, notice, horizon, rest and step are not less than nothing")


@dataclass(frozen=True)
class Clinician:
    """One clinician's hours, and what is taken of them.

    What is taken holds for the days asked for and one more at either end: buffers and rows
    reach across midnight. In any order, overlapping or not; what ends no later than it starts
    is nothing.
    """

    key: str
    zone: ZoneInfo
    week: Mapping[int, Sequence[Stretch]]  # 1 Monday to 7 Sunday (ISO 8601)
    other: Mapping[date, Sequence[Stretch]] = field(default_factory=dict)
    closed: frozenset[date] = frozenset()
    away: Sequence[Span] = ()
    meetings: Sequence[Meeting] = ()
    limits: Limits = Limits()


@dataclass(frozen=True)
class Wanted:
    """What somebody would like to book."""

    minutes: int
    way: str
    heavy: bool = False
    buffer_before: int | None = None  # minutes; None: the clinician's
    buffer_after: int | None = None
    place: str | None = None
    needs: Sequence[str] = ()  # kinds of which it takes one piece each, at one place

    def __post_init__(self) -> None:
        if self.minutes < 1:
            raise ValueError("a meeting lasts a minute at least")
        if min(self.buffer_before or 0, self.buffer_after or 0) < 0:
            raise ValueError("buffers are not less than nothing")
