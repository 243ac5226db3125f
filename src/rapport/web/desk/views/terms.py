"""The desk's pages about terms of calling off, and about what may be booked and asked online."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from rapport.contact.asking import actions as asking
from rapport.contact.asking import queries as in_asking
from rapport.core import policy
from rapport.core import time as clock
from rapport.meeting.appointments.actions import CannotBook
from rapport.meeting.requests import actions as requests
from rapport.meeting.requests import queries as in_requests
from rapport.meeting.terms import actions, queries
from rapport.web.desk.forms import terms as forms
from rapport.web.page import page

ABOUT_CLIENTS, ABOUT_STRANGERS = ("any_clinician", "most_ahead"), ("is_open", "shows_names")


@page("terms.open", look=False)
@require_safe
def terms(request: Any) -> HttpResponse:
    """Every version, with the one in force."""
    spoken = get_language() or "en"
    context = {
        "rows": [
            (one, *one.read(spoken), _languages(one)) for one in queries.every(by=request.user)
        ],
        "in_force": queries.in_force(day=clock.today()), "today": clock.today(),
        "may_set": policy.allows("terms.set", request.user),
    }  # fmt: skip
    return render(request, "desk/practice/terms.html", context)


def _languages(one: Any) -> str:
    """In which languages a version can be read."""
    called = dict(settings.LANGUAGES)
    return ", ".join(called.get(code, code) for code in one.texts)


@page("terms.set")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Any) -> HttpResponse:
    """A new version, begun from the latest."""
    last = next(iter(queries.every(by=request.user)), None)
    start = {"hours": last.hours if last else 24, "from_on": clock.today()}
    form = forms.NewTerms(request.POST or None, initial=start | (last.texts if last else {}))
    if form.is_valid():
        try:
            actions.set_terms(by=request.user, now=clock.now(), **form.given())
        except CannotBook as problem:
            form.add_error(problem.field if problem.field in form.fields else None, str(problem))
        else:
            return redirect("desk_terms")
    context = {"form": form, "title": _("New terms of calling off"), "back": "desk_terms"}
    return render(request, "desk/practice/form.html", context, status=422 if form.errors else 200)


@page("self_booking.set")
@require_http_methods(["GET", "HEAD", "POST"])
def self_booking(request: Any) -> HttpResponse:
    """What clients may do by themselves, and strangers."""
    held = {ABOUT_CLIENTS: in_requests.settings(), ABOUT_STRANGERS: in_asking.page()}
    start = {name: getattr(row, name) for names, row in held.items() for name in names}
    form = forms.SelfBooking(request.POST or None, initial=start)
    if form.is_valid():
        given = form.cleaned_data
        try:
            requests.set_self_booking(by=request.user, **{n: given[n] for n in ABOUT_CLIENTS})
            asking.set_page(by=request.user, **{n: given[n] for n in ABOUT_STRANGERS})
        except CannotBook as problem:
            form.add_error(problem.field, str(problem))
        else:
            return redirect("desk_practice")
    context = {"form": form, "title": _("Booking and asking online"), "back": "desk_practice"}
    return render(request, "desk/practice/form.html", context, status=422 if form.errors else 200)
