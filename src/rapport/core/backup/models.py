"""A backup that was made, as the owner's page shows it."""

import uuid

from django.db import models


class BackupRecord(models.Model):
    """One backup: when, how large, whether it was opened again. The file itself lies outside."""

    field_classes = {
        "id": "id", "made_at": "time", "size": "code", "file": "code", "digest": "code",
        "verified_at": "time", "restore_tested_at": "time", "outcome": "code",
        "removed_at": "time",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    made_at = models.DateTimeField(db_index=True)
    size = models.BigIntegerField(default=0, help_text="bytes")
    file = models.CharField(max_length=80, blank=True, help_text="File name, without the folder.")
    digest = models.BinaryField(max_length=32, help_text="SHA-256 of the file as it was verified.")
    verified_at = models.DateTimeField(null=True, help_text="Opened and found whole.")
    restore_tested_at = models.DateTimeField(null=True, help_text="Its database was opened too.")
    outcome = models.CharField(max_length=60, blank=True, help_text="What failed; empty: nothing.")
    removed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"backup {self.pk}"
