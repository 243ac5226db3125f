"""A mark on a client's time: something that happened, or a milestone that was reached."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rapport.core import vault
from rapport.people.clients.models import Client

from ..measures.models import ClinicalOfClient


class Mark(models.Model):
    """One day and the words for it. Never changed: a correction is a new mark."""

    class Kind(models.TextChoices):
        EVENT = "EVENT", _("life event")
        MILESTONE = "MILESTONE", _("milestone reached")

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "kind": "code", "on": "time", "words": "sealed",
        "by_client": "code", "shared": "code", "set_by": "link", "set_at": "time",
        "replaced_by": "link", "removed_at": "time", "removed_by": "link",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, models.CASCADE, related_name="marks")
    kind = models.CharField(max_length=9, choices=Kind)
    on = models.DateField(help_text="On the practice's clock.")
    words = vault.SealedText("mark.words", key="client.data_key")
    by_client = models.BooleanField(default=False, help_text="The client's own.")
    shared = models.BooleanField(default=False, help_text="The client sees it in the portal.")
    set_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField()
    replaced_by = models.OneToOneField(
        "self", models.SET_NULL, null=True, related_name="replaces", help_text="The correction."
    )
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")

    objects = ClinicalOfClient.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(by_client=False) | Q(shared=True, kind="EVENT"),
                name="mark_of_the_client_is_an_event_they_see",
            ),
            models.CheckConstraint(
                condition=Q(replaced_by=None) | Q(removed_at=None),
                name="mark_is_corrected_or_removed",
            ),
        ]
        indexes = [
            models.Index(
                fields=["client", "-on"],
                condition=Q(replaced_by=None, removed_at=None),
                name="mark_by_client",
            ),
        ]

    def __str__(self) -> str:
        return f"mark {self.pk}"

    @property
    def audit_about(self) -> uuid.UUID:
        """The client an audit entry about this row concerns."""
        return self.client_id
