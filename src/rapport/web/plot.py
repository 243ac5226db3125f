"""What a chart shows, as plain nouns: dots, bands, marks, spans, and the sizes it is drawn in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Shape = Literal["dot", "diamond", "square"]
Ink = Literal["classes", "attributes"]
LEVELS = 5  # steps of the ramp


@dataclass(frozen=True)
class Band:
    """A named stretch of the scale, both ends included; ``level`` 1 is the palest."""

    least: float
    most: float
    words: str
    level: int


@dataclass(frozen=True)
class Line:
    """A line across the whole chart, such as a cut-off."""

    at: float
    words: str


@dataclass(frozen=True)
class Dot:
    """One score.

    filled: the change is more than measurement error. diamond: prorated. square: of another
    version. joined: a line leads here from the dot before. ringed: a sudden gain led here.
    """

    at: datetime
    value: float
    words: str
    filled: bool = False
    shape: Shape = "dot"
    joined: bool = False
    reach: tuple[float, float] | None = None
    ringed: bool = False


@dataclass(frozen=True)
class Mark:
    """Something that happened, on the axis of time."""

    at: datetime
    letter: str
    words: str


@dataclass(frozen=True)
class Span:
    """A stretch of time, such as an episode of care."""

    start: datetime
    end: datetime
    words: str


@dataclass(frozen=True)
class Foreseen:
    """Where a score is expected at one instant, in scale points: low <= middle <= high."""

    at: datetime
    low: float
    middle: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.middle <= self.high:
            raise ValueError("an expected range needs low <= middle <= high")


@dataclass(frozen=True)
class Expected:
    """A range in which scores are expected, the earliest point first.

    Attributes:
        words: what it is and what it rests on; it stands in the legend and in the table.
        ahead: from which point on it rests on all scores so far, and not on the first alone.
    """

    words: str
    points: tuple[Foreseen, ...]
    ahead: int = 0

    @property
    def parts(self) -> tuple[tuple[Foreseen, ...], ...]:
        """What is drawn apart: the one does not lead to the other."""
        return self.points[: self.ahead], self.points[self.ahead :]

    def at(self, instant: datetime) -> Foreseen | None:
        """The range at ``instant``, straight between its points; None before and after them."""
        for one, after in zip(self.points, self.points[1:], strict=False):
            if one.at <= instant <= after.at:
                share = (instant - one.at) / (after.at - one.at) if after.at > one.at else 0.0
                low, middle, high = (
                    a + (b - a) * share
                    for a, b in ((one.low, after.low), (one.middle, after.middle),
                                 (one.high, after.high))
                )  # fmt: skip
                return Foreseen(instant, low, middle, high)
        return next((one for one in self.points if one.at == instant), None)


@dataclass(frozen=True)
class Trail:
    """A line without dots, such as a running mean; it breaks where a place is empty."""

    words: str
    places: tuple[tuple[datetime, float | None], ...]


@dataclass(frozen=True)
class Plot:
    """All that is drawn. ``words`` is what somebody hears who does not see it.

    Attributes:
        ticks: when sessions were held.
        pauses: stretches over the whole height, in which nothing was asked.
        turns: where something begins that breaks the course, such as another version.
        expected: a pale band behind the dots.
        trails: lines behind the dots, on the same scale.
        period: what the axis of time covers; without it, what the rest needs.
        named: what heights of the scale are called that are no numbers.
    """

    words: str
    lowest: int
    highest: int
    dots: tuple[Dot, ...]
    bands: tuple[Band, ...] = ()
    lines: tuple[Line, ...] = ()
    marks: tuple[Mark, ...] = ()
    spans: tuple[Span, ...] = ()
    pauses: tuple[Span, ...] = ()
    ticks: tuple[datetime, ...] = ()
    turns: tuple[Mark, ...] = ()
    expected: Expected | None = None
    trails: tuple[Trail, ...] = ()
    period: tuple[datetime, datetime] | None = None
    named: Mapping[float, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Size:
    """A drawing's measures in units of its view box."""

    name: str
    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    letters: int  # height of the letters
    dates: int  # how many fit on the axis of time
    numbered: int  # up to so many dots all carry their number

    @property
    def foot(self) -> int:
        """Where the axis of time lies."""
        return self.height - self.bottom

    @property
    def end(self) -> int:
        """Where the scale ends to the right."""
        return self.width - self.right


WIDE = Size("wide", 760, 340, 40, 150, 18, 40, 14, 6, 14)
NARROW = Size("narrow", 360, 320, 38, 10, 18, 40, 13, 3, 7)
ROW = Size("wide", 760, 216, 40, 150, 22, 40, 14, 6, 14)
NARROW_ROW = Size("narrow", 360, 216, 38, 10, 22, 40, 13, 3, 7)
"""Of several charts one below the other on one axis of time."""

DENSE = 60
"""From so many dots on they are drawn small, and say their words to the reader alone."""

INK: dict[str, dict[str, str]] = {
    "chart__band--1": {"fill": "#f3f7f7"}, "chart__band--2": {"fill": "#e4eeee"},
    "chart__band--3": {"fill": "#d3e3e3"}, "chart__band--4": {"fill": "#bfd6d6"},
    "chart__band--5": {"fill": "#a9c8c8"},
    "chart__line": {"stroke": "#1d4f50", "stroke-width": "1.5", "fill": "none"},
    "chart__cut": {"stroke": "#222222", "stroke-width": "1.5", "stroke-dasharray": "6 4"},
    "chart__expected": {"fill": "#6b6b6b", "fill-opacity": "0.18", "stroke": "#6b6b6b",
                        "stroke-width": "0.8"},
    "chart__middle": {"fill": "none", "stroke": "#6b6b6b", "stroke-width": "1",
                      "stroke-dasharray": "2 3"},
    "chart__limit": {"fill": "none", "stroke": "#6b6b6b", "stroke-width": "2"},
    "chart__span": {"fill": "#8a8a8a"},
    "chart__pause": {"fill": "#8a8a8a", "fill-opacity": "0.16"},
    "chart__tick": {"stroke": "#555555", "stroke-width": "1"},
    "chart__turn": {"stroke": "#555555", "stroke-width": "1", "stroke-dasharray": "1 3"},
    "chart__axis": {"stroke": "#555555", "stroke-width": "1"},
    "chart__dot": {"stroke": "#1d4f50", "stroke-width": "2", "fill": "#ffffff"},
    "chart__ring": {"stroke": "#1d4f50", "stroke-width": "2", "fill": "none"},
    "chart__dot--sure": {"stroke": "#1d4f50", "stroke-width": "2", "fill": "#1d4f50"},
    "chart__text": {"fill": "#222222"},
    "chart__text--band": {"fill": "#222222"},
    "chart__number": {"fill": "#222222", "font-weight": "600"},
}  # fmt: skip
FACE = "Atkinson Hyperlegible Next, Noto Sans Arabic, sans-serif"


def level(number: int, of: int) -> int:
    """The step of the ramp for band ``number`` (from 0, the mildest) of ``of``."""
    return 1 + round(number * (LEVELS - 1) / max(of - 1, 1))
