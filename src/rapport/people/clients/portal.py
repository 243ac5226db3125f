"""A client's way into the portal: who may open it, and which address it belongs to."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from rapport.core.action import action

from ..accounts import actions as accounts
from ..accounts import invitations, rules
from ..accounts.models import Account, Invitation, Realm
from .actions import CannotKeep
from .models import Client


@action("client.edit")
def invite(*, by: Any, client: Client, email: str, now: datetime) -> tuple[Invitation, str]:
    """A link for the client's first sign-in; it makes the account where there is none.

    Returns:
        The invitation and the link's path, which is stored nowhere: show or send it now.

    Raises:
        CannotKeep: a couple or family, an archived client, or an address that opens
            another account.
        invitations.CannotInvite: the client has signed in before.
    """
    if client.is_together:
        raise CannotKeep("email", _("Invite each person. A couple or family has no one account."))
    if client.archived_at is not None:
        raise CannotKeep("email", _("Bring the client back first."))
    account = _account(by, client, email)
    return invitations.make(by=by, account=account, purpose=Invitation.Purpose.CLIENT, now=now)


def _account(by: Any, client: Client, email: str) -> Account:
    """The client's account under this address, made or moved as long as nobody used it."""
    account = client.account
    wanted = rules.tidy_mail(email)
    if account is None:
        try:
            account = accounts.open_(by=by, email=wanted, realm=Realm.PORTAL)
        except accounts.CannotOpen as problem:
            raise CannotKeep("email", str(problem)) from problem
        client.account = account
        client.save(update_fields=["account"])
    elif account.last_login is None and account.email != wanted:
        if Account.objects.filter(email=wanted).exists():
            raise CannotKeep("email", str(accounts.IN_USE))
        account.email = wanted
        account.save(update_fields=["email"])
    return account
