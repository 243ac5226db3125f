"""Schedules in words: the occasion, when it comes next, and what a result was like."""

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from rapport.core import time as clock
from rapport.progress.measures.rules import asked_in
from rapport.progress.models import Ask, Occasion, PlanLine
from rapport.progress.schedules.queries import Scheduled
from rapport.progress.schedules.rules import Condition

from . import measures

AFTER = {
    13: gettext_lazy("3 months"),
    26: gettext_lazy("6 months"),
    39: gettext_lazy("9 months"),
    52: gettext_lazy("12 months"),
    78: gettext_lazy("18 months"),
    104: gettext_lazy("2 years"),
}
"""Weeks after care that have a rounder name."""


def weeks(count: int) -> str:
    """So many weeks, or the months they come to."""
    if count in AFTER:
        return str(AFTER[count])
    return ngettext("%(n)s week", "%(n)s weeks", count) % {"n": count}


def sessions(count: int) -> str:
    """After so many sessions, again and again."""
    return ngettext("every %(n)s session", "every %(n)s sessions", count) % {"n": count}


def every(days: int) -> str:
    """So many days apart."""
    return ngettext("every %(n)s day", "every %(n)s days", days) % {"n": days}


def occasion(row: Any) -> str:
    """When a rule or a line of the plan asks: "3 months after care has ended"."""
    if row.occasion == Occasion.SESSION:
        hours = {"n": row.hours_before}
        return (
            ngettext(
                "%(n)s hour before each session", "%(n)s hours before each session",
                row.hours_before,
            ) % hours
        )  # fmt: skip
    if row.occasion == Occasion.DAYS:
        return every(row.every_days)
    if row.occasion == Occasion.REVIEW:
        return sessions(row.count)
    if row.occasion == Occasion.FOLLOW_UP:
        return _("%(weeks)s after care has ended") % {"weeks": weeks(row.count)}
    return str(row.get_occasion_display())


def tongues(line: PlanLine, house: str) -> str:
    """In which language a line of the plan asks: the one for everybody, or which there are and
    what happens to those who speak another.

    Args:
        house: the practice's language.
    """
    item = measures.found(line.instrument)
    there = dict(measures.tongues([item])) if item is not None else {}
    if line.language in there:
        return _("in %(language)s for everybody") % {"language": there[line.language]}
    if not there:
        return ""
    other = there[asked_in("", [house], there)]
    if len(there) == 1:
        return _("words in %(language)s alone: everybody is asked in it") % {"language": other}
    return _("words in %(languages)s; whoever speaks another is asked in %(language)s") % {
        "languages": ", ".join(there.values()), "language": other,
    }  # fmt: skip


def coming(one: Scheduled) -> str:
    """When it comes next, or what it waits for, or why it came no more."""
    rule = one.rule
    if rule.ended_at is not None:
        return str(rule.get_ended_why_display())
    if rule.next_at is not None:
        day = date_format(clock.local(rule.next_at), "DATE_FORMAT")
        return _("next on %(day)s") % {"day": day}
    if one.left is not None:
        said = ngettext("after %(n)s more session", "after %(n)s more sessions", one.left)
        return said % {"n": one.left}
    if rule.occasion == Occasion.SESSION:
        return ""
    if rule.occasion == Occasion.INTAKE:
        return _("once the beginning of care is known")
    return _("once the end of care is known")


def because(rule: Ask) -> str:
    """Why a result asked for it: "PHQ-9 of 3 May: band moderate or worse"; "" for none."""
    if rule.recheck is None or rule.because is None:
        return ""
    day = date_format(clock.local(rule.because.answered_at), "DATE_FORMAT")
    return _("%(form)s of %(day)s: %(condition)s") % {
        "form": measures.short(rule.recheck.instrument), "day": day,
        "condition": condition(rule.recheck.instrument, rule.recheck.condition),
    }  # fmt: skip


def condition(instrument: str, written: str) -> str:
    """What a result is to be like, in words."""
    item = measures.found(instrument)
    try:
        found = Condition.read(written)
    except ValueError:
        return written
    if item is None:
        return written
    words = measures.words(item)
    if found.kind == "cutoff":
        return _("in the clinical range")
    if found.kind == "band":
        return _("%(band)s or worse") % {"band": words.bands.get(found.name, found.name)}
    if found.kind == "risk":
        return _("an answer that raises an alert")
    one = next((each for each in item.content.items if each.key == found.name), None)
    labels = words.labels.get(one.labels, {}) if one else {}
    said = labels.get(str(found.least), str(found.least))
    return _("question %(number)s: %(answer)s or more") % {"number": found.name, "answer": said}
