"""The last steps of every way in: remember the browser, mark the visit, go on."""

from typing import Any

from allauth.account.internal.flows.login import (
    get_authentication_records,
    perform_login,
    perform_password_login,
)
from allauth.account.models import Login
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from django.http import HttpResponse

from rapport.people.accounts import actions, queries
from rapport.people.accounts.models import Account

from . import notices
from .gate import STRONG

YEAR = 365 * 24 * 3600


def device_cookie(request: Any) -> str:
    """Where this door keeps that a browser has been here before."""
    name = f"known-{request.door}"
    return f"__Host-{name}" if request.is_secure() else name


def known_device(request: Any, account: Account | None) -> str:
    """The id of this browser if ``account`` has signed in from it before, else empty."""
    token = request.COOKIES.get(device_cookie(request))
    if account is None or not token:
        return ""
    found = queries.device(account=account, token=token)
    return str(found.pk) if found else ""


def by_password(request: Any, account: Account, *, go_on: str) -> HttpResponse:
    """The password was right: ask for the second factor, or go on."""
    login = Login(user=account, email=account.email, redirect_url=go_on)
    answer = perform_password_login(request, {"email": account.email}, login)
    return finish(request, answer)


def by_passkey(request: Any, passkey: Any, *, go_on: str) -> HttpResponse:
    """A passkey asked its owner for a finger or a PIN: two factors in one."""
    login = Login(
        user=passkey.user,
        email=passkey.user.email,
        redirect_url=go_on,
        state={"passkey": True},
    )
    return finish(request, perform_passwordless_login(request, passkey, login))


def by_link(request: Any, account: Account, *, go_on: str) -> HttpResponse:
    """A link and a new password: in, and straight to setting up a second factor."""
    login = Login(user=account, email=account.email, redirect_url=go_on, state={"passkey": True})
    return finish(request, perform_login(request, login))


def finish(request: Any, answer: HttpResponse) -> HttpResponse:
    """After any step: if the person is in now, mark the visit and know the browser."""
    if not request.user.is_authenticated:
        return answer
    account: Account = request.user
    records = get_authentication_records(request, account)
    if any(record["method"] in {"mfa", "code"} for record in records):
        request.session[STRONG] = True
    token = request.COOKIES.get(device_cookie(request))
    first = not account.devices.exists()
    fresh = actions.know_device(by=account, account=account, token=token, now=request.session.now)
    if fresh is not None:
        answer.set_cookie(
            device_cookie(request),
            fresh,
            max_age=YEAR,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
        if not first:
            notices.tell(account, "new_device")
    return answer
