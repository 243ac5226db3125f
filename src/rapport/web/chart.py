"""Drawing scores over time as SVG: the full scale, bands, cut-off, dots, gaps, ticks.

Pure: the same plot gives the same text. On a page colours are classes, so that light, dark,
contrast and print each have theirs; for paper they are attributes.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from html import escape
from itertools import groupby

from .axis import spread
from .pen import Ink, Pen, along, shaped
from .plot import (
    DENSE,
    FACE,
    INK,
    LEVELS,
    NARROW,
    NARROW_ROW,
    ROW,
    WIDE,
    Band,
    Dot,
    Expected,
    Foreseen,
    Line,
    Mark,
    Plot,
    Shape,
    Size,
    Span,
    Trail,
    level,
)
from .seats import Box, Seat, free

__all__ = [
    "INK", "LEVELS", "NARROW", "NARROW_ROW", "ROW", "WIDE", "Band", "Dot", "Expected", "Foreseen",
    "Line", "Mark", "Plot", "Shape", "Span", "Trail", "draw", "level", "standalone",
]  # fmt: skip

LETTER = 11.0  # how far apart two letters on the axis of time stand


def draw(
    plot: Plot, *, size: Size = WIDE, ink: Ink = "classes", say: Callable[[date], str] = str,
    count: Callable[[float], str] = "{:g}".format,
) -> str:  # fmt: skip
    """The drawing as SVG text. Left is earlier, whatever the direction of the language.

    Args:
        say: how a day is written on the axis. count: how a number of the scale is written.
    """
    return _Drawing(plot, size, Pen(ink), say, count).whole()


def standalone(
    plot: Plot, *, size: Size = WIDE, say: Callable[[date], str] = str,
    count: Callable[[float], str] = "{:g}".format,
) -> str:  # fmt: skip
    """The drawing as a file of its own, for paper: colours inside, no classes."""
    return draw(plot, size=size, ink="attributes", say=say, count=count)


@dataclass
class _Drawing:
    plot: Plot
    size: Size
    pen: Pen
    say: Callable[[date], str]
    count: Callable[[float], str]

    def whole(self) -> str:
        size = self.size
        for part in (
            self._bands, self._pauses, self._expected, self._axes, self._spans, self._cuts,
            self._turns, self._trails, self._course, self._marks, self._dots,
        ):  # fmt: skip
            part()
        head = (
            f'viewBox="0 0 {size.width} {size.height}" role="img" direction="ltr" '
            f'aria-label="{escape(self.plot.words)}"'
        )
        if self.pen.ink == "attributes":
            face = f'font-family="{FACE}" font-size="{size.letters}"'
            head = f'xmlns="http://www.w3.org/2000/svg" {head} {face}'
        else:
            head = f'class="chart__svg chart__svg--{size.name}" {head}'
        return f"<svg {head}>{''.join(self.pen.parts)}</svg>"

    # Where things lie ----------------------------------------------------------------------

    def _y(self, value: float) -> float:
        plot, size = self.plot, self.size
        share = (value - plot.lowest) / ((plot.highest - plot.lowest) or 1)
        return round(size.foot - share * (size.foot - size.top), 1)

    def _x(self, at: datetime) -> float:
        first, last = self._period
        inner = self.size.end - self.size.left - 32
        if last == first:
            return round(self.size.left + 16 + inner / 2, 1)
        return round(self.size.left + 16 + inner * ((at - first) / (last - first)), 1)

    @cached_property
    def _period(self) -> tuple[datetime, datetime]:
        plot = self.plot
        if plot.period is not None:
            return plot.period
        foreseen = plot.expected.points if plot.expected else ()
        instants = [one.at for some in (plot.dots, plot.marks, foreseen) for one in some]
        return min(instants), max(instants)

    # What is drawn -------------------------------------------------------------------------

    def _bands(self) -> None:
        """Each from halfway to the one below it until halfway to the one above it."""
        size, bands = self.size, sorted(self.plot.bands, key=lambda one: one.least)
        halves = [(a.most + b.least) / 2 for a, b in zip(bands, bands[1:], strict=False)]
        edges = [self.plot.lowest, *halves, self.plot.highest]
        for band, lowest, highest in zip(bands, edges, edges[1:], strict=False):
            top, foot = self._y(highest), self._y(lowest)
            self.pen.add("rect", f"chart__band--{band.level}", x=size.left, y=top,
                      width=size.end - size.left, height=round(foot - top, 1))  # fmt: skip
            if foot - top < size.letters:
                continue
            if size.name == "wide":
                middle = round((top + foot) / 2 + size.letters * 0.35, 1)
                self.pen.text(band.words, "chart__text--band", size.end + 8, middle)
            else:
                self._inside(band.words, top, foot)

    def _pauses(self) -> None:
        """Stretches in which nothing was asked, as far as they lie on the axis of time."""
        for pause in self.plot.pauses:
            first, last = self._period
            if pause.start > last or pause.end < first:
                continue
            x, end = self._x(max(pause.start, first)), self._x(min(pause.end, last))
            top, tall = self.size.top, self.size.foot - self.size.top
            self.pen.add("rect", "chart__pause", title=pause.words, x=x, y=top,
                      width=max(round(end - x, 1), 2.0), height=tall)  # fmt: skip

    def _expected(self) -> None:
        """A pale band from low to high, and its middle, kept within the scale."""
        for part in self.plot.expected.parts if self.plot.expected else ():
            if len(part) > 1:
                self._range(part)

    def _range(self, foreseen: tuple[Foreseen, ...]) -> None:
        above = [(self._x(one.at), self._y(self._held(one.high))) for one in foreseen]
        below = [(self._x(one.at), self._y(self._held(one.low))) for one in foreseen[::-1]]
        middle = [(self._x(one.at), self._y(self._held(one.middle))) for one in foreseen]
        words = self.plot.expected.words if self.plot.expected else ""
        self.pen.add("path", "chart__expected", title=words, d=f"M{along(above + below)}z")
        self.pen.add("path", "chart__middle", d=f"M{along(middle)}")

    def _held(self, value: float) -> float:
        return min(max(value, self.plot.lowest), self.plot.highest)

    def _spans(self) -> None:
        """Stretches of time as bars over the chart, sessions as ticks on its axis."""
        size, period = self.size, self.plot.period
        for span in self.plot.spans if period else ():
            first, last = self._period
            if span.start > last or span.end < first:
                continue
            x, end = self._x(max(span.start, first)), self._x(min(span.end, last))
            self.pen.add("rect", "chart__span", title=span.words, x=x, y=size.top - 16,
                      width=max(round(end - x, 1), 2.0), height=4)  # fmt: skip
        for at in self.plot.ticks:
            x = self._x(at)
            self.pen.add("line", "chart__tick", x1=x, y1=size.foot - 5, x2=x, y2=size.foot)

    def _turns(self) -> None:
        for turn in self.plot.turns:
            x, size = self._x(turn.at), self.size
            self.pen.add("line", "chart__turn", title=turn.words, x1=x, y1=size.top, x2=x,
                      y2=size.foot)  # fmt: skip

    def _inside(self, words: str, top: float, foot: float) -> None:
        """A band's name within it, where no dot, number or line's name stands; else none."""
        size = self.size
        seats = [Seat(x, y, anchor) for y in (top + size.letters, foot - 4)
                 for x, anchor in ((size.left + 5, "start"), (size.end - 5, "end"))]  # fmt: skip
        lines = [self._cut_seat(one).box(one.words, size.letters) for one in self.plot.lines]
        if seat := free(words, size.letters, seats, [*self._covered(), *lines]):
            self.pen.text(words, "chart__text--band", *seat)

    def _cut_seat(self, line: Line) -> Seat:
        """Where the name of a line stands: above it or below it, if it can be where no dot is."""
        size, y = self.size, self._y(line.at)
        ends = [(size.left + 6, "start"), (size.end - 4, "end")]
        if size.name != "wide":
            ends.reverse()
        seats = [Seat(x, at, anchor) for at in (y - 5, y + size.letters) for x, anchor in ends]
        return free(line.words, size.letters, seats, self._covered()) or seats[0]

    def _covered(self) -> Iterator[Box]:
        """What each dot covers, with its number."""
        for n, dot in enumerate(self.plot.dots):
            x, y = self._x(dot.at), self._y(dot.value)
            yield Box(x - 6, y - 6, x + 6, y + 6)
            if self._numbered(n):
                foot = self._number_at(dot)
                yield Box(x - 9, foot - self.size.letters * 0.8, x + 9, foot)

    def _numbered(self, n: int) -> bool:
        """Whether a dot has its number written beside it."""
        return n in self._numbers

    @cached_property
    def _numbers(self) -> set[int]:
        """The last dot, the first, and of few the others, where no number covers a dot."""
        at, room = [self._x(one.at) for one in self.plot.dots], self.size.letters * 1.6
        last = len(at) - 1
        if self.plot.named:
            return set()  # the axis says it in words
        if last < 1 or at[last] - at[0] < room:
            return {last}
        if last >= self.size.numbered:
            return {0, last}
        apart = {n for n in range(1, last) if min(at[n] - at[n - 1], at[n + 1] - at[n]) >= room}
        return {0, last} | apart

    def _number_at(self, dot: Dot) -> float:
        """Where a dot's number stands: above it, or below it at the top of the scale."""
        y, rise = self._y(dot.value), 15 if dot.ringed else 13
        top = y if dot.reach is None else self._y(self._held(dot.reach[1]))
        head = min(y - rise, top - 4)
        return head if head > self.size.top - 4 else y + rise + 10

    def _axes(self) -> None:
        size = self.size
        self.pen.add("line", "chart__axis", x1=size.left, y1=size.top, x2=size.left, y2=size.foot)
        self.pen.add("line", "chart__axis", x1=size.left, y1=size.foot, x2=size.end, y2=size.foot)
        for value in self._steps():
            y = self._y(value)
            self.pen.add("line", "chart__axis", x1=size.left - 4, y1=y, x2=size.left, y2=y)
            self.pen.text(
                self._called(value), "chart__text", size.left - 8, y + size.letters * 0.35, "end"
            )
        if self.plot.dots or self.plot.period:
            for day, x, anchor in self._days():
                self.pen.add("line", "chart__axis", x1=x, y1=size.foot, x2=x, y2=size.foot + 5)
                self.pen.text(self.say(day), "chart__text", x, size.foot + 8 + size.letters, anchor)

    def _called(self, value: float) -> str:
        """A height in words where it has some, else as a number."""
        return self.plot.named.get(value) or self.count(value)

    def _steps(self) -> list[float]:
        """Numbers on the scale: its ends, cut-offs, where bands begin; else quarters."""
        plot = self.plot
        wanted: list[float] = [plot.lowest, plot.highest, *(one.at for one in plot.lines)]
        wanted += [band.least for band in plot.bands]
        if not plot.bands:
            quarter = max((plot.highest - plot.lowest) // 4, 1)
            wanted += range(plot.lowest + quarter, plot.highest, quarter)
        kept: list[float] = []
        for value in wanted:
            if all(abs(self._y(value) - self._y(one)) >= self.size.letters for one in kept):
                kept.append(value)
        return sorted(kept)

    def _days(self) -> Iterator[tuple[date, float, str]]:
        """Days for the axis of time, as many as do not run into each other."""
        (first, last), size = self._period, self.size
        room, taken = size.letters * 5.5, -size.letters * 5.5
        for day in spread(first.date(), last.date(), size.dates):
            instant = datetime.combine(day, first.timetz())
            x = self._x(min(max(instant, first), last))
            middle = min(max(x, room / 2), size.width - room / 2)
            if middle - taken >= room:
                taken = middle
                yield day, x, "middle" if middle == x else "start" if middle > x else "end"

    def _cuts(self) -> None:
        size = self.size
        for line in self.plot.lines:
            y = self._y(line.at)
            self.pen.add("line", "chart__cut", x1=size.left, y1=y, x2=size.end, y2=y)
            self.pen.text(line.words, "chart__text", *self._cut_seat(line))

    def _trails(self) -> None:
        for trail in self.plot.trails:
            for empty, some in groupby(trail.places, lambda place: place[1] is None):
                places = [(self._x(at), self._y(value or 0.0)) for at, value in some]
                if not empty:
                    self.pen.add("path", "chart__limit", title=trail.words, d=f"M{along(places)}")

    def _course(self) -> None:
        for before, dot in zip(self.plot.dots, self.plot.dots[1:], strict=False):
            if dot.joined:
                self.pen.add("line", "chart__line", x1=self._x(before.at), y1=self._y(before.value),
                          x2=self._x(dot.at), y2=self._y(dot.value))  # fmt: skip

    def _marks(self) -> None:
        said = -LETTER
        for mark in self.plot.marks:
            x = self._x(mark.at)
            foot = self.size.foot
            self.pen.add("line", "chart__cut", x1=x, y1=foot - 12, x2=x, y2=foot)
            if x - said >= LETTER:
                self.pen.text(mark.letter, "chart__text", x + 4, foot - 9, title=mark.words)
                said = x

    def _dots(self) -> None:
        dots = self.plot.dots
        many = len(dots) > DENSE
        for n, dot in enumerate(dots):
            x, y = self._x(dot.at), self._y(dot.value)
            top = y
            if dot.reach is not None:
                low, top = (self._y(self._held(one)) for one in dot.reach)
                self.pen.add("line", "chart__line", x1=x, y1=low, x2=x, y2=top)
            look = "chart__dot--sure" if dot.filled else "chart__dot"
            if dot.ringed:
                self.pen.add("circle", "chart__ring", cx=x, cy=y, r=6.0 if many else 10.0)
            shape, where = shaped(dot.shape, x, y, 0.45 if many else 1.0)
            self.pen.add(shape, look, title="" if many else dot.words, point=n, **where)
            if self._numbered(n):
                self.pen.text(
                    self._called(dot.value), "chart__number", x, self._number_at(dot), "middle"
                )
