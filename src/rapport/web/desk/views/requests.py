"""The desk's pages about times that were asked for: confirm, say no; and what counts as late."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.core import audit, policy
from rapport.core import time as clock
from rapport.meeting.appointments import answers
from rapport.meeting.appointments import queries as meetings
from rapport.meeting.appointments.actions import CannotBook
from rapport.meeting.availability import doubts
from rapport.meeting.models import Appointment
from rapport.meeting.requests import queries
from rapport.web.desk.forms import meeting as forms
from rapport.web.page import page

from .appointments import done
from .rows import undo_for


@page("appointment.list")
@require_safe
def waiting(request: Any) -> HttpResponse:
    """What waits for an answer: who, when, with whom, how long."""
    by = request.user
    found = queries.waiting(by=by)
    audit.shown("people.client", [one.client_id for one in found])
    rows = [
        (one, policy.allows("appointment.approve", by, appointment=one),
         doubts.new_to(by, one.client, one.clinician))
        for one in found
    ]  # fmt: skip
    context = {"rows": rows, "now": clock.now(), "undo": undo_for(request, by)}
    return render(request, "desk/meeting/requests.html", context)


@page("appointment.approve", appointment=meetings.get)
@require_POST
def approve(request: Any, appointment: Appointment) -> HttpResponse:
    """Confirm it."""
    return done(request, appointment, answers.approve)


@page("appointment.decline", appointment=meetings.get)
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: Any, appointment: Appointment) -> HttpResponse:
    """Say no, with a line for whoever asked."""
    form = forms.Decline(
        request.POST or None, initial={"revision": appointment.revision},
        reads=appointment.client.account_id is not None,
    )  # fmt: skip
    if form.is_valid():
        try:
            answers.decline(
                by=request.user, appointment=appointment, now=clock.now(),
                words=form.cleaned_data["words"], revision=form.cleaned_data["revision"] or 0,
            )  # fmt: skip
        except CannotBook as problem:
            form.add_error(problem.field if problem.field in form.fields else None, str(problem))
        else:
            messages.info(request, _("Answered. The time is free again."))
            return redirect("desk_requests")
    context = {"form": form, "appointment": appointment, "client": appointment.client}
    status = 422 if form.errors else 200
    return render(request, "desk/meeting/decline.html", context, status=status)


@page("appointment.mark_late", appointment=meetings.get)
@require_POST
def late(request: Any, appointment: Appointment) -> HttpResponse:
    """Count it as late, or not: the button says which; unsaid is not."""
    wanted = request.POST.get("late") == "on"
    return done(request, appointment, answers.mark_late, late=wanted)
