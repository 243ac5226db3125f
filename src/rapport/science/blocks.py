"""Many sheets of one questionnaire at once, for statistics; a single sheet is ``scoring``'s.

The whole result of a row depends on three small numbers: what was added, how many answers are
missing, how many do not apply. So ``scoring`` fills one table, and rows look themselves up.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from rapport.science.scoring import SIGNS, Key, Rule, Total, reckon

MISSING = -1
NOT_APPLICABLE = -2
STATUS = ("scored", "prorated", "not_scorable")
AT_ONCE = 1 << 17  # rows worked on together: few calls, and most of it in a processor's cache

Column = npt.NDArray[np.int8]
Block = npt.NDArray[np.int8]  # of two dimensions


class BadBlock(ValueError):
    """A block that is none of this questionnaire."""


@dataclass(frozen=True)
class Scores:
    """One entry a row.

    Attributes:
        total: float64, unrounded; NaN where there is none.
        total_rounded: int16; -1 where there is none. In steps of the key's last decimal: 125
            for 12.5 where totals have one.
        status: int8, an index into ``STATUS``.
        band: int8, an index into the bands of the key's total; -1 where there is none.
        risk: int8; 1 raised, 0 not, -1 unknown.
    """

    total: npt.NDArray[np.float64]
    total_rounded: npt.NDArray[np.int16]
    status: npt.NDArray[np.int8]
    band: npt.NDArray[np.int8]
    risk: npt.NDArray[np.int8]


_ROW = np.dtype(
    [("total", np.float64), ("total_rounded", np.int16), ("status", np.int8), ("band", np.int8)],
    align=True,  # 16 bytes, which a processor fetches at once
)


def columns(key: Key) -> tuple[str, ...]:
    """Which item stands in which column of a block: those that count, in the form's order."""
    asked = {rule.item for rule in key.risks}
    asked |= {rule.item for skip in key.skips for rule in (skip.when, *skip.also)}
    return tuple(item for item in key.values if item in key.total.items or item in asked)


def score(key: Key, block: npt.NDArray[np.int8]) -> Scores:
    """Score every row, of people of whom no fact is known; what stands beside a total is left out.

    Args:
        block: raw answers, shape (rows, ``columns(key)``), int8, -1 unanswered, -2 does not
            apply. Fastest column by column in memory (Fortran order).

    Raises:
        BadBlock: of another shape or type, or with an answer that the form does not have; or
            the form has no single total, or one that is no plain sum or mean.
    """
    if not (key.total.items and key.total.plain):
        raise BadBlock("a block needs one total that is a sum or a mean; score sheet by sheet")
    names = columns(key)
    if block.dtype != np.int8 or block.ndim != 2 or block.shape[1] != len(names):
        raise BadBlock(f"a block is int8 and has {len(names)} columns")
    rows = len(block)
    table, limits = _Table(key), [_limit(key, name) for name in names]
    found, risk = np.empty(rows, _ROW), np.zeros(rows, np.int8)
    for start in range(0, rows, AT_ONCE):
        here = slice(start, start + AT_ONCE)
        sheets = block[here].T
        given = dict(zip(names, sheets, strict=True))
        left_out = _left_out(key, given)
        points = _checked(limits, sheets)
        if not table.as_they_are:
            points = iter(table.points(dict(zip(names, points, strict=True)), left_out))
        places = table.places(points, sheets.shape[1])
        np.take(table.rows, places, out=found[here], mode="clip")
        if key.risks:
            _risk(key.risks, _filled(key, given, left_out), risk[here])
    named = {name: found[name] for name in _ROW.names or ()}
    return Scores(**named, risk=risk)


class _Limit(NamedTuple):
    """What an item may be answered with; ``known`` where not every number between is one."""

    name: str
    least: int
    most: int
    known: tuple[int, ...]


def _limit(key: Key, name: str) -> _Limit:
    values = key.values[name]
    least = NOT_APPLICABLE if name in key.may_not_apply else MISSING
    every = sorted(values) == list(range(max(values) + 1))
    return _Limit(name, least, max(values), () if every else (*values, MISSING, least))


def _checked(limits: list[_Limit], columns: Block) -> Iterator[Column]:
    """Each column once it was looked at; whoever adds it up next finds it in the nearer cache."""
    for (name, least, most, known), column in zip(limits, columns, strict=True):
        # twice as quick to begin as the array's own min and max, and begun for every column
        fits = np.minimum.reduce(column, initial=0) >= least
        fits = fits and np.maximum.reduce(column, initial=0) <= most
        if not fits or (known and not np.isin(column, known).all()):
            raise BadBlock(f"item {name} has an answer that the form does not have")
        yield column


def _left_out(key: Key, given: dict[str, Column]) -> list[tuple[str, bool, Any]]:
    """Items that need no answer, whether they count as the lowest, and in which rows."""
    found = []
    for skip in key.skips:
        holds: Any = np.True_
        for rule in (skip.when, *skip.also):
            holds = holds & _holds(rule, given) & (given[rule.item] >= 0)
        found += [(item, skip.lowest, holds) for item in skip.items if item in given]
    return found


def _filled(
    key: Key, given: dict[str, Column], left_out: list[tuple[str, bool, Any]]
) -> dict[str, Column]:
    filled = dict(given)
    for item, lowest, holds in left_out:
        if lowest:
            unanswered = holds & (filled[item] == MISSING)
            filled[item] = np.where(unanswered, np.int8(min(key.values[item])), filled[item])
    return filled


def _risk(risks: tuple[Rule, ...], given: dict[str, Column], risk: Column) -> None:
    """Write into ``risk`` whether a rule holds; -1 where none does and one cannot be judged."""
    gone = [given[rule.item] < 0 for rule in risks]
    raised = reduce(or_, (_holds(rule, given) > one for rule, one in zip(risks, gone, strict=True)))
    np.subtract(raised.view(np.int8), (reduce(or_, gone) > raised).view(np.int8), out=risk)


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
        self.grain = 10**part.decimals
        self.width = sum(max(key.points[item].values(), key=_number) for item in part.items) + 1
        self.small: Any = np.int8 if self.width + 2 * items < 127 else np.int16
        self.in_eight_bits = not self.skipping and self.width * items < 1 << 8
        changed = key.skips or key.reverse or key.worth
        self.as_they_are = columns(key) == part.items and not changed
        bands = {band.name: n for n, band in enumerate(part.bands)}
        # without skipping whatever lies behind the table misses too many, as its last row does
        most = items if self.skipping else min(items, part.max_missing + 1)
        every = [
            reckon(part, added, items - skipped - missing, items - skipped)
            for skipped in range(items + 1 if self.skipping else 1)
            for missing in range(most + 1)
            for added in range(self.width)
        ]
        self.rows = np.array([self._row(one, bands) for one in every], _ROW)
        cases = self.width * (items + 1) * (items + 1 if self.skipping else 1)
        self.wide: Any = np.int16 if cases < 1 << 15 else np.int32
        self.missing_step = self.wide(self.width)
        self.skipped_step = self.wide(self.width * (items + 1))

    def _row(self, one: Total, bands: dict[str, int]) -> tuple[float, int, int, int]:
        if one.total is None or one.total_rounded is None:
            return np.nan, -1, STATUS.index(one.status), -1
        band = bands.get(one.band or "", -1)
        rounded = round(one.total_rounded * self.grain)
        return one.total, rounded, STATUS.index(one.status), band

    def points(
        self, given: dict[str, Column], left_out: list[tuple[str, bool, Any]]
    ) -> list[Column]:
        """The columns that are added up, turned round and with what may be skipped marked."""
        points = _filled(self.key, given, left_out)
        for item, lowest, holds in left_out:
            if not lowest:
                unasked = holds & (points[item] == MISSING)
                points[item] = np.where(unasked, np.int8(NOT_APPLICABLE), points[item])
        for item in self.key.reverse & points.keys() - self.key.worth.keys():
            values = self.key.values[item]
            turned = np.int8(min(values) + max(values)) - points[item]
            points[item] = np.where(points[item] < 0, points[item], turned)
        for item in self.key.worth.keys() & points.keys():
            counts = self.key.points[item]
            worth = np.arange(MISSING, max(self.key.values[item]) + 1, dtype=np.int8)
            worth = np.array([counts.get(int(one), MISSING) for one in worth], np.int8)
            points[item] = np.where(points[item] < 0, points[item], worth[points[item] + 1])
        return [points[item] for item in self.key.total.items]

    def places(self, points: Iterable[Column], size: int) -> npt.NDArray[np.intp]:
        """Which row of the table is each sheet's; behind its end is the last one."""
        if self.in_eight_bits:
            return self._places_in_eight_bits(points, size)
        added, hit = np.zeros(size, self.small), np.empty(size, np.bool_)
        missing, skipped = np.zeros(size, np.int8), np.zeros(size, np.int8)
        for column in points:
            added += column
            missing += np.equal(column, MISSING, out=hit).view(np.int8)
            if self.skipping:
                skipped += np.equal(column, NOT_APPLICABLE, out=hit).view(np.int8)
        added += missing  # each was added as -1
        rows = missing.astype(self.wide)
        rows *= self.missing_step
        rows += added
        if self.skipping:
            rows += 2 * skipped  # each was added as -2
            rows += skipped.astype(self.wide) * self.skipped_step
        return rows.astype(np.intp)

    def _places_in_eight_bits(self, points: Iterable[Column], size: int) -> npt.NDArray[np.intp]:
        """The same, a missing answer counted as one step: it is 255 without a sign."""
        step = np.full(size, self.width, np.uint8)  # one number alone compares slowly
        added, counts = np.zeros(size, np.uint8), np.empty(size, np.uint8)
        for column in points:
            added += np.minimum(column.view(np.uint8), step, out=counts)
        return added.astype(np.intp)


def _number(points: Any) -> int:
    return points if isinstance(points, int) else -1
