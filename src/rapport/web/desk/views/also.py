"""What else waits: asked for once Today stands, so that its sessions never wait for it."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rapport.contact import channels
from rapport.contact.asking import queries as asking
from rapport.contact.calendars import failures
from rapport.contact.calendars import queries as calendars
from rapport.contact.inquiries import queries as inquiries
from rapport.contact.inquiries.models import ASKS
from rapport.contact.inquiries.promised import Promise, overdue
from rapport.contact.reminders import queries as reminders
from rapport.core import audit, policy
from rapport.core import time as clock
from rapport.meeting.models import Appointment
from rapport.meeting.requests import queries as requests
from rapport.meeting.series import queries as series
from rapport.meeting.waiting import queries as waiting
from rapport.people.care_team import queries as care_team
from rapport.people.circle import queries as around
from rapport.people.staff.models import CLINICAL
from rapport.progress.expected import queries as expected
from rapport.web import expected as said
from rapport.web import waiting as offered
from rapport.web.page import page

MOST = 5  # lines of each thing
NEWS = 20  # of what clients asked for or did by themselves
IN_NEED = timedelta(days=7)


@page("desk.open")
@require_safe
def also(request: Any) -> HttpResponse:
    """Below what needs somebody at once, each thing under a heading of its own.

    ``?alone=1`` says that nothing stands above it; then it says so where nothing waits.
    """
    by, now = request.user, clock.now()
    treats = by.staff.has(*CLINICAL)
    gives = treats or by.staff.has("FRONT_DESK")
    asks = by.staff.has(*ASKS)
    for_all = not treats or by.staff.has("FRONT_DESK")
    promise = Promise()
    asked, did = _of_clients(by, None if for_all else by.staff, now)
    found: dict[str, Any] = {
        "signals": expected.first_for(by=by, most=MOST) if treats else [],
        "asked_for": asked,
        "by_clients": did,
        "overdue": overdue(by=by, promise=promise, most=MOST) if asks else [],
        "tasks": inquiries.due(by=by, until=clock.today(), most=MOST) if asks else [],
        "reach": reminders.needing(by=by, now=now, most=MOST),
        "unaware": reminders.unaware(by=by, now=now, most=MOST),
        "in_need": care_team.opened_in_need(by=by, since=now - IN_NEED, most=MOST),
        "left_out": list(series.to_look_at(by=by, staff=by.staff, most=MOST)),
        "to_call": waiting.to_call(by=by, staff=by.staff, now=now, most=MOST),
        "not_asked": waiting.not_asked(by=by, most=MOST) if gives else [],
    }
    rows = [one for those in found.values() for one in those]
    found |= _numbers(by, to_call=found["to_call"], not_asked=found["not_asked"])
    nobody = _unanswered(by, promise, {one.client_id for one in asked}) if asks else []
    rows += [one.inquiry for one in nobody if one.opens]
    found["signals"] = [said.row(one) for one in found["signals"]]
    found |= {
        "nobody": nobody, "hours": _fell_free(by, now), "silent": _silent(by, now),
        "outside": _outside(by) if treats else [],
        "looks": inquiries.looks(by=by, most=MOST) if asks else [],
    }  # fmt: skip
    audit.shown("people.client", [one.client_id for one in rows])
    part = request.htmx and not request.htmx.boosted
    alone = "alone" in request.GET or not part
    context = found | {
        "may_remind": policy.allows("reminder.open", by),
        "alone": alone, "any": any(found.values()), "now": now, "most": MOST,
        "treats": treats, "today": clock.today(),
    }  # fmt: skip
    return render(request, "desk/_also.html" if part else "desk/also.html", context)


def _of_clients(by: Any, staff: Any, now: datetime) -> tuple[list[Any], list[Any]]:
    """Times that wait for an answer; and what clients booked, moved or called off themselves."""
    found = requests.of_today(by=by, staff=staff, now=now, most=NEWS)
    asked = [one for one in found if one.status == Appointment.Status.REQUESTED]
    return asked, [one for one in found if one not in asked]


def _unanswered(by: Any, promise: Promise, said: set[Any]) -> list[asking.Unanswered]:
    """Who asked and was answered by nobody; without those of whom a time asked for tells."""
    found = asking.unanswered(by=by, promise=promise, most=MOST + len(said))
    return [one for one in found if one.inquiry.client_id not in said][:MOST]


def _fell_free(by: Any, now: datetime) -> list[tuple[Any, str]]:
    """Hours that somebody could take and that this person may offer, and how many could."""
    found = [one for one in waiting.free_hours(now=now)[:30] if one.could_take]
    mine = [one for one in found if policy.allows("hour.offer", by, hour=one)]
    return [(one, offered.could_take(one)) for one in mine[:MOST]]


def _numbers(by: Any, **rows: list[Any]) -> dict[str, list[Any]]:
    """The same rows, each with the numbers by which its client can be called."""
    clients = {one.client_id for those in rows.values() for one in those}
    known = around.numbers(by=by, clients=clients) if clients else {}
    return {
        name: [(one, known.get(one.client_id, [])) for one in those]
        for name, those in rows.items()
    }  # fmt: skip


def _silent(by: Any, now: datetime) -> list[Any]:
    """Ways by which nothing goes out at the moment; owners can look why."""
    known = channels.found()
    return [known[id].name for id in reminders.troubled(by=by, now=now) if id in known]


def _outside(by: Any) -> list[tuple[calendars.Line, str]]:
    """What in one's own calendars elsewhere needs one, and why a calendar fails."""
    lines = calendars.attention(by=by, most=MOST)
    return [(line, failures.in_words(line.error)) for line in lines]
