"""When something is asked the next time, and what a result calls for. Pure."""

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

MORNING = time(9)
"""When what is due on a day is asked."""
SESSIONS = (4, 6, 8, 10, 12, 20)
"""After how many sessions a review may be asked."""
WEEKS_AFTER = (4, 6, 13, 26, 39, 52, 78, 104)
"""How many weeks after care has ended a follow-up may be asked; 13 are three months."""
AFTER_DAYS = (0, 1, 3, 7, 14)
"""How many days after a result another questionnaire may be asked."""
APART = timedelta(days=7)
"""A rule asks a client no more than once in this time, whatever the results say."""
OLD = timedelta(days=14)
"""An answer older than this calls for nothing any more: it was entered late."""
LATE = timedelta(days=28)
"""Care that began longer ago than this is asked nothing for its beginning."""

OPEN_DAYS = {"INTAKE": 28, "DISCHARGE": 28, "FOLLOW_UP": 28, "REVIEW": 14, "DATE": 14, "MONTH": 14}
"""For how many days it can be answered, by the occasion; otherwise seven."""


def open_for(occasions: Iterable[str]) -> timedelta:
    """How long what is asked together can be answered: as long as the longest of them."""
    return timedelta(days=max((OPEN_DAYS.get(one, 7) for one in occasions), default=7))


def morning(day: date, zone: Any) -> datetime:
    """The instant at which what is due on ``day`` is asked, by the clock of ``zone``."""
    return datetime.combine(day, MORNING, tzinfo=zone)


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or its last where the month is shorter."""
    over = day.month - 1 + months
    year, month = day.year + over // 12, over % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def next_month(*, first: date, after: date) -> date:
    """The first day after ``after`` that is a whole number of months from ``first``.

    Counted from the first day each time: asked on the 31st, it stays the last of the month.
    """
    months = max(1, (after.year - first.year) * 12 + after.month - first.month)
    found = months_later(first, months)
    return found if found > after else months_later(first, months + 1)


# What a result calls for ------------------------------------------------------------------

Kind = Literal["band", "cutoff", "risk", "item"]
KINDS: tuple[Kind, ...] = ("band", "cutoff", "risk", "item")


@dataclass(frozen=True)
class Condition:
    """What a result must be: written ``band:severe``, ``cutoff``, ``risk:self-harm``,
    ``item:9:1``.

    Attributes:
        name: of the band, the risk or the item. least: the smallest answer that counts.
    """

    kind: Kind
    name: str = ""
    least: int = 0

    @classmethod
    def read(cls, written: str) -> "Condition":
        """The condition that is written so.

        Raises:
            ValueError: none is.
        """
        kind, _, rest = written.partition(":")
        if kind == "cutoff" and not rest:
            return cls("cutoff")
        if kind in ("band", "risk") and rest:
            return cls("band" if kind == "band" else "risk", rest)
        name, _, least = rest.rpartition(":")
        if kind == "item" and name and least.isdecimal():
            return cls("item", name, int(least))
        raise ValueError(f"{written[:40]!r} is no condition")

    def holds(
        self, *, band: str, above: bool | None, answers: Mapping[str, Any], dangers: Iterable[str],
        worse: Sequence[str],
    ) -> bool:  # fmt: skip
        """Whether a result is like that. What is not known calls for nothing.

        Args:
            above: whether the cut-off is reached. dangers: risks the answers raise.
            worse: the bands of the questionnaire, the worst last.
        """
        if self.kind == "cutoff":
            return above is True
        if self.kind == "risk":
            return self.name in dangers
        if self.kind == "item":
            answer = answers.get(self.name)
            return isinstance(answer, int) and answer >= self.least
        known = self.name in worse and band in worse
        return known and worse.index(band) >= worse.index(self.name)


def goes_round(edges: Iterable[tuple[str, str]], new: tuple[str, str]) -> list[str]:
    """The way from what ``new`` asks back to what it begins with; empty where there is none.

    Args:
        edges: what asks for what already. new: the one that is to come; one that asks for
            itself again is no circle: it is asked once a week at most.
    """
    start, then = new
    if start == then:
        return []
    after: dict[str, set[str]] = {}
    for one, other in edges:
        after.setdefault(one, set()).add(other)
    ways, seen = [[then]], {then}
    while ways:
        way = ways.pop()
        for other in sorted(after.get(way[-1], ())):
            if other == start:
                return [start, *way, start]
            if other not in seen:
                seen.add(other)
                ways.append([*way, other])
    return []
