"""Which days may be answered, what an answer may be, and how answers lie in time. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise
from statistics import fmean

MOST_QUESTIONS, MOST_TIMES, MOST_PHASES, MOST_PAUSES = 8, 3, 12, 50
LONGEST, SHORT = 200, 60  # letters of a question, and of the words at its ends
HIGHEST = {"RATING": 10, "COUNT": 999, "YES_NO": 1}
LATE_UNTIL = 12  # o'clock, until which the day before may still be filled in
DAY = timedelta(days=1)
WAITED = timedelta(days=30)
"""How long answers may wait on a device without a network before they are sent."""
STEP = 0.25
"""Of a day, between two times of one day: so that the night is the widest gap of up to three."""


@dataclass(frozen=True)
class Pause:
    """Days on which nobody is asked.

    Attributes:
        back_on: the first day that is asked again; None: that is not known yet.
    """

    from_on: date
    back_on: date | None

    def holds(self, on: date) -> bool:
        """Whether a day lies in it."""
        return self.from_on <= on and (self.back_on is None or on < self.back_on)

    def meets(self, other: "Pause") -> bool:
        """Whether both have a day in common."""
        return self.holds(other.from_on) or other.holds(self.from_on)


def open_days(
    now: datetime, first: date, last: date | None, pauses: Sequence[Pause] = ()
) -> list[date]:
    """The days that may be filled in at ``now``, the latest first: today, and until noon yesterday.

    Args:
        now: on the practice's clock.
        first, last: of what is asked; None: without an end.
    """
    today = now.date()
    days = [today] if now.hour >= LATE_UNTIL else [today, today - DAY]
    return [day for day in days if first <= day and (last is None or day <= last)
            and not any(one.holds(day) for one in pauses)]  # fmt: skip


def may_arrive(on: date, *, today: date, first: date, last: date | None) -> bool:
    """Whether answers for a day, which waited on a device, are still taken. A pause refuses
    none: it may have been set while they waited."""
    return max(first, today - WAITED) <= on <= min(today, last or today)


def paused_days(pauses: Iterable[Pause], first: date, last: date) -> set[date]:
    """The days from ``first`` to ``last``, both included, that lie in a pause."""
    every = (first + n * DAY for n in range((last - first).days + 1))
    held = list(pauses)
    return {day for day in every if any(one.holds(day) for one in held)}


def fits(kind: str, value: object) -> bool:
    """Whether ``value`` can be an answer to a question of this kind."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= HIGHEST[kind]


@dataclass(frozen=True)
class Point:
    """One answer.

    Attributes:
        number: which time it was asked, counted from the first.
        joined: the time before was answered, too.
    """

    on: date
    slot: int
    value: int
    number: int
    joined: bool


def points(answers: Iterable[tuple[date, int, int]], first: date, a_day: int) -> list[Point]:
    """Answers in their order; between two that are joined, no time was left out.

    Args:
        answers: day, which time of it, and value; at most one for each time.
        first: the day from which times are counted.
    """
    found: list[Point] = []
    for on, slot, value in sorted(answers):
        number = (on - first).days * a_day + slot
        joined = bool(found) and found[-1].number == number - 1
        found.append(Point(on, slot, value, number, joined))
    return found


def moment(point: Point, first: date) -> float:
    """When an answer lies, in days from ``first``; times of one day lie close together."""
    return (point.on - first).days + point.slot * STEP


def by_day(found: Iterable[Point]) -> list[tuple[date, float]]:
    """The mean of each day that has an answer, in the order of the days."""
    return [(on, fmean(one.value for one in some)) for on, some in groupby(found, lambda p: p.on)]


def asked(
    found: Sequence[Point], *, first: date, last: date | None, a_day: int, still: Collection[date]
) -> int:
    """How many times somebody was asked; a day that is open or paused counts once answered.

    Args:
        found: the answers. last: of the times; None: none has passed yet.
        still: the days that are open, or lie in a pause.
    """
    if last is None or last < first:
        return 0
    days = (last - first).days + 1
    waiting = {day for day in still if first <= day <= last}
    given = sum(1 for one in found if one.on in waiting)
    return (days - len(waiting)) * a_day + given


@dataclass(frozen=True)
class Stretch:
    """A phase as it is compared: from its first day until the next begins.

    Attributes:
        name: its letter, with a number where it comes again.
        starts: None: everything before the next.
        ends: the first day of the next; None: it lasts.
    """

    name: str
    starts: date | None
    ends: date | None

    def holds(self, on: date) -> bool:
        """Whether a day lies in it."""
        return (self.starts is None or self.starts <= on) and (self.ends is None or on < self.ends)


def stretches(phases: Sequence[tuple[date, str]]) -> list[Stretch]:
    """Phases in their order, each until the next. What lies before a first B is A.

    Args:
        phases: first day and letter; no two begin on one day.
    """
    marked: list[tuple[date | None, str]] = [*sorted(phases)]
    if marked and marked[0][1] != "A":
        marked.insert(0, (None, "A"))
    ends = [*(starts for starts, _letter in marked[1:]), None]
    seen: dict[str, int] = {}
    found = []
    for (starts, letter), end in zip(marked, ends, strict=False):  # of none, no end
        seen[letter] = seen.get(letter, 0) + 1
        name = letter if seen[letter] == 1 else f"{letter}{seen[letter]}"
        found.append(Stretch(name, starts, end))
    return found


def neighbours(phases: Sequence[Stretch]) -> list[tuple[Stretch, Stretch]]:
    """Each phase with the one that follows it."""
    return list(pairwise(phases))
