"""A client's own items over time as pages show them: drawn, read by keyboard, and as a table."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from rapport.core import time as clock
from rapport.progress.measures.course import GAP, Course
from rapport.progress.own import series

from . import chart, courses


@dataclass(frozen=True)
class Answer:
    """What was answered to an item on one sheet."""

    sheet: Any
    shown: int


@dataclass(frozen=True)
class Row:
    """One line of the table: the same as the dot with the same number says."""

    point: Answer
    day: str
    said: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Shown:
    """One item, its rows the oldest first.

    Attributes:
        name: the beginning of the text. dropped: it is asked no more.
    """

    text: str
    name: str
    dropped: bool
    plot: chart.Plot
    drawings: list[str]
    rows: list[Row]


def of_course(by: Any, client: Any, course: Course) -> list[Shown]:
    """The items of a course that is one client's own; none of any other."""
    name = course.item.id
    found = series.of(by=by, client=client, instruments=[name]).get(name, [])
    return [_shown(one, plot := _plot(one), courses.drawn(plot)) for one in found if one.points]


def beside(found: Iterable[series.Series], whole: chart.Plot) -> list[Shown]:
    """Items on the axis of time of ``whole``, with what happened meanwhile."""
    shown = []
    for one in found:
        own = _plot(one)
        plot = replace(
            whole, words=own.words, lowest=own.lowest, highest=own.highest, dots=own.dots,
            bands=(), lines=(), turns=(), expected=None,
        )  # fmt: skip
        drawings = [chart.draw(plot, size=size, say=courses.short_day)
                    for size in (chart.ROW, chart.NARROW_ROW)]  # fmt: skip
        shown.append(_shown(one, plot, drawings))
    return shown


def latest(one: Shown) -> str:
    """What an item came to, in a sentence."""
    first, last = one.rows[0], one.rows[-1]
    if len(one.rows) == 1:
        return _("Answered once, on %(day)s: %(last)s.") % {"day": last.day, "last": last.said}
    given = {"first": first.point.shown, "before": first.day, "last": last.said, "day": last.day}
    return _("%(first)s on %(before)s; on %(day)s %(last)s.") % given


def _shown(one: series.Series, plot: chart.Plot, drawings: list[str]) -> Shown:
    rows = [
        Row(Answer(sheet, number), courses.day(at), _said(one, number))
        for sheet, at, number in one.points
    ]
    return Shown(one.text, one.text[:80], one.dropped, plot, drawings, rows)


def _said(one: series.Series, number: int) -> str:
    return _("%(number)s, from %(low)s to %(high)s") % {
        "number": number, "low": one.low, "high": one.high}  # fmt: skip


def _plot(one: series.Series) -> chart.Plot:
    before: Any = None
    dots: list[chart.Dot] = []
    for _sheet, at, number in one.points:
        joined = before is not None and at - before <= GAP
        words = _("%(day)s: %(number)s") % {"day": courses.day(at), "number": number}
        dots.append(chart.Dot(clock.local(at), number, words, joined=joined))
        before = at
    last = _("%(item)s: the latest is %(number)s.") % {
        "item": one.text[:80], "number": one.points[-1][2]}  # fmt: skip
    return chart.Plot(words=last, lowest=one.low, highest=one.high, dots=tuple(dots))
