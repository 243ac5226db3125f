"""The desk's page about a client's way into the portal."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from rapport.contact import notices
from rapport.core import audit
from rapport.core import time as clock
from rapport.people.accounts import actions as account_actions
from rapport.people.accounts import invitations
from rapport.people.accounts import queries as accounts
from rapport.people.accounts.models import Invitation
from rapport.people.circle import queries as around
from rapport.people.clients import portal
from rapport.people.clients import queries as clients
from rapport.people.clients.actions import CannotKeep
from rapport.web.desk.forms import people as forms
from rapport.web.page import page

from .rows import offer_undo, undo_for

FIRST = Invitation.Purpose.CLIENT


@page("client.edit", client=clients.get)
@require_http_methods(["GET", "HEAD", "POST"])
def access(request: Any, client: Any) -> HttpResponse:
    """Whether the client can come into the portal, and a link for the first time."""
    by, now, account = request.user, clock.now(), client.account
    safe = around.safe_mail(by=by, client=client)
    mails = notices.can_send()
    start = {"email": account.email if account else next(iter(safe), "")}
    form = forms.Invite(request.POST or None, mails=mails, initial=start)
    if form.is_valid():
        try:
            return _invited(request, client, form.cleaned_data, safe if mails else [])
        except CannotKeep as problem:
            form.add_error(problem.field, str(problem))
        except invitations.CannotInvite as problem:
            form.add_error(None, str(problem))
    waiting = accounts.waiting(account=account, purpose=FIRST, now=now) if account else None
    context = {
        "client": client, "account": account, "form": form, "mails": mails,
        "waiting": waiting.first() if waiting is not None else None,
        "undo": undo_for(request, client),
        "used": account is not None and account.last_login is not None,
    }  # fmt: skip
    return render(request, "desk/people/portal.html", context, status=422 if form.errors else 200)


def _invited(request: Any, client: Any, given: dict[str, Any], mail_to: list[str]) -> HttpResponse:
    """Send the link where writing is safe; else show it once, to be handed over."""
    with audit.unit():
        made, path = portal.invite(
            by=request.user, client=client, email=given["email"], now=clock.now()
        )
        sent = made.account.email in mail_to and not given.get("hand_over")
        if sent:
            notices.send(kind="invitation", account=made.account, link_path=path, now=clock.now())
    if sent:
        messages.info(request, _("The link is on its way by mail. It works once, for seven days."))
        return redirect("desk_client_portal", client_id=client.pk)
    link = request.build_absolute_uri(path)
    context = {"client": client, "link": link, "picture": notices.qr_data(link)}
    return render(request, "desk/people/link.html", context)


@page("client.edit", client=clients.get)
@require_POST
def close(request: Any, client: Any) -> HttpResponse:
    """Nothing opens the account any more, at once; or it opens again. Each undoes the other."""
    account, by = client.account, request.user
    if account is not None and "back" in request.POST:
        account_actions.enable(by=by, account=account)
    elif account is not None:
        account_actions.disable(by=by, account=account)
        undo = reverse("desk_client_portal_close", args=[client.pk])
        offer_undo(request, client, _("Closed. Whoever was signed in is out."), undo, back=True)
    return redirect("desk_client_portal", client_id=client.pk)


@page("client.edit", client=clients.get)
@require_POST
def withdraw(request: Any, client: Any) -> HttpResponse:
    """The link that was made stops working; a new one can be made at once."""
    if client.account is not None:
        invitations.withdraw(
            by=request.user, account=client.account, purpose=FIRST, now=clock.now()
        )
        messages.info(request, _("The link no longer works. You can make a new one."))
    return redirect("desk_client_portal", client_id=client.pk)
