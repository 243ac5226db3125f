"""The day that an address asks a calendar for."""

from datetime import date

from django.utils.translation import gettext as _

from rapport.core import time as clock


def asked_day(text: str) -> tuple[date, str]:
    """The day that was asked for; today and what is wrong when it is none."""
    if not text:
        return clock.today(), ""
    try:
        found = clock.parse_date(text[:20])
    except clock.BadDate as problem:
        return clock.today(), str(problem)
    if not clock.FIRST_YEAR < found.year < clock.LAST_YEAR:  # a week may reach into another year
        return clock.today(), _("Go to a date nearer to today.")
    return found, ""
