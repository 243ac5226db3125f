"""The numbers: who sends people here, how many begin, how long the first answer takes."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from rapport.core import time as clock

from . import rules
from .models import Inquiry, PastInquiry
from .rules import Fact

BACK = 12  # months that are shown


def since(today: date, back: int = BACK) -> date:
    """The first day of the months that are counted; the last one is today's."""
    return rules.add_months(today.replace(day=1), 1 - back)


def facts(*, by: Any, first: date) -> list[Fact]:
    """Every inquiry received from ``first`` on, those that were removed since included.

    Who was entered as a client at once, and came by no way that is known, is none of them.
    """
    start, _end = clock.day_bounds(first)
    rows = Inquiry.objects.filter(received_at__gte=start).exclude(came_by="")
    names = ("received_at", "source__name", "referrer__name", "stage", "answered_at")
    found = [
        Fact(clock.local(received).date().replace(day=1), source or "", referrer or "",
             stage == Inquiry.Stage.STARTED, rules.minutes_between(received, answered))
        for received, source, referrer, stage, answered in rows.values_list(*names)
    ]  # fmt: skip
    past = PastInquiry.objects.filter(month__gte=first).exclude(came_by="")
    gone = past.values_list("month", "source__name", "referrer__name", "minutes")
    found += [Fact(month, source or "", referrer or "", False, minutes)
              for month, source, referrer, minutes in gone]  # fmt: skip
    return found


def table(facts: list[Fact]) -> list[list[str]]:
    """Month by month, source and referrer: a header and rows that no spreadsheet runs."""
    header = [_("month"), _("heard of us by"), _("sent by"), _("received"), _("started"),
              _("median minutes to the first answer")]  # fmt: skip
    lines = rules.counted(facts, lambda one: (one.month.isoformat(), one.source, one.referrer))
    rows = [
        [line.key[0][:7], *map(rules.harmless, line.key[1:]), str(line.received),
         str(line.started), "" if line.minutes is None else f"{line.minutes:g}"]
        for line in lines
    ]  # fmt: skip
    return [list(map(rules.harmless, header)), *rows]
