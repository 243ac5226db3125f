"""Checking a password in the same time whether or not anybody has it."""

import uuid
from typing import Any

from django.contrib.auth.backends import BaseBackend

from . import queries
from .models import Account


class AccountBackend(BaseBackend):
    """Accounts by mail address and realm."""

    def authenticate(
        self,
        request: Any,
        *,
        realm: str = "",
        mail: str = "",
        password: str = "",
        **_other: Any,
    ) -> Account | None:
        """The account whose password this is; one hash is computed in every case."""
        account = queries.by_mail(realm=realm, mail=mail)
        fits = (account or _nobody()).check_password(password)
        return account if account is not None and fits and account.is_active else None

    def get_user(self, user_id: uuid.UUID) -> Account | None:
        """The account with this id. Pages do not come here: the session brings its account."""
        return Account.objects.loaded().filter(pk=user_id, is_active=True).first()


def _nobody() -> Account:
    nobody = Account()
    nobody.set_unusable_password()  # checking it runs the hasher once, like a real one
    return nobody
