"""What may be shown of a view that was narrowed, so that no two views give a few people away. Pure.

Who sees everybody and then one problem alone has seen the rest too, by subtraction. So what is
narrowed down to is shown where it would be as a cell of a table, with all that stands beside it.
A quarter of a year is narrowed down to as a problem is.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from functools import cache
from itertools import combinations
from typing import Any

from rapport.science.suppression import suppressed

from .rules import Tally
from .showing import CHANGE, ENDING, Line, began, counts

NARROWED = ("problem", "modality", "band")
TIME = "time"
Made = Callable[[Any], tuple[Tally, Tally, Mapping[str, Tally]]]
"""What is asked for, as everybody, one's own, and groups."""
Key = tuple[str, ...]
Cells = Mapping[Key, tuple[int, ...]]


def narrowed(
    asked: Any, everybody: Line, groups: Iterable[Line], *, made: Made
) -> tuple[Line, list[Line]]:
    """The same lines without what other views would give away with them.

    Args:
        asked: a ``queries.Asked``.
    """
    values = {name: getattr(asked, name) for name in NARROWED if getattr(asked, name)}
    if not asked.partial:
        return everybody, list(groups)
    names = [name for name in NARROWED if name in values or name == asked.by]
    wide = replace(asked, **dict.fromkeys(values, ""), by=" ".join(names))
    cells = _over_time(wide, made)
    if asked.beside:
        names, values = [TIME, *names], {TIME: str(asked.since), **values}
    told = {figure: _cells(cells, figure, names) for figure in (*CHANGE, *ENDING)}
    few = began(cells)

    @cache
    def gone(figure: str, places: tuple[int, ...]) -> frozenset[Key]:
        banded = figure in CHANGE and "band" in (names[n] for n in places)
        return hidden(told[figure], places) | (hidden(few, places) if banded else frozenset())

    def seen(line: Line, known: Mapping[str, str]) -> Line:
        at = [n for n, name in enumerate(names) if name in known]
        key = tuple(known[names[n]] for n in at)
        may: dict[str, Any] = {
            figure: getattr(line, figure) and all(
                _place(key, at, places) not in gone(figure, places)
                for size in range(1, len(at) + 1) for places in combinations(at, size)
            )
            for figure in told
        }  # fmt: skip
        return replace(line, **may)

    whole = seen(everybody, values)
    found = [seen(line, values | {asked.by: line.name}) for line in groups] if asked.by else []
    return whole, found


def _over_time(wide: Any, made: Made) -> dict[Key, Tally]:
    """The cells of each stretch of time that may be taken from their sum, or of the one there is;
    before each key the first day, where there are more of them. Where nobody's care ended, there
    is nobody to tell of."""
    cells: dict[Key, Tally] = {}
    for since, until in wide.beside or ((wide.since, wide.until),):
        whole, _mine, groups = made(replace(wide, since=since, until=until))
        at = (str(since),) if wide.beside else ()
        found = groups if wide.by else {"": whole} if whole.clients else {}
        cells |= {(*at, *(name.split(" ") if wide.by else ())): one for name, one in found.items()}
    return cells


def _cells(cells: Mapping[Key, Tally], figure: str, names: list[str]) -> Cells:
    """What a figure is made of; without a first score nobody is in a figure about change."""
    band = names.index("band") if "band" in names else None
    return {
        key: counts(tally)[figure] for key, tally in cells.items()
        if figure in ENDING or band is None or key[band]
    }  # fmt: skip


def _place(key: Key, at: Collection[int], places: Collection[int]) -> Key:
    return tuple(value for n, value in zip(at, key, strict=True) if n in places)


def hidden(cells: Cells, places: Collection[int]) -> frozenset[Key]:
    """Which cells of a table by ``places`` of the keys are not shown: small ones, and in each row
    and each column as many others as it takes.

    Rows and columns are looked at in turn until nothing more is hidden. That protects against
    taking shown cells from a total; it is no proof against whoever solves for all of them at once.
    """
    table: dict[Key, tuple[int, ...]] = {}
    for key, some in cells.items():
        place = tuple(key[n] for n in places)
        table[place] = tuple(map(sum, zip(table.get(place, (0,) * len(some)), some, strict=True)))
    gone: set[Key] = set()
    before = -1
    while len(gone) > before:
        before = len(gone)
        for axis in range(len(places)):
            rows: dict[Key, list[Key]] = defaultdict(list)
            for key in table:
                rows[key[:axis] + key[axis + 1 :]].append(key)
            for row in rows.values():
                gone |= _hidden(row, table, gone)
    return frozenset(gone)


def _hidden(row: list[Key], table: Cells, gone: set[Key]) -> set[Key]:
    also = [n for n, key in enumerate(row) if key in gone]
    return {
        key for column in zip(*(table[key] for key in row), strict=True)
        for key, cell in zip(row, suppressed(column, also=also).cells, strict=True) if cell is None
    }  # fmt: skip
