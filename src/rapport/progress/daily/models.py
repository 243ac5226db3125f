"""What a client rates or counts each day, what they answered, and the phases of the work."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from rapport.core import vault
from rapport.people.clients.models import Client

from ..measures.models import ClinicalOfClient
from . import rules


class OfOne(models.Model):
    """A row about one client, read by whoever treats them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, models.CASCADE, related_name="+")

    objects = ClinicalOfClient.as_manager()

    class Meta:
        abstract = True

    @property
    def audit_about(self) -> uuid.UUID:
        """The client an audit entry about this row concerns."""
        return self.client_id


class DailyPlan(OfOne):
    """What is agreed: from when to when a client is asked, and how often a day."""

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "from_on": "time", "until_on": "time", "times": "sealed",
        "a_day": "code", "made_by": "link", "made_at": "time", "ended_at": "time",
        "ended_on": "time", "by_client": "code",
    }  # fmt: skip

    from_on = models.DateField(help_text="The first day, on the practice's clock.")
    until_on = models.DateField(null=True, help_text="The last day; none: until it is ended.")
    times = vault.SealedJSON("daily_plan.times", key="client.data_key", default=list)
    a_day = models.PositiveSmallIntegerField(default=1, help_text="How often a day.")
    made_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_on = models.DateField(null=True, help_text="The day on which it was ended.")
    by_client = models.BooleanField(default=False, help_text="The client ended it.")

    class Meta(OfOne.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["client"], condition=Q(ended_at=None), name="daily_plan_runs_once"
            ),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")),
                name="daily_plan_ends_after_it_begins",
            ),
            models.CheckConstraint(condition=Q(a_day__gte=1, a_day__lte=3),
                                   name="daily_plan_asks_up_to_three_times_a_day"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"daily plan {self.pk}"


class DailyQuestion(OfOne):
    """One thing that is rated or counted. Its words never change once it was answered."""

    class Kind(models.TextChoices):
        RATING = "RATING", _("a number from 0 to 10")
        COUNT = "COUNT", _("how many or how often")
        YES_NO = "YES_NO", _("yes or no")

    class Better(models.TextChoices):
        LOWER = "lower", _("lower is better")
        HIGHER = "higher", _("higher is better")

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "plan": "link", "number": "code", "kind": "code",
        "better": "code", "words": "sealed", "from_on": "time", "ended_on": "time",
        "made_by": "link", "made_at": "time",
    }  # fmt: skip

    plan = models.ForeignKey(DailyPlan, models.CASCADE, related_name="questions")
    number = models.PositiveSmallIntegerField(help_text="Its place among the others.")
    kind = models.CharField(max_length=6, choices=Kind)
    better = models.CharField(max_length=6, choices=Better)
    words = vault.SealedJSON("daily_question.words", key="client.data_key", default=dict)
    from_on = models.DateField(help_text="The first day it is asked.")
    ended_on = models.DateField(null=True, help_text="From this day on it is not asked.")
    made_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta(OfOne.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="daily_question_has_its_place"),
        ]

    def __str__(self) -> str:
        return f"daily question {self.pk}"


class DailyPause(OfOne):
    """Days on which a client was not asked: all of a plan, or one question that was out."""

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "plan": "link", "question": "link", "from_on": "time",
        "back_on": "time", "set_by": "link", "set_at": "time", "removed_at": "time",
        "removed_by": "link",
    }  # fmt: skip

    plan = models.ForeignKey(DailyPlan, models.CASCADE, related_name="pauses")
    question = models.ForeignKey(DailyQuestion, models.CASCADE, null=True, related_name="pauses",
                                 help_text="None: all of them.")  # fmt: skip
    from_on = models.DateField(help_text="The first day that is not asked.")
    back_on = models.DateField(null=True, help_text="The first day that is asked again.")
    set_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")

    class Meta(OfOne.Meta):
        abstract = False
        constraints = [
            models.CheckConstraint(
                condition=Q(back_on=None) | Q(back_on__gt=F("from_on")),
                name="daily_pause_has_a_day",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"daily pause {self.pk}"

    @property
    def days(self) -> rules.Pause:
        """Its days, as they are counted."""
        return rules.Pause(self.from_on, self.back_on)


class DailyEntry(OfOne):
    """Answers for one day, or for one time of a day; without any answer it is a "not today".

    Never changed: a correction is a new entry.
    """

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "plan": "link", "on": "time", "slot": "code",
        "answers": "sealed", "sent": "id", "kept_at": "time", "replaced_by": "link",
    }  # fmt: skip

    plan = models.ForeignKey(DailyPlan, models.CASCADE, related_name="entries")
    on = models.DateField(help_text="The day the answers are for, on the practice's clock.")
    slot = models.PositiveSmallIntegerField(default=0, help_text="Which time of that day, from 0.")
    answers = vault.SealedJSON("daily_entry.answers", key="client.data_key", default=dict)
    sent = models.UUIDField(help_text="Made with the form, so that sending twice keeps one.")
    kept_at = models.DateTimeField()
    replaced_by = models.OneToOneField(
        "self", models.SET_NULL, null=True, related_name="replaces", help_text="The correction."
    )

    class Meta(OfOne.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["plan", "sent"], name="daily_entry_is_kept_once"),
            models.UniqueConstraint(
                fields=["plan", "on", "slot"], condition=Q(replaced_by=None),
                name="daily_entry_stands_alone",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"daily entry {self.pk}"


class Phase(OfOne):
    """The day on which a phase of the work with a client began."""

    class Letter(models.TextChoices):
        A = "A", _("A: baseline, before something begins")
        B = "B", _("B: intervention")
        C = "C", _("C: another intervention")
        D = "D", _("D: a third intervention")
        F = "F", _("F: follow-up, after it ended")

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "letter": "code", "on": "time", "words": "sealed",
        "set_by": "link", "set_at": "time", "removed_at": "time", "removed_by": "link",
    }  # fmt: skip

    letter = models.CharField(max_length=1, choices=Letter)
    on = models.DateField(help_text="Its first day, on the practice's clock.")
    words = vault.SealedText("phase.words", key="client.data_key")
    set_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")

    class Meta(OfOne.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["client", "on"], condition=Q(removed_at=None),
                name="phase_begins_alone_on_its_day",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"phase {self.pk}"
