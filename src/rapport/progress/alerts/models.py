"""An alert: something in an answer that a person has to look at, by a time, by name."""

import uuid
from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rapport.core import vault
from rapport.people.care_team.models import CareTeamMember

from ..measures.models import ClinicalOfClient


class AlertClock(models.Model):
    """One row: how long an owner has, and who is the deputy where a care team names none."""

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "minutes": "setting", "deputy_minutes": "setting", "deputy": "link",
    }  # fmt: skip

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    minutes = models.PositiveIntegerField(default=60, help_text="Until it passes to the deputy.")
    deputy_minutes = models.PositiveIntegerField(
        default=60, help_text="Until it stands on every Today of the care team."
    )
    deputy = models.ForeignKey("people.Staff", models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="alert_clock_is_one")]

    def __str__(self) -> str:
        return "alert clock"


class Done(models.TextChoices):
    """What was done about an alert, so that it needs no further look."""

    SPOKE = "SPOKE", _("spoke with the client")
    CONTACT = "CONTACT", _("reached an emergency contact")
    HELP = "HELP", _("sent help")
    PLAN = "PLAN", _("went through the safety plan with the client")
    NO_DANGER = "NO_DANGER", _("judged, after contact, that there is no immediate danger")
    OTHER = "OTHER", _("something else, written below")


class Tried(models.TextChoices):
    """What was done about an alert that goes on waiting."""

    NOT_REACHED = "NOT_REACHED", _("could not reach the client")
    MESSAGE = "MESSAGE", _("left a message where it is safe")
    NOTE = "NOTE", _("a note")


class AlertQuerySet(ClinicalOfClient):
    """Alerts, and which of them still wait."""

    def waiting(self) -> "AlertQuerySet":
        """Alerts that nobody has acknowledged."""
        return self.filter(acknowledged_at=None)

    def standing_for(self, staff: Any, today: date) -> "AlertQuerySet":
        """Alerts that ``staff`` is to look at: theirs, passed on to them, or their team's."""
        teams = CareTeamMember.objects.filter(
            Q(until_on=None) | Q(until_on__gt=today), staff=staff, from_on__lte=today
        )
        return self.filter(
            Q(owner=staff)
            | Q(deputy=staff, stage__in=("DEPUTY", "TEAM"))
            | Q(stage="TEAM", client__in=teams.values("client"))
        )


class Alert(models.Model):
    """Raised by a rule of an instrument, in the transaction of the answer; or of answers that
    were left without being handed in, which it then keeps. It never closes by itself:
    somebody acknowledges it and says what was done."""

    class Stage(models.TextChoices):
        OWNER = "OWNER", _("with its owner")
        DEPUTY = "DEPUTY", _("passed to the deputy")
        TEAM = "TEAM", _("with the whole care team")

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "sheet": "link", "asked": "link", "instrument": "code",
        "rule": "code", "draft": "sealed", "kept_at": "time",
        "owner": "link", "deputy": "link", "stage": "code", "raised_at": "time",
        "answer_by": "time", "acknowledged_at": "time", "acknowledged_by": "link",
    }  # fmt: skip

    never_removed: ClassVar[bool] = True  # ``rapport verify`` misses it

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("people.Client", models.CASCADE, related_name="alerts")
    sheet = models.ForeignKey("progress.Sheet", models.CASCADE, null=True, related_name="alerts")
    asked = models.ForeignKey("progress.Asked", models.CASCADE, null=True, related_name="alerts")
    instrument = models.CharField(max_length=60, blank=True)
    rule = models.CharField(max_length=60, help_text="Code of the rule in the instrument's file.")
    draft = vault.SealedJSON(
        "alert.draft", key="client.data_key", default=dict,
        help_text="The answers it was raised on, by item, where no sheet was handed in.",
    )  # fmt: skip
    kept_at = models.DateTimeField(null=True, help_text="When those answers were given.")
    owner = models.ForeignKey("people.Staff", models.PROTECT, null=True, related_name="+")
    deputy = models.ForeignKey("people.Staff", models.PROTECT, null=True, related_name="+")
    stage = models.CharField(max_length=6, choices=Stage, default=Stage.OWNER)
    raised_at = models.DateTimeField()
    answer_by = models.DateTimeField(help_text="When the present stage's clock runs out.")
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey("people.Staff", models.PROTECT, null=True, related_name="+")

    objects = AlertQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sheet", "rule"], name="alert_is_raised_once"),
            models.UniqueConstraint(
                fields=["asked", "rule"],
                condition=Q(acknowledged_at=None),
                name="alert_of_what_was_asked_waits_once",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at=None, acknowledged_by=None)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="alert_is_acknowledged_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["acknowledged_at", "answer_by"], name="alert_by_clock"),
            models.Index(fields=["client", "-raised_at"], name="alert_by_client"),
        ]

    def __str__(self) -> str:
        return f"alert {self.pk}"

    @property
    def next_is_off(self) -> bool:
        """Whether the meeting its client would have next was called off; asked for by queries."""
        off, meets = getattr(self, "called_off_at", None), getattr(self, "meets_at", None)
        return off is not None and (meets is None or off < meets)

    @property
    def audit_about(self) -> uuid.UUID:
        """The client an audit entry about this row concerns."""
        return self.client_id


class AlertStep(models.Model):
    """What happened to an alert: raised, told, passed on, acknowledged with what was done."""

    class What(models.TextChoices):
        RAISED = "RAISED", _("raised")
        PASSED_ON = "PASSED_ON", _("passed on")
        TOLD = "TOLD", _("told")
        HANDED_IN = "HANDED_IN", _("questionnaire handed in")
        NOTED = "NOTED", _("note added")
        ACKNOWLEDGED = "ACKNOWLEDGED", _("acknowledged")

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "alert": "link", "what": "code", "staff": "link",
        "how": "code", "done": "sealed", "at": "time",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("people.Client", models.CASCADE, related_name="+")
    alert = models.ForeignKey(Alert, models.CASCADE, related_name="steps")
    what = models.CharField(max_length=12, choices=What)
    staff = models.ForeignKey("people.Staff", models.PROTECT, null=True, related_name="+")
    how = models.CharField(
        max_length=40, blank=True, help_text="PAGE, MAIL, a stage, or a code of Done or Tried."
    )
    done = vault.SealedText("alert_step.done", key="client.data_key", blank=True)
    at = models.DateTimeField()

    objects = ClinicalOfClient.as_manager()

    class Meta:
        indexes = [models.Index(fields=["alert", "at"], name="step_of_alert")]

    def __str__(self) -> str:
        return f"alert step {self.pk}"

    @property
    def audit_about(self) -> uuid.UUID:
        """The client an audit entry about this row concerns."""
        return self.client_id
