"""Which of several published numbers a practice judges change by, with all it chose before."""

import uuid
from typing import ClassVar

from django.db import models


class Choice(models.Model):
    """One choice. It is never changed: another one takes its place, the latest counts."""

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "instrument": "code", "what": "code", "chosen_by": "link",
        "chosen_at": "time",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    instrument = models.CharField(max_length=60, help_text="Library id.")
    what = models.CharField(max_length=80, help_text="change:<name> or norm:<name> in its file.")
    chosen_by = models.ForeignKey("people.Account", models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["instrument", "-chosen_at"], name="choice_by_instrument"),
        ]

    def __str__(self) -> str:
        return f"choice {self.pk}"
