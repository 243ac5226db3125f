"""A norm table that the practice loaded: who it is about, and its versions."""

import uuid
from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from rapport.core import policy, vault


class NormTable(models.Model):
    """One table under a key of its own. What it says stands in its versions."""

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "data_key": "link", "made_by": "link", "made_at": "time", "retired_at": "time",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    data_key = models.ForeignKey("core.DataKey", models.PROTECT, related_name="+")
    made_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, help_text="Offered no more from then on.")

    def __str__(self) -> str:
        return f"norm table {self.pk}"

    @classmethod
    def begun(cls, *, by: Any, now: datetime) -> "NormTable":
        """A saved one with a key of its own and no version."""
        key = vault.new_key(vault.DataKey.Purpose.FORM, now=now)
        person = policy.person(by)
        return cls.objects.create(data_key=key, made_by=person, made_at=now)

    def forget_draft(self, *, by: Any) -> None:
        """Remove the version that was not released, if there is one."""
        for one in self.versions.filter(released_at=None):
            one.table = self
            vault.remove(one, by=by)


class NormVersion(models.Model):
    """A table as it was loaded. Looked at before it is released; never changed afterwards."""

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "table": "link", "number": "code", "about": "sealed", "content": "sealed",
        "made_by": "link", "made_at": "time", "released_at": "time",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    table = models.ForeignKey(NormTable, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(help_text="What a result names as its version.")
    about = vault.SealedJSON("norm_version.about", key="table.data_key", default=dict)
    content = vault.SealedJSON("norm_version.content", key="table.data_key", default=dict)
    made_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, help_text="Null: looked at, not in use yet.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["table", "number"], name="norm_version_stands_once"),
            models.UniqueConstraint(
                fields=["table"], condition=Q(released_at=None), name="norm_version_looked_at_once"
            ),
        ]

    def __str__(self) -> str:
        return f"norm version {self.pk}"

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Its lines."""
        rows: list[dict[str, Any]] = self.content["rows"]
        return rows
