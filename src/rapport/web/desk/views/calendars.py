"""One's own calendars elsewhere: what they may read, what they say, and where they differ."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.contact.calendars import actions, failures, feeds, queries, syncing, writing
from rapport.contact.calendars.actions import CannotConnect
from rapport.contact.calendars.models import Outside, Title
from rapport.core import audit
from rapport.core import time as clock
from rapport.meeting.appointments import queries as meetings
from rapport.meeting.models import Appointment
from rapport.web.calendars import as_file
from rapport.web.desk.forms import calendars as forms
from rapport.web.page import page


@page("calendar.open")
@require_safe
def mine(request: Any) -> HttpResponse:
    """What is connected, how it went, and where a calendar says something else."""
    return _shown(request)


def _shown(request: Any, link: str = "", problem: str = "") -> HttpResponse:
    by = request.user
    feed, differing = feeds.of(by=by), queries.conflicts(by=by)
    met = [one.appointment.client_id for one in differing if one.appointment is not None]
    audit.shown("people.client", dict.fromkeys(met))
    context = {
        "feed": feed, "link": link, "problem": problem, "differing": differing,
        "form": forms.Feed(initial={"title": feed.title if feed else Title.BUSY}),
        "rows": [(one, failures.in_words(one.error)) for one in queries.outsides(by=by)],
    }  # fmt: skip
    status = 422 if problem else 200
    return render(request, "desk/meeting/calendars.html", context, status=status)


# My meetings, read elsewhere --------------------------------------------------------------


@page("feed.set")
@require_POST
def feed(request: Any) -> HttpResponse:
    """Make the secret address, or another in its place; or call the meetings otherwise.

    The address is shown now and never again.
    """
    title = request.POST.get("title", "")
    try:
        if request.POST.get("what") == "name":
            actions.name_feed(by=request.user, title=title)
            messages.info(request, _("Saved. Calendar programs show it when they read again."))
            return redirect("desk_calendars")
        _feed, path = actions.make_feed(by=request.user, title=title, now=clock.now())
    except CannotConnect as no:
        return _shown(request, problem=str(no))
    return _shown(request, link=request.build_absolute_uri(path))


@page("feed.set")
@require_POST
def feed_end(request: Any) -> HttpResponse:
    """The address opens nothing any more."""
    actions.end_feed(by=request.user)
    messages.info(request, _("The address opens nothing any more. You can make a new one."))
    return redirect("desk_calendars")


@page("appointment.open", appointment=meetings.get)
@require_safe
def one(request: Any, appointment: Appointment) -> HttpResponse:
    """One meeting as a file for a calendar program."""
    known = feeds.of(by=request.user)
    title = known.title if known else Title.BUSY
    return as_file(appointment, writing.masked(appointment, title))


# Calendars elsewhere ----------------------------------------------------------------------


@page("calendar.connect")
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: Any) -> HttpResponse:
    """A calendar that is read at its address; read at once, to see that it works."""
    form = forms.Address(request.POST or None)
    if form.is_valid():
        try:
            made = actions.connect_address(by=request.user, now=clock.now(), **form.cleaned_data)
        except CannotConnect as no:
            form.add_error(no.field or None, str(no))
        else:
            went = _read(request, made)
            if made.error != "inside":
                return _said(request, made, went)
            actions.forget(by=request.user, outside=made)
            form.add_error("address", failures.in_words(made.error))
    context = {"form": form, "title": _("Read a calendar at its address"),
               "back": "desk_calendars"}  # fmt: skip
    return render(request, "desk/practice/form.html", context, status=422 if form.errors else 200)


@page("calendar.connect")
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: Any) -> HttpResponse:
    """A CalDAV account: its calendars are looked for, then one is chosen."""
    form = forms.Account(request.POST or None)
    if form.is_valid():
        try:
            made = actions.connect_account(by=request.user, now=clock.now(), **form.cleaned_data)
        except CannotConnect as no:
            form.add_error(no.field or None, str(no))
        else:
            return redirect("desk_calendar_choose", outside_id=made.pk)
    context = {"form": form, "title": _("Connect a calendar account"), "back": "desk_calendars"}
    return render(request, "desk/practice/form.html", context, status=422 if form.errors else 200)


@page("calendar.change", outside=queries.outside)
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: Any, outside: Outside) -> HttpResponse:
    """Which calendar of the account, and what for."""
    found = actions.found_names(outside)
    if not found:
        return redirect("desk_calendars")
    start = {"number": found[0][0], "title": Title.BUSY}
    form = forms.Choose(request.POST or None, found=found, initial=start)
    if form.is_valid():
        try:
            actions.choose(by=request.user, outside=outside, now=clock.now(), **form.given())
        except CannotConnect as no:
            form.add_error(no.field or None, str(no))
        else:
            return _turned(request, outside)
    context = {"form": form, "title": _("Which calendar?"), "back": "desk_calendars"}
    return render(request, "desk/practice/form.html", context, status=422 if form.errors else 200)


@page("calendar.sync", outside=queries.outside)
@require_POST
def turn(request: Any, outside: Outside) -> HttpResponse:
    """Read and write it now."""
    return _turned(request, outside)


def _turned(request: Any, outside: Outside) -> HttpResponse:
    """Take a turn and say how it went."""
    return _said(request, outside, _read(request, outside))


def _read(request: Any, outside: Outside) -> bool:
    now = clock.now()
    syncing.asked_for(by=request.user, outside=outside, now=now)
    return syncing.turn(outside=outside, now=now)


def _said(request: Any, outside: Outside, went: bool) -> HttpResponse:
    """How it went; the page has the reason where it did not go well."""
    if went:
        messages.info(request, _("Read just now."))
    else:
        messages.error(request, failures.in_words(outside.error))
    return redirect("desk_calendars")


@page("calendar.change", outside=queries.outside)
@require_POST
def remove(request: Any, outside: Outside) -> HttpResponse:
    """Read and write it no more."""
    actions.forget(by=request.user, outside=outside)
    messages.info(request, _("Removed, and its busy times with it. What was written there stays."))
    return redirect("desk_calendars")


@page("calendar.decide", pushed=queries.pushed)
@require_POST
def decide(request: Any, pushed: Any) -> HttpResponse:
    """Say which counts: the button says which."""
    what = request.POST.get("what", "")
    try:
        actions.decide(by=request.user, pushed=pushed, what=what, now=clock.now())
    except CannotConnect as no:
        return _shown(request, problem=str(no))
    return redirect("desk_calendars")


# Servers in the practice's own network ----------------------------------------------------


@page("calendar.allow", step_up=True)
@require_http_methods(["GET", "HEAD", "POST"])
def servers(request: Any) -> HttpResponse:
    """Which servers inside the network may be asked, and a form for another."""
    form = forms.Server(request.POST or None)
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("host", "port")}
        try:
            actions.allow(by=request.user, now=clock.now(), **given)
        except CannotConnect as no:
            form.add_error(no.field, str(no))
        else:
            return redirect("desk_house_servers")
    context = {"form": form, "rows": queries.house_servers(by=request.user)}
    status = 422 if form.errors else 200
    return render(request, "desk/practice/servers.html", context, status=status)


@page("calendar.allow", step_up=True, server=queries.house_server)
@require_POST
def server_remove(request: Any, server: Any) -> HttpResponse:
    """Ask it no more."""
    actions.disallow(by=request.user, server=server)
    return redirect("desk_house_servers")
