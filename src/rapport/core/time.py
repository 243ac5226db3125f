"""The only clock, the practice's time zone, and where a day begins and ends."""

import contextlib
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

FIRST_YEAR = 1900
LAST_YEAR = 2200

ZoneSource = Callable[[], str | None]

_stopped_at: ContextVar[datetime | None] = ContextVar("stopped_at", default=None)
_zone_sources: list[ZoneSource] = []


class BadDate(ValueError):
    """What was typed is no date Rapport works with. The message is safe to show."""


def now() -> datetime:
    """This instant, aware, in UTC."""
    return _stopped_at.get() or datetime.now(UTC)


@contextlib.contextmanager
def at(instant: datetime) -> Iterator[datetime]:
    """Stop the clock at ``instant`` inside the block: for the demo's past and for tests."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    token = _stopped_at.set(instant.astimezone(UTC))
    try:
        yield instant
    finally:
        _stopped_at.reset(token)


def zone_source(source: ZoneSource) -> ZoneSource:
    """Say where the practice's time zone is written; ``people`` does, core must not look.

    ``source`` answers an IANA name, or None while there is no practice. It is asked each
    time, so it should answer from something cheap. A later source replaces an earlier one.
    """
    _zone_sources[:] = [source]
    return source


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def zone() -> ZoneInfo:
    """The practice's time zone; UTC until it has one."""
    name = _zone_sources[0]() if _zone_sources else None
    return _zone(name or "UTC")


def local(instant: datetime) -> datetime:
    """``instant`` (aware) on the practice's clock."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(zone())


def day_bounds(day: date, where: ZoneInfo | None = None) -> tuple[datetime, datetime]:
    """The instants, in UTC, between which ``day`` lasts: start included, end excluded.

    A day has 23, 24 or 25 hours (or 23.5, 24.5), and begins at the first instant that
    carries its date, also where clocks change at midnight. A day that a land skipped
    altogether is empty: its start is its end.
    """
    place = where or zone()
    return _midnight(day, place), _midnight(day + timedelta(days=1), place)


def _midnight(day: date, place: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=place).astimezone(UTC)


def today() -> date:
    """The date on the practice's wall."""
    return local(now()).date()


def parse_date(text: str) -> date:
    """Read ``2026-11-24``.

    Raises:
        BadDate: not a date of the calendar, or outside the years 1900 to 2200.
    """
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        raise BadDate(_("Write the date as year-month-day, for example 2026-11-24.")) from None
    return within_limits(found)


def within_limits(day: date) -> date:
    """Hand ``day`` back if its year is one that Rapport works with.

    Raises:
        BadDate: outside the years 1900 to 2200.
    """
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise BadDate(
            _("Use a year between %(first)s and %(last)s.")
            % {"first": FIRST_YEAR, "last": LAST_YEAR}
        )
    return day


def zone_named(name: str) -> ZoneInfo:
    """The zone with this IANA name."""
    return _zone(name)
