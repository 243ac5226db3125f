"""A client's own items over time as a page shows them: drawn, and as a table."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from rapport.core import time as clock
from rapport.progress.measures.course import GAP, Course
from rapport.progress.own import series
from rapport.web import chart, courses


@dataclass(frozen=True)
class Shown:
    """One item: drawn wide and narrow, and its rows (sheet, day, number), the oldest first."""

    text: str
    dropped: bool
    drawings: list[str]
    rows: list[tuple[Any, str, int]]


def of(by: Any, client: Any, course: Course) -> list[Shown]:
    """The items of a course that is one client's own; none of any other."""
    found = series.of(by=by, client=client, instrument=course.item.id)
    return [_shown(one) for one in found if one.points]


def _shown(one: series.Series) -> Shown:
    rows = [(sheet, courses.day(at), number) for sheet, at, number in one.points]
    before: Any = None
    dots: list[chart.Dot] = []
    for (_sheet, at, number), (_pk, day, _n) in zip(one.points, rows, strict=True):
        joined = before is not None and at - before <= GAP
        words = _("%(day)s: %(number)s") % {"day": day, "number": number}
        dots.append(chart.Dot(clock.local(at), number, words, joined=joined))
        before = at
    last = _("%(item)s: the latest is %(number)s.") % {"item": one.text[:80], "number": rows[-1][2]}
    plot = chart.Plot(
        words=last, lowest=one.low, highest=one.high, dots=tuple(dots), bands=(), lines=(), marks=()
    )  # fmt: skip
    return Shown(one.text, one.dropped, courses.drawn(plot), rows)
