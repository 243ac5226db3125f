"""Opening and closing accounts and visits. Every function is checked, atomic and audited."""

import secrets
import uuid
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.core.action import action

from . import invitations, queries, rules
from .models import Account, Device, Invitation, Session

IN_USE = gettext_lazy("This mail address already belongs to an account. Use another one.")


class CannotRecover(Exception):
    """There is no such account. The message is safe to show on the console."""


class CannotOpen(Exception):
    """The address already opens an account. The message is safe to show."""


@action("account.open")
def open_(*, by: Any, email: str, realm: str, language: str = "") -> Account:
    """An account that nothing opens yet; an invitation makes it usable.

    Raises:
        CannotOpen: the mail address already belongs to an account.
    """
    if Account.objects.filter(email=rules.tidy_mail(email)).exists():
        raise CannotOpen(str(IN_USE))
    return Account.objects.make(email=email, realm=realm, language=language)


@action("account.disable")
def disable(*, by: Any, account: Account) -> Account:
    """Nothing opens the account any more, and whoever is in is out at once."""
    account.is_active = False
    account.save(update_fields=["is_active"])
    _end_everything(account)
    return account


@action("account.enable")
def enable(*, by: Any, account: Account) -> Account:
    """The account opens again with the factors it had."""
    account.is_active = True
    account.save(update_fields=["is_active"])
    return account


@action("account.end_sessions")
def end_sessions(*, by: Any, account: Account) -> int:
    """Sign ``account`` out everywhere and forget its known browsers; how many visits ended."""
    return _end_everything(account)


def _end_everything(account: Account) -> int:
    Device.objects.filter(account=account).delete()
    return Session.objects.filter(account=account).delete()[0]


@action("session.end")
def end_session(*, by: Any, session: Session) -> None:
    """End one visit; its cookie opens nothing from now on."""
    Session.objects.filter(pk=session.pk).delete()


@action("me.sessions")
def end_other_sessions(*, by: Any, keep: Session) -> int:
    """End the person's visits except ``keep``; how many."""
    return Session.objects.filter(account_id=by.pk).exclude(pk=keep.pk).delete()[0]


@action("me.password")
def set_password(*, by: Any, account: Account, password: str, keep: Session | None) -> Account:
    """Give ``account`` a new password; every visit but ``keep`` ends.

    The caller has checked the password against the validators.
    """
    account.set_password(password)
    account.save(update_fields=["password"])
    visits = Session.objects.filter(account=account)
    (visits.exclude(pk=keep.pk) if keep is not None else visits).delete()
    Device.objects.filter(account=account).delete()
    return account


@action("me.appearance")
def set_appearance(*, by: Any, account: Account, language: str, theme: str) -> Account:
    """Keep which language and theme the person reads best."""
    account.language, account.theme = language, theme
    account.save(update_fields=["language", "theme"])
    return account


@action("me.devices")
def know_device(*, by: Any, account: Account, token: str | None, now: datetime) -> str | None:
    """Remember the browser a sign-in came from.

    Returns:
        The value for a new browser's cookie, or None when ``token`` was known already.
    """
    known = queries.device(account=account, token=token) if token else None
    if known is not None:
        Device.objects.filter(pk=known.pk).update(last_used_at=now)
        return None
    fresh = secrets.token_urlsafe(32)
    Device.objects.create(
        token_hash=rules.hashed(fresh), account=account, created_at=now, last_used_at=now
    )
    return fresh


@action("account.recover")
def recover(
    *, by: Any, now: datetime, mail: str = "", account_id: uuid.UUID | None = None
) -> tuple[Invitation, str]:
    """A one-time link for somebody who is locked out; only the console may make one.

    Using the link replaces every factor and the password, and ends every visit.

    Raises:
        CannotRecover: no account has this address or id.
    """
    if account_id is not None:
        account = Account.objects.filter(pk=account_id).first()
    else:
        account = Account.objects.filter(email=rules.tidy_mail(mail)).first()
    if account is None:
        raise CannotRecover(_("No account has this address. Look at its spelling."))
    return invitations.make(by=by, account=account, purpose=Invitation.Purpose.RECOVER, now=now)
