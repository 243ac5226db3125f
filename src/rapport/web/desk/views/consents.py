"""The desk's pages about what a client agreed to."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.core import policy
from rapport.core import time as clock
from rapport.people.circle import queries as around
from rapport.people.clients import queries as clients
from rapport.people.consents import actions, queries
from rapport.people.practice import queries as practice
from rapport.web.desk.forms import care as forms
from rapport.web.page import page

from .rows import offer_undo, theirs, undo_for


@page("consent.list", client=clients.get)
@require_safe
def consents(request: Any, client: Any) -> HttpResponse:
    """What is on file and what is missing."""
    on_file = queries.of(by=request.user, client=client)
    row = practice.current()
    context = {
        "client": client,
        "standing": [c for c in on_file if c.withdrawn_on is None],
        "withdrawn": [c for c in on_file if c.withdrawn_on is not None],
        "missing": queries.missing(on_file, row.consents if row else ()),
        "may_note": policy.allows("consent.note", request.user, client=client),
        "undo": undo_for(request, client),
    }
    return render(request, "desk/people/consents.html", context)


@page("consent.note", client=clients.get)
@require_http_methods(["GET", "HEAD", "POST"])
def note(request: Any, client: Any) -> HttpResponse:
    """Put a consent on file."""
    start = {"given_on": clock.today(), "kind": request.GET.get("kind", "")}
    agreeing = around.agreeing(by=request.user, client=client)
    form = forms.NoteConsent(request.POST or None, initial=start, client=client, agreeing=agreeing)
    if form.is_valid():
        try:
            actions.note(by=request.user, client=client, now=clock.now(), **form.given())
        except actions.CannotNote as problem:
            form.add_error(problem.field if problem.field in form.fields else None, str(problem))
        else:
            return redirect("desk_client_consents", client_id=client.pk)
    context = {
        "form": form, "client": client, "title": _("Put a consent on file"),
        "back": reverse("desk_client_consents", args=[client.pk]),
    }  # fmt: skip
    return render(request, "desk/people/form.html", context, status=422 if form.errors else 200)


@page("consent.note", client=clients.get, consent=queries.get)
@require_POST
def withdraw(request: Any, client: Any, consent: Any) -> HttpResponse:
    """The client withdrew it; the page offers to undo."""
    theirs(client, consent)
    try:
        actions.withdraw(by=request.user, client=client, consent=consent, on=clock.today())
    except actions.CannotNote as problem:
        messages.error(request, str(problem))
    else:
        back = reverse("desk_consent_back", args=[client.pk, consent.pk])
        said = _("Withdrawn: %(what)s.") % {"what": consent.get_kind_display()}
        offer_undo(request, client, said, back)
    return redirect("desk_client_consents", client_id=client.pk)


@page("consent.note", client=clients.get, consent=queries.get)
@require_POST
def back(request: Any, client: Any, consent: Any) -> HttpResponse:
    """It was not withdrawn after all."""
    theirs(client, consent)
    actions.take_back(by=request.user, client=client, consent=consent)
    return redirect("desk_client_consents", client_id=client.pk)
