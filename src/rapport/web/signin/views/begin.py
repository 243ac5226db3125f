"""The first sign-in by a link: choose a passkey, or a password and an app."""

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from rapport.core import audit, policy, time
from rapport.people.accounts import actions, invitations, queries, throttle
from rapport.people.accounts.models import Invitation, Realm
from rapport.people.accounts.sessions import SessionStore
from rapport.web.page import PUBLIC, page

from .. import entry, factors, forms, gate, notices, visit

LINK = "signin.link"
"""Where a visit remembers the link it began with, by id; the token is not kept."""


@page(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: Any, token: str) -> HttpResponse:
    """GET shows one button and uses nothing up, so a mail scanner may look; POST begins."""
    now = time.now()
    bucket = ("invitation.address", str(request.META.get("REMOTE_ADDR", "")))
    if not throttle.take(bucket, now=now):
        return spent(request, status=429)
    if request.method == "GET":
        found = queries.invitation(token=token, now=now)
        if found is None:
            return spent(request)
        throttle.give_back(bucket)
        return render(request, "signin/link.html", {"purpose": found.purpose})
    try:
        opened = invitations.open_(by=policy.Nobody(), token=token, now=now)
    except invitations.LinkSpent:
        return spent(request)
    throttle.give_back(bucket)
    return _into_the_house(request, opened)


def spent(request: Any, status: int = 410) -> HttpResponse:
    return render(request, "signin/spent.html", status=status)


def _into_the_house(request: Any, opened: Invitation) -> HttpResponse:
    """Go on at the account's door, at an address without the token."""
    door = "desk" if opened.account.realm == Realm.DESK else "portal"
    visit.open_visit(request, door).flush()
    fresh = SessionStore(realm=opened.account.realm, now=time.now())
    fresh[LINK] = str(opened.pk)
    fresh.save()
    reset = opened.purpose == Invitation.Purpose.RESET
    answer = redirect(f"/{door}/signin/{'new-password' if reset else 'begin'}/")
    visit.set_cookie(request, answer, door, fresh.session_key or "")
    return answer


def link_of(request: Any, *, reset: bool) -> Invitation | None:
    """The link this visit began with, if it still works and fits the page."""
    given = request.session.get(LINK)
    if given is None:
        return None
    found = queries.usable(request.session.now).select_related("account")
    link = found.filter(pk=uuid.UUID(given), account__realm=gate.realm_of(request)).first()
    if link is None or (link.purpose == Invitation.Purpose.RESET) != reset:
        return None
    return link


@page(PUBLIC)
@require_safe
def begin(request: Any) -> HttpResponse:
    """How do you want to sign in from now on?"""
    link = link_of(request, reset=False)
    if link is None:
        return spent(request)
    form = forms.NewPassword(account=link.account)
    return render(request, "signin/begin.html", _choices(request, link, form))


def _choices(request: Any, link: Invitation, form: forms.NewPassword) -> dict[str, Any]:
    return {
        "form": form,
        "mail": link.account.email,
        "passkey_form": forms.Passkey(),
        "options": factors.registration(link.account),
        "needs_app": _needs_app(link),
    }


def _needs_app(link: Invitation) -> bool:
    """Staff always need a second factor of their own, clients where no mail goes out."""
    return link.account.realm == Realm.DESK or not notices.can_mail()


@page(PUBLIC)
@require_http_methods(["POST"])
def with_passkey(request: Any) -> HttpResponse:
    """Keep the passkey that the browser just made, and come in with it."""
    link = link_of(request, reset=False)
    if link is None:
        return spent(request)
    form = forms.Passkey(request.POST)
    if form.is_valid():
        try:
            return _come_in_with_passkey(request, link, form)
        except ValidationError as problem:
            form.add_error(None, problem)
        except invitations.LinkSpent:
            return spent(request)
    context = _choices(request, link, forms.NewPassword(account=link.account))
    return render(request, "signin/begin.html", {**context, "passkey_form": form}, status=422)


def _come_in_with_passkey(request: Any, link: Invitation, form: forms.Passkey) -> HttpResponse:
    account = link.account
    name = form.cleaned_data["name"] or _("First passkey")
    with audit.unit():  # a passkey that does not fit leaves the link as it was
        _use(request, link)
        passkey = factors.add_passkey(
            request, account, name=name, credential=form.cleaned_data["credential"]
        )
    request.session.pop(LINK, None)
    passkey.user = account
    answer = entry.by_passkey(request, passkey, go_on=f"/{request.door}/signin/mine/codes/first/")
    request.session[gate.STRONG] = True
    return answer


def _use(request: Any, link: Invitation) -> None:
    """Use the link up; one that replaces lost factors removes them."""
    invitations.use(by=link.account, invitation=link, now=request.session.now)
    if link.purpose == Invitation.Purpose.RECOVER:
        factors.forget_all(link.account)
        actions.end_sessions(by=link.account, account=link.account)
        link.account.set_unusable_password()
        link.account.save(update_fields=["password"])
        notices.tell(link.account, "recovered")


@page(PUBLIC)
@sensitive_post_parameters("password")
@require_http_methods(["POST"])
def with_password(request: Any) -> HttpResponse:
    """Keep a password, come in, and go on to the second factor."""
    link = link_of(request, reset=False)
    if link is None:
        return spent(request)
    form = forms.NewPassword(request.POST, account=link.account)
    if not form.is_valid():
        context = _choices(request, link, form)
        return render(request, "signin/begin.html", context, status=422)
    needs_app, account = _needs_app(link), link.account
    password = form.cleaned_data["password"]
    try:
        with audit.unit():
            _use(request, link)
            actions.set_password(by=account, account=account, password=password, keep=None)
    except invitations.LinkSpent:
        return spent(request)
    request.session.pop(LINK, None)
    answer = entry.by_link(request, account, go_on=f"/{request.door}/")
    request.session[gate.STRONG] = not needs_app
    return answer
