"""What the audit trail and the person hear about the sign-in.

The library's and Django's own signals are the one source for what they know of; what only
our pages know (a refused password, lock and unlock) they record by the functions here.
"""

from typing import Any

from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.contrib.auth import signals as auth
from django.dispatch import receiver
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rapport.core import audit, policy
from rapport.people.accounts import queries
from rapport.people.accounts.models import Account

from . import gate, notices

SAID: dict[str, str | Promise] = {
    "signin.in": _("signed in"),
    "signin.out": _("signed out"),
    "signin.webauthn": _("used a passkey"),
    "signin.totp": _("used a code from an app"),
    "signin.recovery_codes": _("used a recovery code"),
    "signin.password": _("gave a wrong password"),
    "signin.factor": _("gave a wrong code, passkey or password"),
    "signin.lock": _("locked the desk"),
    "signin.unlock": _("opened the locked desk"),
    "kiosk.rest": _("the tablet was covered after a while without a touch"),
    "kiosk.pin": _("gave wrong digits on a client's tablet"),
    "kiosk.take_back": _("took the tablet back from a client"),
    "factor.add_webauthn": _("added a passkey"),
    "factor.add_totp": _("added an app for codes"),
    "factor.add_recovery_codes": _("was given recovery codes"),
    "factor.remove_webauthn": _("removed a passkey"),
    "factor.remove_totp": _("removed an app for codes"),
    "factor.remove_recovery_codes": _("removed the recovery codes"),
    "factor.new_codes": _("made new recovery codes"),
}
"""What happened at the doors, in words; what has a line in a policy has its words there."""


def _record(verb: str, account: Account | None, *, by: Any = None, allowed: bool = True) -> None:
    subject = {"account": account} if account is not None else {}
    audit.record(verb=verb, by=by or account or policy.Nobody(), subject=subject, allowed=allowed)


@receiver(auth.user_logged_in)
def _signed_in(user: Account, **_given: Any) -> None:
    _record("signin.in", user)


@receiver(auth.user_logged_out)
def _signed_out(user: Account | None, **_given: Any) -> None:
    if user is not None:
        _record("signin.out", user)


@receiver(mfa.authenticator_used)
def _used(user: Account, authenticator: Authenticator, **_given: Any) -> None:
    _record(f"signin.{authenticator.type}", user)


@receiver(mfa.authenticator_added)
def _added(user: Account, authenticator: Authenticator, **_given: Any) -> None:
    _record(f"factor.add_{authenticator.type}", user)
    notices.tell(user, "factor_added")


@receiver(mfa.authenticator_removed)
def _removed(user: Account, authenticator: Authenticator, **_given: Any) -> None:
    _record(f"factor.remove_{authenticator.type}", user)
    notices.tell(user, "factor_removed")


@receiver(mfa.authenticator_reset)
def _reset(user: Account, **_given: Any) -> None:
    _record("factor.new_codes", user)
    notices.tell(user, "new_codes")


def password_refused(request: Any, *, mail: str) -> None:
    """One entry whether or not anybody has the address, so that time tells nothing."""
    account = queries.by_mail(realm=gate.realm_of(request), mail=mail)
    _record("signin.password", account, by=policy.Nobody(), allowed=False)


def factor_refused(request: Any, account: Account) -> None:
    """A wrong code, passkey or password of somebody we know by then."""
    _record("signin.factor", account, by=policy.Nobody(), allowed=False)


def locked(request: Any) -> None:
    """The person locked the desk."""
    _record("signin.lock", request.user)


def unlocked(request: Any) -> None:
    """The person opened the desk again."""
    _record("signin.unlock", request.user)
