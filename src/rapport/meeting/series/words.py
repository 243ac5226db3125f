"""A standing slot as people say it: "every second Tuesday, 10:00"; and why one cannot be."""

from datetime import date, time
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format, time_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..appointments import actions as appointments
from ..appointments.actions import CannotBook
from ..appointments.rules import Unfit
from . import rules
from .models import Series
from .rules import Rule

SAID = {
    "unreadable": gettext_lazy("This is no rule that can be read. Choose how often you meet."),
    "not_offered": gettext_lazy(
        "Choose days, weeks or months: every so many, on weekdays, or one weekday of the month."
    ),
    "too_often": gettext_lazy("A standing slot is once a day at most."),
    "every": gettext_lazy("Use a number from 1 to %(most)s."),
    "times": gettext_lazy("Use a number from 1 to %(most)s."),
    "two_ends": gettext_lazy("Choose a last day or a number of times, not both."),
    "ends_before": gettext_lazy("Choose a day that is not before the first."),
    "ends_late": gettext_lazy("Choose a day within %(years)s years. It can go on afterwards."),
    "not_named": gettext_lazy("Choose a first day that is one of those you meet on."),
    "over_already": gettext_lazy("Nothing of it is ahead."),
    "past": gettext_lazy("That time is over. Begin at one that is ahead."),
    "far": gettext_lazy("Choose a first day within a year from now."),
    "zone": gettext_lazy("This time zone is not known."),
    "exceptions": gettext_lazy("There are more than %(most)s exceptions. Hand in fewer."),
    "large": gettext_lazy("This is too large. Hand in one standing slot."),
    "seconds": gettext_lazy("Times are whole minutes. Leave the seconds out."),
    "no_zone": gettext_lazy("The first time needs a time zone."),
    "other_days": gettext_lazy(
        "It is in another time zone, where its hour falls on other days. Type it in by hand."
    ),
    "no_event": gettext_lazy("There is no event in it that recurs."),
}
WEEKS = {
    2: gettext_lazy("every second %(day)s"),
    3: gettext_lazy("every third %(day)s"),
    4: gettext_lazy("every fourth %(day)s"),
}
NTH = {
    1: gettext_lazy("first %(day)s"),
    2: gettext_lazy("second %(day)s"),
    3: gettext_lazy("third %(day)s"),
    4: gettext_lazy("fourth %(day)s"),
    5: gettext_lazy("fifth %(day)s"),
    -1: gettext_lazy("last %(day)s"),
}


def fit(problem: Unfit) -> CannotBook:
    """The problem as the person who typed it reads it."""
    said = SAID.get(problem.code)
    if said is None:
        return appointments.fit(problem)
    return CannotBook(problem.field, str(said) % problem.given)


def in_words(rule: Rule, at: time, ended_on: date | None = None) -> str:
    """ "every second Tuesday, 10:00", and until when if it ends."""
    parts = [how_often(rule), time_format(at, "TIME_FORMAT")]
    if ended_on is None and rule.until is not None:
        parts.append(_("until %(day)s") % {"day": date_format(rule.until, "DATE_FORMAT")})
    if ended_on is None and rule.times is not None:
        parts.append(_("%(n)s times in all") % {"n": rule.times})
    return ", ".join(parts)


def of(series: Series) -> str:
    """The same of one that is booked."""
    return in_words(rules.parse(series.rule), series.at, series.ended_on)


def how_often(rule: Rule) -> str:
    """The days alone."""
    named = [str(WEEKDAYS[day - 1]) for day in rule.days]
    given: dict[str, Any] = {"n": rule.every, "day": get_text_list(named, _("and"))}
    if rule.freq == "MONTHLY":
        given["day"] = str(NTH[rule.nth or 1]) % {"day": named[0]}
        return (_("every %(day)s of the month") if rule.every == 1
                else _("the %(day)s, every %(n)s months")) % given  # fmt: skip
    if rule.freq == "DAILY":
        if not named:
            return (_("every day") if rule.every == 1 else _("every %(n)s days")) % given
        return (_("every %(day)s") if rule.every == 1
                else _("every %(n)s days, on %(day)s alone")) % given  # fmt: skip
    if rule.every == 1:
        return _("every %(day)s") % given
    if len(named) == 1 and rule.every in WEEKS:
        return str(WEEKS[rule.every]) % given
    return _("every %(n)s weeks on %(day)s") % given
