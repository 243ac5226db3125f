"""An author's own thoughts about a client, sealed under the author's key, for the author alone."""

import uuid
from typing import Any, ClassVar

from django.db import models

from rapport.core import vault


class AuthorKey(models.Model):
    """The data key of one author's process notes."""

    field_classes: ClassVar[dict[str, str]] = {"id": "id", "author": "link", "data_key": "link"}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    author = models.OneToOneField("people.Staff", models.PROTECT, related_name="+")
    data_key = models.ForeignKey("core.DataKey", models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"author key {self.pk}"


class ProcessNoteQuerySet(models.QuerySet["ProcessNote"]):
    """Process notes, seen by whoever wrote them and by nobody else, the program included."""

    def visible_to(self, by: Any) -> "ProcessNoteQuerySet":
        """Process notes that ``by`` wrote."""
        staff = getattr(by, "staff", None)
        return self.filter(author_key__author=staff) if staff is not None else self.none()


class ProcessNote(models.Model):
    """One process note. CommonMark."""

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "author_key": "link", "text": "sealed",
        "created_at": "time", "saved_at": "time", "revision": "code",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("people.Client", models.CASCADE, related_name="+")
    author_key = models.ForeignKey(AuthorKey, models.PROTECT, related_name="notes")
    text = vault.SealedText("process_note.text", key="author_key.data_key")
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)

    objects = ProcessNoteQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["client", "-created_at"], name="process_note_by_client")]

    def __str__(self) -> str:
        return f"process note {self.pk}"

    @property
    def audit_about(self) -> uuid.UUID:
        """The client an audit entry about this row concerns."""
        return self.client_id
