"""An episode of care: why somebody came, who was responsible, how it ended."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ..clients.models import OfClient
from . import codes


class Episode(models.Model):
    """One stretch of care. Problem and modality are coarse codes, never a diagnosis."""

    class Reason(models.TextChoices):
        COMPLETED = "COMPLETED", _("completed as planned")
        CLIENT_ENDED = "CLIENT_ENDED", _("ended by the client")
        REFERRED = "REFERRED", _("referred on")
        MOVED = "MOVED", _("moved away")
        LOST = "LOST", _("contact lost")
        DIED = "DIED", _("died")
        OTHER = "OTHER", _("other")

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "responsible": "link", "problem": "code",
        "modality": "code", "referral_source": "code", "opened_on": "time",
        "first_contact_on": "time", "last_contact_on": "time", "closed_on": "time",
        "close_reason": "code",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("people.Client", models.CASCADE, related_name="episodes")
    responsible = models.ForeignKey("people.Staff", models.PROTECT, related_name="+")
    problem = models.CharField(max_length=40, blank=True)
    modality = models.CharField(max_length=40, blank=True)
    referral_source = models.CharField(max_length=40, blank=True)
    opened_on = models.DateField()
    first_contact_on = models.DateField(null=True, blank=True)
    last_contact_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    close_reason = models.CharField(max_length=12, choices=Reason, blank=True)

    objects = OfClient.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")),
                name="episode_closes_after_it_opens",
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None, close_reason="") | Q(closed_on__isnull=False),
                name="episode_has_a_reason_only_when_closed",
            ),
        ]
        indexes = [models.Index(fields=["client", "-opened_on"], name="episode_by_client")]

    def __str__(self) -> str:
        return f"episode {self.pk}"

    @property
    def audit_about(self) -> uuid.UUID:
        """The client an audit entry about this row concerns."""
        return self.client_id

    @property
    def about(self) -> str:
        """Problem, kind of help and who sent the client, in words."""
        said = (
            codes.in_words(codes.Problem, self.problem),
            codes.in_words(codes.Modality, self.modality),
            codes.in_words(codes.Referral, self.referral_source),
        )
        return " · ".join(word for word in said if word)
