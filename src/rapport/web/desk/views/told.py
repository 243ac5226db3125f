"""The desk's pages about what a client is told: what they chose, what went out, what they ask."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from rapport.contact.reminders import actions, queries
from rapport.core import time as clock
from rapport.meeting.appointments import queries as meetings
from rapport.people.circle import queries as around
from rapport.people.clients import queries as clients
from rapport.web import reminders as said
from rapport.web.page import page

from .rows import theirs


@page("reminder.choose", client=clients.get)
@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: Any, client: Any) -> HttpResponse:
    """How a client is reminded, and what they were told."""
    by, practice, own = request.user, queries.reminding(), queries.preference(client)
    form = said.Choices(request.POST or None, practice=practice, own=own)
    if form.is_valid():
        try:
            actions.choose(by=by, client=client, now=clock.now(), **form.given())
        except actions.CannotSet as problem:
            form.say(problem.field, str(problem))
        else:
            messages.success(request, _("Saved."))
            return redirect("desk_client_reminders", client_id=client.pk)
    context = {
        "client": client, "form": form, "practice": practice,
        "failing": queries.failing_of(by=by, client=client),
        "lines": said.lines(queries.of_client(by=by, client=client)),
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "desk/people/reminders.html", context, status=status)


@page("reminder.choose", client=clients.get, contact=around.contact)
@require_POST
def works_again(request: Any, client: Any, contact: Any) -> HttpResponse:
    """Write to a number or address again that was refused."""
    theirs(client, contact)
    actions.works_again(by=request.user, client=client, contact=contact)
    return redirect("desk_client_reminders", client_id=client.pk)


@page("reminder.seen", appointment=meetings.get)
@require_POST
def took_care(request: Any, appointment: Any) -> HttpResponse:
    """Somebody took care of the client's wish for another time."""
    actions.took_care(by=request.user, appointment=appointment, now=clock.now())
    return redirect("desk_appointment", appointment_id=appointment.pk)
