"""An appointment: one promise to meet, and the times it takes from people and rooms."""

import uuid
from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from rapport.core import vault
from rapport.people.clients.models import Client, OfClient

from . import rules


def overlapping(start: Any, end: Any, since: Any = None) -> Q:
    """Times that share an instant with ``[start, end)``.

    None takes longer than ``rules.REACH``, which the database holds (``enforcement``). So the
    index by start leads to the few there are, however many years came before.

    Args:
        since: ``start - REACH``, where ``start`` is a value that is given later.
    """
    since = start - rules.REACH if since is None else since
    return Q(starts_at__lt=end, starts_at__gt=since, ends_at__gt=start)


def workweek() -> list[int]:
    """The days of somebody who has not said otherwise."""
    return list(rules.WORKWEEK)


class Room(models.Model):
    """A room at a place, which one meeting at a time may use."""

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "place": "link", "name": "setting", "closed_on": "time",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place = models.ForeignKey("people.Place", models.PROTECT, related_name="rooms")
    name = models.CharField(max_length=60)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "name"], name="room_has_its_own_name"),
        ]

    def __str__(self) -> str:
        return f"room {self.pk}"


class Diary(models.Model):
    """How a clinician works: a session's length, their video address, what a day may hold.

    The hours themselves are WorkingHours and OtherHours. Who has no diary has said nothing
    yet and works as most do; with the diary, the week is written down.
    """

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "staff": "link", "minutes": "setting", "video_url": "setting",
        "buffer_before": "setting", "buffer_after": "setting", "notice_minutes": "setting",
        "horizon_days": "setting", "most_a_day": "setting", "most_in_a_row": "setting",
        "heavy_a_day": "setting", "lunch_from": "setting", "lunch_until": "setting",
        "step": "setting", "keeps_holidays": "setting",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    staff = models.OneToOneField("people.Staff", models.CASCADE, related_name="diary")
    minutes = models.PositiveSmallIntegerField(default=50, help_text="A usual session's length.")
    video_url = models.URLField(blank=True, max_length=500, help_text="https, their own.")
    buffer_before = models.PositiveSmallIntegerField(default=0, help_text="Minutes kept free.")
    buffer_after = models.PositiveSmallIntegerField(default=0, help_text="Minutes kept free.")
    notice_minutes = models.PositiveIntegerField(
        default=24 * 60, help_text="How long before its start others may still book."
    )
    horizon_days = models.PositiveSmallIntegerField(
        default=60, help_text="How far ahead others may book."
    )
    most_a_day = models.PositiveSmallIntegerField(null=True, help_text="Meetings a day.")
    most_in_a_row = models.PositiveSmallIntegerField(null=True, help_text="Without a break.")
    heavy_a_day = models.PositiveSmallIntegerField(null=True, help_text="Of heavy types a day.")
    lunch_from = models.TimeField(null=True)
    lunch_until = models.TimeField(null=True)
    step = models.PositiveSmallIntegerField(
        default=15, help_text="Minutes between offered starts; 0 is the type's length."
    )
    keeps_holidays = models.BooleanField(default=True, help_text="Does not work on holidays.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(lunch_from=None, lunch_until=None) | Q(lunch_until__gt=F("lunch_from")),
                name="diary_lunch_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"diary {self.pk}"


class AppointmentQuerySet(OfClient):
    """Meetings, and what of them holds time."""

    def visible_to(self, by: Any) -> "AppointmentQuerySet":
        """Meetings of clients whom ``by`` may know of (administrative scope)."""
        return self.filter(client__in=Client.objects.visible_to(by).values("pk"))

    def between(self, start: Any, end: Any, since: Any = None) -> "AppointmentQuerySet":
        """Meetings that overlap the stretch ``[start, end)``; ``since`` as ``overlapping``."""
        return self.filter(overlapping(start, end, since))


class Appointment(models.Model):
    """One meeting of a client (a person, couple or family) with a clinician."""

    class Status(models.TextChoices):
        REQUESTED = "REQUESTED", _("asked for")
        BOOKED = "BOOKED", _("booked")
        KEPT = "KEPT", _("kept")
        MISSED = "MISSED", _("did not come")
        CANCELLED = "CANCELLED", _("cancelled")

    class Kind(models.TextChoices):
        FIRST = "FIRST", _("first meeting")
        SESSION = "SESSION", _("session")
        ASSESSMENT = "ASSESSMENT", _("assessment")
        REVIEW = "REVIEW", _("review")
        CRISIS = "CRISIS", _("crisis meeting")
        CLOSING = "CLOSING", _("last session")

    class Way(models.TextChoices):
        HERE = "HERE", _("in person")
        VIDEO = "VIDEO", _("by video")
        PHONE = "PHONE", _("by phone")

    class Side(models.TextChoices):
        CLIENT = "CLIENT", _("by the client")
        CLINICIAN = "CLINICIAN", _("by the clinician")
        PRACTICE = "PRACTICE", _("by the practice")

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "clinician": "link", "episode": "link", "place": "link",
        "room": "link", "kind": "code", "way": "code", "status": "code", "starts_at": "time",
        "ends_at": "time", "video_url": "sealed", "cancelled_by": "code", "booked_by": "link",
        "booked_at": "time", "settled_at": "time", "once": "code", "revision": "code",
        "type": "link", "series": "link", "nth_on": "time", "due_at": "time",
        "arrived_at": "time", "expected_at": "time", "late": "code", "confirmed_at": "time",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("people.Client", models.CASCADE, related_name="appointments")
    clinician = models.ForeignKey("people.Staff", models.PROTECT, related_name="appointments")
    episode = models.ForeignKey("people.Episode", models.SET_NULL, null=True, related_name="+")
    place = models.ForeignKey("people.Place", models.PROTECT, null=True, related_name="+")
    room = models.ForeignKey(Room, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.SESSION)
    type = models.ForeignKey("meeting.AppointmentType", models.PROTECT, null=True, related_name="+")
    series = models.ForeignKey(
        "meeting.Series", models.SET_NULL, null=True, related_name="appointments"
    )
    nth_on = models.DateField(null=True, help_text="Of a series: the day its rule names.")
    due_at = models.DateTimeField(
        null=True, help_text="Of a series: when its rule has it. At another time, it was moved."
    )
    way = models.CharField(max_length=5, choices=Way, default=Way.HERE)
    status = models.CharField(max_length=9, choices=Status, default=Status.BOOKED)
    starts_at = models.DateTimeField(help_text="UTC. The meeting includes this instant.")
    ends_at = models.DateTimeField(help_text="UTC. The meeting excludes this instant.")
    video_url = vault.SealedText("appointment.video_url", key="client.data_key", blank=True)
    cancelled_by = models.CharField(max_length=9, choices=Side, blank=True)
    booked_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    booked_at = models.DateTimeField()
    arrived_at = models.DateTimeField(null=True, help_text="When the front desk saw the client.")
    expected_at = models.DateTimeField(
        null=True, help_text="When the client said they come, if it is later than it begins."
    )
    confirmed_at = models.DateTimeField(null=True, help_text="When the client confirmed this time.")
    settled_at = models.DateTimeField(null=True, help_text="When kept, missed or cancelled.")
    late = models.BooleanField(
        default=False, help_text="Cancelled later than the terms that were accepted allow."
    )
    once = models.UUIDField(null=True, unique=True, help_text="A form sent twice books once.")
    revision = models.PositiveIntegerField(default=1, help_text="Grows with every change.")

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="appointment_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(status="CANCELLED") ^ Q(cancelled_by=""),
                name="appointment_says_who_cancelled",
            ),
            models.CheckConstraint(
                condition=Q(late=False) | Q(status="CANCELLED"),
                name="appointment_cancelled_late_is_cancelled",
            ),
            models.CheckConstraint(
                condition=Q(series=None) | Q(nth_on__isnull=False),
                name="appointment_of_a_series_has_its_day",
            ),
            models.UniqueConstraint(
                fields=["series", "nth_on"], name="appointment_stands_once_in_its_series"
            ),
        ]
        indexes = [
            models.Index(fields=["clinician", "starts_at"], name="appointment_by_clinician"),
            models.Index(fields=["client", "-starts_at"], name="appointment_by_client"),
            models.Index(fields=["starts_at"], name="appointment_by_start"),
            models.Index(
                fields=["starts_at"], condition=Q(status="REQUESTED"), name="appointment_asked_for"
            ),
        ]

    def __str__(self) -> str:
        return f"appointment {self.pk}"

    @property
    def slot(self) -> rules.Slot:
        """The time it takes."""
        return rules.Slot(self.starts_at, self.ends_at)

    @property
    def entered_afterwards(self) -> bool:
        """Whether it was over when it was entered."""
        return self.booked_at >= self.ends_at

    @property
    def audit_about(self) -> uuid.UUID:
        """The client an audit entry about this row concerns."""
        return self.client_id


class Change(models.Model):
    """What became of an appointment, and what it was before: enough to undo it."""

    class What(models.TextChoices):
        MOVED = "MOVED", _("moved")
        CANCELLED = "CANCELLED", _("cancelled")
        KEPT = "KEPT", _("kept")
        MISSED = "MISSED", _("did not come")
        TAKEN_BACK = "TAKEN_BACK", _("taken back")
        APPROVED = "APPROVED", _("confirmed")
        DECLINED = "DECLINED", _("not confirmed")
        EXPIRED = "EXPIRED", _("not answered in time")
        LATE = "LATE", _("counted as called off late")
        NOT_LATE = "NOT_LATE", _("not counted as late")

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "appointment": "link", "what": "code", "at": "time",
        "by": "link", "by_link": "code", "reason": "sealed", "before": "code",
        "video_url": "sealed", "revision": "code",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("people.Client", models.CASCADE, related_name="+")
    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="changes")
    what = models.CharField(max_length=10, choices=What)
    at = models.DateTimeField()
    by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    by_link = models.BooleanField(default=False, help_text="By whoever held a client's link.")
    reason = vault.SealedText("appointment_change.reason", key="client.data_key", blank=True)
    before = models.JSONField(default=dict, help_text="Status, times, room, way: ids and codes.")
    video_url = vault.SealedText(
        "appointment_change.video_url", key="client.data_key", null=True, blank=True,
        help_text="What it was before, where it changed.",
    )  # fmt: skip
    revision = models.PositiveIntegerField(help_text="The appointment's revision it led to.")

    objects = OfClient.as_manager()

    class Meta:
        indexes = [models.Index(fields=["appointment", "-at"], name="change_of_appointment")]

    def __str__(self) -> str:
        return f"appointment change {self.pk}"

    @property
    def was(self) -> datetime | None:
        """When the meeting was before it was moved."""
        began = self.before.get("starts_at") if self.what == self.What.MOVED else None
        return datetime.fromisoformat(began) if began else None

    @property
    def audit_about(self) -> uuid.UUID:
        """The client an audit entry about this row concerns."""
        return self.client_id


class Hold(models.Model):
    """Time kept for somebody who is about to book it, until ``expires_at`` and no longer.

    It keeps its time by ``Occupancy`` rows like an appointment does, so that nobody else gets
    it meanwhile. Whoever wants the time after ``expires_at`` removes it (``holding``).
    """

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "clinician": "link", "client": "link", "room": "link", "type": "link",
        "way": "code", "starts_at": "time", "ends_at": "time", "made_at": "time",
        "expires_at": "time", "visitor": "secret",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinician = models.ForeignKey("people.Staff", models.CASCADE, related_name="+")
    client = models.ForeignKey("people.Client", models.CASCADE, null=True, related_name="+")
    room = models.ForeignKey(Room, models.CASCADE, null=True, related_name="+")
    type = models.ForeignKey("meeting.AppointmentType", models.CASCADE, null=True, related_name="+")
    way = models.CharField(max_length=5, choices=Appointment.Way)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    visitor = models.CharField(
        max_length=64, blank=True, db_index=True, help_text="Who is booking: an id or keyed hash."
    )

    objects = OfClient.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="hold_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"hold {self.pk}"

    @property
    def slot(self) -> rules.Slot:
        """The time it keeps."""
        return rules.Slot(self.starts_at, self.ends_at)


class OccupancyQuerySet(models.QuerySet["Occupancy"]):
    """Times taken, and by whom they may be seen."""

    def between(self, start: Any, end: Any, since: Any = None) -> "OccupancyQuerySet":
        """Times that overlap the stretch ``[start, end)``; ``since`` as ``overlapping``."""
        return self.filter(overlapping(start, end, since))

    def visible_to(self, by: Any) -> "OccupancyQuerySet":
        """Times of appointments that ``by`` may know of."""
        return self.filter(appointment__in=Appointment.objects.visible_to(by).values("pk"))


class Occupancy(models.Model):
    """A clinician, client, room or piece of equipment is taken for a time. Two never overlap.

    The database holds it: an exclusion constraint on PostgreSQL, triggers on SQLite
    (``enforcement``). A couple or family occupies itself and everybody who belongs to it.
    """

    class Kind(models.TextChoices):
        CLINICIAN = "CLINICIAN", _("clinician")
        CLIENT = "CLIENT", _("client")
        ROOM = "ROOM", _("room")
        EQUIPMENT = "EQUIPMENT", _("equipment")

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "kind": "code", "thing": "link", "starts_at": "time", "ends_at": "time",
        "appointment": "link", "hold": "link", "left_out": "link",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=9, choices=Kind)
    thing = models.UUIDField(help_text="The id of what is taken.")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    appointment = models.ForeignKey(
        Appointment, models.CASCADE, null=True, related_name="occupancies"
    )
    hold = models.ForeignKey("meeting.Hold", models.CASCADE, null=True, related_name="occupancies")
    left_out = models.ForeignKey(
        "meeting.LeftOut", models.CASCADE, null=True, related_name="occupancies"
    )

    objects = OccupancyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="occupancy_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(appointment=None) | Q(hold=None), name="occupancy_is_of_one_thing"
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "thing", "starts_at"], name="occupancy_of_thing"),
            models.Index(fields=["kind", "starts_at"], name="occupancy_by_start"),
        ]

    def __str__(self) -> str:
        return f"occupancy {self.pk}"
