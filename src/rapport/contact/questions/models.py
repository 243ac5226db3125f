"""How often clients are told again that questions wait, and every mail that told them."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from rapport.people.clients.models import Client, OfClient


class OfTreated(OfClient):
    """Rows about a client's questionnaires, read by whoever treats the client."""

    def clinical_to(self, by: Any) -> "OfTreated":
        """Rows of clients whose clinical record ``by`` may read."""
        return self.filter(client__in=Client.objects.clinical_to(by).values("pk"))


class AskingAgain(models.Model):
    """How the practice tells again of what waits; no row means that it does not."""

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "days": "setting", "most": "setting", "changed_at": "time",
    }  # fmt: skip

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    days = models.PositiveSmallIntegerField(default=3)
    most = models.PositiveSmallIntegerField(default=2)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="asking_again_is_one"),
        ]

    def __str__(self) -> str:
        return "how the practice asks again"


class QuestionsTold(models.Model):
    """One mail that said that questions wait: the first, or a reminder. Never its words."""

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "of": "link", "number": "code", "at": "time",
        "informant": "link",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("people.Client", models.CASCADE, related_name="+")
    of = models.UUIDField(help_text="The sitting, or what was asked by itself.")
    number = models.PositiveSmallIntegerField(help_text="0 is the first mail, 1 a reminder.")
    informant = models.ForeignKey(
        "progress.Informant", models.CASCADE, null=True, related_name="+",
        help_text="Who was told; null is the client.",
    )  # fmt: skip
    at = models.DateTimeField()

    objects = OfTreated.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["of", "number"], name="questions_told_once"),
        ]
        indexes = [models.Index(fields=["client", "-at"], name="questions_told_to")]

    def __str__(self) -> str:
        return f"told of questions {self.pk}"

    @property
    def audit_about(self) -> uuid.UUID:
        """The client an audit entry about this row concerns."""
        return self.client_id
