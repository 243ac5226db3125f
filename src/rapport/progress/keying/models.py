"""A sheet of paper that was keyed once, or twice and not alike: no score is made of it yet."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rapport.core import vault

from ..measures.models import Asked, ClinicalOfClient, Sheet


class KeyingTwice(models.Model):
    """Whether paper is keyed twice here; no row means that once is enough."""

    field_classes: ClassVar[dict[str, str]] = {"id": "id", "changed_at": "time"}

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="keying_twice_is_one"),
        ]

    def __str__(self) -> str:
        return "keying twice"


class Keyed(models.Model):
    """Two keyings of one sheet of paper, until they are one sheet."""

    class State(models.TextChoices):
        ONCE = "ONCE", _("keyed once")
        DIFFERS = "DIFFERS", _("keyed twice, not alike")
        DONE = "DONE", _("keyed twice")
        DROPPED = "DROPPED", _("thrown away")

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "instrument": "code", "version": "code", "asked": "link",
        "state": "code", "answered_at": "time", "first": "sealed", "first_by": "link",
        "first_at": "time", "second": "sealed", "second_by": "link", "second_at": "time",
        "decided_by": "link", "decided_at": "time", "sheet": "link",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("people.Client", models.CASCADE, related_name="keyed")
    instrument = models.CharField(max_length=60, help_text="Library id.")
    version = models.PositiveSmallIntegerField()
    asked = models.OneToOneField(
        Asked, models.CASCADE, related_name="+", help_text="What an alert of it stands on."
    )
    state = models.CharField(max_length=7, choices=State, default=State.ONCE)
    answered_at = models.DateTimeField()
    first = vault.SealedJSON("keyed.first", key="client.data_key", default=dict)
    first_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    first_at = models.DateTimeField()
    second = vault.SealedJSON("keyed.second", key="client.data_key", default=dict)
    second_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    second_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, help_text="When the differences were decided.")
    sheet = models.OneToOneField(Sheet, models.SET_NULL, null=True, related_name="keyed")

    objects = ClinicalOfClient.as_manager()

    class Meta:
        indexes = [models.Index(fields=["client", "state"], name="keyed_of_client")]

    def __str__(self) -> str:
        return f"keyed {self.pk}"

    @property
    def audit_about(self) -> uuid.UUID:
        """The client an audit entry about this row concerns."""
        return self.client_id
