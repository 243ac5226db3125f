"""The waiting list: who waits and for what, hours that fell free, and who was offered them."""

import uuid
from datetime import timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from rapport.core import vault
from rapport.people.clients.models import OfClient

from ..appointments.models import Appointment
from ..appointments.rules import Slot
from ..series.models import Series


class Told(models.TextChoices):
    """How somebody heard of what they are asked."""

    SENT = "SENT", _("written to")
    PAGE = "PAGE", _("could not be written to")
    CALL = "CALL", _("called")


class WaitingSettings(models.Model):
    """One row: how the practice offers hours, and how often it asks who still looks."""

    class How(models.TextChoices):
        IN_TURN = "IN_TURN", _("one after the other")
        AT_ONCE = "AT_ONCE", _("to several at once; the first who accepts gets it")

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "confirm_weeks": "setting", "answer_minutes": "setting",
        "by_itself": "setting", "how": "setting", "most_at_once": "setting",
    }  # fmt: skip

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    confirm_weeks = models.PositiveSmallIntegerField(default=6)
    answer_minutes = models.PositiveSmallIntegerField(default=60, help_text="To answer an offer.")
    by_itself = models.BooleanField(default=False, help_text="Offers without asking the desk.")
    how = models.CharField(max_length=7, choices=How, default=How.IN_TURN)
    most_at_once = models.PositiveSmallIntegerField(default=5)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="waiting_settings_are_one")]

    def __str__(self) -> str:
        return "waiting settings"


class WaitingEntry(models.Model):
    """Somebody waits: for a first place, or for an earlier or another hour."""

    class Wants(models.TextChoices):
        FIRST = "FIRST", _("a first place")
        HOUR = "HOUR", _("an earlier or another hour")

    class State(models.TextChoices):
        WAITING = "WAITING", _("waiting")
        OFFERED = "OFFERED", _("offered an hour")
        PLACED = "PLACED", _("has an hour")
        WITHDRAWN = "WITHDRAWN", _("taken off the list")
        LAPSED = "LAPSED", _("did not say whether they still look")

    class Urgency(models.IntegerChoices):
        URGENT = 1, _("urgent")
        SOON = 2, _("soon")
        CAN_WAIT = 3, _("can wait")

    class Part(models.TextChoices):
        MORNING = "MORNING", _("morning (until noon)")
        AFTERNOON = "AFTERNOON", _("afternoon (until 5 p.m.)")
        EVENING = "EVENING", _("evening (from 5 p.m.)")

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "wants": "code", "clinicians": "link", "types": "link",
        "places": "link", "ways": "code", "weekdays": "code", "parts": "code", "from_at": "time",
        "until_at": "time", "notice_hours": "code", "urgency": "code", "since": "time",
        "remark": "sealed", "state": "code", "confirmed_at": "time", "confirm_on": "time",
        "asked_at": "time", "asked_how": "code", "token": "secret", "closed_at": "time",
        "made_by": "link",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("people.Client", models.CASCADE, related_name="waiting")
    wants = models.CharField(max_length=5, choices=Wants)
    clinicians = models.ManyToManyField("people.Staff", related_name="+", blank=True)
    types = models.ManyToManyField("meeting.AppointmentType", related_name="+", blank=True)
    places = models.ManyToManyField("people.Place", related_name="+", blank=True)
    ways = models.JSONField(default=list, help_text="Of Appointment.Way; none means any.")
    weekdays = models.JSONField(default=list, help_text="1 Monday to 7 Sunday; none means any.")
    parts = models.JSONField(default=list, help_text="Of Part; none means any.")
    from_at = models.TimeField(null=True, help_text="On the practice's clock.")
    until_at = models.TimeField(null=True)
    notice_hours = models.PositiveSmallIntegerField(default=3)
    urgency = models.PositiveSmallIntegerField(choices=Urgency, default=Urgency.CAN_WAIT)
    since = models.DateTimeField()
    remark = vault.SealedText("waiting.remark", key="client.data_key", blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    confirmed_at = models.DateTimeField(help_text="When they last said that they look.")
    confirm_on = models.DateField(help_text="The day they are asked again.")
    asked_at = models.DateTimeField(null=True, help_text="Asked and not answered since.")
    asked_how = models.CharField(max_length=4, choices=Told, blank=True)
    token = models.BinaryField(
        max_length=32, null=True, unique=True, help_text="Digest of the last question's link."
    )
    closed_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")

    objects = OfClient.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client"], condition=Q(state__in=["WAITING", "OFFERED", "LAPSED"]),
                name="client_waits_once",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["state", "since"], name="waiting_by_state")]

    def __str__(self) -> str:
        return f"waiting entry {self.pk}"

    @property
    def stands(self) -> bool:
        """Whether they are on the list."""
        return self.state in STANDING

    @property
    def audit_about(self) -> uuid.UUID:
        """The client an audit entry about this row concerns."""
        return self.client_id


STANDING = (
    WaitingEntry.State.WAITING, WaitingEntry.State.OFFERED, WaitingEntry.State.LAPSED,
)  # fmt: skip


class FreedHour(models.Model):
    """An hour of a clinician's that fell free, and what becomes of it. It names no client.

    Of a standing slot that ended it is free again and again; then its place can be offered too,
    from this hour on (``places``).
    """

    class State(models.TextChoices):
        OPEN = "OPEN", _("nobody was asked yet")
        RUNNING = "RUNNING", _("being offered")
        GIVEN = "GIVEN", pgettext_lazy("an hour", "given")
        KEPT = "KEPT", _("kept free")
        GONE = "GONE", _("taken otherwise")
        AWAY = "AWAY", _("the clinician is away")
        OVER = "OVER", _("nobody took it")

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "clinician": "link", "place": "link", "room": "link", "ways": "code",
        "starts_at": "time", "ends_at": "time", "state": "code", "how": "code", "hold": "link",
        "could_take": "code", "round": "code", "freed_at": "time", "settled_at": "time",
        "rule": "code", "holidays": "code", "standing": "code",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinician = models.ForeignKey("people.Staff", models.CASCADE, related_name="+")
    place = models.ForeignKey("people.Place", models.CASCADE, null=True, related_name="+")
    room = models.ForeignKey("meeting.Room", models.CASCADE, null=True, related_name="+")
    ways = models.JSONField(default=list, help_text="Of Appointment.Way.")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=7, choices=State, default=State.OPEN)
    how = models.CharField(max_length=7, choices=WaitingSettings.How, blank=True)
    hold = models.UUIDField(null=True, help_text="Of the Hold that keeps it while it is offered.")
    could_take = models.PositiveIntegerField(default=0, help_text="Counted every minute.")
    round = models.PositiveSmallIntegerField(default=1, help_text="Grows when it is free again.")
    freed_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    rule = models.CharField(
        max_length=200, blank=True, help_text="RFC 5545: when it is free again; none: this once."
    )
    holidays = models.CharField(max_length=5, choices=Series.Holidays, blank=True)
    standing = models.BooleanField(default=False, help_text="The place is offered, not one hour.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinician", "starts_at"], name="hour_falls_free_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="hour_ends_after_it_starts"
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["state", "starts_at"], name="hour_by_state")]

    def __str__(self) -> str:
        return f"freed hour {self.pk}"

    @property
    def slot(self) -> Slot:
        """The time that is free."""
        return Slot(self.starts_at, self.ends_at)


class Offer(models.Model):
    """An hour put to one person, or kept in line for them: once, with a time to answer."""

    class State(models.TextChoices):
        IN_LINE = "IN_LINE", _("in line")
        OFFERED = "OFFERED", _("asked")
        ACCEPTED = "ACCEPTED", _("accepted")
        DECLINED = "DECLINED", _("declined")
        LAPSED = "LAPSED", _("no answer in time")
        GONE = "GONE", _("somebody else took it")
        WITHDRAWN = "WITHDRAWN", _("taken back")

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "hour": "link", "entry": "link", "client": "link", "round": "code",
        "position": "code", "state": "code", "type": "link", "way": "code",
        "minutes": "code", "because": "code", "token": "secret", "offered_at": "time",
        "answer_by": "time", "told": "code", "answered_at": "time", "answered_by": "link",
        "appointment": "link",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    hour = models.ForeignKey(FreedHour, models.CASCADE, related_name="offers")
    entry = models.ForeignKey(WaitingEntry, models.CASCADE, related_name="offers")
    client = models.ForeignKey("people.Client", models.CASCADE, related_name="+")
    round = models.PositiveSmallIntegerField(default=1, help_text="The hour's, when it began.")
    position = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=9, choices=State, default=State.IN_LINE)
    type = models.ForeignKey("meeting.AppointmentType", models.PROTECT, null=True, related_name="+")
    way = models.CharField(max_length=5, choices=Appointment.Way)
    minutes = models.PositiveSmallIntegerField()
    because = models.JSONField(default=list, help_text="What was wished for and is met.")
    token = models.BinaryField(
        max_length=32, null=True, unique=True, help_text="Digest of the link's secret."
    )
    offered_at = models.DateTimeField(null=True)
    answer_by = models.DateTimeField(null=True)
    told = models.CharField(
        max_length=4, choices=Told, blank=True, help_text="PAGE: the time to answer does not run."
    )
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    appointment = models.ForeignKey(
        "meeting.Appointment", models.SET_NULL, null=True, related_name="+"
    )

    objects = OfClient.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hour", "round", "entry"], name="hour_is_offered_to_each_once"
            ),
            models.UniqueConstraint(
                fields=["hour", "round"], condition=Q(state="ACCEPTED"), name="hour_is_given_once"
            ),
            models.UniqueConstraint(
                fields=["entry"], condition=Q(state="OFFERED"), name="one_offer_at_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(state="OFFERED") | Q(answer_by__isnull=False),
                name="offer_has_a_time_to_answer",
            ),
        ]

    def __str__(self) -> str:
        return f"offer {self.pk}"

    @property
    def slot(self) -> Slot:
        """When they would meet."""
        return Slot(self.hour.starts_at, self.hour.starts_at + timedelta(minutes=self.minutes))

    @property
    def audit_about(self) -> Any:
        """The client an audit entry about this row concerns."""
        return self.client_id
