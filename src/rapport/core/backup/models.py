"""A backup that was made, as the owner's page shows it."""

import uuid

from django.db import models


class BackupRecord(models.Model):
    """One backup: when, how large, whether it was opened again. The file itself lies outside."""

    field_classes = {
        "id": "id", "made_at": "time", "size": "code", "file": "code",
        "verified_at": "time", "removed_at": "time",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    made_at = models.DateTimeField(db_index=True)
    size = models.BigIntegerField(help_text="bytes")
    file = models.CharField(max_length=80, help_text="File name, without the folder.")
    verified_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"backup {self.pk}"
