"""What the practice and a client have chosen, and every message that was to go out."""

import uuid
from datetime import time
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rapport.people.clients.models import Contact, OfClient


class Kind(models.TextChoices):
    """What a message tells."""

    REMINDER = "REMINDER", _("reminder")
    BOOKED = "BOOKED", _("booked")
    MOVED = "MOVED", _("moved")
    CANCELLED = "CANCELLED", _("cancelled")
    DAILY = "DAILY", _("daily reminder")


NOTICES = (Kind.BOOKED, Kind.MOVED, Kind.CANCELLED)


class Does(models.TextChoices):
    """What a link in a message does, once."""

    CONFIRM = "CONFIRM", _("confirm")
    CANCEL = "CANCEL", _("cancel")
    MOVE = "MOVE", _("ask for another time")


def a_day() -> list[int]:
    """A day before, where nobody has said otherwise."""
    return [24 * 60]


def by_mail() -> list[str]:
    """By mail, where nobody has said otherwise."""
    return ["mail"]


def every_notice() -> list[str]:
    """Everything that happens to a meeting is told."""
    return [str(one) for one in NOTICES]


def every_link() -> list[str]:
    """Every link is offered."""
    return list(Does.values)


class Reminding(models.Model):
    """How the practice reminds; no row means that it does not."""

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "offsets": "setting", "channels": "setting", "notices": "setting",
        "links": "setting", "quiet_from": "setting", "quiet_until": "setting",
        "quiet_before": "setting", "changed_at": "time",
    }  # fmt: skip

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    offsets = models.JSONField(default=a_day, help_text="Minutes before a meeting.")
    channels = models.JSONField(default=by_mail, help_text="In the order they are tried.")
    notices = models.JSONField(default=every_notice, help_text="Of Kind, without reminders.")
    links = models.JSONField(default=every_link, help_text="Of Does.")
    quiet_from = models.TimeField(null=True, default=time(21))
    quiet_until = models.TimeField(null=True, default=time(8))
    quiet_before = models.BooleanField(
        default=False, help_text="What falls into quiet hours goes out before them, not after."
    )
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="reminding_is_one"),
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False)
                & ~Q(quiet_from=models.F("quiet_until")),
                name="quiet_hours_begin_and_end",
            ),
        ]

    def __str__(self) -> str:
        return "how the practice reminds"


class TypeReminders(models.Model):
    """Another choice of reminders for one type of appointment; an empty list is none."""

    field_classes: ClassVar[dict[str, str]] = {"id": "id", "type": "link", "offsets": "setting"}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    type = models.OneToOneField("meeting.AppointmentType", models.CASCADE, related_name="+")
    offsets = models.JSONField(default=list, help_text="Minutes before a meeting.")

    def __str__(self) -> str:
        return f"reminders of a type {self.pk}"


class Preference(models.Model):
    """What a client has chosen; no row means as the practice does, and discreetly."""

    class Says(models.TextChoices):
        NEUTRAL = "NEUTRAL", _("day and time only")
        PRACTICE = "PRACTICE", _("with the practice's name")
        CLINICIAN = "CLINICIAN", _("with the practice's name and whom they meet")

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "offsets": "setting", "channels": "setting",
        "notices": "setting", "says": "setting", "with_file": "setting", "zone": "setting",
        "daily_at": "setting", "changed_at": "time",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.OneToOneField("people.Client", models.CASCADE, related_name="+")
    offsets = models.JSONField(null=True, help_text="Minutes before; null as the practice does.")
    channels = models.JSONField(default=list, help_text="In order; empty as the practice does.")
    notices = models.JSONField(default=every_notice, help_text="Of Kind, without reminders.")
    says = models.CharField(max_length=9, choices=Says, default=Says.NEUTRAL)
    with_file = models.BooleanField(default=True, help_text="A calendar file comes with a mail.")
    zone = models.CharField(max_length=64, blank=True, help_text="IANA; else the practice's.")
    daily_at = models.TimeField(
        null=True, help_text="When to remind of what is asked each day; none: never."
    )
    changed_at = models.DateTimeField()

    objects = OfClient.as_manager()

    def __str__(self) -> str:
        return f"preference {self.pk}"

    @property
    def audit_about(self) -> uuid.UUID:
        """The client an audit entry about this row concerns."""
        return self.client_id


class Delivery(models.Model):
    """One message to one reader by one channel, about one meeting or, once a day, about what
    they are asked that day. Never its words or where to.

    A reminder is told from another by the meeting, the time it was to begin, and how long
    before; a notice by the meeting and its revision; a daily one by the
    day, whose end stands as the time it was to begin. Of each at most one lives: another is
    made only after the one before it has failed, and then by another channel. Its meeting may
    be gone with its standing slot; the id stays, and with it what the client was told.
    """

    class State(models.TextChoices):
        PLANNED = "PLANNED", _("waiting")
        SENDING = "SENDING", _("on its way")
        SENT = "SENT", _("sent")
        UNSURE = "UNSURE", _("perhaps sent")
        FAILED = "FAILED", _("failed")
        BOUNCED = "BOUNCED", _("came back")
        DROPPED = "DROPPED", _("not needed any more")

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "appointment": "link", "kind": "code", "starts_at": "time",
        "offset": "code", "revision": "code", "channel": "code", "contact_id": "link",
        "state": "code", "attempts": "code", "again": "code", "error": "code",
        "planned_at": "time", "sent_at": "time",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("people.Client", models.CASCADE, related_name="+")
    appointment = models.ForeignKey(
        "meeting.Appointment", models.DO_NOTHING, db_constraint=False, null=True,
        related_name="+", help_text="Of a daily reminder none.",
    )  # fmt: skip
    kind = models.CharField(max_length=9, choices=Kind)
    starts_at = models.DateTimeField(help_text="When the meeting was to begin.")
    offset = models.PositiveIntegerField(default=0, help_text="Minutes; of a notice 0.")
    revision = models.PositiveIntegerField(default=0, help_text="Of the meeting; of a reminder 0.")
    channel = models.CharField(max_length=20, blank=True, help_text="None: there was no way.")
    contact_id = models.UUIDField(null=True, help_text="A client's number or address.")
    state = models.CharField(max_length=7, choices=State, default=State.PLANNED)
    attempts = models.PositiveSmallIntegerField(default=0)
    again = models.PositiveSmallIntegerField(
        default=0, help_text="How often it was sent again although it may have gone out."
    )
    error = models.CharField(max_length=100, blank=True, help_text="Class of the last error.")
    planned_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    objects = OfClient.as_manager()

    LIVES: ClassVar[tuple[str, ...]] = ("PLANNED", "SENDING", "SENT", "UNSURE")
    TOLD: ClassVar[tuple[str, ...]] = ("SENDING", "SENT", "UNSURE")  # it is out, as far as known

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["appointment", "client", "starts_at", "offset", "channel"],
                condition=Q(kind="REMINDER"), name="reminder_once_by_a_channel",
            ),
            models.UniqueConstraint(
                fields=["appointment", "client", "starts_at", "offset"],
                condition=Q(kind="REMINDER", state__in=["PLANNED", "SENDING", "SENT", "UNSURE"]),
                name="reminder_lives_once",
            ),
            models.UniqueConstraint(
                fields=["appointment", "client", "kind", "revision", "channel"],
                condition=~Q(kind="REMINDER"), name="notice_once_by_a_channel",
            ),
            models.UniqueConstraint(
                fields=["appointment", "client", "kind", "revision"],
                condition=Q(state__in=["PLANNED", "SENDING", "SENT", "UNSURE"])
                & ~Q(kind="REMINDER"),
                name="notice_lives_once",
            ),
            models.UniqueConstraint(
                fields=["client", "starts_at", "channel"], condition=Q(kind="DAILY"),
                name="daily_reminder_once_by_a_channel",
            ),
            models.UniqueConstraint(
                fields=["client", "starts_at"],
                condition=Q(kind="DAILY", state__in=["PLANNED", "SENDING", "SENT", "UNSURE"]),
                name="daily_reminder_lives_once",
            ),
            models.CheckConstraint(
                condition=Q(kind="DAILY", appointment=None)
                | ~Q(kind="DAILY") & Q(appointment__isnull=False),
                name="delivery_is_about_a_meeting_or_a_day",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["-planned_at"], name="delivery_latest"),
            models.Index(fields=["client", "-planned_at"], name="delivery_of_client"),
            models.Index(fields=["state", "starts_at"], name="delivery_by_state"),
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk}"

    @property
    def meeting(self) -> Any:
        """The meeting that it is about, unless it is a daily reminder."""
        return self.appointment

    @property
    def audit_about(self) -> uuid.UUID:
        """The client an audit entry about this row concerns."""
        return self.client_id


class OfContact(models.QuerySet["Failing"]):
    """Rows about a number or address, seen by whoever sees the client."""

    def visible_to(self, by: Any) -> "OfContact":
        """Rows of clients whom ``by`` may know of."""
        return self.filter(contact__in=Contact.objects.visible_to(by).values("pk"))


class Failing(models.Model):
    """A number or address that a server or gateway has refused for good, until it is changed."""

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "contact": "link", "lookup": "secret", "code": "code", "since": "time",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contact = models.OneToOneField("people.Contact", models.CASCADE, related_name="failing")
    lookup = models.BinaryField(max_length=32, help_text="Of the contact, when it was refused.")
    code = models.CharField(max_length=100)
    since = models.DateTimeField()

    objects = OfContact.as_manager()

    def __str__(self) -> str:
        return f"failing contact {self.pk}"

    @property
    def stands(self) -> bool:
        """Whether the contact is still the one that was refused."""
        return bytes(self.lookup) == bytes(self.contact.lookup)


class Reply(models.Model):
    """What a client did with a link: confirmed, called off, asked for another time."""

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "appointment": "link", "starts_at": "time",
        "does": "code", "at": "time", "seen_at": "time", "seen_by": "link",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("people.Client", models.CASCADE, related_name="+")
    appointment = models.ForeignKey("meeting.Appointment", models.CASCADE, related_name="+")
    starts_at = models.DateTimeField(help_text="When the meeting was to begin.")
    does = models.CharField(max_length=7, choices=Does)
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, help_text="When somebody took care of it.")
    seen_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")

    objects = OfClient.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["appointment", "client", "starts_at", "does"], name="reply_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["starts_at"], name="reply_that_waits",
                condition=Q(does="MOVE", seen_at=None),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"reply {self.pk}"

    @property
    def audit_about(self) -> uuid.UUID:
        """The client an audit entry about this row concerns."""
        return self.client_id
