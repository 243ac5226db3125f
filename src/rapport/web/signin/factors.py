"""Passkeys, authenticator apps and recovery codes: what proves who somebody is."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa import signals
from allauth.mfa.base.internal.flows import delete_and_cleanup
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.internal import auth as webauthn
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from rapport.people.accounts.models import Account

Type = Authenticator.Type
PERIOD = 30  # seconds, RFC 6238
DRIFT = 1  # steps a phone's clock may be off


class LastFactor(Exception):
    """A staff account never stands without a second factor. The message is safe to show."""


@dataclass(frozen=True)
class Factors:
    """What an account can prove itself with."""

    passkeys: list[Authenticator]
    app: Authenticator | None
    codes: Authenticator | None

    @property
    def codes_left(self) -> int:
        return len(self.codes.wrap().get_unused_codes()) if self.codes else 0


def of(account: Account) -> Factors:
    """Everything ``account`` has, in one statement."""
    found = list(Authenticator.objects.filter(user_id=account.pk).order_by("pk"))
    single = {one.type: one for one in found}
    return Factors(
        passkeys=[one for one in found if one.type == Type.WEBAUTHN],
        app=single.get(Type.TOTP),
        codes=single.get(Type.RECOVERY_CODES),
    )


def has_any(account: Account) -> bool:
    """Whether the account has a second factor; recovery codes alone are none."""
    return Authenticator.objects.filter(
        user_id=account.pk, type__in=[Type.WEBAUTHN, Type.TOTP]
    ).exists()


def forget_all(account: Account) -> None:
    """Remove every factor: somebody starts anew after losing them."""
    Authenticator.objects.filter(user_id=account.pk).delete()


def remove(request: HttpRequest, factor: Authenticator) -> None:
    """Take one factor away.

    Raises:
        LastFactor: it is the only one left.
    """
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=factor.user_id)
        strong = Authenticator.objects.filter(
            user_id=factor.user_id, type__in=[Type.WEBAUTHN, Type.TOTP]
        )
        if strong.count() <= 1:
            raise LastFactor(_("This is your only way in. Add another one first."))
        delete_and_cleanup(request, factor)


# -- the app's codes ---------------------------------------------------------


def new_secret() -> str:
    """A fresh secret for an authenticator app, base32."""
    secret: str = generate_totp_secret()
    return secret


def step_of(secret: str, code: str, *, now: datetime, after: int = -1) -> int | None:
    """The 30-second step whose code this is, one step of drift allowed, later than ``after``.

    A step works once: the caller keeps the number and hands it in as ``after``
    (RFC 6238 section 5.2).
    """
    here = int(now.timestamp()) // PERIOD
    for step in range(here - DRIFT, here + DRIFT + 1):
        expected = format_hotp_value(hotp_value(secret, step))
        if step > after and compare_user_code(actual=code, expected=expected):
            return step
    return None


def add_app(request: HttpRequest, account: Account, secret: str, step: int) -> Authenticator:
    """Keep the app's sealed secret; the step that proved it does not work again."""
    made: Authenticator = TOTP.activate(account, secret).instance
    made.data["last_step"] = step
    made.save(update_fields=["data"])
    signals.authenticator_added.send(
        sender=Authenticator, request=request, user=account, authenticator=made
    )
    return made


def by_code(account: Account, code: str, *, now: datetime) -> Authenticator | None:
    """The app or the recovery codes that ``code`` belongs to. It is used up by asking."""
    with transaction.atomic():
        locked = Authenticator.objects.select_for_update().filter(
            user_id=account.pk, type__in=[Type.TOTP, Type.RECOVERY_CODES]
        )
        by_type = {one.type: one for one in locked}
        app = by_type.get(Type.TOTP)
        if app is not None:
            after = app.data.get("last_step", -1)
            step = step_of(decrypt(app.data["secret"]), code, now=now, after=after)
            if step is not None:
                app.data["last_step"] = step
                app.save(update_fields=["data"])
                return app
        codes = by_type.get(Type.RECOVERY_CODES)
        if codes is not None and codes.wrap().validate_code(code):
            return codes
    return None


# -- recovery codes ----------------------------------------------------------


def new_codes(request: HttpRequest, account: Account) -> list[str]:
    """Ten fresh recovery codes; earlier ones stop working. Shown once, now."""
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account.pk)
        Authenticator.objects.filter(user_id=account.pk, type=Type.RECOVERY_CODES).delete()
        made = RecoveryCodes.activate(account)
        made.mark_as_viewed()
    signals.authenticator_reset.send(
        sender=Authenticator, request=request, user=account, authenticator=made.instance
    )
    fresh: list[str] = made.get_unused_codes()
    return fresh


# -- passkeys ----------------------------------------------------------------


def registration(account: Account) -> dict[str, Any]:
    """What the browser needs to make a passkey; the challenge is kept in the visit."""
    options: dict[str, Any] = webauthn.begin_registration(account, passwordless=True)
    return options


def add_passkey(
    request: HttpRequest, account: Account, *, name: str, credential: Any
) -> Authenticator:
    """Keep a passkey that this browser just made.

    Raises:
        ValidationError: not an answer to our challenge, or made without asking its owner.
    """
    shaped = _shaped(credential, "attestationObject")
    try:
        webauthn.parse_registration_response(shaped)
        made = webauthn.complete_registration(shaped)
    except (ValueError, TypeError, KeyError) as wrong:
        raise _unreadable() from wrong
    if not made.is_user_verified():
        raise _unreadable()
    passkey: Authenticator = webauthn.WebAuthn.add(account, name, shaped).instance
    signals.authenticator_added.send(
        sender=Authenticator, request=request, user=account, authenticator=passkey
    )
    return passkey


def challenge(account: Account | None) -> dict[str, Any]:
    """What the browser needs to use a passkey: of ``account``, or any it has for us."""
    options: dict[str, Any] = webauthn.begin_authentication(account)
    return options


def by_passkey(credential: Any, *, account: Account | None, realm: str) -> Authenticator:
    """The passkey that answered our challenge, with its account loaded.

    Raises:
        ValidationError: unknown, wrong, or of somebody this door does not open to.
    """
    shaped = _shaped(credential, "signature")
    try:
        webauthn.parse_authentication_response(shaped)
        owner = account or webauthn.extract_user_from_response(shaped)
        if owner.realm != realm or not owner.is_active:
            raise _unreadable()
        found: Authenticator = webauthn.complete_authentication(owner, shaped)
    except (ValueError, TypeError, KeyError) as wrong:
        raise _unreadable() from wrong
    found.user = owner
    return found


def _shaped(credential: Any, needed: str) -> dict[str, Any]:
    """The parts of a browser's answer that we read, or a clear no."""
    if not isinstance(credential, dict) or not isinstance(credential.get("response"), dict):
        raise _unreadable()
    response = credential["response"]
    texts = [credential.get("id"), credential.get("rawId"), response.get("clientDataJSON")]
    if not all(isinstance(text, str) for text in [*texts, response.get(needed)]):
        raise _unreadable()
    return credential


def _unreadable() -> ValidationError:
    return ValidationError(_("That passkey did not work here. Try again or use another way."))


def device_name() -> str:
    """A short name for a passkey nobody named."""
    return f"{_('Passkey')} {secrets.token_hex(2)}"
