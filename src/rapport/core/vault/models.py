"""Data keys, one for each client or author, and certificates of their destruction."""

import os
import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.core import practice
from rapport.core.keys import WrongKey

from .sealing import Destroyed, Tampered


class DataKey(models.Model):
    """A 256-bit key under which one client's (or author's) words are sealed."""

    class Purpose(models.TextChoices):
        CLIENT = "CLIENT", _("a client's record")
        AUTHOR = "AUTHOR", _("an author's process notes")

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
    def _aad(self) -> bytes:
        return f"{self.pk}|{self.version}".encode()

    @property
    def _wrap_purpose(self) -> str:
        return f"wrap.{self.purpose.lower()}"

    def wrap(self, secret: bytes) -> None:
        """Put ``secret`` under the newest practice key."""
        done = practice.current().keyring.wrap(secret, purpose=self._wrap_purpose, aad=self._aad)
        self.wrapped, self.wrapped_version = done.blob, done.version
        self._secret = secret

    def secret(self) -> bytes:
        """The 32 bytes, unwrapped once per loaded instance.

        Raises:
            Destroyed: by crypto-shredding, with a certificate.
            Tampered: the wrapped key was altered or exchanged.
        """
        if self.wrapped is None:
            raise Destroyed("This record was destroyed; the certificate tells when and by whom.")
        held: bytes | None = getattr(self, "_secret", None)
        if held is None:
            try:
                held = practice.current().keyring.unwrap(
                    bytes(self.wrapped),
                    purpose=self._wrap_purpose,
                    aad=self._aad,
                    version=self.wrapped_version,
                )
            except WrongKey as problem:
                raise Tampered(f"{self} was altered or exchanged") from problem
            self._secret = held
        return held

    def __getstate__(self) -> dict[str, object]:
        return {k: v for k, v in self.__dict__.items() if k != "_secret"}


class Certificate(models.Model):
    """Proof that a key was destroyed: number, time, by whom. Never what it sealed."""

    field_classes = {
        "number": "id", "data_key": "link", "at": "time", "by": "link",
    }  # fmt: skip

    number = models.BigAutoField(primary_key=True)
    data_key = models.UUIDField(unique=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"certificate {self.number}"


def new_secret() -> bytes:
    """A fresh 256-bit key."""
    return os.urandom(32)
