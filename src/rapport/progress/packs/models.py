"""That somebody accepted the conditions of a pack for the practice, and when that ended."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Acceptance(models.Model):
    """One acceptance. It is never changed but ended; another one takes its place."""

    class Use(models.TextChoices):
        FREE = "FREE", _("Nobody pays for it here: a public or charitable service")
        PAID = "PAID", _("A practice or service that is paid for")
        RESEARCH = "RESEARCH", _("Research or teaching alone")

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "pack": "code", "version": "code", "use": "code", "permission": "setting",
        "accepted_by": "link", "accepted_at": "time", "ended_by": "link", "ended_at": "time",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pack = models.CharField(max_length=60, help_text="Library id.")
    version = models.PositiveSmallIntegerField(help_text="Of the conditions that were read.")
    use = models.CharField(max_length=8, choices=Use)
    permission = models.CharField(
        max_length=300, blank=True, help_text="Who permitted a use that the conditions leave out."
    )
    accepted_by = models.ForeignKey("people.Account", models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField()
    ended_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pack"], condition=Q(ended_at=None), name="a_pack_is_accepted_once"
            ),
        ]

    def __str__(self) -> str:
        return f"acceptance {self.pk}"
