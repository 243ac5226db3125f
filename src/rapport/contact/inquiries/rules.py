"""Stages, days and figures of inquiries. Pure: no database, no clock, no Django."""

import re
from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from rapport.people.clients.rules import fold, plainer, sounding

OPEN = ("NEW", "CALLED", "CONSULTATION", "FIT", "OFFERED")
"""Stages in which somebody still waits for something, in their usual order."""

MONTHS = 6  # that an inquiry is kept after its last contact
FEWEST, MOST = 1, 120  # months a practice may choose
NAMES = 20  # that one conflict check takes
ANSWERS = frozenset({"SPOKE", "MESSAGE", "WROTE"})
"""Lines of the log by which somebody was answered; a call that reached nobody is none."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def next_stage(stage: str) -> str | None:
    """The open stage that usually follows; None after the last, and where nothing is open."""
    if stage not in OPEN[:-1]:
        return None
    return OPEN[OPEN.index(stage) + 1]


def add_months(day: date, months: int) -> date:
    """The same day so many months later; the month's last where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


DAY = timedelta(days=1)
Works = Callable[[date], bool]
"""Whether a day is a working day; of any fourteen days one must be."""


def answer_by(received: date, days: int, works: Works) -> date:
    """The last day in time: so many working days after the day it came, which is not counted."""
    return _counted(received, days, works, DAY)


def oldest_in_time(today: date, days: int, works: Works) -> date:
    """What came on this day can still be answered in time today; what came before cannot."""
    return _counted(today, days, works, -DAY)


def _counted(day: date, days: int, works: Works, step: timedelta) -> date:
    while days > 0:
        day += step
        days -= works(day)
    return day


def in_time(by: date, answered: date | None, over: date | None, today: date) -> bool | None:
    """Whether an inquiry was answered in time; None while that is open, or nobody had to.

    Args:
        by: the last day in time. over: when it was closed without an answer.
    """
    if answered is not None:
        return answered <= by
    return False if (over or today) > by else None


def minutes_between(start: datetime, end: datetime | None) -> int | None:
    """Whole minutes from one instant to another, never negative; None while there is no end."""
    return None if end is None else max(0, int((end - start).total_seconds() // 60))


def names_in(text: str) -> list[str]:
    """Names written one a line, in order, each once; what holds no letter is left out."""
    lines = (re.sub(r"\s+", " ", line).strip() for line in text.splitlines())
    return list({fold(line): line for line in lines if fold(line)}.values())


def same_person(typed: str, name: str) -> bool:
    """Whether ``typed`` may be the person called ``name``.

    Every typed word is a word of the name, as spelled or as it sounds; a single word has to
    be the whole name, or every Maria would be everybody.
    """
    wanted, held = _heard(typed), _heard(name)
    if len(wanted) < 2:
        return bool(wanted) and wanted == held
    return all(word in held for word in wanted)


def _heard(name: str) -> list[str]:
    return [sounding(word) for word in plainer(fold(name)).split()]


@dataclass(frozen=True)
class Fact:
    """What the numbers know of one inquiry.

    Args:
        month: its first day. minutes: to the first answer, None while there is none.
        in_time: whether that came in time, None where nothing was promised or it is open.
    """

    month: date
    source: str
    referrer: str
    started: bool
    minutes: int | None
    in_time: bool | None = None


@dataclass(frozen=True)
class Line:
    """Figures of the inquiries that share a key."""

    key: tuple[str, ...]
    received: int
    started: int
    minutes: float | None  # median to the first answer, of those that were answered
    in_time: int = 0  # of those that were to be answered
    promised: int = 0  # how many those are


def counted(facts: Iterable[Fact], key: Callable[[Fact], tuple[str, ...]]) -> list[Line]:
    """One line a key, in the order of the keys."""
    groups: dict[tuple[str, ...], list[Fact]] = defaultdict(list)
    for fact in facts:
        groups[key(fact)].append(fact)
    return [_line(name, groups[name]) for name in sorted(groups)]


def _line(key: tuple[str, ...], facts: list[Fact]) -> Line:
    waited = [fact.minutes for fact in facts if fact.minutes is not None]
    judged = [fact.in_time for fact in facts if fact.in_time is not None]
    return Line(
        key, len(facts), sum(fact.started for fact in facts), median(waited) if waited else None,
        sum(judged), len(judged),
    )  # fmt: skip


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.lstrip(" \n\u00a0\ufeff").startswith(_FORMULA) else cell
