"""The audit trail's rows: an append-only chain, one per practice."""

from django.db import models


class AuditEntry(models.Model):
    """Who did, saw or was refused what, when and from where. Never a word of content."""

    field_classes = {
        "number": "id",
        "at": "time",
        "verb": "code",
        "by": "link",
        "allowed": "code",
        "about": "link",
        "subject": "link",
        "origin": "code",
        "key_version": "code",
        "mac": "code",
    }

    number = models.BigIntegerField(primary_key=True, help_text="1, 2, 3 … without a gap.")
    at = models.DateTimeField()
    verb = models.CharField(max_length=60)
    by = models.CharField(max_length=64, blank=True, help_text="Account id, system:<name> or ''.")
    allowed = models.BooleanField()
    about = models.UUIDField(null=True, help_text="The client concerned, where there is one.")
    subject = models.JSONField(default=list, help_text="[[label, id], …] of what was touched.")
    origin = models.CharField(max_length=64, blank=True)
    key_version = models.PositiveSmallIntegerField()
    mac = models.BinaryField(max_length=32)

    class Meta:
        indexes = [
            models.Index(fields=["about", "number"], name="audit_about"),
            models.Index(fields=["by", "number"], name="audit_by"),
            models.Index(fields=["verb", "number"], name="audit_verb"),
        ]

    def __str__(self) -> str:
        return f"audit entry {self.number}"


class AuditHead(models.Model):
    """The chain's last link. One row; locking it is what puts entries in order."""

    field_classes = {"id": "id", "number": "code", "mac": "code"}

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=0)
    mac = models.BinaryField(max_length=32, default=bytes(32))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="audit_has_one_head"),
        ]

    def __str__(self) -> str:
        return f"audit head {self.number}"
