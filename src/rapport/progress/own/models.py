"""A questionnaire the practice holds, one that a client has alone, and all versions of either."""

import uuid
from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rapport.core import policy, vault

from ..measures.models import ClinicalOfClient


class PracticeForm(models.Model):
    """Words typed into a shell of the library, or a questionnaire built here."""

    class Kind(models.TextChoices):
        LICENSED = "LICENSED", _("licensed text")
        BUILT = "BUILT", _("built here")

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "code": "code", "kind": "code", "data_key": "link", "draft": "sealed",
        "made_by": "link", "made_at": "time", "retired_at": "time",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(
        max_length=60, unique=True, help_text="What it is asked by; a shell's is the library's id."
    )
    kind = models.CharField(max_length=8, choices=Kind)
    data_key = models.ForeignKey("core.DataKey", models.PROTECT, related_name="+")
    draft = vault.SealedJSON("practice_form.draft", key="data_key", default=dict)
    made_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, help_text="Asked no more from then on.")

    def __str__(self) -> str:
        return f"practice form {self.pk}"

    @classmethod
    def begun(cls, kind: str, code: str, *, by: Any, now: datetime) -> "PracticeForm":
        """A saved one with a key of its own and nothing in it."""
        key = vault.new_key(vault.DataKey.Purpose.FORM, now=now)
        person = policy.person(by)
        return cls.objects.create(code=code, kind=kind, data_key=key, made_by=person, made_at=now)


class PracticeVersion(models.Model):
    """A practice's questionnaire as it was asked from a day on. Never changed."""

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "form": "link", "number": "code", "content": "sealed", "licence": "sealed",
        "made_by": "link", "made_at": "time",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    form = models.ForeignKey(PracticeForm, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(help_text="What a sheet names as its version.")
    content = vault.SealedJSON("practice_version.content", key="form.data_key", default=dict)
    licence = vault.SealedJSON("practice_version.licence", key="form.data_key", default=dict)
    made_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["form", "number"], name="practice_version_stands_once"),
        ]

    def __str__(self) -> str:
        return f"practice version {self.pk}"


class ClientForm(models.Model):
    """What one client is asked in words of their own: goals, problems, complaints, ratings."""

    class Kind(models.TextChoices):
        GOALS = "GOALS", _("goal attainment scaling")
        PROBLEMS = "PROBLEMS", _("personal questionnaire")
        COMPLAINTS = "COMPLAINTS", _("target complaints")
        RATINGS = "RATINGS", _("ratings from 0 to 10")

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "code": "code", "kind": "code", "made_by": "link",
        "made_at": "time", "ended_at": "time",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("people.Client", models.CASCADE, related_name="own_forms")
    code = models.CharField(max_length=60, unique=True, help_text="What it is asked by.")
    kind = models.CharField(max_length=10, choices=Kind)
    made_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = ClinicalOfClient.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "kind"], condition=Q(ended_at=None), name="client_form_once"
            ),
        ]

    def __str__(self) -> str:
        return f"client form {self.pk}"

    @property
    def audit_about(self) -> uuid.UUID:
        """The client an audit entry about this row concerns."""
        return self.client_id


class ClientVersion(models.Model):
    """A client's items as they stood from a day on. Never changed; an item keeps its key."""

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "form": "link", "number": "code", "content": "sealed",
        "made_by": "link", "made_at": "time",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("people.Client", models.CASCADE, related_name="+")
    form = models.ForeignKey(ClientForm, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(help_text="What a sheet names as its version.")
    content = vault.SealedJSON("client_version.content", key="client.data_key", default=dict)
    made_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    objects = ClinicalOfClient.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["form", "number"], name="client_version_stands_once"),
        ]

    def __str__(self) -> str:
        return f"client version {self.pk}"

    @property
    def audit_about(self) -> uuid.UUID:
        """The client an audit entry about this row concerns."""
        return self.client_id
