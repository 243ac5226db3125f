"""Every message to somebody on the waiting list, and what became of it."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rapport.core import vault
from rapport.people.clients.models import OfClient


class WaitingMessage(models.Model):
    """One message to one reader by one channel: somebody on the waiting list, or one of a couple or
    family that is. Never its words or where to.

    Of what is told, at most one message to a reader lives: another is made only after the one
    before it has failed, and then by another channel. ``path`` holds the link until it went out.
    """

    class Kind(models.TextChoices):
        OFFER = "OFFER", _("an hour on offer")
        GONE = "GONE", _("the hour is taken")
        STILL = "STILL", _("still looking?")

    class State(models.TextChoices):
        PLANNED = "PLANNED", _("waiting")
        SENDING = "SENDING", _("on its way")
        SENT = "SENT", _("sent")
        UNSURE = "UNSURE", _("perhaps sent")
        FAILED = "FAILED", _("failed")
        BOUNCED = "BOUNCED", _("came back")
        DROPPED = "DROPPED", _("not needed any more")

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "kind": "code", "offer": "link", "entry": "link",
        "asked_at": "time", "channel": "code", "contact_id": "link", "state": "code",
        "attempts": "code", "error": "code", "path": "sealed", "planned_at": "time",
        "sent_at": "time",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("people.Client", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=5, choices=Kind)
    offer = models.ForeignKey("meeting.Offer", models.CASCADE, null=True, related_name="+")
    entry = models.ForeignKey("meeting.WaitingEntry", models.CASCADE, null=True, related_name="+")
    asked_at = models.DateTimeField(help_text="When it was offered, or the question was asked.")
    channel = models.CharField(max_length=20)
    contact_id = models.UUIDField(help_text="A client's number or address.")
    state = models.CharField(max_length=7, choices=State, default=State.PLANNED)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=100, blank=True, help_text="Class of the last error.")
    path = vault.SealedText("waiting_message.path", key="client.data_key", blank=True)
    planned_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    objects = OfClient.as_manager()

    LIVES: ClassVar[tuple[str, ...]] = ("PLANNED", "SENDING", "SENT", "UNSURE")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(offer=None) ^ Q(entry=None), name="waiting_message_is_about_one_thing"
            ),
            models.UniqueConstraint(
                fields=["kind", "offer", "client"], name="offer_is_told_once",
                condition=Q(state__in=["PLANNED", "SENDING", "SENT", "UNSURE"]),
            ),
            models.UniqueConstraint(
                fields=["entry", "asked_at", "client"], name="question_is_told_once",
                condition=Q(state__in=["PLANNED", "SENDING", "SENT", "UNSURE"]),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["client", "-planned_at"], name="waiting_message_of_client"),
            models.Index(fields=["state", "planned_at"], name="waiting_message_by_state"),
        ]

    def __str__(self) -> str:
        return f"waiting message {self.pk}"

    @property
    def audit_about(self) -> uuid.UUID:
        """The client an audit entry about this row concerns."""
        return self.client_id
