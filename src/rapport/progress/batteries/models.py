"""An assessment of a client, the tests it is made of, its reports; and named batteries."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rapport.core import vault

from ..measures.models import ClinicalOfClient


class Battery(models.Model):
    """A named order of tests that a plan can begin with. Knows of no client."""

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "name": "name", "tests": "setting", "made_by": "link", "made_at": "time",
        "retired_at": "time",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    tests = models.JSONField(default=list, help_text="Kind, id or title, scales, minutes, table.")
    made_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, help_text="Offered no more from then on.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=Q(retired_at=None), name="battery_is_named_once"
            ),
        ]

    def __str__(self) -> str:
        return f"battery {self.pk}"


class Assessment(models.Model):
    """One plan for one client: the question it is to answer, begun and finished."""

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "question": "sealed", "made_by": "link", "made_at": "time",
        "finished_at": "time",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("people.Client", models.CASCADE, related_name="assessments")
    question = vault.SealedText("assessment.question", key="client.data_key")
    made_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    objects = ClinicalOfClient.as_manager()

    class Meta:
        indexes = [models.Index(fields=["client", "-made_at"], name="assessment_by_client")]

    def __str__(self) -> str:
        return f"assessment {self.pk}"

    @property
    def audit_about(self) -> uuid.UUID:
        """The client an audit entry about this row concerns."""
        return self.client_id


class PlannedTest(models.Model):
    """One test of an assessment, at its place; what it came to lies sealed with it."""

    class Kind(models.TextChoices):
        QUESTIONNAIRE = "QUESTIONNAIRE", _("questionnaire")
        INTERVIEW = "INTERVIEW", _("interview")
        ELSEWHERE = "ELSEWHERE", _("on paper or with another program")

    class State(models.TextChoices):
        PLANNED = "PLANNED", _("planned")
        RUNNING = "RUNNING", _("running")
        DONE = "DONE", _("done")
        LEFT_OUT = "LEFT_OUT", _("left out")

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "assessment": "link", "place": "code", "kind": "code",
        "instrument": "code", "title": "sealed", "scales": "sealed", "table": "link",
        "minutes": "code", "state": "code", "times": "sealed", "note": "sealed",
        "done_on": "time", "by": "link", "results": "sealed",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("people.Client", models.CASCADE, related_name="+")
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="tests")
    place = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=13, choices=Kind)
    instrument = models.CharField(max_length=60, blank=True, help_text="Library id; or none.")
    title = vault.SealedText("planned_test.title", key="client.data_key")
    scales = vault.SealedJSON("planned_test.scales", key="client.data_key")
    table = models.ForeignKey("progress.NormTable", models.PROTECT, null=True, related_name="+")
    minutes = models.PositiveSmallIntegerField(null=True, help_text="Planned.")
    state = models.CharField(max_length=8, choices=State, default=State.PLANNED)
    times = vault.SealedJSON("planned_test.times", key="client.data_key")
    note = vault.SealedText("planned_test.note", key="client.data_key")
    done_on = models.DateField(null=True, help_text="On the practice's clock.")
    by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, related_name="+", help_text="Who gave it."
    )
    results = vault.SealedJSON("planned_test.results", key="client.data_key", default=dict)

    objects = ClinicalOfClient.as_manager()

    class Meta:
        indexes = [models.Index(fields=["assessment", "place"], name="test_by_place")]

    def __str__(self) -> str:
        return f"planned test {self.pk}"

    @property
    def audit_about(self) -> uuid.UUID:
        """The client an audit entry about this row concerns."""
        return self.client_id


class AssessmentReport(models.Model):
    """An assessment's report as it was saved, with the numbers as they stood. Never changed."""

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "assessment": "link", "number": "code",
        "content": "sealed", "made_by": "link", "made_at": "time",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("people.Client", models.CASCADE, related_name="+")
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="reports")
    number = models.PositiveSmallIntegerField(help_text="Its version.")
    content = vault.SealedJSON("assessment_report.content", key="client.data_key", default=dict)
    made_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    objects = ClinicalOfClient.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "number"], name="report_stands_once"),
        ]

    def __str__(self) -> str:
        return f"assessment report {self.pk}"

    @property
    def audit_about(self) -> uuid.UUID:
        """The client an audit entry about this row concerns."""
        return self.client_id
