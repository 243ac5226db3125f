"""Which extract there is, and what opens it."""

import uuid
from pathlib import Path
from typing import ClassVar

from django.db import models

from rapport.core import practice, vault

FOLDER = "extracts"
TABLES = ("episodes", "scores", "ends", "clinicians")


class Extract(models.Model):
    """Numbers of the practice as they stood at one moment, in sealed files. About nobody."""

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "data_key": "link", "made_at": "time", "episodes": "code", "scores": "code",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    data_key = models.ForeignKey(vault.DataKey, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(help_text="The moment the numbers are of.")
    episodes = models.PositiveIntegerField(help_text="Episodes that had ended.")
    scores = models.PositiveIntegerField(help_text="Scores of those clients.")

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"extract {self.pk}"

    def path(self, table: str) -> Path:
        """Where a table of it lies."""
        return practice.current().folder / FOLDER / f"{self.pk}.{table}"
