"""What belongs to one adaptive test: when it was to stop, and what came of it."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from rapport.core import vault

from ..measures.models import Asked, ClinicalOfClient
from . import rules


class AdaptiveTest(models.Model):
    """One test of one client. Its answers and its T score stand on the sheet like any other's;
    this is how they came about. Written once when it is asked and once when it is handed in."""

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "asked": "link", "below_se": "setting", "least": "setting",
        "most": "setting", "result": "sealed",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("people.Client", models.CASCADE, related_name="adaptive_tests")
    asked = models.OneToOneField(Asked, models.CASCADE, related_name="adaptive")
    below_se = models.FloatField(default=rules.BELOW_SE, help_text="Of theta.")
    least = models.PositiveSmallIntegerField(default=rules.LEAST)
    most = models.PositiveSmallIntegerField(default=rules.MOST)
    result = vault.SealedJSON(
        "adaptive_test.result", key="client.data_key", default=dict,
        help_text="Empty until it is handed in.",
    )  # fmt: skip

    objects = ClinicalOfClient.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(below_se__gt=0, least__gte=1, most__gte=F("least")),
                name="adaptive_test_can_stop",
            ),
        ]

    def __str__(self) -> str:
        return f"adaptive test {self.pk}"

    @property
    def audit_about(self) -> Any:
        """The client an audit entry about this row concerns."""
        return self.client_id

    @property
    def stops(self) -> rules.Stops:
        """When it is to stop."""
        return rules.Stops(self.below_se, self.least, self.most)
