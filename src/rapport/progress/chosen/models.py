"""By what a practice judges change on a questionnaire, with all it chose before."""

import uuid
from typing import ClassVar

from django.db import models


class Choice(models.Model):
    """One choice. It is never changed: another one takes its place, the latest counts."""

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "instrument": "code", "what": "code", "method": "code", "level": "code",
        "ends": "code", "cutoff": "code", "chosen_by": "link", "chosen_at": "time",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    instrument = models.CharField(max_length=60, help_text="Library id.")
    what = models.CharField(
        max_length=80, blank=True,
        help_text="change:<name>, norm:<name> or group:<name> in its file.",
    )  # fmt: skip
    method = models.CharField(
        max_length=30, blank=True, help_text="A code of judging.Method; empty is by the number."
    )
    level = models.PositiveSmallIntegerField(default=95, help_text="How sure, in per cent.")
    ends = models.PositiveSmallIntegerField(
        default=1, help_text="How many scores at each end are averaged."
    )
    cutoff = models.CharField(
        max_length=80, blank=True, help_text="Its name in the file; empty is the first."
    )
    chosen_by = models.ForeignKey("people.Account", models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["instrument", "-chosen_at"], name="choice_by_instrument"),
        ]

    def __str__(self) -> str:
        return f"choice {self.pk}"
