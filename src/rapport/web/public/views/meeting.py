"""A first meeting without an account: choose a time, say who one is, read what comes next."""

import uuid
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from rapport.contact.asking import queries as asking
from rapport.contact.referrers import queries as referrers
from rapport.core import policy
from rapport.core import time as clock
from rapport.meeting.appointments.actions import CannotBook
from rapport.meeting.requests import actions, queries
from rapport.meeting.terms import queries as in_terms
from rapport.people.accounts import throttle
from rapport.people.clients.actions import CannotKeep
from rapport.people.practice import queries as practice
from rapport.web import reach
from rapport.web.booking import choosing, otherwise, tokens, zones
from rapport.web.page import PUBLIC, page
from rapport.web.public.forms import meeting as forms

BASE = "public/booking.html"
FIELDS = {"legal_name": "name", "phone": "phone", "mail": "mail"}


def _address(request: Any) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def _visitor(request: Any) -> str:
    """Who books, as a keyed hash of where they come from: no address is kept."""
    return throttle.name("visitor", _address(request))


def _way(request: Any) -> choosing.Way:
    by = policy.Nobody()

    def keep(choice: Any, before: uuid.UUID | None) -> Any:
        if not throttle.take(("hold.address", _address(request)), now=clock.now()):
            raise CannotBook("", _("Too many times were kept from here. Wait a quarter of an "
                                   "hour, or call us."))  # fmt: skip
        return actions.hold_first(
            by=by, choice=choice, visitor=_visitor(request), instead=before, now=clock.now()
        )

    return choosing.Way(
        by=by, client=None, door="public", base=BASE, keep=keep, confirm=reverse("first_confirm"),
        back=reverse("first"), reach=_here,
    )  # fmt: skip


@page(PUBLIC)
@require_safe
def offered(request: Any) -> HttpResponse:
    """What a first meeting can be."""
    context = {
        "types": queries.offered(client=None), "may_ask": asking.page().is_open, **_here(),
    }  # fmt: skip
    return render(request, "public/first.html", context)


def _here() -> dict[str, Any]:
    """The practice, as its pages name it and as one reaches it."""
    return reach.of(practice.current())


@page(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: Any, type_id: uuid.UUID) -> HttpResponse:
    """A time for it."""
    type = next((one for one in queries.offered(client=None) if one.pk == type_id), None)
    if type is None:
        raise Http404
    return choosing.choose(request, _way(request), type)


@page(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: Any) -> HttpResponse:
    """Who one is and how one can be answered; whatever happens, what was typed stays."""
    found = choosing.chosen(request, door="public", client=None, visitor=_visitor(request))
    way, terms = _way(request), in_terms.in_force(day=clock.today())
    if request.method == "POST" and "otherwise" in request.POST:
        return _otherwise(request, way, terms)
    if found is None:
        return _closed(request, way, terms)
    if request.method != "POST" and found.hold is None and _sent(found.token):
        return _to_thanks(request)  # whoever goes back reads that it has arrived
    if request.method == "POST" and "instead" in request.POST:
        return _another(request, way, found, terms)
    typed = request.POST if request.method == "POST" else None
    form = forms.First(typed, terms=terms, sources=_sources())
    if form.is_valid():
        answer = _asked(request, way, found, form, terms)
        if answer is not None:
            return answer
    return _shown(request, found, form, terms, status=422 if form.errors else 200)


def _sent(token: tokens.Kept) -> bool:
    """Whether this form was sent and taken before."""
    return queries.booked_by(once=token.hold, client=None) is not None


def _sources() -> list[Any]:
    return list(referrers.sources(by=policy.Nobody()))


def _again(request: Any, terms: Any) -> forms.First:
    """The form with everything that was typed, not judged yet."""
    return forms.First.again(request.POST, terms, _sources())


def _asked(request: Any, way: Any, found: Any, form: Any, terms: Any) -> HttpResponse | None:
    """Ask for the time; None where the form says what is wrong."""
    if not _sent(found.token) and not throttle.take(
        ("first.address", _address(request)), now=clock.now()
    ):
        form.add_error(None, _("Too many requests came from here. Wait an hour, or call us."))
        return _shown(request, found, form, terms, status=429)
    given = form.cleaned_data
    stranger = actions.Stranger(
        name=given["name"], contacts=form.contacts(), words=given["words"],
        zone=found.shown.name, language=get_language() or "",
        heard_by=getattr(given.get("source"), "pk", None),
    )  # fmt: skip
    read = terms if terms is not None and given.get("terms") == terms.version else None
    try:
        actions.ask_first(
            by=way.by, choice=found.choice, hold=found.hold, stranger=stranger, terms=read,
            once=found.token.hold, now=clock.now(),
        )  # fmt: skip
    except actions.Taken as gone:
        others = choosing.near(way, found.choice, way.people(found.choice.type))
        if not others:
            return _nothing_left(request, way, terms, str(gone))
        return _shown(request, found, _again(request, terms), terms,
                      problem=str(gone), others=others, status=422)  # fmt: skip
    except (CannotBook, CannotKeep) as problem:
        field = FIELDS.get(problem.field, problem.field)
        form.add_error(field if field in form.fields else None, str(problem))
        return None
    return _to_thanks(request)


def _another(request: Any, way: Any, found: Any, terms: Any) -> HttpResponse:
    """Keep another time; the form comes back as it was typed."""
    form, problem, others = _again(request, terms), "", []
    try:
        choice, hold = choosing.instead(way, found, request.POST["instead"])
    except choosing.Gone as gone:
        problem = str(gone)
        others = choosing.near(way, gone.choice, way.people(found.choice.type))
        if not others:
            return _nothing_left(request, way, terms, problem)
    except CannotBook as refusal:
        problem = str(refusal)
    else:
        token = choosing.token(way, choice, hold, found.shown.name)
        kept = replace(found, choice=choice, hold=hold)
        return _shown(request, kept, form, terms, action=choosing.page_of(way, token))
    return _shown(request, found, form, terms, problem=problem, others=others, status=422)


def _closed(request: Any, way: Any, terms: Any) -> HttpResponse:
    """The address says nothing that is offered: a form that was sent to it comes back whole."""
    if request.method != "POST":
        return render(request, "public/nothing_chosen.html", _here())
    token = tokens.read("public", request.GET.get("at", ""))
    if token is not None and _sent(token):
        return _to_thanks(request)
    return _nothing_left(request, way, terms, _("What you chose cannot be booked here "
                         "any more. Nothing you wrote is lost."))  # fmt: skip


def _nothing_left(request: Any, way: Any, terms: Any, problem: str) -> HttpResponse:
    """What was typed, and the times that are free otherwise, each a button that takes it along."""
    token = tokens.read("public", request.GET.get("at", ""))
    shown = zones.named(token.zone) if token else zones.of(request)
    free = otherwise.others(
        way, way_wanted=token.way if token else "", around=token.start if token else clock.now()
    )
    context = {
        "form": _again(request, terms), "problem": problem, "free": free,
        "shown": shown, **_here(), **_read(terms),
    }  # fmt: skip
    with timezone.override(shown.zone):
        return render(request, "public/first_otherwise.html", context, status=422)


def _otherwise(request: Any, way: Any, terms: Any) -> HttpResponse:
    """Keep a time of something else; the form comes back as it was typed."""
    token = tokens.read("public", request.GET.get("at", ""))
    shown = zones.named(token.zone) if token else zones.of(request)
    try:
        choice, hold = otherwise.keep(
            way, request.POST["otherwise"], shown=shown, before=token.hold if token else None
        )
    except CannotBook as refusal:
        return _nothing_left(request, way, terms, str(refusal))
    kept = choosing.token(way, choice, hold, shown.name)
    fresh = tokens.read("public", kept)
    assert fresh is not None, "it was signed a moment ago"
    found = choosing.Chosen(fresh, choice, shown, hold)
    form = _again(request, terms)
    return _shown(request, found, form, terms, action=choosing.page_of(way, kept))


def _shown(
    request: Any, found: Any, form: Any, terms: Any, *, problem: str = "", others: Any = (),
    action: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    context = choosing.about(found) | _read(terms) | {
        "form": form, "problem": problem, "others": others,
        "action": action, "asked_for": found.choice.type.needs_approval, "base": BASE,
        **_here(), "back": reverse("first_type", args=[found.choice.type.pk]),
    }  # fmt: skip
    with timezone.override(found.shown.zone):
        return render(request, "public/first_confirm.html", context, status=status)


def _read(terms: Any) -> dict[str, Any]:
    row = practice.current()
    text = terms.read(get_language() or "en", row.locale if row else "en") if terms else ("", "")
    return {"terms": terms, "text": text}


def _to_thanks(request: Any) -> HttpResponse:
    return redirect(f"{reverse('first_thanks')}?{urlencode({'at': request.GET.get('at', '')})}")


@page(PUBLIC)
@require_safe
def thanks(request: Any) -> HttpResponse:
    """What was asked for or booked, and what comes next. It says nothing of who did so."""
    found = choosing.chosen(request, door="public", client=None, visitor="")
    asked_for = found is None or found.choice.type.needs_approval
    context = (choosing.about(found) if found else {}) | {
        "asked_for": asked_for, **_here(),
    }  # fmt: skip
    with timezone.override(found.shown.zone if found else clock.zone()):
        return render(request, "public/first_thanks.html", context)
