"""What was learned of a questionnaire, the signals it led to, and what was done about them."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rapport.core import vault

from ..measures.models import ClinicalOfClient


class Fit(models.Model):
    """One row a questionnaire: the expected course as the last good night left it.

    Numbers about everybody together, so nothing is sealed. A night that fails changes
    ``failed_at`` and ``failed_as`` alone.
    """

    class Verdict(models.TextChoices):
        HOLDS = "HOLDS", _("holds on clients it was not learned from")
        WIDENED = "WIDENED", _("holds after it was widened")
        WITHHELD = "WITHHELD", _("does not hold on clients it was not learned from")
        TOO_FEW = "TOO_FEW", _("too few episodes have ended")
        NO_CHANGE = "NO_CHANGE", _("nobody published how large a change must be")

    class Failed(models.TextChoices):
        CANNOT_FIT = "CANNOT_FIT", _("the scores do not determine a model")
        NOT_SETTLED = "NOT_SETTLED", _("the search for the model did not settle")
        STOPPED = "STOPPED", _("the calculation was stopped")

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "instrument": "code", "version": "code", "verdict": "code",
        "episodes": "score", "scores": "score", "near": "score", "course": "score",
        "at_intake": "score", "so_far": "score", "planned": "score", "singular": "code",
        "quality": "score", "learned_at": "time", "failed_at": "time", "failed_as": "code",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    instrument = models.CharField(max_length=60, unique=True, help_text="Library id.")
    version = models.PositiveSmallIntegerField(help_text="Of the questionnaire.")
    verdict = models.CharField(max_length=9, choices=Verdict, blank=True)
    episodes = models.PositiveIntegerField(default=0, help_text="Ended, one a client.")
    scores = models.PositiveIntegerField(default=0, help_text="After the intakes of those.")
    near = models.JSONField(default=dict, help_text="Episodes by the stretch the intake lay in.")
    course = models.JSONField(null=True, help_text="growth.Course as data.")
    at_intake = models.JSONField(null=True, help_text="growth.Calibration, given the intake.")
    so_far = models.JSONField(null=True, help_text="The same, given the scores so far.")
    planned = models.FloatField(null=True, help_text="Weeks from intake to the usual last score.")
    singular = models.JSONField(default=list, help_text="What lay on the edge of the possible.")
    quality = models.JSONField(null=True, help_text="How good its signals are: learning.counted.")
    learned_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True, help_text="The night after that did not succeed.")
    failed_as = models.CharField(max_length=11, choices=Failed, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(verdict__in=("HOLDS", "WIDENED")) | Q(course__isnull=False),
                name="fit_that_holds_has_a_course",
            ),
        ]

    def __str__(self) -> str:
        return f"fit {self.pk}"

    def holds_for(self, version: int) -> bool:
        """Whether bands may be drawn from it for this version of the questionnaire."""
        good = self.verdict in (self.Verdict.HOLDS, self.Verdict.WIDENED)
        return good and self.version == version


class Step(models.TextChoices):
    """What somebody did about a signal."""

    ALLIANCE = "ALLIANCE", _("talked with the client about how we work together")
    PLAN = "PLAN", _("reviewed the plan with the client")
    SUPERVISION = "SUPERVISION", _("took it to supervision")
    RISK = "RISK", _("reviewed the risk")
    NOTHING = "NOTHING", _("seen, nothing changed, because of what is written below")


class Signal(models.Model):
    """A score that gave reason to look at how things go. No clock runs, nobody is woken.

    One a score, whatever number of reasons. It ends with a recorded step, with a later signal
    that stands for it, or with the correction of its score; a first sign also by a later
    score that gives no reason any more. A red one waits for a person.
    """

    class Level(models.TextChoices):
        AMBER = "AMBER", _("a first sign")
        RED = "RED", _("the second sign in succession")

    class State(models.TextChoices):
        OPEN = "OPEN", _("to be looked at")
        DONE = "DONE", _("looked at")
        FOLLOWED = "FOLLOWED", _("a later score gave a new signal")
        EASED = "EASED", _("a later score gave no reason any more")
        WITHDRAWN = "WITHDRAWN", _("withdrawn: a score was corrected")

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "score": "link", "owner": "link", "instrument": "code",
        "level": "code", "state": "code", "reasons": "score", "prorated": "score",
        "learned_at": "time", "at": "time", "raised_at": "time", "ended_at": "time",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("people.Client", models.CASCADE, related_name="signals")
    score = models.OneToOneField("progress.Score", models.CASCADE, related_name="signal")
    owner = models.ForeignKey("people.Staff", models.PROTECT, null=True, related_name="+")
    instrument = models.CharField(max_length=60)
    level = models.CharField(max_length=5, choices=Level)
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    reasons = models.JSONField(help_text="rules.Reason as data, the weightiest first.")
    prorated = models.BooleanField(default=False, help_text="One of the scores was filled up.")
    learned_at = models.DateTimeField(null=True, help_text="Of the fit; null: by rules alone.")
    at = models.DateTimeField(help_text="Of the score.")
    raised_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = ClinicalOfClient.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="OPEN", ended_at=None)
                | (~Q(state="OPEN") & Q(ended_at__isnull=False)),
                name="signal_ends_when_it_is_no_longer_open",
            ),
        ]
        indexes = [
            models.Index(fields=["client", "instrument", "-at"], name="signal_by_client"),
            models.Index(fields=["owner", "-at"], condition=Q(state="OPEN"), name="signal_open"),
        ]

    def __str__(self) -> str:
        return f"signal {self.pk}"

    @property
    def audit_about(self) -> uuid.UUID:
        """The client an audit entry about this row concerns."""
        return self.client_id

    @property
    def is_open(self) -> bool:
        """Whether somebody is still to look at it."""
        return self.state == self.State.OPEN


class SignalStep(models.Model):
    """One thing done about a signal. Taken back it stays, marked, and counts no more."""

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "signal": "link", "what": "code", "words": "sealed",
        "staff": "link", "at": "time", "undone_at": "time", "once": "code",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("people.Client", models.CASCADE, related_name="+")
    signal = models.ForeignKey(Signal, models.CASCADE, related_name="steps")
    what = models.CharField(max_length=11, choices=Step)
    words = vault.SealedText("signal_step.words", key="client.data_key", blank=True)
    staff = models.ForeignKey("people.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, help_text="Taken back as a mistake.")
    once = models.UUIDField(null=True, help_text="Tells a form sent twice from two forms.")

    objects: Any = ClinicalOfClient.as_manager()

    class Meta:
        indexes = [models.Index(fields=["signal", "at"], name="step_of_signal")]

    def __str__(self) -> str:
        return f"signal step {self.pk}"

    @property
    def audit_about(self) -> uuid.UUID:
        """The client an audit entry about this row concerns."""
        return self.client_id
