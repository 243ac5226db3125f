"""By what a practice judges change on a questionnaire, with all it chose and entered before."""

import uuid
from typing import Any, ClassVar

from django.db import models


class Choice(models.Model):
    """One choice. It is never changed: another one takes its place, the latest counts."""

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "instrument": "code", "what": "code", "method": "code", "level": "code",
        "ends": "code", "cutoff": "code", "group": "link", "chosen_by": "link",
        "chosen_at": "time",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    instrument = models.CharField(max_length=60, help_text="Library id.")
    what = models.CharField(
        max_length=80, blank=True,
        help_text="change:<name>, norm:<name> or group:<name> in its file, or of an own group.",
    )  # fmt: skip
    method = models.CharField(
        max_length=30, blank=True, help_text="A code of judging.Method; empty is by the number."
    )
    level = models.PositiveSmallIntegerField(default=95, help_text="How sure, in per cent.")
    ends = models.PositiveSmallIntegerField(
        default=1, help_text="How many scores at each end are averaged."
    )
    cutoff = models.CharField(
        max_length=80, blank=True, help_text="Its name in the file; empty is the first."
    )
    group = models.ForeignKey(
        "progress.ComparisonVersion", models.PROTECT, null=True, related_name="+",
        help_text="The figures it goes by, where the practice entered them.",
    )  # fmt: skip
    chosen_by = models.ForeignKey("people.Account", models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["instrument", "-chosen_at"], name="choice_by_instrument"),
        ]

    def __str__(self) -> str:
        return f"choice {self.pk}"


class ComparisonGroup(models.Model):
    """People who answered a questionnaire twice, as the practice entered them. The figures stand
    in its versions."""

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "instrument": "code", "treated": "code", "ended_at": "time",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    instrument = models.CharField(max_length=60, help_text="Library id, of a part its name.")
    treated = models.BooleanField(help_text="Whether they were treated in between.")
    ended_at = models.DateTimeField(null=True, help_text="Offered no more from then on.")

    versions: Any

    class Meta:
        indexes = [models.Index(fields=["instrument"], name="group_by_instrument")]

    def __str__(self) -> str:
        return f"comparison group {self.pk}"


class ComparisonVersion(models.Model):
    """The figures of a group as they were entered. Never changed: a correction is another one."""

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "group": "link", "number": "code", "form_version": "code",
        "people": "setting", "source": "setting", "year": "code", "note": "setting",
        "days": "code", "n": "code", "earlier_mean": "code", "earlier_sd": "code",
        "later_mean": "code", "later_sd": "code", "correlation": "code", "reliability": "code",
        "made_by": "link", "made_at": "time",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(ComparisonGroup, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(help_text="From 1 on.")
    form_version = models.PositiveIntegerField(help_text="Of the questionnaire as it was then.")
    people = models.CharField(max_length=500, help_text="What kind of people they were.")
    source = models.CharField(max_length=500, help_text="Where the figures come from.")
    year = models.PositiveSmallIntegerField(help_text="Of the source.")
    note = models.CharField(max_length=500, blank=True)
    days = models.PositiveSmallIntegerField(help_text="From the first answer to the second.")
    n = models.PositiveIntegerField(help_text="How many answered both times.")
    earlier_mean = models.FloatField(help_text="In scale points, as are all means and deviations.")
    earlier_sd = models.FloatField()
    later_mean = models.FloatField()
    later_sd = models.FloatField()
    correlation = models.FloatField(help_text="Between the two times, above -1 and below 1.")
    reliability = models.FloatField(null=True, help_text="The first time, of a treated group.")
    made_by = models.ForeignKey("people.Account", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "number"], name="group_version_stands_once"),
        ]

    def __str__(self) -> str:
        return f"comparison version {self.pk}"
