"""Two lists that a practice keeps: how people heard of it, and whom it sends people to and from."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Source(models.Model):
    """One answer to "How did you hear of us?", from a list that the practice edits."""

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "name": "setting", "position": "setting", "closed_on": "time",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0)
    closed_on = models.DateField(null=True, blank=True, help_text="Offered no more.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name"], name="source_has_its_own_name"),
        ]

    def __str__(self) -> str:
        return f"source {self.pk}"


class Referrer(models.Model):
    """Who sends people here, and to whom people are sent from here."""

    class Kind(models.TextChoices):
        COLLEAGUE = "COLLEAGUE", _("colleague")
        DOCTOR = "DOCTOR", _("doctor")
        INSTITUTION = "INSTITUTION", _("institution")

    class Room(models.TextChoices):
        UNKNOWN = "UNKNOWN", _("not known")
        YES = "YES", _("takes people now")
        NO = "NO", _("takes nobody now")

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "kind": "code", "name": "name", "phone": "contact", "mail": "contact",
        "address": "contact", "specialities": "setting", "trusted": "code", "takes": "code",
        "asked_on": "time", "closed_on": "time",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=11, choices=Kind, default=Kind.COLLEAGUE)
    name = models.CharField(max_length=200)
    phone = models.CharField(max_length=60, blank=True)
    mail = models.EmailField(max_length=254, blank=True)
    address = models.CharField(max_length=300, blank=True)
    specialities = models.CharField(max_length=300, blank=True, help_text="In words.")
    trusted = models.BooleanField(default=False, help_text="People are sent to them from here.")
    takes = models.CharField(max_length=7, choices=Room, default=Room.UNKNOWN)
    asked_on = models.DateField(null=True, blank=True, help_text="When ``takes`` was last heard.")
    closed_on = models.DateField(null=True, blank=True, help_text="Offered no more.")

    class Meta:
        indexes = [models.Index(fields=["name"], name="referrer_by_name")]

    def __str__(self) -> str:
        return f"referrer {self.pk}"
