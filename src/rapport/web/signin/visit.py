"""One browser's visit at one door: its cookie, and opening it."""

from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.http import HttpRequest, HttpResponse

from rapport.core import time as clock
from rapport.people.accounts import rules
from rapport.people.accounts.models import Account, Realm
from rapport.people.accounts.sessions import SessionStore

REALMS = {"desk": Realm.DESK.value, "portal": Realm.PORTAL.value}
BACKEND = "rapport.people.accounts.backend.AccountBackend"


def door_of(path: str) -> str:
    """``desk``, ``portal`` or ``public``, by the first part of the path."""
    first = path.lstrip("/").partition("/")[0]
    return first if first in REALMS else "public"


def cookie_name(request: HttpRequest, door: str) -> str:
    """The door's cookie: tied to host and TLS, except over plain http on loopback."""
    return f"__Host-{door}" if request.is_secure() else door


def set_cookie(request: HttpRequest, response: HttpResponse, door: str, key: str) -> None:
    """Hand the browser the key of a visit; it forgets it when it is closed."""
    response.set_cookie(
        cookie_name(request, door), key, secure=request.is_secure(), httponly=True, samesite="Lax"
    )


def open_visit(request: HttpRequest, door: str) -> SessionStore:
    """A visit at ``door`` under the browser's cookie, or a new one."""
    return SessionStore(
        request.COOKIES.get(cookie_name(request, door)),
        realm=REALMS.get(door, ""),
        agent=rules.agent_family(request.headers.get("User-Agent", "")),
        now=clock.now(),
    )


def hold_open(
    request: HttpRequest, response: HttpResponse, door: str, account: Account, **data: Any
) -> None:
    """Sign ``account`` in at ``door`` on this response: for the demo's first page."""
    open_visit(request, door).flush()
    visit = SessionStore(realm=REALMS[door], now=clock.now())
    visit.agent = rules.agent_family(request.headers.get("User-Agent", ""))
    visit.create()
    visit.update(
        {
            SESSION_KEY: str(account.pk),
            BACKEND_SESSION_KEY: BACKEND,
            HASH_SESSION_KEY: account.get_session_auth_hash(),
            **data,
        }
    )
    visit.save()
    set_cookie(request, response, door, visit.session_key or "")
