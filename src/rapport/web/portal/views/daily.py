"""The portal's page of what one is asked each day."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from rapport.contact.reminders import queries as reminders
from rapport.core import time as clock
from rapport.progress.daily import answering, queries, rules
from rapport.progress.own.saying import CannotKeep
from rapport.web import daily
from rapport.web.page import page
from rapport.web.portal.forms.daily import Today

DRAWN = timedelta(days=42)


@page("daily.own", look=False)
@require_http_methods(["GET", "HEAD", "POST"])
def today(request: Any) -> HttpResponse:
    """Today's questions on one screen, yesterday until noon, and how the last weeks went."""
    by, now = request.user, clock.now()
    found = queries.of(by=by, client=by.client, now=now)
    days = found.open_days if found is not None else []
    if found is None or not days:
        if request.method == "POST":
            messages.error(request, _nothing(found))
        return _shown(request, found, None, None, 0)
    on, slot = _chosen(request, found)
    asked = [one for one in found.questions if answering.is_asked(one, on)]
    if request.method != "POST":
        entry = found.entries.get((on, slot))
        form = Today.of(asked, on=on, slot=slot, answers=entry.answers if entry else {})
        return _shown(request, found, form, on, slot)
    form = Today(request.POST, questions=asked)
    if form.is_valid() and _kept(request, form):
        return redirect(f"{reverse('portal_daily')}?day={form.cleaned_data['on']}")
    form.sends(on, slot)
    return _shown(request, found, form, on, slot)


def _nothing(found: queries.Diary | None) -> str:
    """Why what was sent was not kept."""
    if found is not None and _pause(found) is not None:
        return _("This is paused. Nothing was kept.")
    return _("You are not asked any more. Nothing was kept.")


def _pause(found: queries.Diary) -> Any:
    """The pause that today lies in, of a plan that runs."""
    today = clock.today()
    return next((one for one in found.pauses if found.plan.ended_at is None
                 and one.days.holds(today)), None)  # fmt: skip


def _kept(request: Any, form: Today) -> bool:
    """Keep what was sent, or say at the form why not."""
    none = "none" in request.POST
    answers = form.answers(none=none)
    if not answers and not none:
        form.add_error(None, _("Nothing was chosen. Answer one question or more, or choose "
                               "“Not this time”."))  # fmt: skip
        return False
    given = form.cleaned_data
    try:
        answering.keep(by=request.user, on=given["on"], slot=given["slot"], answers=answers,
                       sent=given["sent"], now=clock.now())  # fmt: skip
    except CannotKeep as problem:
        form.refused(problem)
        return False
    said = _("Noted: not this time.") if none else _("Kept.")
    messages.info(request, said)
    return True


def _chosen(request: Any, found: queries.Diary) -> tuple[date, int]:
    """The day and the time of it that are asked for; else today, and the first open time."""
    asked = request.POST.get("on", "") or request.GET.get("day", "")
    on = next((one for one in found.open_days if one.isoformat() == asked), found.open_days[0])
    slots = range(found.plan.a_day)
    time = request.POST.get("slot", "") or request.GET.get("time", "")
    chosen = [n for n in slots if str(n) == time]
    left = [n for n in slots if (on, n) not in found.entries]
    return on, (chosen or left or [0])[0]


def _shown(
    request: Any, found: queries.Diary | None, form: Today | None, on: date | None, slot: int
) -> HttpResponse:  # fmt: skip
    since = clock.today() - DRAWN
    times = _times(found, on, slot) if found is not None and on is not None else []
    entry = found.entries.get((on, slot)) if found is not None and on is not None else None
    drawn = daily.of(found, [], since=since) if found is not None else []
    context = {
        "found": found, "form": form, "on": on, "slot": slot, "entry": entry, "times": times,
        "days": [(one, _day(one)) for one in (found.open_days if found is not None else [])],
        "drawn": [one for one in drawn if one.drawings],
        "is_today": on == clock.today(), "noon": f"{rules.LATE_UNTIL}:00",
        "stopped": found is not None and found.plan.by_client,
        "paused": _pause(found) if found is not None else None,
        "remind_at": reminders.preference(request.user.client).daily_at,
        "begins": found.plan.from_on if found is not None and not found.plan.ended_at
        and found.plan.from_on > clock.today() else None,
    }  # fmt: skip
    status = 422 if form is not None and form.errors else 200
    return render(request, "portal/daily/today.html", context, status=status)


def _day(on: date) -> str:
    if on == clock.today():
        return _("Today")
    return _("Yesterday, %(day)s") % {"day": daily.lately(on)}


def _times(found: queries.Diary, on: date, slot: int) -> list[tuple[int, str, bool, bool]]:
    """The times of the day: number, name, whether it is shown, whether it was answered."""
    if found.plan.a_day == 1:
        return []
    return [(n, name, n == slot, (on, n) in found.entries) for n, name in enumerate(found.times)]


@page("daily.own", look=False)
@require_POST
def stop(request: Any) -> HttpResponse:
    """Be asked no more; the page that follows offers to go on."""
    return _tried(request, answering.stop)


@page("daily.own", look=False)
@require_POST
def go_on(request: Any) -> HttpResponse:
    """Be asked again."""
    return _tried(request, answering.go_on)


def _tried(request: Any, act: Any) -> HttpResponse:
    try:
        act(by=request.user, now=clock.now())
    except CannotKeep as problem:
        messages.error(request, str(problem))
    return redirect("portal_daily")
