"""Asking for help without an account and without a time."""

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from rapport.contact.asking import actions, queries
from rapport.contact.inquiries.problems import CannotTake
from rapport.contact.referrers import queries as referrers
from rapport.core import policy
from rapport.core import time as clock
from rapport.meeting.requests import queries as booking
from rapport.people.accounts import throttle
from rapport.people.practice import queries as practice
from rapport.people.staff import queries as staff
from rapport.web import reach
from rapport.web.numbers import of_country
from rapport.web.page import PUBLIC, page
from rapport.web.public.forms.ask import Ask


@page(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: Any) -> HttpResponse:
    """Who asks, and how they can be answered; whatever is wrong, what was typed stays."""
    by, settings = policy.Nobody(), queries.page()
    if not settings.is_open:
        raise Http404
    places = list(practice.places(by=by))
    form = Ask(
        request.POST if request.method == "POST" else None,
        sources=list(referrers.sources(by=by)), places=places if len(places) > 1 else [],
        clinicians=staff.clinicians(by=by) if settings.shows_names else [],
    )  # fmt: skip
    status = _taken(request, by, form) if form.is_valid() else 422 if form.errors else 200
    if not status:
        return redirect("ask_thanks")
    context = {"form": form, "first": bool(booking.offered(client=None)),
               **reach.of(practice.current())}  # fmt: skip
    return render(request, "public/ask.html", context, status=status)


def _taken(request: Any, by: Any, form: Ask) -> int:
    """Take it; 0 when it is taken, else the answer's status, and the form says what is wrong."""
    given, now = form.cleaned_data, clock.now()
    once = given["once"] or uuid.uuid4()
    address = ("first.address", str(request.META.get("REMOTE_ADDR", "")))
    if queries.taken(once=once) is None and not throttle.take(address, now=now):
        form.add_error(None, _("Too many requests came from here. Wait an hour, or call us."))
        return 429
    asker = actions.Asker(
        name=given["name"], reaches=form.reaches(), words=given["words"],
        language=get_language() or "",
        **{name: given.get(name) for name in ("source", "place", "clinician")},
    )  # fmt: skip
    try:
        actions.ask(by=by, asker=asker, once=once, now=now)
    except CannotTake as problem:
        form.add_error(problem.field if problem.field in form.fields else None, str(problem))
        return 422
    return 0


@page(PUBLIC)
@require_safe
def thanks(request: Any) -> HttpResponse:
    """That it has arrived, by when somebody answers, and whom to call if it cannot wait."""
    row = practice.current()
    context = reach.of(row) | of_country(row.country if row else "")
    return render(request, "public/ask_thanks.html", context)
