"""How the sign-in library is bent to this practice: nobody signs up, secrets are sealed."""

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import Login
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

from rapport.core import practice
from rapport.people.accounts import queries
from rapport.people.accounts.models import Account, Realm

from . import factors, notices

PURPOSE = "wrap.factor"


def shown_as(account: Account) -> str:
    """What an authenticator app or a passkey calls the account: its mail address."""
    return account.email


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in by invitation only; our own words instead of the library's mails and messages."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *_args: Any, **_given: Any) -> None:
        """Pages say themselves what happened."""

    def send_notification_mail(self, *_args: Any, **_given: Any) -> None:
        """``signin.audit`` hears the same signals and writes to the person."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send the one mail that is left to the library: the code at sign-in."""
        if template_prefix != "account/email/login_code":
            raise ValueError(f"no words for {template_prefix}")
        account = queries.by_mail(realm=Realm.PORTAL, mail=email)
        if account is not None:
            notices.code(account=account, code=context["code"])

    def get_login_stages(self) -> list[str]:
        return [
            "allauth.account.stages.LoginByCodeStage",
            "allauth.mfa.stages.AuthenticateStage",
        ]

    def is_login_by_code_required(self, login: Login) -> bool:
        """A client without a factor of their own gets a code by mail after the password."""
        account = login.user
        if account is None or account.realm != Realm.PORTAL:
            return False
        if login.state.get("passkey") or factors.has_any(account):
            return False
        return notices.can_mail()

    def is_reauthentication_required(self, *, app: str, **_given: Any) -> bool:
        """Pages that need a fresh proof say ``step_up=True``; the gate asks for it."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return f"/{request.door}/"  # type: ignore[attr-defined]

    def is_safe_url(self, url: str) -> bool:
        """``keep.safe_next`` has looked at every address before the library sees it."""
        return url.startswith(("/desk/", "/portal/"))

    def get_client_ip(self, request: HttpRequest) -> str:
        return str(request.META.get("REMOTE_ADDR", ""))


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Seals what authenticators keep, and names the practice to them."""

    def encrypt(self, text: str) -> str:
        wrapped = practice.current().keyring.wrap(text.encode(), purpose=PURPOSE, aad=b"factor")
        return f"{wrapped.version}:{base64.b64encode(wrapped.blob).decode()}"

    def decrypt(self, encrypted_text: str) -> str:
        version, _colon, blob = encrypted_text.partition(":")
        return (
            practice.current()
            .keyring.unwrap(
                base64.b64decode(blob), purpose=PURPOSE, aad=b"factor", version=int(version)
            )
            .decode()
        )

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": "Rapport"}

    def _get_user_identifier(self, user: Account) -> str:
        return user.email
