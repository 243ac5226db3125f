"""How passwords are kept, and the one rule about them that Django does not bring."""

from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class Argon2id(Argon2PasswordHasher):
    """Argon2id, 46 MiB, one pass, one lane: one of the settings OWASP names as equal."""

    time_cost = 1
    memory_cost = 47104  # KiB
    parallelism = 1


class NotTooLong:
    """Long sentences are welcome; a megabyte of text is a way to keep the server busy."""

    def __init__(self, max_length: int = 256) -> None:
        self.max_length = max_length

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError for a password of more than ``max_length`` characters."""
        if len(password) > self.max_length:
            raise ValidationError(
                _("Use at most %(count)s characters.") % {"count": self.max_length},
                code="password_too_long",
            )

    def get_help_text(self) -> str:
        """What the form says about it."""
        return _("Any sentence of 12 to %(count)s characters is good.") % {"count": self.max_length}
