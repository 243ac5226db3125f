"""A gateway over the web for each way, and the folder for a gateway of the house's own."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..notices import secrets


def usual() -> dict[str, str]:
    """Fields that many gateways know."""
    return {"to": "{to}", "text": "{text}"}


class Reaches(models.TextChoices):
    """What a gateway makes of a message, and so which contacts it may have."""

    TEXT = "TEXT", _("texts, to numbers that are safe to text")
    CALL = "CALL", _("calls, to numbers where a message may be left")
    MAIL = "MAIL", _("mail, to addresses that are safe to write to")


PLAIN = {
    Reaches.TEXT: _("text message"),
    Reaches.CALL: _("automatic phone call"),
    Reaches.MAIL: _("mail"),
}
"""What arrives, in a reader's words."""

BY_WEB = (Reaches.TEXT, Reaches.CALL)
"""What a gateway over the web does, each its own."""

ALLOWS = {
    Reaches.TEXT: ("PHONE", "safe_to_text"),
    Reaches.CALL: ("PHONE", "safe_to_message"),
    Reaches.MAIL: ("MAIL", "safe_to_write"),
}


class Agreed(models.Model):
    """Somebody else gets numbers and words from here, so there is an agreement with them."""

    reaches = models.CharField(max_length=4, choices=Reaches, default=Reaches.TEXT)
    agreed_with = models.CharField(max_length=200, blank=True, help_text="Who runs the gateway.")
    agreed_on = models.DateField(null=True, help_text="When the agreement was made.")
    changed_at = models.DateTimeField()

    class Meta:
        abstract = True

    @property
    def is_agreed(self) -> bool:
        """Whether an agreement is on record; nothing goes out before."""
        return bool(self.agreed_with and self.agreed_on)

    def may_reach(self, contact: Any) -> bool:
        """Whether this is safe for a client's number or address."""
        kind, safe = ALLOWS[Reaches(self.reaches)]
        return bool(contact.kind == kind and getattr(contact, safe))


class Gateway(Agreed):
    """A gateway over the web, one for texts and one for calls: the address, the fields it
    takes, a secret in one header.
    """

    class Form(models.TextChoices):
        JSON = "JSON", _("JSON")
        FORM = "FORM", _("form fields")

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "url": "setting", "form": "setting", "fields": "setting", "header": "setting",
        "header_secret": "secret", "header_secret_version": "code", "knows_again": "setting",
        "inside": "setting",
        "reaches": "setting", "agreed_with": "setting", "agreed_on": "time", "changed_at": "time",
    }  # fmt: skip

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    url = models.URLField(max_length=500, help_text="https.")
    form = models.CharField(max_length=4, choices=Form, default=Form.JSON)
    fields = models.JSONField(default=usual, help_text="Field to text with {to}, {text}, {id}.")
    header = models.CharField(max_length=60, blank=True)
    header_secret = models.BinaryField(null=True)
    header_secret_version = models.PositiveSmallIntegerField(null=True)
    inside = models.BooleanField(
        default=False, help_text="It stands in the practice's own network."
    )
    knows_again = models.BooleanField(
        default=False, help_text="It takes a message with the same Idempotency-Key once."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reaches"], name="gateway_is_one_for_each_way"),
            models.CheckConstraint(
                condition=models.Q(reaches__in=["TEXT", "CALL"]), name="gateway_texts_or_calls"
            ),
        ]

    def __str__(self) -> str:
        return f"gateway {self.pk}"

    def keep_secret(self, secret: str) -> None:
        """Encrypt the header's value under the newest practice key; none is nothing."""
        if secret:
            secrets.keep(self, "header_secret", secret)
        else:
            self.header_secret = self.header_secret_version = None

    def secret(self) -> str:
        """The header's value.

        Raises:
            Changed: it does not open.
        """
        return secrets.opened(self, "header_secret")


class Outbox(Agreed):
    """The folder ``outbox`` of the practice, from which another program takes messages."""

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "reaches": "setting", "agreed_with": "setting", "agreed_on": "time",
        "changed_at": "time",
    }  # fmt: skip

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="outbox_is_one")]

    def __str__(self) -> str:
        return "outbox"
