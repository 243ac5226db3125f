"""Which figures may be shown, so that nothing tells of a few people or of one colleague. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from rapport.science.suppression import suppressed

from .rules import Tally

CHANGE = ("shown", "treated", "cases")
ENDING = ("ended", "waited")


@dataclass(frozen=True)
class Line:
    """One group, or everybody.

    Attributes:
        shown: its figures about change may be shown.
        treated: the figures by NHS Talking Therapies may be.
        cases: recovery, which is of those at caseness alone, may be.
        ended: how care ended may be.
        waited: how long people waited may be.
    """

    name: str
    tally: Tally
    shown: bool
    treated: bool = False
    cases: bool = False
    ended: bool = False
    waited: bool = False

    @property
    def any(self) -> bool:
        """Whether anything of it may be shown."""
        return any(getattr(self, figure) for figure in (*CHANGE, *ENDING))


@dataclass(frozen=True)
class Seen:
    """What may be shown of groups and of all of them together.

    Attributes:
        groups: by name, whether a group's figures may be shown.
        whole: whether those of all of them may.
    """

    groups: Mapping[str, bool]
    whole: bool


def seen(groups: Mapping[str, Sequence[int]]) -> Seen:
    """Which groups may be shown so that nothing tells of a small one.

    What would be hidden by any of a group's counts is hidden by all of them: a group that is
    hidden for its pairs does not stand there with its clients.

    Args:
        groups: by group, its counts in one order: clients, pairs and so on.
    """
    names = list(groups)
    shown, whole = dict.fromkeys(names, True), bool(names)
    for column in zip(*groups.values(), strict=True):
        found = suppressed(column)
        whole = whole and found.total is not None
        for name, cell in zip(names, found.cells, strict=True):
            shown[name] = shown[name] and cell is not None
    return Seen({name: shown[name] and whole for name in names}, whole)


def counts(tally: Tally) -> dict[str, tuple[int, ...]]:
    """By figure, what it is made of."""
    judged, basic = tally.service, (tally.clients, tally.paired)
    done = judged.completed.numerator if judged is not None else 0
    could = judged.recovery.denominator if judged is not None else 0
    return {
        "shown": basic, "treated": (*basic, done), "cases": (*basic, done, could),
        "ended": (tally.clients, tally.said), "waited": (tally.clients, tally.waited()),
    }  # fmt: skip


def began(groups: Mapping[Any, Tally]) -> dict[Any, tuple[int, ...]]:
    """How many of each band could recover, respond or remit; without bands where nobody can.

    Everybody knows that nobody recovers who began well. So all who recovered, less those of the
    bands that are shown, are those of the hidden bands that are left here, not of all hidden ones.
    """
    return {name: (tally.began,) for name, tally in groups.items() if tally.began}


def lines(
    whole: Tally, groups: Mapping[str, Tally], *, by_band: bool = False
) -> tuple[Line, list[Line]]:
    """Everybody, and each group by name."""
    all_of_it = counts(whole)
    every = {name: counts(tally) for name, tally in groups.items()} or {"": all_of_it}
    found = {figure: seen(_apart(figure, all_of_it, every)) for figure in all_of_it}
    few = seen(began(groups)).groups if by_band else {}

    def line(name: str, tally: Tally) -> Line:
        may = {figure: one.groups[name] and (figure in ENDING or few.get(name, True))
               for figure, one in found.items()}  # fmt: skip
        return Line(name, tally, **may)

    return (
        Line("", whole, **{figure: one.whole for figure, one in found.items()}),
        [line(name, tally) for name, tally in sorted(groups.items())],
    )


Figures = Mapping[str, tuple[int, ...]]


def _apart(figure: str, whole: Figures, every: Mapping[str, Figures]) -> Figures:
    """The counts of each group, and of those who are in none, whom a subtraction would tell."""
    found = {name: figures[figure] for name, figures in every.items()}
    added = [sum(column) for column in zip(*found.values(), strict=True)]
    rest = tuple(a - b for a, b in zip(whole[figure], added, strict=True))
    return found | {"in none": rest} if figure in ENDING and any(rest) else found


Own = Literal["shown", "none", "all", "few"]


def beside(mine: Tally, everybody: Line, *, me: str) -> tuple[Own, Line | None]:
    """Whether one's own clients may stand beside all of them, and their line if so.

    ``few``: there are fewer than ten of one's own, or of the others, or the others are those of
    one colleague, whose figures a subtraction would tell. ``all``: there are no others. It is said
    of the figures about change; the line is there where any figure may be shown.
    """
    whole = everybody.tally
    if not mine.clients:
        return "none", None
    if mine.clients == whole.clients:
        return "all", None
    own, every = counts(mine), counts(whole)
    may = {}
    for figure in own:
        others = tuple(b - a for a, b in zip(own[figure], every[figure], strict=True))
        whose = whole.whom if figure in ENDING else whole.whose
        colleagues = sum(1 for who in whose if who != me)
        told = seen({"mine": own[figure], "others": others}).groups.values()
        may[figure] = all(told) and colleagues > 1 and getattr(everybody, figure)
    line = Line("", mine, **may)
    return ("shown" if line.shown else "few"), line if line.any else None
