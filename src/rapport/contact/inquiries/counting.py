"""The numbers: who sends people here, how many begin, how soon they are answered."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from rapport.core import time as clock

from . import rules
from .models import Inquiry, PastInquiry
from .promised import Promise
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
    near = ("source", "referrer", "client__place")
    few = ("received_at", "answered_at", "stage", "stage_since", "source__name",
           "referrer__name", "client__place__region")  # fmt: skip
    promise = Promise()
    found = [
        Fact(clock.local(one.received_at).date().replace(day=1),
             one.source.name if one.source else "", one.referrer.name if one.referrer else "",
             one.stage == Inquiry.Stage.STARTED,
             rules.minutes_between(one.received_at, one.answered_at), judged(one, promise))
        for one in rows.select_related(*near).only(*few)
    ]  # fmt: skip
    past = PastInquiry.objects.filter(month__gte=first).exclude(came_by="")
    gone = past.values_list("month", "source__name", "referrer__name", "minutes", "in_time")
    found += [Fact(month, source or "", referrer or "", False, minutes, in_time)
              for month, source, referrer, minutes, in_time in gone]  # fmt: skip
    return found


def judged(inquiry: Inquiry, promise: Promise) -> bool | None:
    """Whether an inquiry was answered in time; None while that is open or nothing is promised."""
    by = promise.answer_by(inquiry.received_at, inquiry.client.place.region)
    if by is None:
        return None
    answered, over = (
        at and clock.local(at).date()
        for at in (inquiry.answered_at, None if inquiry.is_open else inquiry.stage_since)
    )
    return rules.in_time(by, answered, over, promise.today)


def table(facts: list[Fact]) -> list[list[str]]:
    """Month by month, source and referrer: a header and rows that no spreadsheet runs."""
    header = [_("month"), _("heard of us by"), _("sent by"), _("received"), _("started"),
              _("median minutes to the first answer"), _("to be answered by now"),
              _("answered in time")]  # fmt: skip
    lines = rules.counted(facts, lambda one: (one.month.isoformat(), one.source, one.referrer))
    rows = [
        [line.key[0][:7], *map(rules.harmless, line.key[1:]), str(line.received),
         str(line.started), "" if line.minutes is None else f"{line.minutes:g}",
         str(line.promised), str(line.in_time)]
        for line in lines
    ]  # fmt: skip
    return [list(map(rules.harmless, header)), *rows]
