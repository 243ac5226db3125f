"""What stands between a signed-in person and a page: lock, missing factor, stale proof."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from rapport.people.accounts.models import Realm

from . import handed, keep

STRONG = "signin.strong"
"""Set in a visit once a second factor was shown, or was set up in it."""

WHEN_LOCKED = frozenset({"signin_lock", "signin_unlock", "signin_unlock_options", "account_logout"})
WHEN_SETTING_UP = frozenset(
    {
        "signin_setup",
        "signin_add_passkey",
        "mfa_activate_totp",
        "account_logout",
        "account_reauthenticate",
        "signin_prove_options",
        "signin_lock",
        "signin_unlock",
        "signin_unlock_options",
    }
)


def realm_of(request: Any) -> str:
    """The realm whose door this request came to."""
    return Realm.DESK if request.door == "desk" else Realm.PORTAL


def is_fetch(request: HttpRequest) -> bool:
    """Whether a script asked, not a person who turns to another page."""
    mode = request.headers.get("Sec-Fetch-Mode")
    if "HX-Request" in request.headers or "X-Requested-With" in request.headers:
        return True
    return mode is not None and mode != "navigate"


def answer(request: Any, view: Any) -> HttpResponse | None:
    """The page that has to come first, or None when the way is free."""
    name = request.resolver_match.url_name
    if request.session.is_handed:
        return handed.answer(request, name, fetch=is_fetch(request))
    if request.session.is_locked and name not in WHEN_LOCKED:
        return locked(request)
    if not request.session.get(STRONG) and name not in WHEN_SETTING_UP:
        return _elsewhere(request, reverse("signin_setup"))
    if request.session.get(STRONG):
        request.frame = f"{request.door}/base.html"
    if getattr(view, "step_up", False) and not request.session.is_fresh:
        return prove(request)
    return None


def locked(request: Any) -> HttpResponse:
    """The lock page, with what was being sent kept in it."""
    if is_fetch(request):
        return HttpResponse(status=423, headers={"X-Rapport-Locked": "1"})
    context = {"next": request.get_full_path(), "kept": keep.fields(request)}
    return render(request, "signin/locked.html", context, status=423)


def prove(request: Any) -> HttpResponse:
    """The page that asks for a fresh proof, with what was being sent kept in it."""
    if is_fetch(request):
        return _elsewhere(request, reverse("account_reauthenticate"))
    context = {"next": request.get_full_path(), "kept": keep.fields(request)}
    return render(request, "signin/prove.html", context, status=403)


def _elsewhere(request: Any, address: str) -> HttpResponse:
    if is_fetch(request):
        return HttpResponse(status=401, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
