"""What the owner's page shows of backups."""

from .models import BackupRecord


def newest() -> BackupRecord | None:
    """The last backup that was made well and is still there: its age counts."""
    return BackupRecord.objects.filter(outcome="", removed_at=None).order_by("-made_at").first()


def recent(limit: int = 30) -> list[BackupRecord]:
    """The last tries, newest first, those that failed too."""
    return list(BackupRecord.objects.order_by("-made_at")[:limit])
