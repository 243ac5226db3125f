"""The desk's pages about standing slots as files of calendar programs: taken out, and taken in."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from rapport.contact.calendars import writing
from rapport.core import time as clock
from rapport.meeting.appointments.rules import Unfit
from rapport.meeting.series import ical, queries, rules, words
from rapport.meeting.series.models import Series
from rapport.people.clients import queries as clients
from rapport.people.clients.rules import initials
from rapport.web.calendars import downloaded
from rapport.web.desk.forms import series as forms
from rapport.web.page import page

SHOWN = 12  # days of a file that are told by name


@page("series.open", series=queries.get)
@require_safe
def out(request: Any, series: Series) -> HttpResponse:
    """A standing slot with every day that is otherwise, under initials alone."""
    title = initials(series.client.name) or writing.busy()
    parts = queries.events(by=request.user, series=series, title=title, now=clock.now())
    return downloaded(ical.calendar(parts))


@page("series.begin", client=clients.get)
@require_http_methods(["GET", "HEAD", "POST"])
def read(request: Any, client: Any) -> HttpResponse:
    """Read a standing slot from a file; the form for a new one then begins with it."""
    form = forms.FromFile(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            found = ical.read(form.cleaned_data["file"].read(ical.LARGEST + 1))
            start = _ahead(found.pattern, clock.now())
        except Unfit as problem:
            form.add_error("file", str(words.fit(problem)))
        else:
            _say_what_is_otherwise(request, found)
            begin = reverse("desk_series_begin", args=[client.pk])
            return redirect(f"{begin}?{urlencode(start)}")
    context = {"form": form, "client": client}
    return render(request, "desk/series/read.html", context, status=422 if form.errors else 200)


def _ahead(said: rules.Pattern, now: datetime) -> dict[str, Any]:
    """What is ahead of it, on the practice's clock.

    Raises:
        Unfit: nothing is, or its days are others here.
    """
    today = now.astimezone(said.zone).date()
    near = rules.days(said.rule, said.starts_on, today, today + queries.AHEAD)
    day = next((day for _n, day in near if said.slot(day).start > now), None)
    if day is None:
        raise Unfit("file", "over_already")
    here = clock.local(datetime.combine(day, said.at, tzinfo=said.zone).astimezone(UTC))
    if here.date() != day:
        raise Unfit("file", "other_days")
    rule = rules.rest_of(said.rule, said.starts_on, day)
    return {"rule": str(rule), "on": day.isoformat(), "clock": f"{here:%H:%M}",
            "minutes": said.minutes}  # fmt: skip


def _say_what_is_otherwise(request: Any, found: ical.Read) -> None:
    """Days that the file has otherwise are not booked by the rule: they are told."""
    days = sorted(day for day in {*found.left_out, *found.moved} if day >= clock.today())
    if days:
        named = ", ".join(date_format(day, "SHORT_DATE_FORMAT") for day in days[:SHOWN])
        more = "…" if len(days) > SHOWN else ""
        messages.warning(request, _("In the file these days are otherwise; change them once it is "
                                    "booked: %(days)s") % {"days": named + more})  # fmt: skip


def started(given: Any) -> dict[str, Any]:
    """How the form of a new slot begins after a file was read; nothing where none was."""
    try:
        on, at = date.fromisoformat(given.get("on", "")), time.fromisoformat(given.get("clock", ""))
        rule = rules.fitting(rules.parse(given.get("rule", "")), on)
        minutes = timedelta(minutes=int(given.get("minutes", "")))
    except (ValueError, OverflowError, Unfit):
        return {}
    return {
        **forms.of_rule(rule), "on": on, "at": at, "minutes": minutes // timedelta(minutes=1),
        "holidays": Series.Holidays.KEEP,
    }  # fmt: skip
