"""Data keys, one for each client or author, and certificates of their destruction."""

import hashlib
import hmac
import os
import uuid
from datetime import UTC, datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.core import practice
from rapport.core.keys import MissingKey, WrongKey, aead

from .sealing import Destroyed, Tampered


class DataKey(models.Model):
    """A 256-bit key under which one client's (or author's) words are sealed."""

    class Purpose(models.TextChoices):
        CLIENT = "CLIENT", _("a client's record")
        AUTHOR = "AUTHOR", _("an author's process notes")
        IMPORT = "IMPORT", _("a table of clients, until it is forgotten")
        COLUMN = "COLUMN", _("the practice's numbers in columns")
        FORM = "FORM", _("words of a questionnaire that the practice holds")

    field_classes = {
        "id": "id",
        "purpose": "code",
        "version": "code",
        "wrapped": "secret",
        "wrapped_version": "code",
        "second_wrap": "secret",
        "created_at": "time",
        "destroyed_at": "time",
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.CharField(max_length=6, choices=Purpose)
    version = models.PositiveSmallIntegerField(default=1)
    wrapped = models.BinaryField(null=True, help_text="Empty once destroyed.")
    wrapped_version = models.PositiveSmallIntegerField()
    second_wrap = models.BinaryField(null=True, help_text="Room for the author's passkey.")
    created_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["wrapped_version"], name="data_key_wrapped_under")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(destroyed_at=None) ^ models.Q(wrapped=None),
                name="data_key_is_there_until_destroyed",
            ),
        ]

    def __str__(self) -> str:
        return f"data key {self.pk}"

    @property
    def _place(self) -> dict[str, Any]:
        return {
            "purpose": self.purpose.lower(),
            "aad": aead.bound("data key", str(self.pk), str(self.version)),
        }

    def wrap(self, secret: bytes) -> None:
        """Put ``secret`` under the newest practice key."""
        done = practice.current().keyring.wrap(secret, **self._place)
        self.wrapped, self.wrapped_version = done.blob, done.version
        self._secret = secret

    def secret(self) -> bytes:
        """The 32 bytes, unwrapped once per loaded instance.

        Raises:
            Destroyed: by crypto-shredding, with a certificate.
            Tampered: the wrapped key was altered or exchanged.
        """
        if self.wrapped is None:
            found = Certificate.objects.filter(data_key=self.pk).values_list("number", flat=True)
            raise Destroyed(found.first())
        held: bytes | None = getattr(self, "_secret", None)
        if held is None:
            try:
                held = practice.current().keyring.unwrap(
                    bytes(self.wrapped), version=self.wrapped_version, **self._place
                )
            except (WrongKey, MissingKey):
                raise Tampered(f"{self} was altered or exchanged") from None
            self._secret = held
        return held

    def __getstate__(self) -> dict[str, Any]:
        """Copies and pickles go without the unwrapped secret."""
        return {name: value for name, value in super().__getstate__().items() if name != "_secret"}


class Certificate(models.Model):
    """Proof that a key was destroyed: number, time, by whom. Never what it sealed."""

    field_classes = {
        "number": "id", "data_key": "link", "at": "time", "by": "link", "mac": "code",
    }  # fmt: skip

    number = models.PositiveIntegerField(primary_key=True, help_text="1, 2, 3 … without a gap.")
    data_key = models.UUIDField(unique=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    mac = models.BinaryField(max_length=32, help_text="Whoever edits the table cannot make one.")

    def __str__(self) -> str:
        return f"certificate {self.number}"

    def expected_mac(self) -> bytes:
        """What ``mac`` must be for this number, key, time and person."""
        at = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        said = aead.bound("certificate", str(self.number), str(self.data_key), at, self.by)
        return hmac.new(practice.current().keyring.index_key, said, hashlib.sha256).digest()

    @classmethod
    def next_for(cls, data_key: uuid.UUID, *, at: datetime, by: str) -> "Certificate":
        """The next certificate in number, not yet saved."""
        last = cls.objects.aggregate(last=models.Max("number"))["last"] or 0
        certificate = cls(number=last + 1, data_key=data_key, at=at, by=by)
        certificate.mac = certificate.expected_mac()
        return certificate


def new_secret() -> bytes:
    """A fresh 256-bit key."""
    return os.urandom(32)
