"""The practice's plan of what everybody is asked when, and what a result calls for."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..measures.models import Occasion


class PlanLine(models.Model):
    """One questionnaire on one occasion, for every episode of care that begins from now on."""

    class Whom(models.TextChoices):
        """Who is asked about the client instead; empty is the client."""

        PARENTS = "PARENTS", _("parents and guardians of a minor")
        TEACHERS = "TEACHERS", _("teachers of a minor")
        PARTNER = "PARTNER", _("the partner")

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "occasion": "setting", "instrument": "setting", "count": "setting",
        "every_days": "setting", "hours_before": "setting", "set_at": "time", "set_by": "link",
        "ended_at": "time", "whom": "setting", "language": "setting",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    whom = models.CharField(max_length=8, choices=Whom, blank=True, default="")
    occasion = models.CharField(max_length=9, choices=Occasion)
    instrument = models.CharField(max_length=60, help_text="Library id.")
    count = models.PositiveSmallIntegerField(
        default=0, help_text="Sessions before a review; weeks after care has ended."
    )
    every_days = models.PositiveSmallIntegerField(null=True)
    hours_before = models.PositiveSmallIntegerField(default=24)
    language = models.CharField(
        max_length=10, blank=True, default="",
        help_text="For everybody; empty is each client's own, else the practice's.",
    )  # fmt: skip
    set_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["occasion", "instrument", "count", "whom"], condition=Q(ended_at=None),
                name="plan_line_stands_once",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"plan line {self.pk}"


class Recheck(models.Model):
    """A rule: a result like that of one questionnaire asks for another, or the same again."""

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "instrument": "setting", "condition": "setting", "then": "setting",
        "after_days": "setting", "set_by": "link", "set_at": "time", "ended_at": "time",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    instrument = models.CharField(max_length=60, help_text="Library id of what was answered.")
    condition = models.CharField(max_length=80, help_text="As ``rules.Condition`` reads it.")
    then = models.CharField(max_length=60, help_text="Library id of what is asked.")
    after_days = models.PositiveSmallIntegerField(default=0)
    set_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["instrument", "condition", "then"], condition=Q(ended_at=None),
                name="recheck_stands_once",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"recheck {self.pk}"
