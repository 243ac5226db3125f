"""A feed, a calendar elsewhere, a meeting written there, a server in the practice's network."""

import uuid
from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from rapport.meeting.models import Appointment

from ..notices import secrets


class Title(models.TextChoices):
    """What a meeting of a clinician is called outside."""

    BUSY = "BUSY", _("“Busy”, and nothing else")
    INITIALS = "INITIALS", _("the client's initials")


class Feed(models.Model):
    """A secret address at which somebody's own calendar program reads their meetings."""

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "account": "link", "token": "secret", "title": "setting", "words": "setting",
        "made_at": "time", "read_at": "time",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.OneToOneField("people.Account", models.CASCADE, related_name="+")
    token = models.BinaryField(
        max_length=32, unique=True, help_text="Digest of the address's secret."
    )
    title = models.CharField(max_length=8, choices=Title, default=Title.BUSY)
    words = models.CharField(max_length=60, blank=True, help_text="What a client calls a meeting.")
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, help_text="Last read, to the hour.")

    def __str__(self) -> str:
        return f"feed {self.pk}"


class Outside(models.Model):
    """A clinician's calendar elsewhere: an address that is read, or a CalDAV account.

    Its address can be a secret by itself, so it is kept like a password.
    """

    class Kind(models.TextChoices):
        ICS = "ICS", _("address")
        DAV = "DAV", _("CalDAV account")

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "staff": "link", "kind": "code", "name": "setting", "host": "setting",
        "address": "secret", "address_version": "code", "username": "setting",
        "password": "secret", "password_version": "code", "found": "setting", "reads": "setting",
        "writes": "setting", "title": "setting", "tag": "code", "read_on": "time",
        "busy": "code", "left_out": "code", "added_at": "time", "tried_at": "time",
        "fetched_at": "time", "next_at": "time", "failures": "code", "error": "code",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    staff = models.ForeignKey("people.Staff", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=3, choices=Kind)
    name = models.CharField(max_length=60)
    host = models.CharField(max_length=253, help_text="Shown; the whole address is a secret.")
    address = models.BinaryField(null=True)
    address_version = models.PositiveSmallIntegerField(null=True)
    username = models.CharField(max_length=254, blank=True)
    password = models.BinaryField(null=True)
    password_version = models.PositiveSmallIntegerField(null=True)
    found = models.JSONField(default=list, help_text="[[address, name], …] to choose from.")
    reads = models.BooleanField(default=True, help_text="Its busy times count here.")
    writes = models.BooleanField(default=False, help_text="Meetings are written into it.")
    title = models.CharField(max_length=8, choices=Title, default=Title.BUSY)
    tag = models.CharField(max_length=300, blank=True, help_text="The server's mark of its state.")
    read_on = models.DateField(null=True, help_text="The day whose window was read last.")
    busy = models.PositiveIntegerField(default=0, help_text="Busy times taken over.")
    left_out = models.PositiveIntegerField(default=0, help_text="Entries nobody could read.")
    added_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    fetched_at = models.DateTimeField(null=True, help_text="Last time that all went well.")
    next_at = models.DateTimeField(help_text="Not before this instant.")
    failures = models.PositiveSmallIntegerField(default=0, help_text="In a row.")
    error = models.CharField(max_length=40, blank=True, help_text="Code of the last failure.")

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], name="outside_by_next"),
            models.Index(fields=["staff", "added_at"], name="outside_of_staff"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["staff"], condition=Q(writes=True), name="outside_written_to_is_one"
            ),
        ]

    def __str__(self) -> str:
        return f"outside calendar {self.pk}"

    @property
    def chosen(self) -> bool:
        """Whether it is known which calendar of an account is meant."""
        return not self.found

    def keep(self, *, address: str | None = None, password: str | None = None) -> None:
        """Encrypt what is given; what is None stays."""
        if address is not None:
            secrets.keep(self, "address", address)
        if password:
            secrets.keep(self, "password", password)

    def secret(self) -> tuple[str, str]:
        """Address and password.

        Raises:
            Changed: one of them does not open.
        """
        return secrets.opened(self, "address"), secrets.opened(self, "password")


class PushedQuerySet(models.QuerySet["Pushed"]):
    """Meetings written elsewhere, and by whom they may be seen."""

    def visible_to(self, by: Any) -> "PushedQuerySet":
        """Those in the calendars of whoever asks."""
        mine = by.staff
        if mine is None:
            return self.none()
        return self.filter(outside__staff=mine)


class Pushed(models.Model):
    """One meeting written into a calendar elsewhere: what was written, and what is there now.

    Its id is the entry's UID. The row outlives the appointment, until the entry is gone too.
    """

    class State(models.TextChoices):
        NEW = "NEW", _("to be written")
        WRITTEN = "WRITTEN", _("written")
        CONFLICT = "CONFLICT", _("changed outside")
        LEFT = "LEFT", _("left as it is")

    class What(models.TextChoices):
        MOVED = "MOVED", _("moved there")
        GONE = "GONE", _("deleted there")
        UNCLEAR = "UNCLEAR", _("changed there so that its time cannot be told")

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "outside": "link", "appointment": "link", "state": "code", "what": "code",
        "starts_at": "time", "ends_at": "time", "tag": "code", "theirs_starts_at": "time",
        "theirs_ends_at": "time", "theirs_tag": "code", "written_at": "time",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    outside = models.ForeignKey(Outside, models.CASCADE, related_name="pushed")
    appointment = models.ForeignKey(Appointment, models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.NEW)
    what = models.CharField(max_length=7, choices=What, blank=True)
    starts_at = models.DateTimeField(help_text="As we wrote it.")
    ends_at = models.DateTimeField()
    tag = models.CharField(max_length=300, blank=True, help_text="Its etag when we wrote it.")
    theirs_starts_at = models.DateTimeField(null=True, help_text="As it is there, in a conflict.")
    theirs_ends_at = models.DateTimeField(null=True)
    theirs_tag = models.CharField(max_length=300, blank=True)
    written_at = models.DateTimeField(null=True)

    objects = PushedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["outside", "appointment"], name="pushed_once_into_a_calendar"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="pushed_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=~Q(what="") | ~Q(state="CONFLICT"), name="pushed_conflict_says_what"
            ),
        ]
        indexes = [models.Index(fields=["outside", "state"], name="pushed_by_state")]

    def __str__(self) -> str:
        return f"pushed meeting {self.pk}"

    @property
    def theirs(self) -> tuple[datetime, datetime] | None:
        """When it is there, if that can be told."""
        if self.theirs_starts_at is None or self.theirs_ends_at is None:
            return None
        return self.theirs_starts_at, self.theirs_ends_at


class HouseServer(models.Model):
    """A server inside the practice's own network that an owner allowed to be asked."""

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "host": "setting", "port": "setting", "allowed_at": "time",
        "allowed_by": "link",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    host = models.CharField(max_length=253)
    port = models.PositiveIntegerField()
    allowed_at = models.DateTimeField()
    allowed_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["host", "port"], name="house_server_allowed_once"),
        ]

    def __str__(self) -> str:
        return f"house server {self.pk}"
