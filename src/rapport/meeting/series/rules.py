"""Which days a standing slot names, and when it meets on them. No database, no clock.

Rules are RFC 5545's, in the few forms a practice uses, and are expanded on dates alone. A
date and the time on the wall become an instant by the zone's own table, each by itself: so
09:00 stays 09:00 however often clocks change. An hour that clocks leave out is the first
time there is after it; of one that comes twice it is the first.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rrulestr

from ..appointments import rules as clocks
from ..appointments.rules import Slot, Unfit

Freq = Literal["DAILY", "WEEKLY", "MONTHLY"]
CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WORKING = frozenset({1, 2, 3, 4, 5})  # ISO 8601: what "the next working day" is among
MOST_EVERY = {"DAILY": 60, "WEEKLY": 52, "MONTHLY": 24}
MOST_TIMES = 520
YEARS = 10  # how long after its first day a rule may end
LONGEST = 200  # characters
TOO_OFTEN = frozenset({"SECONDLY", "MINUTELY", "HOURLY"})
KNOWN = frozenset({"FREQ", "INTERVAL", "BYDAY", "BYSETPOS", "UNTIL", "COUNT", "WKST"})
NTH = frozenset({1, 2, 3, 4, 5, -1})
CLOSED_IN_A_ROW = 21  # days; a longer stretch without a working day is left out


@dataclass(frozen=True)
class Rule:
    """One rule. ``days`` are ISO weekdays; ``nth`` is the week of the month, -1 the last."""

    freq: Freq
    every: int = 1
    days: tuple[int, ...] = ()
    nth: int | None = None
    until: date | None = None
    times: int | None = None

    def __str__(self) -> str:
        """As RFC 5545 writes it, without DTSTART: the text that ``parse`` reads."""
        parts = [f"FREQ={self.freq}"]
        if self.every > 1:
            parts.append(f"INTERVAL={self.every}")
        if self.days:
            sign = "" if self.nth is None else str(self.nth)
            parts.append("BYDAY=" + ",".join(sign + CODES[day - 1] for day in self.days))
        if self.until is not None:
            parts.append(f"UNTIL={self.until:%Y%m%d}")
        if self.times is not None:
            parts.append(f"COUNT={self.times}")
        return ";".join(parts)


# Reading ----------------------------------------------------------------------------------


def parse(text: str, zone: ZoneInfo | None = None) -> Rule:
    """Read a rule.

    Args:
        zone: of an UNTIL that is an instant, whose date there is the last.

    Raises:
        Unfit: nothing that can be read ("unreadable"), something Rapport does not offer
            ("not_offered", "too_often"), or a number out of bounds.
    """
    parts = _parts(text)
    freq = parts.get("FREQ", "")
    if freq in TOO_OFTEN:
        raise Unfit("rule", "too_often")
    if freq not in MOST_EVERY or not parts.keys() <= KNOWN:
        raise Unfit("rule", "not_offered")
    days, nth = _by_day(parts, freq)
    every = _number(parts.get("INTERVAL", "1"), "every", MOST_EVERY[freq])
    if parts.get("WKST", "MO") != "MO" and every > 1 and len(days) > 1:
        raise Unfit("rule", "not_offered")
    times = _number(parts["COUNT"], "times", MOST_TIMES) if "COUNT" in parts else None
    until = _until(parts["UNTIL"], zone) if "UNTIL" in parts else None
    if times is not None and until is not None:
        raise Unfit("until", "two_ends")
    kind: Freq = freq  # type: ignore[assignment]  # looked up above
    return Rule(kind, every, days, nth, until, times)


def _parts(text: str) -> dict[str, str]:
    text = text.upper().removeprefix("RRULE:")
    if len(text) > LONGEST or not text.isascii() or not text.isprintable() or " " in text:
        raise Unfit("rule", "unreadable")
    found: dict[str, str] = {}
    for part in text.split(";"):
        name, sign, value = part.partition("=")
        if not sign or not value or name in found:
            raise Unfit("rule", "unreadable")
        found[name] = value
    return found


def _number(text: str, field: str, most: int) -> int:
    if not text.isdecimal() or len(text) > 6 or not 1 <= int(text) <= most:
        raise Unfit(field, field, most=most)
    return int(text)


def _by_day(parts: dict[str, str], freq: str) -> tuple[tuple[int, ...], int | None]:
    """Weekdays and the week of the month; a month's rule has one of each."""
    signs, days = set(), set()
    for one in parts["BYDAY"].split(",") if "BYDAY" in parts else ():
        if one[-2:] not in CODES:
            raise Unfit("rule", "unreadable")
        signs.add(one[:-2])
        days.add(CODES.index(one[-2:]) + 1)
    if "BYSETPOS" in parts:
        signs = {parts["BYSETPOS"]} if signs == {""} else {"?"}
    if freq != "MONTHLY":
        if signs - {""}:
            raise Unfit("rule", "not_offered")
        return tuple(sorted(days)), None
    sign = next(iter(signs)).removeprefix("+") if len(signs) == len(days) == 1 else ""
    if sign not in {str(one) for one in NTH}:
        raise Unfit("rule", "not_offered")
    return tuple(days), int(sign)


def _until(text: str, zone: ZoneInfo | None) -> date:
    try:
        if len(text) == 8:
            return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007  a day, no instant
        if text.endswith("Z"):
            instant = datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            return instant.astimezone(zone or UTC).date()
        return datetime.strptime(text, "%Y%m%dT%H%M%S").date()  # noqa: DTZ007  on the wall
    except (ValueError, OverflowError):
        raise Unfit("until", "unreadable") from None


def fitting(rule: Rule, starts_on: date) -> Rule:
    """The rule as it is kept for a slot whose first day is ``starts_on``.

    Raises:
        Unfit: as ``parse``, or the rule does not name that day, or ends before it or too long
            after it.
    """
    rule = parse(str(rule))
    if rule.freq == "WEEKLY" and not rule.days:
        rule = replace(rule, days=(starts_on.isoweekday(),))
    if rule.until is not None:
        if rule.until < starts_on:
            raise Unfit("until", "ends_before")
        if rule.until > starts_on + timedelta(366 * YEARS):
            raise Unfit("until", "ends_late", years=YEARS)
    if next((day for _n, day in days(rule, starts_on, starts_on, starts_on)), None) is None:
        raise Unfit("starts_on", "not_named")
    return rule


# Days -------------------------------------------------------------------------------------


def days(rule: Rule, starts_on: date, first: date, last: date) -> Iterator[tuple[int, date]]:
    """The days from ``first`` to ``last``, both included, each with its number from 0 on."""
    begin = datetime.combine(starts_on, time())
    found: rrule = rrulestr(str(rule), dtstart=begin)
    for number, one in enumerate(found):
        if one.date() > last:
            return
        if one.date() >= first:
            yield number, one.date()


def begins(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, at which a slot of that day begins."""
    found = clocks.instants(day, at, zone)
    return found[0] if found else clocks.next_there_is(day, at, zone).astimezone(UTC)


@dataclass(frozen=True)
class Pattern:
    """A standing slot as its rule has it, apart from what was done to single days."""

    rule: Rule
    starts_on: date
    at: time
    zone: ZoneInfo
    minutes: int
    on_holidays: str = "KEEP"  # of Series.Holidays

    def slot(self, day: date) -> Slot:
        """When it meets if it meets on ``day``."""
        return clocks.lasting(begins(day, self.at, self.zone), self.minutes)

    def unmoved(self, nth_on: date, due_at: datetime) -> Slot:
        """When an occurrence meets by the zone's table of today that was due at ``due_at``.

        Of one put off because of a holiday, the day is the one that is nearest to it.
        """
        if self.on_holidays != "AFTER":
            return self.slot(nth_on)
        near = due_at.astimezone(self.zone).date()
        around = [self.slot(near + timedelta(n)) for n in (-1, 0, 1)]
        return min(around, key=lambda slot: abs(slot.start - due_at))


@dataclass(frozen=True)
class Due:
    """One day a rule names: its number, and when it meets; None on a holiday left out."""

    nth_on: date
    number: int
    slot: Slot | None
    put_off: bool = False  # to the next working day
    later: bool = False  # clocks leave the hour out


def planned(
    pattern: Pattern, first: date, last: date, holidays: Collection[date] = ()
) -> list[Due]:
    """Every day from ``first`` to ``last`` that the rule names, in order.

    Args:
        holidays: from three weeks before ``first`` to three weeks after ``last``; of use
            unless the slot is kept on them.
    """
    closed = frozenset(holidays) if pattern.on_holidays != "KEEP" else frozenset()
    around = timedelta(CLOSED_IN_A_ROW)
    named = list(days(pattern.rule, pattern.starts_on, first - around, last + around))
    used = {day for _n, day in named if day not in closed}
    found = []
    for number, nth_on in named:
        day: date | None = nth_on
        if nth_on in closed:
            day = _after(nth_on, closed, used) if pattern.on_holidays == "AFTER" else None
            used |= {day} if day else set()
        if first <= nth_on <= last:
            slot = pattern.slot(day) if day else None
            later = day is not None and not clocks.instants(day, pattern.at, pattern.zone)
            found.append(Due(nth_on, number, slot, bool(day) and day != nth_on, later))
    return found


def _after(day: date, closed: Collection[date], used: Collection[date]) -> date | None:
    """The next working day; None when the slot meets then anyway, or there is none near."""
    ahead = (day + timedelta(n) for n in range(1, CLOSED_IN_A_ROW))
    found = next((d for d in ahead if d.isoweekday() in WORKING and d not in closed), None)
    return None if found in used else found


# Changing ---------------------------------------------------------------------------------


def rest_of(rule: Rule, starts_on: date, from_on: date) -> Rule:
    """The rule for what is left of it from ``from_on`` on: a count counts on.

    Raises:
        Unfit: nothing is left.
    """
    if rule.times is None:
        return rule
    gone = sum(1 for _ in days(rule, starts_on, starts_on, from_on - timedelta(1)))
    if gone >= rule.times:
        raise Unfit("rule", "over_already")
    return replace(rule, times=rule.times - gone)


def moved_to(rule: Rule, old: date, new: date) -> Rule:
    """The same rule when the meeting of ``old`` is to be at ``new`` from now on."""
    if rule.freq == "MONTHLY":
        last = (new + timedelta(7)).month != new.month
        nth = -1 if rule.nth == -1 and last else (new.day - 1) // 7 + 1
        return replace(rule, days=(new.isoweekday(),), nth=nth)
    if not rule.days:
        return rule
    kept = set(rule.days) - {old.isoweekday()} | {new.isoweekday()}
    return replace(rule, days=tuple(sorted(kept)))


def stand_ins(changed: Collection[date], new: Sequence[date], *, monthly: bool) -> dict[date, date]:
    """For days that were changed by hand, which day of the new rule each stands for.

    The nearest of the same week (ISO 8601), or month, that none stands for yet. A day
    without one is missing: its meeting stands for itself.
    """
    found: dict[date, date] = {}
    for day in sorted(changed):
        free = [n for n in new if n not in found.values() and _period(n, monthly)
                == _period(day, monthly)]  # fmt: skip
        if free:
            found[day] = min(free, key=lambda n: (abs(n - day), n))
    return found


def _period(day: date, monthly: bool) -> tuple[int, int]:
    return (day.year, day.month) if monthly else day.isocalendar()[:2]


def in_turn(rooms: Sequence[str], number: int) -> Sequence[str]:
    """The rooms of a slot that goes on from its day ``number``: whose turn it is comes first."""
    turn = number % len(rooms) if rooms else 0
    return [*rooms[turn:], *rooms[:turn]]
