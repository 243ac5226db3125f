"""Which door a request came to, who stands in it, and whether it opens.

Desk and portal are separate realms: each has its own cookie, its own addresses and its
own accounts. Everything behind them is closed unless a page says that it is public.
"""

import hmac
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import UpdateError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import CsrfViewMiddleware
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from rapport.core import time as clock
from rapport.people.accounts.models import Account
from rapport.people.accounts.sessions import SessionStore
from rapport.web.page import PUBLIC

from .signin import audit as _receivers  # noqa: F401  they hear every sign-in
from .signin import gate
from .signin.visit import BACKEND, REALMS, cookie_name, door_of, open_visit, set_cookie

POLL = "X-Rapport-Poll"
"""A request that a page makes by itself carries this header and is no sign of life."""

Answer = Callable[[HttpRequest], HttpResponse]


class DoorMiddleware:
    """Choose door, addresses and visit before anything else looks at the request."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        request.door = door_of(request.path_info)
        request.urlconf = f"rapport.web.{request.door}.urls"
        request.session = open_visit(request, request.door)
        response = self.get_response(request)
        if request.door in REALMS:
            self._keep(request, response)
        return response

    def _keep(self, request: Any, response: HttpResponse) -> None:
        visit, name = request.session, cookie_name(request, request.door)
        had = name in request.COOKIES
        if visit.modified and not visit.is_empty() and response.status_code < 500:
            try:
                visit.save()
            except UpdateError:  # ended meanwhile: signed out elsewhere
                visit.flush()
        if visit.accessed and had and visit.session_key is None:
            response.delete_cookie(name, samesite="Lax")
        elif visit.session_key and visit.session_key != request.COOKIES.get(name):
            set_cookie(request, response, request.door, visit.session_key)
        response.headers.setdefault("Vary", "Cookie")


class CsrfMiddleware(CsrfViewMiddleware):
    """Django's forgery check with a cookie that is tied to the host over TLS."""

    def _name(self, request: HttpRequest) -> str:
        return "__Host-csrf" if request.is_secure() else "csrf"

    def _get_secret(self, request: Any) -> str | None:
        cookies = request.COOKIES
        given = cookies.get(self._name(request))
        request.COOKIES = {**cookies, "csrftoken": given} if given else _without(cookies)
        try:
            found: str | None = super()._get_secret(request)  # type: ignore[misc]
            return found
        finally:
            request.COOKIES = cookies

    def _set_csrf_cookie(self, request: Any, response: HttpResponse) -> None:
        response.set_cookie(
            self._name(request),
            request.META["CSRF_COOKIE"],
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )

    def _origin_verified(self, request: Any) -> bool:
        """Our no-referrer policy makes browsers send ``Origin: null`` with a form.

        Then the browser's own word for where the form came from decides; a page cannot
        forge it (Fetch Metadata).
        """
        if request.headers.get("Origin") == "null":
            return bool(request.headers.get("Sec-Fetch-Site") == "same-origin")
        return bool(super()._origin_verified(request))  # type: ignore[misc]


def _without(cookies: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in cookies.items() if name != "csrftoken"}


def who(request: Any) -> Account | AnonymousUser:
    """The account this visit was opened with, if it still fits the door."""
    visit: SessionStore = request.session
    account = visit.account
    if account is None or account.realm != REALMS.get(request.door):
        return AnonymousUser()
    expected = account.get_session_auth_hash()
    given = visit.get(HASH_SESSION_KEY, "")
    if not hmac.compare_digest(str(given), expected) or _has_left(account):
        visit.flush()
        return AnonymousUser()
    account.backend = BACKEND  # type: ignore[attr-defined]
    return account


def _has_left(account: Account) -> bool:
    staff = account.staff
    return staff is not None and staff.ended_on is not None and staff.ended_on <= clock.today()


class AccountMiddleware:
    """Say who stands in the door, without a second statement to the database."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        request.user = SimpleLazyObject(lambda: who(request))
        return self.get_response(request)


class ClosedDoorMiddleware:
    """Nobody passes unasked: signed in, unlocked, with a second factor, or sent to get it."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """None lets the request through; anything else is the answer."""
        if getattr(view, "permission", None) == PUBLIC:
            return None
        if not request.user.is_authenticated:
            return _to_the_door(request)
        refusal = gate.answer(request, view)
        if refusal is None and POLL not in request.headers:
            request.session.touch()
        return refusal


def _to_the_door(request: Any) -> HttpResponse:
    if request.door not in REALMS:
        raise Http404
    address = reverse("account_login")
    if gate.is_fetch(request):
        return HttpResponse(status=401, headers={"HX-Redirect": address})
    if request.method == "GET":
        address = f"{address}?{urlencode({'next': request.get_full_path()})}"
    return HttpResponseRedirect(address)
