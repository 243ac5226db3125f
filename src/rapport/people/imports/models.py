"""A table that was handed in, what became of it, and whom it brought."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.core import vault

from ..clients.models import Client, OfClient


class ImportQuerySet(models.QuerySet["Import"]):
    """Imports, seen by whoever handed the table in and by nobody else."""

    def visible_to(self, by: Any) -> "ImportQuerySet":
        """Imports of ``by``."""
        return self.filter(account=by.pk)


class Import(models.Model):
    """One table of clients. Its words are sealed, and forgotten after a month."""

    class State(models.TextChoices):
        READING = "READING", _("being read")
        READY = "READY", _("read; nobody is admitted yet")
        ADMITTING = "ADMITTING", _("admitting")
        DONE = "DONE", _("done")
        UNDOING = "UNDOING", _("being undone")
        UNDONE = "UNDONE", _("undone")

    class Order(models.TextChoices):
        ISO = "iso", "2026-11-24"
        EU = "eu", "24.11.2026"
        US = "us", "11/24/2026"

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "account": "link", "data_key": "link", "table": "sealed", "encoding": "code",
        "columns": "code", "order": "code", "place": "link", "clinician": "link",
        "status": "code", "state": "code", "turn": "code", "rows": "code", "good": "code",
        "left_out": "code", "fault": "code", "fault_line": "code", "created_at": "time",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey("people.Account", models.PROTECT, related_name="+")
    data_key = models.ForeignKey("core.DataKey", models.PROTECT, related_name="+")
    table = vault.SealedText("import.table", key="data_key")
    encoding = models.CharField(max_length=20)
    columns = models.JSONField(default=list, help_text="The field each column holds, or ''.")
    order = models.CharField(max_length=3, choices=Order, default=Order.ISO)
    place = models.ForeignKey("people.Place", models.PROTECT, null=True, related_name="+")
    clinician = models.ForeignKey("people.Staff", models.PROTECT, null=True, related_name="+")
    status = models.CharField(
        max_length=10, choices=Client.Status, default=Client.Status.ACTIVE,
        help_text="Given to everybody the table brings.",
    )  # fmt: skip
    state = models.CharField(max_length=9, choices=State, default=State.READING)
    turn = models.PositiveIntegerField(default=1, help_text="How often it was read anew.")
    rows = models.PositiveIntegerField(default=0)
    good = models.PositiveIntegerField(default=0, help_text="Rows that can be admitted.")
    left_out = models.JSONField(default=list, help_text="[[line, field, code, other line], …]")
    fault = models.CharField(max_length=20, blank=True, help_text="Why nothing can be read.")
    fault_line = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(db_index=True)

    objects = ImportQuerySet.as_manager()

    def __str__(self) -> str:
        return f"import {self.pk}"

    @property
    def at_work(self) -> bool:
        """Whether a job is busy with it, or will be."""
        return self.state in (self.State.READING, self.State.ADMITTING, self.State.UNDOING)


class Imported(models.Model):
    """Which row of which table brought a client."""

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "source": "link", "line": "code",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.OneToOneField(Client, models.CASCADE, related_name="came_by")
    source = models.ForeignKey(Import, models.CASCADE, related_name="brought")
    line = models.PositiveIntegerField()

    objects = OfClient.as_manager()

    def __str__(self) -> str:
        return f"imported {self.pk}"
