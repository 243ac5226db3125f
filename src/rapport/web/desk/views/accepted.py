"""The desk's page about the terms a client accepted: what binds them, and noting it by hand."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from rapport.core import time as clock
from rapport.meeting.appointments.actions import CannotBook
from rapport.meeting.models import Accepted
from rapport.meeting.terms import actions, queries
from rapport.people.clients import queries as clients
from rapport.web.desk.forms import terms as forms
from rapport.web.page import page

from .rows import offer_undo, theirs, undo_for


@page("terms.accept", client=clients.get)
@require_http_methods(["GET", "HEAD", "POST"])
def listed(request: Any, client: Any) -> HttpResponse:
    """What the client accepted, the latest first, and a form for what is on paper or was said."""
    by, versions = request.user, queries.every(by=request.user)
    known = queries.in_force(day=clock.today())
    start = {"version": known.version if known else None, "on": clock.today()}
    form = forms.NoteAccepted(request.POST or None, versions=versions, initial=start)
    if form.is_valid():
        try:
            actions.note_accepted(by=by, client=client, now=clock.now(), **form.given())
        except CannotBook as problem:
            form.add_error(problem.field if problem.field in form.fields else None, str(problem))
        else:
            messages.info(request, _("Saved."))
            return redirect("desk_client_terms", client_id=client.pk)
    context = {
        "form": form, "client": client, "rows": queries.accepted(by=by, client=client),
        "versions": versions, "undo": undo_for(request, client),
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "desk/meeting/accepted.html", context, status=status)


@page("terms.accept", client=clients.get, accepted=queries.acceptance)
@require_POST
def remove(request: Any, client: Any, accepted: Accepted) -> HttpResponse:
    """It was noted by mistake; the answer offers to note it again."""
    theirs(client, accepted)
    actions.take_back(by=request.user, client=client, accepted=accepted)
    address = reverse("desk_client_terms", args=[client.pk])
    if accepted.how != Accepted.How.ONLINE:
        offer_undo(request, client, _("Removed."), address, version=accepted.terms.version,
                   how=accepted.how, on=clock.local(accepted.at).date())  # fmt: skip
    return redirect(address)
