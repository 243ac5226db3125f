"""The portal's pages about reminders: what the client wants to be told, when, and how plainly."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rapport.contact.reminders import actions, queries
from rapport.contact.reminders import daily as each_day
from rapport.core import time as clock
from rapport.web import reminders as said
from rapport.web.page import page
from rapport.web.portal.forms.daily import Reminder


@page("reminder.own", look=False)
@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: Any) -> HttpResponse:
    """How one is reminded."""
    by = request.user
    own = queries.preference(by.client)
    form = said.Choices(request.POST or None, practice=queries.reminding(), own=own)
    if form.is_valid():
        try:
            actions.choose(by=by, client=by.client, now=clock.now(), **form.given())
        except actions.CannotSet as problem:
            form.say(problem.field, str(problem))
        else:
            messages.success(request, _("Saved."))
            return redirect("portal_reminders")
    status = 422 if form.errors else 200
    return render(request, "portal/record/reminders.html", {"form": form}, status=status)


@page("reminder.own", look=False)
@require_http_methods(["GET", "HEAD", "POST"])
def daily(request: Any) -> HttpResponse:
    """At what time of day one is reminded of what one is asked each day; off until chosen."""
    by, now = request.user, clock.now()
    own = queries.preference(by.client)
    none = "none" in request.POST
    form = Reminder({"at": ""} if none else request.POST or None, initial={"at": own.daily_at})
    form.fields["at"].required = not none
    if form.is_valid():
        at = form.cleaned_data["at"]
        try:
            each_day.choose(by=by, at=at, now=now)
        except actions.CannotSet as problem:
            form.add_error(problem.field, str(problem))
        else:
            messages.success(request, _("You are not reminded.") if at is None else _("Saved."))
            return redirect("portal_daily")
    context = {
        "form": form, "at": own.daily_at, "zone": own.zone,
        "contact": each_day.reaches(client=by.client, now=now),
        "quiet": own.daily_at is not None and each_day.is_quiet(own, own.daily_at, now),
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "portal/daily/reminder.html", context, status=status)
