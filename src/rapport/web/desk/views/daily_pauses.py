"""The desk's pages about pauses of what a client is asked each day."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from rapport.core import time as clock
from rapport.people.clients import queries as clients
from rapport.progress.daily import pausing, queries
from rapport.progress.models import DailyPause
from rapport.progress.own.saying import CannotKeep
from rapport.web.desk.forms.daily import PauseForm
from rapport.web.page import page

from .rows import offer_undo, theirs


@page("daily.set", client=clients.get)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Any, client: Any) -> HttpResponse:
    """Ask nothing for some days; the page that follows offers to undo."""
    plan = queries.running(client=client)
    form = PauseForm(request.POST or None, initial={"from_on": clock.today()}) if plan else None
    if plan is not None and form is not None and form.is_valid():
        try:
            made = pausing.pause(by=request.user, client=client, plan=plan, now=clock.now(),
                                 **form.cleaned_data)  # fmt: skip
        except CannotKeep as problem:
            form.refused(problem)
        else:
            address = reverse("desk_daily_pause_remove", args=[client.pk, made.pk])
            offer_undo(request, client, _("These days are paused."), address)
            return _to_pauses(client)
    context = {
        "form": form, "client": client, "title": _("Pause"),
        "back": reverse("desk_daily", args=[client.pk]),
        "nothing": _("Nothing is asked each day now. Begin that first.") if form is None else "",
    }  # fmt: skip
    status = 422 if form is not None and form.errors else 200
    return render(request, "desk/people/form.html", context, status=status)


@page("daily.set", client=clients.get, daily_pause=queries.daily_pause)
@require_POST
def go_on(request: Any, client: Any, daily_pause: DailyPause) -> HttpResponse:
    """Ask again from today on; the page that follows offers to pause the rest after all."""
    theirs(client, daily_pause)
    row = pausing.go_on(by=request.user, client=client, pause=daily_pause, now=clock.now())
    if row.removed_at is not None:
        address = reverse("desk_daily_pause_back", args=[client.pk, daily_pause.pk])
        offer_undo(request, client, _("The pause was taken away."), address)
    elif row.back_on != daily_pause.back_on:
        address = reverse("desk_daily_pause", args=[client.pk])
        until = daily_pause.back_on.isoformat() if daily_pause.back_on else ""
        offer_undo(request, client, _("It is asked again from today on."), address,
                   from_on=clock.today().isoformat(), back_on=until)  # fmt: skip
    return _to_pauses(client)


@page("daily.set", client=clients.get, daily_pause=queries.daily_pause)
@require_POST
def remove(request: Any, client: Any, daily_pause: DailyPause) -> HttpResponse:
    """Count its days as asked; the page that follows offers to undo."""
    theirs(client, daily_pause)
    pausing.remove(by=request.user, client=client, pause=daily_pause, now=clock.now())
    address = reverse("desk_daily_pause_back", args=[client.pk, daily_pause.pk])
    offer_undo(request, client, _("The pause was taken away."), address)
    return _to_pauses(client)


@page("daily.set", client=clients.get, daily_pause=queries.daily_pause)
@require_POST
def back(request: Any, client: Any, daily_pause: DailyPause) -> HttpResponse:
    """Bring it back."""
    theirs(client, daily_pause)
    try:
        pausing.bring_back(by=request.user, client=client, pause=daily_pause)
    except CannotKeep as problem:
        messages.error(request, str(problem))
    return _to_pauses(client)


def _to_pauses(client: Any) -> HttpResponse:
    return redirect(f"{reverse('desk_daily', args=[client.pk])}#pauses")
