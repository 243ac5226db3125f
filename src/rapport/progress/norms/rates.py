"""How often two scales lie so far apart in a norm sample: read from a file, looked up. Pure."""

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from .rules import Fault, number_in

COLUMNS = ("scale", "other", "points", "percent")
MOST = 400


class Rate(NamedTuple):
    """How many per cent of the norm sample have scales at least so far apart.

    Attributes:
        exact: of just this difference; else of the next smaller one that the table has, so that
            it is so many at most.
    """

    percent: float
    exact: bool
    line: int


def read(
    lines: Iterable[tuple[int, Sequence[str]]], scales: Sequence[str]
) -> tuple[list[dict[str, Any]], list[Fault]]:
    """Rates out of their lines, the names of the columns first, and what is wrong with them.

    Args:
        scales: of the norm table they belong to.

    Returns:
        Rows of ``line``, ``scale``, ``other``, ``points`` of the table's own standard score in
        either direction, and ``percent``.
    """
    given = iter(lines)
    number, header = next(given, (1, ()))
    names = [one.strip().lower() for one in header]
    faults = [Fault(number, one, "column_missing") for one in COLUMNS if one not in names]
    faults += [Fault(number, one, "column_unknown") for one in names if one not in COLUMNS]
    rows: list[dict[str, Any]] = []
    for line, cells in () if faults else given:
        if len(rows) == MOST:
            faults.append(Fault(line, "", "lines", str(MOST)))
            break
        if len(cells) != len(names):
            faults.append(Fault(line, "", "cells", str(len(names))))
            continue
        row, wrong = _row(line, dict(zip(names, cells, strict=True)), scales)
        rows.append(row)
        faults += wrong
    if not rows and not faults:
        faults.append(Fault(number, "", "empty"))
    return rows, faults or _together(rows)


def _row(
    line: int, cells: Mapping[str, str], scales: Sequence[str]
) -> tuple[dict[str, Any], list[Fault]]:
    pair = {name: " ".join(cells[name].split()) for name in ("scale", "other")}
    wrong = [Fault(line, name, "rate_scale") for name, one in pair.items() if one not in scales]
    if pair["scale"] == pair["other"]:
        wrong.append(Fault(line, "other", "rate_same"))
    points, percent = number_in(cells["points"]), number_in(cells["percent"])
    if points is None or points <= 0:
        wrong.append(Fault(line, "points", "rate_points"))
    if percent is None or not 0 <= percent <= 100:
        wrong.append(Fault(line, "percent", "rate_percent"))
    return {"line": line, **pair, "points": points, "percent": percent}, wrong


def _together(rows: Sequence[Mapping[str, Any]]) -> list[Fault]:
    """Lines that contradict each other: a larger difference is never found more often."""
    pairs: dict[frozenset[str], list[Mapping[str, Any]]] = {}
    for row in rows:
        pairs.setdefault(frozenset((row["scale"], row["other"])), []).append(row)
    return [
        Fault(after["line"], "percent", "rates_order", str(before["line"]))
        for steps in pairs.values()
        for before, after in pairwise(sorted(steps, key=lambda row: row["points"]))
        if after["points"] == before["points"] or after["percent"] > before["percent"]
    ]


def between(rates: Iterable[Mapping[str, Any]], one: str, other: str) -> list[Mapping[str, Any]]:
    """Those of two scales, whichever is named first."""
    return [row for row in rates if {row["scale"], row["other"]} == {one, other}]


def look_up(steps: Iterable[Mapping[str, Any]], points: float) -> Rate | None:
    """The rate of a difference among those of one pair; None below the smallest there is.

    Nothing is put between two lines nor beyond the last: what is at least so large is also at
    least as large as the next smaller difference, so that one's share is the most it can be.
    """
    size = round(abs(points), 6)
    below = [row for row in steps if row["points"] <= size]
    if not below:
        return None
    row = max(below, key=lambda one: one["points"])
    return Rate(row["percent"], math.isclose(row["points"], size), row["line"])
