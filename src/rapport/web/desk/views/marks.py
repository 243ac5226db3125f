"""The desk's pages about what happened to a client and what was reached."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from rapport.core import policy
from rapport.core import time as clock
from rapport.people.clients import queries as clients
from rapport.progress.marks import actions, queries
from rapport.progress.models import Mark
from rapport.web.desk.forms.marks import MarkForm
from rapport.web.page import page

from .rows import offer_undo, theirs


@page("mark.note", client=clients.get)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Any, client: Any) -> HttpResponse:
    """Put something that happened, or that was reached, on the client's time."""
    reached = request.GET.get("kind") == Mark.Kind.MILESTONE
    start = {
        "on": clock.today(), "shared": reached,
        "kind": Mark.Kind.MILESTONE if reached else Mark.Kind.EVENT,
    }  # fmt: skip
    form = MarkForm(request.POST or None, initial=start)
    if form.is_valid():
        try:
            actions.note(by=request.user, client=client, now=clock.now(), **form.cleaned_data)
        except actions.CannotMark as problem:
            form.add_error(problem.field, str(problem))
        else:
            return _to_picture(client)
    context = {
        "form": form, "client": client, "title": _("Note what happened"),
        "back": reverse("desk_picture", args=[client.pk]),
    }  # fmt: skip
    return render(request, "desk/people/form.html", context, status=422 if form.errors else 200)


def _to_picture(client: Any) -> HttpResponse:
    return redirect(f"{reverse('desk_picture', args=[client.pk])}#happened")


@page("measure.read", client=clients.get, mark=queries.get)
@require_http_methods(["GET", "HEAD", "POST"])
def mark(request: Any, client: Any, mark: Mark) -> HttpResponse:
    """One mark: correcting it, what it said before, taking it away."""
    theirs(client, mark)
    by, now = request.user, clock.now()
    stands = mark.replaced_by_id is None and mark.removed_at is None
    may = not mark.by_client and policy.allows("mark.note", by, client=client)
    start = {name: getattr(mark, name) for name in ("kind", "on", "words", "shared")}
    form = MarkForm(request.POST or None, initial=start)
    if form.is_valid():
        try:
            actions.correct(by=by, client=client, mark=mark, now=now, **form.cleaned_data)
        except actions.CannotMark as problem:
            form.add_error(problem.field, str(problem))
        else:
            return _to_picture(client)
    context = {
        "form": form if may and stands else None, "client": client, "mark": mark,
        "stands": stands, "may": may, "before": queries.before(mark),
    }  # fmt: skip
    return render(request, "desk/progress/mark.html", context, status=422 if form.errors else 200)


@page("mark.note", client=clients.get, mark=queries.get)
@require_POST
def remove(request: Any, client: Any, mark: Mark) -> HttpResponse:
    """Take it off the picture; the picture offers to undo."""
    theirs(client, mark)
    try:
        actions.remove(by=request.user, client=client, mark=mark, now=clock.now())
    except actions.CannotMark as problem:
        messages.error(request, str(problem))
    else:
        back = reverse("desk_mark_back", args=[client.pk, mark.pk])
        offer_undo(request, client, _("Taken off the picture."), back)
    return redirect("desk_picture", client_id=client.pk)


@page("mark.note", client=clients.get, mark=queries.get)
@require_POST
def back(request: Any, client: Any, mark: Mark) -> HttpResponse:
    """Bring it back onto the picture."""
    theirs(client, mark)
    try:
        actions.bring_back(by=request.user, client=client, mark=mark)
    except actions.CannotMark as problem:
        messages.error(request, str(problem))
    return _to_picture(client)
