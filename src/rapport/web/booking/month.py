"""A month with its free days, and the times of one day, on the clock of whoever reads."""

import calendar
import re
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import date_format, time_format
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from rapport.core import time as clock
from rapport.meeting.availability.queries import Opening
from rapport.web import stencil

AHEAD = 366  # days that can be turned to
MONTH = re.compile(r"(\d{4})-(\d{2})")


@lru_cache(maxsize=4096)
def _words(_language: str, on: date, free: int) -> str:
    day = date_format(on, pgettext("how a weekday is written", "l, j F"))
    free_times = ngettext("%(n)s time free", "%(n)s times free", free) % {"n": free}
    return f"{day}, {free_times}"


@lru_cache(maxsize=64)
def weekdays(_language: str) -> SafeString:
    """The days of a week, as they stand above a month."""
    names = [(WEEKDAYS_ABBR[n], WEEKDAYS[n]) for n in range(7)]
    return SafeString(render_to_string("booking/_weekdays.html", {"weekdays": names}))


@lru_cache(maxsize=4096)
def _shown(_language: str, at: time) -> str:
    return time_format(at, "TIME_FORMAT")


@dataclass(frozen=True)
class Time:
    """A free time of the chosen day: how its button names it, and how a clock shows it.

    Attributes:
        several: it says with whom.
    """

    value: str
    at: datetime
    opening: Opening
    several: bool


def buttons(times: list[Time]) -> SafeString:
    """A button for each."""
    language, names = get_language(), ("value", "iso", "words", "name")
    looks = [stencil.cut("booking/_time.html", *names, several=one) for one in (False, True)]
    return SafeString("".join(
        looks[one.several].filled(
            value=one.value, iso=one.at.isoformat(), words=_shown(language, one.at.time()),
            name=one.opening.clinician.display_name,
        )
        for one in times
    ))  # fmt: skip


AFTERNOON, EVENING = 12, 17  # hours on the reader's clock
FEW = 12  # times of a day that are shown without opening anything


@dataclass(frozen=True)
class Part:
    """The morning, afternoon or evening of the chosen day, and its free times.

    Attributes:
        open: whether its times are shown at once.
    """

    name: str
    times: list[Time]
    open: bool

    @property
    def written(self) -> SafeString:
        """Its buttons."""
        return buttons(self.times)

    @property
    def words(self) -> str:
        """How many times it has, in words."""
        n = len(self.times)
        return ngettext("%(n)s time free", "%(n)s times free", n) % {"n": n}


def parts(times: list[Time]) -> list[Part]:
    """A day's times by morning, afternoon and evening, those that have any. What is few, or all
    there is, is shown at once; else each opens at a tap, so that a phone shows the whole day."""
    named = (
        (_("Morning"), [one for one in times if one.at.hour < AFTERNOON]),
        (_("Afternoon"), [one for one in times if AFTERNOON <= one.at.hour < EVENING]),
        (_("Evening"), [one for one in times if one.at.hour >= EVENING]),
    )
    held = [(name, some) for name, some in named if some]
    few = len(held) == 1 or len(times) <= FEW
    return [Part(name, some, few or (not n and len(some) <= FEW))
            for n, (name, some) in enumerate(held)]  # fmt: skip


@dataclass(frozen=True)
class Month:
    """The weeks of a month that are not over, Monday first, as they are written.

    Attributes:
        any: whether any day has a free time.
        before, after: addresses of the months beside it, "" where there is nothing to book.
    """

    first: date
    weeks: list[SafeString]
    any: bool
    before: str
    after: str


def asked(text: str, today: date) -> tuple[date, str]:
    """The first day of the month that was asked for; this month's and why when it is none."""
    this = today.replace(day=1)
    found = MONTH.fullmatch(text)
    if not text:
        return this, ""
    try:
        first = date(int(found[1]), int(found[2]), 1) if found else None
    except ValueError:
        first = None
    if first is None:
        return this, _("Write the month as year-month, for example 2026-11.")
    if not this <= first <= today + timedelta(days=AHEAD):
        return this, _("Times can be booked from today on, up to a year ahead.")
    return first, ""


def last_of(first: date) -> date:
    """The month's last day."""
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def by_day(
    openings: list[Opening], zone: ZoneInfo, first: date, last: date
) -> dict[date, list[Opening]]:  # fmt: skip
    """Openings, given by start, of each day on the clock of ``zone`` that has any."""
    found: dict[date, list[Opening]] = {}
    for n in range((last - first).days + 1):
        on = first + timedelta(n)
        start, end = (-(-int(at.timestamp()) // 60) for at in clock.day_bounds(on, zone))
        begin = bisect_left(openings, (start,))
        if theirs := openings[begin : bisect_left(openings, (end,), begin)]:
            found[on] = theirs
    return found


def drawn(
    first: date, days: dict[date, list[Opening]], chosen: date | None, *, today: date, url: str,
    turn: Callable[[date], str],
) -> Month:  # fmt: skip
    """The month as it is shown.

    Args:
        url: of a day, but for the day itself. turn: of a month, by its first day.
    """
    after = last_of(first) + timedelta(1)
    before = (first - timedelta(1)).replace(day=1)
    shown = [
        week for week in calendar.Calendar().monthdatescalendar(first.year, first.month)
        if week[-1] >= today
    ]  # fmt: skip
    return Month(
        first, _weeks(first, shown, days, chosen, escape(url)),
        any(days.get(on) for week in shown for on in week if on.month == first.month),
        turn(before) if first > today else "",
        turn(after) if after <= today + timedelta(days=AHEAD) else "",
    )  # fmt: skip


def _weeks(
    first: date, shown: list[list[date]], days: dict[date, list[Opening]], chosen: date | None,
    url: str,
) -> list[SafeString]:  # fmt: skip
    """Each week's days; empty where they are another month's."""
    language = get_language()
    look = {
        kind: stencil.cut("booking/_day.html", "url", "number", "words", kind=kind)
        for kind in ("other", "full", "free", "chosen")
    }

    def written(on: date) -> str:
        if on.month != first.month:
            return look["other"].filled()
        free = len(days.get(on, ()))
        kind = ("chosen" if on == chosen else "free") if free else "full"
        return look[kind].filled(
            url=SafeString(f"{url}{on}#times"), number=SafeString(on.day),
            words=_words(language, on, free),
        )  # fmt: skip

    return [SafeString("".join(map(written, week))) for week in shown]


def day_asked(text: str) -> date | None:
    """The day the address names; None for none."""
    try:
        return clock.parse_date(text[:20]) if text else None
    except clock.BadDate:
        return None
