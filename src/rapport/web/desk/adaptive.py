"""Adaptive tests of one bank over time as the desk shows them: intervals, and changes opened."""

import uuid
from dataclasses import dataclass, replace
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from rapport.progress.adapting import queries, rules
from rapport.progress.adapting.shells import is_adaptive
from rapport.progress.measures.course import Course, Point
from rapport.web import courses, judging


@dataclass(frozen=True)
class Test:
    """One test: the day, and what came of it."""

    sheet: uuid.UUID
    day: str
    result: queries.Result


@dataclass(frozen=True)
class Change:
    """A change between two tests, opened."""

    title: str
    earlier: queries.Result
    later: queries.Result

    @property
    def change(self) -> rules.Compared:
        """The arithmetic."""
        earlier, later = self.earlier, self.later
        return rules.compared((earlier.t, earlier.t_se), (later.t, later.t_se))

    @property
    def points(self) -> str:
        """The change with its sign."""
        return judging.signed(self.change.points, 1)

    @property
    def z(self) -> str:
        """The index with its sign."""
        return judging.signed(self.change.z, 2)


def shown(by: Any, client: Any, course: Course) -> dict[str, Any]:
    """What a course of adaptive tests shows beside the usual; nothing of any other."""
    if not course.instrument.is_adaptive or not course.points:
        return {}
    sheets = [one.sheet for one in course.points]
    found = queries.results(by=by, client=client, sheets=sheets)
    plot = courses.plot(course)
    dots = zip(course.points, plot.dots, strict=True)
    first = _result(course.first, found)
    drawn = replace(plot, dots=tuple(_reaching(dot, found.get(p.sheet), first) for p, dot in dots))
    tests = [
        Test(one.sheet, courses.day(one.at), found[one.sheet])
        for one in course.points if one.sheet in found
    ]  # fmt: skip
    return {"drawings": courses.drawn(drawn), "tests": tests, "judgements": [],
            "compared": _changes(course, found)}  # fmt: skip


def tell(by: Any, client: Any, rows: list[dict[str, Any]]) -> None:
    """Say of adaptive tests among ``rows`` of sheets, the latest first, what their errors say."""
    mine = [row for row in rows if is_adaptive(row["sheet"].instrument)]
    found: dict[uuid.UUID, queries.Result] = {}
    if mine:
        sheets = [row["sheet"].pk for row in mine]
        found = queries.results(by=by, client=client, sheets=sheets)
    before: dict[str, queries.Result] = {}
    for row in reversed(mine):
        result, name = found.get(row["sheet"].pk), row["sheet"].instrument
        if result is None or row["score"] is None or row["score"].total is None:
            continue
        t, low, high = (
            number_format(round(one, 1), decimal_pos=1)
            for one in (row["score"].total_rounded, *result.interval)
        )
        given = {"t": t, "low": low, "high": high}
        row["said"] = _("T score %(t)s, most likely between %(low)s and %(high)s (95 %%)") % given
        if row["change"] and name in before:
            reliable = Change("", before[name], result).change.reliable
            how = _("more than chance") if reliable else _("within what chance explains")
            row["change"] = f"{row['change']}, {how}"
        before[name] = result


def _result(
    point: Point | None, found: dict[uuid.UUID, queries.Result]
) -> queries.Result | None:  # fmt: skip
    return found.get(point.sheet) if point is not None else None


def _reaching(dot: Any, result: queries.Result | None, first: queries.Result | None) -> Any:
    """A dot with its interval; filled where it differs from the first by more than error."""
    if result is None:
        return dot
    beyond = first is not None and Change("", first, result).change.reliable
    return replace(dot, reach=result.interval, filled=beyond and dot.shape != "square")


def _changes(course: Course, found: dict[uuid.UUID, queries.Result]) -> list[Change]:
    """The latest against the first, and against the one before."""
    last, first = course.last, course.first
    later = _result(last, found)
    if last is None or later is None or not last.current:
        return []
    made = []
    before = course.points[-2] if len(course.points) > 1 else None
    titles = (
        (first, _("Since %(day)s, the first score")), (before, _("Since %(day)s, the one before")),
    )  # fmt: skip
    for n, (point, title) in enumerate(titles):
        earlier = _result(point, found)
        if point is None or earlier is None or point == last or (n and point == first):
            continue
        if point.current:
            made.append(Change(title % {"day": courses.day(point.at)}, earlier, later))
    return made
