"""A standing slot as RFC 5545 writes it, and one read back: for calendars, and for exports.

What is written says when, and nothing of whom: its title is the caller's, which masks it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar

from ..appointments import rules as clocks
from ..appointments.rules import Slot, Unfit
from . import rules
from .rules import Due, Pattern

PRODUCT = "-//Rapport//Rapport//EN"
MOST_EXCEPTIONS = 1000
LARGEST = 256 * 1024  # bytes of a slot that is read


def events(
    pattern: Pattern, dues: Collection[Due], *, uid: str, title: str, stamp: datetime,
    left_out: Collection[date] = (), moved: Mapping[date, Slot] | None = None,
    ended_on: date | None = None,
) -> list[icalendar.Event]:  # fmt: skip
    """The event that recurs, and one for each day that is otherwise than its rule has it.

    Args:
        dues: the days as they are planned, as far as they were made.
        left_out: days without a meeting. moved: meetings at another time, by the rule's day.
        stamp: when this is written.

    An ended slot without a single day is no event at all.
    """
    rule = _ending(pattern, ended_on)
    if rule is None:
        return []
    start = _wall(pattern, pattern.starts_on)
    main = _event(uid, title, stamp, start, pattern.minutes)
    main.add("rrule", icalendar.vRecur.from_ical(_text(pattern, rule)))
    out = [day for day in sorted(left_out) if ended_on is None or day < ended_on]
    if out:
        main.add("exdate", [_wall(pattern, day) for day in out])
    gone, found = set(out), [main]
    for due in dues:
        if ended_on is not None and due.nth_on >= ended_on:
            continue
        slot = (moved or {}).get(due.nth_on, due.slot)
        if slot is None or due.nth_on in gone or slot == _as_read(pattern, due.nth_on):
            continue
        one = _event(uid, title, stamp, slot.start, slot.minutes)
        one.add("recurrence-id", _wall(pattern, due.nth_on))
        found.append(one)
    return found


def calendar(parts: Collection[icalendar.Event]) -> bytes:
    """A whole calendar of these events, with the zones they name."""
    whole = icalendar.Calendar()
    whole.add("prodid", PRODUCT)
    whole.add("version", "2.0")
    for one in parts:
        whole.add_component(one)
    whole.add_missing_timezones()
    text: bytes = whole.to_ical()
    return text


def _event(uid: str, title: str, stamp: datetime, start: datetime, minutes: int) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", uid)
    event.add("dtstamp", stamp.astimezone(UTC))
    event.add("summary", " ".join(title.split()))
    event.add("dtstart", start)
    event.add("duration", timedelta(minutes=minutes))
    return event


def _wall(pattern: Pattern, day: date) -> datetime:
    """What the wall shows then, with its zone's name."""
    return datetime.combine(day, pattern.at, tzinfo=pattern.zone)


def _as_read(pattern: Pattern, day: date) -> Slot | None:
    """When others have it: none in an hour that clocks leave out, and none while they change,
    since some count its length by what the wall shows. Such a day is written apart."""
    if not clocks.instants(day, pattern.at, pattern.zone):
        return None
    slot = pattern.slot(day)
    by_the_wall = _wall(pattern, day) + timedelta(minutes=pattern.minutes)
    return slot if by_the_wall.astimezone(UTC) == slot.end else None


def _ending(pattern: Pattern, ended_on: date | None) -> rules.Rule | None:
    """The rule with its end in it; None when nothing was left of it."""
    if ended_on is None:
        return pattern.rule
    days = rules.days(pattern.rule, pattern.starts_on, pattern.starts_on,
                      ended_on - timedelta(1))  # fmt: skip
    last = max((day for _n, day in days), default=None)
    return None if last is None else replace(pattern.rule, until=last, times=None)


def _text(pattern: Pattern, rule: rules.Rule) -> str:
    """With UNTIL as an instant, as a start that has a zone asks for."""
    if rule.until is None:
        return str(rule)
    ours = rules.begins(rule.until, pattern.at, pattern.zone)
    until = max(ours, _wall(pattern, rule.until).astimezone(UTC))
    return str(replace(rule, until=None)) + f";UNTIL={until:%Y%m%dT%H%M%SZ}"


# Reading ----------------------------------------------------------------------------------


@dataclass
class Read:
    """A standing slot that was handed in."""

    pattern: Pattern
    left_out: set[date] = field(default_factory=set)
    moved: dict[date, Slot] = field(default_factory=dict)


def read(text: bytes) -> Read:
    """Read the one event of a calendar that recurs, and what is otherwise on single days.

    Raises:
        Unfit: no calendar, none or too much in it, or a rule that Rapport does not offer.
    """
    if len(text) > LARGEST:
        raise Unfit("file", "large")
    try:
        found = icalendar.Calendar.from_ical(text).walk("VEVENT")
        main = next((one for one in found if "RRULE" in one), None)
        if main is None:
            raise Unfit("file", "no_event")
        return _read(main, [one for one in found if _alters(one, main)])
    except Unfit:
        raise
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError):
        raise Unfit("file", "unreadable") from None


def _alters(one: Any, main: Any) -> bool:
    return "RECURRENCE-ID" in one and one.get("UID") == main.get("UID")


def _read(main: Any, others: list[Any]) -> Read:
    start = main["DTSTART"].dt
    if not isinstance(start, datetime) or start.tzinfo is None:
        raise Unfit("file", "no_zone")
    if start.second:
        raise Unfit("file", "seconds")
    zone = ZoneInfo(getattr(start.tzinfo, "key", None) or "UTC")
    if isinstance(main["RRULE"], list):
        raise Unfit("rule", "not_offered")
    rule = rules.parse(main["RRULE"].to_ical().decode(), zone)
    minutes = round((_end(main, start) - start.astimezone(UTC)) / timedelta(minutes=1))
    clocks.lasting(start, minutes)
    day = start.astimezone(zone).date()
    at = start.astimezone(zone).time()
    found = Read(Pattern(rules.fitting(rule, day), day, at, zone, minutes))
    exdates = main.get("EXDATE", [])
    out = [one.dt for each in (exdates if isinstance(exdates, list) else [exdates])
           for one in each.dts]  # fmt: skip
    if len(out) + len(others) > MOST_EXCEPTIONS:
        raise Unfit("file", "exceptions", most=MOST_EXCEPTIONS)
    found.left_out = {_day(one, zone) for one in out}
    for one in others:
        nth_on = _day(one["RECURRENCE-ID"].dt, zone)
        begins = one["DTSTART"].dt
        if str(one.get("STATUS", "")).upper() == "CANCELLED":
            found.left_out.add(nth_on)
        elif not isinstance(begins, datetime) or begins.tzinfo is None:
            raise Unfit("file", "no_zone")
        else:
            found.moved[nth_on] = Slot(begins, _end(one, begins))
    return found


def _day(given: date, zone: ZoneInfo) -> date:
    """The day on the wall of its zone."""
    if not isinstance(given, datetime):
        return given
    if given.tzinfo is None or getattr(given.tzinfo, "key", None) == zone.key:
        return given.date()
    return given.astimezone(zone).date()


def _end(event: Any, start: datetime) -> datetime:
    if "DTEND" in event:
        end: datetime = event["DTEND"].dt
        return end.astimezone(UTC)
    length: timedelta = event["DURATION"].dt
    return start.astimezone(UTC) + length
