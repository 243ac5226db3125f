"""The portal's page about reminders: what the client wants to be told, and how plainly."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rapport.contact.reminders import actions, queries
from rapport.core import time as clock
from rapport.web import reminders as said
from rapport.web.page import page


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
