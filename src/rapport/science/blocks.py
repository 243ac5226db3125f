"""Many sheets of one questionnaire at once, for statistics; a single sheet is ``scoring``'s.

The whole result of a row depends on three small numbers: what was added, how many answers are
missing, how many do not apply. So ``scoring`` fills one table, and rows look themselves up.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from rapport.science.scoring import SIGNS, Key, Rule, reckon

MISSING = -1
NOT_APPLICABLE = -2
STATUS = ("scored", "prorated", "not_scorable")
AT_ONCE = 1 << 15  # rows worked on together: they fit a processor's nearest memory

Column = npt.NDArray[np.int8]


class BadBlock(ValueError):
    """A block that is none of this questionnaire."""


@dataclass(frozen=True)
class Scores:
    """One entry a row.

    Attributes:
        total: float64, unrounded; NaN where there is none.
        total_rounded: int16; -1 where there is none.
        status: int8, an index into ``STATUS``.
        band: int8, an index into the bands of the key's total; -1 where there is none.
        risk: int8; 1 raised, 0 not, -1 unknown.
    """

    total: npt.NDArray[np.float64]
    total_rounded: npt.NDArray[np.int16]
    status: npt.NDArray[np.int8]
    band: npt.NDArray[np.int8]
    risk: npt.NDArray[np.int8]


def columns(key: Key) -> tuple[str, ...]:
    """Which item stands in which column of a block: those that count, in the form's order."""
    asked = {rule.item for rule in key.risks} | {skip.when.item for skip in key.skips}
    return tuple(item for item in key.values if item in key.total.items or item in asked)


def score(key: Key, block: npt.NDArray[np.int8]) -> Scores:
    """Score every row.

    Args:
        block: raw answers, shape (rows, ``columns(key)``), int8, -1 unanswered, -2 does not
            apply. Fastest column by column in memory (Fortran order).

    Raises:
        BadBlock: of another shape or type, or with an answer that the form does not have.
    """
    names = columns(key)
    if block.dtype != np.int8 or block.ndim != 2 or block.shape[1] != len(names):
        raise BadBlock(f"a block is int8 and has {len(names)} columns")
    rows = len(block)
    table = _Table(key)
    found = Scores(
        np.empty(rows), np.empty(rows, np.int16), np.empty(rows, np.int8),
        np.empty(rows, np.int8), np.zeros(rows, np.int8),
    )  # fmt: skip
    for start in range(0, rows, AT_ONCE):
        here = slice(start, start + AT_ONCE)
        given = {name: block[here, n] for n, name in enumerate(names)}
        for name, column in given.items():
            _check(key, name, column)
        found.risk[here] = _risk(key.risks, given)
        table.look_up(given, here, found)
    return found


def _check(key: Key, name: str, column: Column) -> None:
    values = key.values[name]
    least = NOT_APPLICABLE if name in key.may_not_apply else MISSING
    fits = column.min() >= least and column.max() <= max(values)
    if fits and sorted(values) != list(range(max(values) + 1)):
        fits = bool(np.isin(column, (*values, MISSING, least)).all())
    if not fits:
        raise BadBlock(f"item {name} has an answer that the form does not have")


def _risk(risks: tuple[Rule, ...], given: dict[str, Column]) -> Any:
    raised: Any = np.int8(0)
    unknown: Any = np.int8(0)
    for rule in risks:
        unanswered = given[rule.item] < 0
        unknown = unknown | unanswered.view(np.int8)
        raised = raised | (_holds(rule, given) & ~unanswered).view(np.int8)
    return raised - (unknown & ~raised)


def _holds(rule: Rule, given: dict[str, Column]) -> Any:
    compare: Any = SIGNS[rule.sign]
    return compare(given[rule.item], np.int8(rule.number))


class _Table:
    """Every total there can be, by what was added, what is missing, what does not apply."""

    def __init__(self, key: Key) -> None:
        self.key = key
        part = key.total
        items = len(part.items)
        self.skipping = bool(key.skips or key.may_not_apply)
        self.width = sum(max(key.points[item].values(), key=_number) for item in part.items) + 1
        self.small = np.int8 if self.width + 2 * items < 127 else np.int16
        bands = {band.name: n for n, band in enumerate(part.bands)}
        every = [
            reckon(part, added, items - skipped - missing, items - skipped)
            for skipped in range(items + 1 if self.skipping else 1)
            for missing in range(items + 1)
            for added in range(self.width)
        ]
        self.total = np.array([np.nan if one.total is None else one.total for one in every])
        self.total_rounded = np.array(
            [-1 if one.total_rounded is None else one.total_rounded for one in every], np.int16
        )
        self.status = np.array([STATUS.index(one.status) for one in every], np.int8)
        self.band = np.array([bands.get(one.band or "", -1) for one in every], np.int8)
        self.missing_step = self.width
        self.skipped_step = self.width * (items + 1)

    def look_up(self, given: dict[str, Column], here: slice, found: Scores) -> None:
        rows = self._rows(self._points(given))
        for name in ("total", "total_rounded", "status", "band"):
            np.take(getattr(self, name), rows, out=getattr(found, name)[here], mode="clip")

    def _points(self, given: dict[str, Column]) -> list[Column]:
        """The columns that are added up, turned round and with what may be skipped marked."""
        points = dict(given)
        for skip in self.key.skips:
            holds = _holds(skip.when, given) & (given[skip.when.item] >= 0)
            for item in skip.items:
                left_out = holds & (points[item] == MISSING)
                points[item] = np.where(left_out, np.int8(NOT_APPLICABLE), points[item])
        for item in self.key.reverse & points.keys():
            values = self.key.values[item]
            turned = np.int8(min(values) + max(values)) - points[item]
            points[item] = np.where(points[item] < 0, points[item], turned)
        return [points[item] for item in self.key.total.items]

    def _rows(self, points: list[Column]) -> Any:
        added = np.zeros(len(points[0]), self.small)
        missing = np.zeros(len(points[0]), np.int8)
        skipped = np.zeros(len(points[0]), np.int8)
        for column in points:
            added += column
            missing += (column == MISSING).view(np.int8)
            if self.skipping:
                skipped += (column == NOT_APPLICABLE).view(np.int8)
        added += missing  # each counted as -1
        added += 2 * skipped
        rows = added.astype(np.intp)
        rows += self.missing_step * missing.astype(np.intp)
        if self.skipping:
            rows += self.skipped_step * skipped.astype(np.intp)
        return rows


def _number(points: Any) -> int:
    return points if isinstance(points, int) else -1
