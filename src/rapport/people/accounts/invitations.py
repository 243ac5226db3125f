"""Links that work once: made, opened and used up."""

import secrets
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from rapport.core.action import action

from . import queries, rules
from .models import Account, Invitation


class LinkSpent(Exception):
    """The link was used, withdrawn or is too old. The message is safe to show."""


class CannotInvite(Exception):
    """The account is in use: a link would let its holder in as somebody. Safe to show."""


FIRST = frozenset({"STAFF", "CLIENT", "OWNER_FIRST"})
"""Links for a first sign-in; no account that was used before gets one."""


def _spent() -> LinkSpent:
    return LinkSpent(_("This link no longer works. Ask for a new one."))


@action("account.invite")
def make(*, by: Any, account: Account, purpose: str, now: datetime) -> tuple[Invitation, str]:
    """A link for ``account``; earlier unused links of the same purpose stop working.

    Returns:
        The saved invitation and the link's path. The path holds the token, which is
        stored nowhere: show or send it now.

    Raises:
        CannotInvite: a first sign-in for somebody who has signed in before (whoever keeps
            accounts could otherwise make a way into a colleague's), or into a closed account.
    """
    if purpose in FIRST and not account.is_active:
        raise CannotInvite(_("This account is closed. Open it again first."))
    if purpose in FIRST and (account.last_login is not None or account.has_usable_password()):
        raise CannotInvite(
            _("This person has signed in before. A new way in is made on the practice's console.")
        )
    Invitation.objects.filter(
        account=account, purpose=purpose, used_at=None, withdrawn_at=None
    ).update(withdrawn_at=now)
    token = secrets.token_urlsafe(32)
    made = Invitation.objects.create(
        token_hash=rules.hashed(token),
        purpose=purpose,
        account=account,
        made_by=str(by.pk),
        created_at=now,
        expires_at=now + rules.LASTS[purpose],
    )
    return made, f"/i/{token}/"


@action("account.invite")
def withdraw(*, by: Any, account: Account, purpose: str, now: datetime) -> int:
    """Links of this purpose that nobody used stop working; how many there were."""
    return queries.waiting(account=account, purpose=purpose, now=now).update(withdrawn_at=now)


@action("invitation.open")
def open_(*, by: Any, token: str, now: datetime) -> Invitation:
    """Begin what a link is for. It stays usable until ``use``, so that a page can be left.

    Raises:
        LinkSpent: unknown, used, withdrawn or too old; all told alike.
    """
    found = queries.invitation(token=token, now=now)
    if found is None:
        raise _spent()
    found.opened_at = now
    found.save(update_fields=["opened_at"])
    return found


@action("invitation.use")
def use(*, by: Any, invitation: Invitation, now: datetime) -> Invitation:
    """Use a link up. Of two that try at the same moment one succeeds.

    Raises:
        LinkSpent: somebody else was faster, or time ran out meanwhile.
    """
    row = Invitation.objects.select_for_update(of=("self",)).filter(pk=invitation.pk)
    row.first()  # whoever comes second waits here, and then sees that the link is used
    if not queries.usable(now).filter(pk=invitation.pk).update(used_at=now):
        raise _spent()
    invitation.used_at = now
    return invitation
