"""A notice is one mail to one account; the mail server is how it gets there."""

import json
import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from . import secrets


class Notice(models.Model):
    """That something was to be told to somebody, and whether it was. Never what or where to.

    The address is the account's, a client's contact, or that of somebody around a client, and is
    looked up at sending.
    ``enclosed`` holds the link or code, encrypted, until the notice has been sent, and then
    nothing.
    """

    class State(models.TextChoices):
        QUEUED = "QUEUED", _("waiting")
        SENT = "SENT", _("sent")
        FAILED = "FAILED", _("failed")
        NO_CHANNEL = "NO_CHANNEL", _("no mail server; handed over on the page")

    field_classes = {
        "id": "id", "kind": "code", "account_id": "link", "contact_id": "link",
        "person_id": "link", "state": "code", "attempts": "code", "created_at": "time",
        "sent_at": "time", "error": "code", "enclosed": "secret", "enclosed_version": "code",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    account_id = models.UUIDField(null=True, help_text="Whom it is for, or one of the next two.")
    contact_id = models.UUIDField(null=True, help_text="A client's address that is safe.")
    person_id = models.UUIDField(null=True, help_text="Somebody around a client.")
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=100, blank=True, help_text="Class of the last error.")
    enclosed = models.BinaryField(null=True)
    enclosed_version = models.PositiveSmallIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["-created_at"], name="notice_latest"),
            models.Index(fields=["account_id", "-created_at"], name="notice_of_account"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="QUEUED") | models.Q(enclosed=None),
                name="notice_that_ended_encloses_nothing",
            ),
            models.CheckConstraint(
                condition=models.Q(contact_id=None, person_id=None, account_id__isnull=False)
                | models.Q(account_id=None, person_id=None, contact_id__isnull=False)
                | models.Q(account_id=None, contact_id=None, person_id__isnull=False),
                name="notice_is_for_one_reader",
            ),
        ]

    def __str__(self) -> str:
        return f"notice {self.pk}"

    def enclose(self, *, link_path: str, code: str) -> None:
        """Keep the link's path and the code until the notice is sent."""
        if link_path or code:
            secrets.keep(self, "enclosed", json.dumps({"link_path": link_path, "code": code}))

    def secret(self) -> dict[str, str]:
        """``link_path`` and ``code``, empty where there is none.

        Raises:
            Changed: they do not open.
        """
        found: dict[str, str] = json.loads(secrets.opened(self, "enclosed") or "{}")
        return {"link_path": "", "code": "", **found}


class MailServer(models.Model):
    """The one SMTP server a practice sends through; no row means that it sends nothing."""

    class Security(models.TextChoices):
        STARTTLS = "STARTTLS", _("STARTTLS (usually port 587)")
        TLS = "TLS", _("TLS from the start (usually port 465)")
        NONE = "NONE", _("none (only for a server on this machine)")

    field_classes = {
        "id": "id", "host": "setting", "port": "setting", "security": "setting",
        "username": "setting", "password": "secret", "password_version": "code",
        "from_address": "setting", "changed_at": "time",
    }  # fmt: skip

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    host = models.CharField(max_length=253)
    port = models.PositiveIntegerField(default=587)
    security = models.CharField(max_length=8, choices=Security, default=Security.STARTTLS)
    username = models.CharField(max_length=254, blank=True)
    password = models.BinaryField(null=True)
    password_version = models.PositiveSmallIntegerField(null=True)
    from_address = models.EmailField(max_length=254)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="mail_server_is_one"),
        ]

    def __str__(self) -> str:
        return "mail server"

    def keep_password(self, password: str) -> None:
        """Encrypt the password under the newest practice key; none is nothing."""
        if password:
            secrets.keep(self, "password", password)
        else:
            self.password = self.password_version = None

    def secret(self) -> str:
        """The password.

        Raises:
            Changed: it does not open.
        """
        return secrets.opened(self, "password")
