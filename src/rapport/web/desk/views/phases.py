"""The desk's pages about the phases of the work with a client."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from rapport.core import time as clock
from rapport.people.clients import queries as clients
from rapport.progress.daily import phasing, queries
from rapport.progress.models import Phase
from rapport.progress.own.saying import CannotKeep
from rapport.web.desk.forms.daily import PhaseForm
from rapport.web.page import page

from .rows import offer_undo, theirs


@page("phase.mark", client=clients.get)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Any, client: Any) -> HttpResponse:
    """Say that a phase begins."""
    marked = queries.phases(by=request.user, client=client)
    start = {"on": clock.today(), "letter": "B" if marked else "A"}
    form = PhaseForm(request.POST or None, initial=start)
    if form.is_valid():
        try:
            phasing.mark(by=request.user, client=client, now=clock.now(), **form.cleaned_data)
        except CannotKeep as problem:
            form.refused(problem)
        else:
            return _to_phases(client)
    context = {
        "form": form, "client": client, "title": _("A phase begins"),
        "back": reverse("desk_daily", args=[client.pk]),
    }  # fmt: skip
    return render(request, "desk/people/form.html", context, status=422 if form.errors else 200)


@page("phase.mark", client=clients.get, phase=queries.phase)
@require_POST
def remove(request: Any, client: Any, phase: Phase) -> HttpResponse:
    """Take a phase away; the page that follows offers to undo."""
    theirs(client, phase)
    phasing.remove(by=request.user, client=client, phase=phase, now=clock.now())
    back = reverse("desk_phase_back", args=[client.pk, phase.pk])
    offer_undo(request, client, _("The phase was taken away."), back)
    return _to_phases(client)


@page("phase.mark", client=clients.get, phase=queries.phase)
@require_POST
def back(request: Any, client: Any, phase: Phase) -> HttpResponse:
    """Bring it back."""
    theirs(client, phase)
    try:
        phasing.bring_back(by=request.user, client=client, phase=phase)
    except CannotKeep as problem:
        messages.error(request, str(problem))
    return _to_phases(client)


def _to_phases(client: Any) -> HttpResponse:
    return redirect(f"{reverse('desk_daily', args=[client.pk])}#phases")
