"""Who cares for whom, since when, and who broke the glass to look."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from rapport.core import vault

from ..clients.models import OfClient


class CareTeamMember(models.Model):
    """Somebody's part in a client's care, from a day until (not including) a day."""

    class Part(models.TextChoices):
        RESPONSIBLE = "RESPONSIBLE", _("responsible clinician")
        DEPUTY = "DEPUTY", _("deputy")
        CO_THERAPIST = "CO_THERAPIST", _("co-therapist")
        ASSESSOR = "ASSESSOR", _("assessor")

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "staff": "link", "part": "code", "from_on": "time",
        "until_on": "time", "by_meeting": "code",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("people.Client", models.CASCADE, related_name="care_team")
    staff = models.ForeignKey("people.Staff", models.PROTECT, related_name="care_teams")
    part = models.CharField(max_length=12, choices=Part, default=Part.RESPONSIBLE)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    by_meeting = models.BooleanField(
        default=False, help_text="Joined because they meet; leaves when that is taken back."
    )

    objects = OfClient.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")),
                name="care_team_member_leaves_after_joining",
            ),
            models.UniqueConstraint(
                fields=["client", "staff"],
                condition=Q(until_on=None),
                name="care_team_member_stands_once",
            ),  # fmt: skip
        ]
        indexes = [  # the days too: who sees whom is answered from the index alone
            models.Index(fields=["staff", "client", "from_on", "until_on"], name="care_team_seen"),
        ]

    def __str__(self) -> str:
        return f"care team member {self.pk}"

    @property
    def audit_about(self) -> uuid.UUID:
        """The client an audit entry about this row concerns."""
        return self.client_id


class BreakGlass(models.Model):
    """An hour of access that somebody took, with a reason, outside the care team."""

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "staff": "link", "reason": "sealed",
        "opened_at": "time", "closes_at": "time",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("people.Client", models.CASCADE, related_name="broken_glass")
    staff = models.ForeignKey("people.Staff", models.PROTECT, related_name="+")
    reason = vault.SealedText("break_glass.reason", key="client.data_key")
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField()

    objects = OfClient.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opened_at")), name="break_glass_closes_again"
            ),
        ]
        indexes = [models.Index(fields=["staff", "closes_at"], name="break_glass_open")]

    def __str__(self) -> str:
        return f"break-glass {self.pk}"

    @property
    def audit_about(self) -> uuid.UUID:
        """The client an audit entry about this row concerns."""
        return self.client_id
