"""A client's own meetings in their own calendar program."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.contact.calendars import actions, feeds, writing
from rapport.contact.calendars.models import Title
from rapport.core import time as clock
from rapport.meeting.appointments import queries as meetings
from rapport.meeting.models import Appointment
from rapport.web.calendars import as_file
from rapport.web.page import page


class Named(forms.Form):
    """What the client calls a meeting."""

    words = forms.CharField(
        label=gettext_lazy("What your calendar calls a meeting"), max_length=writing.LONGEST_TITLE,
        help_text=gettext_lazy("Anything you like. Whoever sees your calendar may see it."),
    )  # fmt: skip

    def chosen(self) -> str:
        """A word of their own; "" for the neutral one, which follows the language."""
        words: str = self.cleaned_data["words"]
        return "" if words == writing.neutral() else words


@page("feed.open", look=False)
@require_http_methods(["GET", "HEAD", "POST"])
def feed(request: Any) -> HttpResponse:
    """The secret address: made, renewed, or the meetings called otherwise.

    It is shown when it is made and never again.
    """
    known = feeds.of(by=request.user)
    form = Named(request.POST or None, initial={"words": feeds.title_for(request.user.client)})
    link = ""
    if request.method == "POST" and form.is_valid():
        given = {"by": request.user, "title": Title.BUSY, "words": form.chosen()}
        if known and request.POST.get("what") == "name":
            actions.name_feed(**given)
            messages.info(request, _("Saved. Your calendar shows it when it reads again."))
            return redirect("portal_feed")
        known, path = actions.make_feed(now=clock.now(), **given)
        link = request.build_absolute_uri(path)
    context = {"form": form, "feed": known, "link": link}
    status = 422 if form.errors else 200
    return render(request, "portal/record/calendar.html", context, status=status)


@page("feed.set")
@require_POST
def end(request: Any) -> HttpResponse:
    """The address opens nothing any more."""
    actions.end_feed(by=request.user)
    messages.info(request, _("The address opens nothing any more. You can make a new one."))
    return redirect("portal_feed")


@page("feed.take", appointment=meetings.own)
@require_safe
def one(request: Any, appointment: Appointment) -> HttpResponse:
    """One of one's own meetings as a file for a calendar program."""
    return as_file(appointment, feeds.title_for(request.user.client))
