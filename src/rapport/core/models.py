"""The foundation's tables, gathered for Django."""

from .audit.models import AuditEntry, AuditHead
from .backup.models import BackupRecord
from .jobs.models import Job, Tick
from .vault.models import Certificate, DataKey

__all__ = ["AuditEntry", "AuditHead", "BackupRecord", "Certificate", "DataKey", "Job", "Tick"]
