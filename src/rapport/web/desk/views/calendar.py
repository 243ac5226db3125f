"""The calendar: a clinician's day, week or list, drawn by the server."""

import uuid
from datetime import date, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from rapport.core import audit, policy
from rapport.core import time as clock
from rapport.meeting.appointments import queries
from rapport.meeting.availability import queries as availability
from rapport.meeting.diaries import queries as diaries
from rapport.people.staff.models import Staff
from rapport.web.desk import grid, slots
from rapport.web.desk.asked_day import asked_day
from rapport.web.page import page

VIEWS = {"day": _("Day"), "week": _("Week"), "list": _("List")}
LISTED = 28  # days of a list


@page("appointment.list")
@require_safe
def calendar(request: Any) -> HttpResponse:
    """One clinician's time: one's own, or a colleague's with the names one may see."""
    view = request.GET.get("view", "week")
    view = view if view in VIEWS else "week"
    on, problem = asked_day(request.GET.get("on", ""))
    clinicians = diaries.clinicians(by=request.user, also=_id(request.GET.get("who", "")))
    staff = _whose(request, clinicians)
    context = {
        "view": view, "on": on, "problem": problem, "clinicians": clinicians, "staff": staff,
        "own": staff is not None and staff == request.user.staff,
    }  # fmt: skip
    if staff is not None:
        context["may_hours"] = policy.allows("hours.open", request.user, staff=staff)
        context |= _filled(request, staff, view, on)
    return render(request, "desk/meeting/calendar.html", context)


def _filled(request: Any, staff: Staff, view: str, on: date) -> dict[str, Any]:
    """What the page shows between its first and last day."""
    first, length = _stretch(view, on)
    last = first + timedelta(length - 1)
    start, end = clock.day_bounds(first)[0], clock.day_bounds(last)[1]
    by, now = request.user, clock.now()
    meetings = queries.within(by=by, staff=staff, start=start, end=end)
    audit.shown("meeting.appointment", [one.pk for one in meetings])
    hours, taken = availability.days_and_taken(
        by=by, staff=staff, first=first, last=last, known=meetings
    )
    days = [grid.day(meetings, taken, one, now=now) for one in hours.values()]
    if view == "week":
        days = [d for d in days if d.blocks or d.marks or hours[d.on].working]
    context: dict[str, Any] = {"first": first, "last": last, "days": days}
    if view == "list":
        context["any_meeting"] = any(day.meetings for day in days)
    else:
        drawn = grid.drawn(days)
        context["drawn"] = [(day, slots.written(day, staff)) for day in drawn.days]
        context |= {"grid": drawn, "hours": [(row, time(hour)) for row, hour in drawn.hours]}
    return context | _around(view, on, staff)


def _stretch(view: str, on: date) -> tuple[date, int]:
    """The first day that is shown, and how many."""
    if view == "week":
        return on - timedelta(on.weekday()), 7
    return on, LISTED if view == "list" else 1


def _around(view: str, on: date, staff: Staff) -> dict[str, Any]:
    """Addresses of the pages before, after and of today, and of the other views."""

    def to(day: date, shown: str = view) -> str:
        return "?" + urlencode({"view": shown, "on": day, "who": staff.pk})

    step = timedelta({"day": 1, "week": 7, "list": LISTED}[view])
    found: dict[str, Any] = {"now_url": to(clock.today())}
    found["views"] = [(shown, words, to(on, shown)) for shown, words in VIEWS.items()]
    for name, day in (("before_url", on - step), ("after_url", on + step)):
        if clock.FIRST_YEAR < day.year < clock.LAST_YEAR:
            found[name] = to(day)
    return found


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _whose(request: Any, clinicians: list[Staff]) -> Staff | None:
    """The clinician who was asked for; else oneself, else the first.

    Raises:
        Http404: there is no such clinician.
    """
    wanted = request.GET.get("who", "")
    by_id = {str(one.pk): one for one in clinicians}
    if wanted:
        if wanted not in by_id:
            raise Http404
        return by_id[wanted]
    mine = by_id.get(str(request.user.staff.pk))
    return mine or (clinicians[0] if clinicians else None)
