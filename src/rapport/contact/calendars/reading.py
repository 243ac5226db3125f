"""When a foreign calendar says that somebody is taken: starts and ends, and nothing of what."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar

from .slim import Slim, Unreadable

MOST_SPANS = 10_000
LONGEST_READING = 8.0  # seconds

Span = tuple[datetime, datetime]

BROKEN = (ValueError, KeyError, TypeError, IndexError, AttributeError, ArithmeticError,
          RecursionError, LookupError)  # fmt: skip
"""What the libraries raise about calendars that are none."""


@dataclass(frozen=True)
class Taken:
    """What was found: stretches in UTC, in order, none touching; entries nobody could read."""

    spans: list[Span]
    left_out: int


def decoded(said: bytes) -> str:
    """A calendar's bytes as text.

    Raises:
        Unreadable: it is no text.
    """
    try:
        return said.decode("utf-8-sig")
    except UnicodeDecodeError:
        if b"\x00" in said:
            raise Unreadable("no_calendar") from None
        return said.decode("latin-1")


def taken(
    texts: Iterable[bytes], *, start: datetime, end: datetime, zone: ZoneInfo,
    but: frozenset[str] = frozenset(),
) -> Taken:  # fmt: skip
    """When these calendars say that time is taken, between ``start`` and ``end`` (aware).

    What is marked as free or cancelled takes no time. A whole day is taken from midnight to
    midnight in ``zone``; so are times that name no zone, or one that nobody knows, meant there.

    Args:
        but: UIDs that are ours.

    Raises:
        Unreadable: none of it is a calendar, or it would take too long.
    """
    slim = Slim()
    for text in texts:
        slim.take(decoded(text))
    mine = [one for one in slim.events if _uid(one) not in but]
    lost = len(mine)
    slim.events = [one for one in mine if any(line.upper().startswith("DTSTART") for line in one)]
    lost -= len(slim.events)
    where = ZoneInfo(slim.floats) if slim.floats else zone
    spans, unread = _expanded(slim, start.astimezone(where), end.astimezone(where), where)
    return Taken(merged(spans, start, end), lost + unread)


def _uid(lines: list[str]) -> str:
    return next((line[4:].strip() for line in lines if line.upper().startswith("UID:")), "")


def _expanded(
    slim: Slim, start: datetime, end: datetime, where: ZoneInfo
) -> tuple[list[Span], int]:  # fmt: skip
    until = monotonic() + LONGEST_READING
    try:
        whole = Calendar.from_ical(slim.calendar())
        query = recurring_ical_events.of(whole, skip_bad_series=True)
    except BROKEN:
        return _one_by_one(slim, start, end, where, until)
    spans: list[Span] = []
    lost = 0
    for series in query.series:
        try:
            found = [
                (one.start, one.end, one.as_component(False)) for one in series.between(start, end)
            ]
        except BROKEN:
            lost += 1
            continue
        spans += [span for span in (_span(*one, where) for one in found) if span]
        if monotonic() > until or len(spans) > MOST_SPANS:
            raise Unreadable("slow_to_read")
    return spans, lost + _unheard(slim, query)


def _unheard(slim: Slim, query: Any) -> int:
    """How many events the library passed over in silence."""
    known = {"", *(str(series.uid) for series in query.series)}
    return len({_uid(one) for one in slim.events} - known)


def _one_by_one(
    slim: Slim, start: datetime, end: datetime, where: ZoneInfo, until: float
) -> tuple[list[Span], int]:  # fmt: skip
    """Where one entry spoils the whole: read each of them by itself, with what has its UID."""
    if len(slim.events) == 1:
        return [], 1
    by_uid: dict[str, list[list[str]]] = {}
    for number, one in enumerate(slim.events):
        by_uid.setdefault(_uid(one) or f"#{number}", []).append(one)
    if len(by_uid) == 1:
        return [], len(slim.events)
    spans: list[Span] = []
    lost = 0
    for events in by_uid.values():
        if monotonic() > until:
            raise Unreadable("slow_to_read")
        found, unread = _expanded(Slim(events, slim.zones), start, end, where)
        spans, lost = spans + found, lost + unread
    return spans, lost


def _span(begins: Any, ends: Any, event: Any, where: ZoneInfo) -> Span | None:
    """The stretch of one occurrence; None where it takes no time."""
    if str(event.get("TRANSP", "")).upper() == "TRANSPARENT":
        return None
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return None
    try:
        start, end = _instant(begins, where), _instant(ends, where)
    except (OverflowError, ValueError):
        return None
    return (start, end) if start < end else None


def _instant(when: date | datetime, where: ZoneInfo) -> datetime:
    if not isinstance(when, datetime):
        when = datetime.combine(when, time(), tzinfo=where)
    elif when.tzinfo is None:
        when = when.replace(tzinfo=where)
    return when.astimezone(UTC)


def merged(spans: Iterable[Span], start: datetime, end: datetime) -> list[Span]:
    """The stretches within ``[start, end)``, in order, those that touch made one."""
    first, last = start.astimezone(UTC), end.astimezone(UTC)
    whole: list[Span] = []
    for begins, ends in sorted(spans):
        begins, ends = max(begins, first), min(ends, last)
        if ends - begins <= timedelta():
            continue
        if whole and begins <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(whole[-1][1], ends))
        else:
            whole.append((begins, ends))
    return whole
