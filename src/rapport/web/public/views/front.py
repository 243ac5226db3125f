"""The public pages: who we are, a neutral page, and the demo's door."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from rapport.contact.asking import queries as asking
from rapport.core import practice as here
from rapport.meeting.requests import queries as booking
from rapport.people.models import Account
from rapport.people.practice import queries as practice
from rapport.web import reach
from rapport.web.page import PUBLIC, page
from rapport.web.signin.gate import STRONG
from rapport.web.signin.visit import hold_open

LOOPBACK = {"127.0.0.1", "::1"}


def _may_step(request: Any) -> bool:
    """The demo's door exists in demo mode on loopback only."""
    return here.current().mode == "demo" and request.META.get("REMOTE_ADDR") in LOOPBACK


@page(PUBLIC)
@require_safe
def front(request: Any) -> HttpResponse:
    """The practice's first page; in the demo, everybody one may step into."""
    row = practice.current()
    context = reach.of(row)
    if _may_step(request):
        context["cast"] = _cast()
        return render(request, "public/demo.html", context)
    context |= {
        "first": bool(row and booking.offered(client=None)), "may_ask": asking.page().is_open,
    }  # fmt: skip
    return render(request, "public/front.html", context)


def _cast() -> list[Account]:
    known = Account.objects.loaded().filter(email__endswith="@demo.invalid", is_active=True)
    return list(known.order_by("realm", "email")[:12])


@page(PUBLIC)
@require_POST
def step(request: Any, account_id: Any) -> HttpResponse:
    """Step into one of the demo's invented people."""
    if not _may_step(request):
        raise Http404
    account = next((one for one in _cast() if one.pk == account_id), None)
    if account is None:
        raise Http404
    door = "desk" if account.realm == Account.Realm.DESK else "portal"
    response = redirect(f"/{door}/")
    hold_open(request, response, door, account, **{STRONG: True})
    return response


@page(PUBLIC)
@require_safe
def elsewhere(request: Any) -> HttpResponse:
    """A page about nothing, for leaving quickly."""
    return render(request, "public/elsewhere.html")
