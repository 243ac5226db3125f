"""A standing slot: the rule by which it recurs, its pauses, and the dates it leaves out."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from rapport.core import vault
from rapport.people.clients.models import OfClient

from ..appointments.models import Appointment


class Series(models.Model):
    """One promise to meet again and again at the same hour of the wall's clock.

    ``rule`` says which days, in RFC 5545's words without DTSTART (``FREQ=WEEKLY;INTERVAL=2``);
    ``starts_on``, ``at`` and ``zone`` say from when and at what hour. Its appointments are made
    up to ``made_until`` and point back here; what was changed in one of them stays changed.
    """

    class Holidays(models.TextChoices):
        KEEP = "KEEP", _("meet on holidays too")
        SKIP = "SKIP", _("leave holidays out")
        AFTER = "AFTER", _("meet on the next working day instead")

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "clinician": "link", "type": "link", "kind": "code",
        "way": "code", "place": "link", "rooms": "link", "video_url": "sealed",
        "minutes": "setting", "rule": "code", "starts_on": "time", "at": "time", "zone": "code",
        "holidays": "code", "made_until": "time", "ended_on": "time", "ended_with": "link",
        "follows": "link", "made_at": "time", "made_by": "link", "once": "code",
        "revision": "code",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("people.Client", models.CASCADE, related_name="series")
    clinician = models.ForeignKey("people.Staff", models.PROTECT, related_name="+")
    type = models.ForeignKey("meeting.AppointmentType", models.PROTECT, null=True, related_name="+")
    kind = models.CharField(
        max_length=10, choices=Appointment.Kind, default=Appointment.Kind.SESSION
    )
    way = models.CharField(max_length=5, choices=Appointment.Way, default=Appointment.Way.HERE)
    place = models.ForeignKey("people.Place", models.PROTECT, null=True, related_name="+")
    rooms = models.JSONField(default=list, help_text="Ids of rooms, taken in turn.")
    video_url = vault.SealedText("series.video_url", key="client.data_key", blank=True)
    minutes = models.PositiveSmallIntegerField(default=50)
    rule = models.CharField(max_length=200, help_text="RFC 5545 RRULE without DTSTART.")
    starts_on = models.DateField(help_text="The first day, in ``zone``.")
    at = models.TimeField(help_text="On the clocks of ``zone``.")
    zone = models.CharField(max_length=64, help_text="IANA name.")
    holidays = models.CharField(max_length=5, choices=Holidays, default=Holidays.SKIP)
    made_until = models.DateField(null=True, help_text="Its days are made up to and with this one.")
    ended_on = models.DateField(null=True, help_text="From this day on there is none.")
    ended_with = models.ForeignKey(
        "people.Episode", models.SET_NULL, null=True, related_name="+",
        help_text="The care whose end ended it.",
    )  # fmt: skip
    follows = models.ForeignKey("self", models.SET_NULL, null=True, related_name="followed_by")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    once = models.UUIDField(null=True, unique=True, help_text="A form sent twice makes one.")
    revision = models.PositiveIntegerField(default=1)

    objects = OfClient.as_manager()

    class Meta:
        indexes = [models.Index(fields=["ended_on", "made_until"], name="series_to_extend")]

    def __str__(self) -> str:
        return f"series {self.pk}"

    @property
    def audit_about(self) -> uuid.UUID:
        """The client an audit entry about this row concerns."""
        return self.client_id


class Pause(models.Model):
    """Weeks in which a standing slot rests and is kept; its hours may go to others meanwhile."""

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "series": "link", "from_on": "time", "until_on": "time",
        "offered": "code", "made_at": "time", "made_by": "link",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("people.Client", models.CASCADE, related_name="+")
    series = models.ForeignKey(Series, models.CASCADE, related_name="pauses")
    from_on = models.DateField()
    until_on = models.DateField(help_text="The last day that rests.")
    offered = models.BooleanField(default=False, help_text="Others may have the hours.")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")

    objects = OfClient.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__gte=F("from_on")), name="pause_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"pause {self.pk}"


class LeftOut(models.Model):
    """A day that the rule names and on which there is no appointment, and why.

    While it is paused and the hour is kept, its ``Occupancy`` rows take the clinician's and
    the room's time, and not the client's: nobody else gets the hour, and the client is free.
    A ``Hold`` would not do: it ends by the clock, and goes when its client chooses another.
    """

    class Why(models.TextChoices):
        HOLIDAY = "HOLIDAY", _("a holiday")
        PAUSE = "PAUSE", _("paused")
        AWAY = "AWAY", _("the clinician is away")
        TAKEN = "TAKEN", _("the hour was taken")
        CLOCK = "CLOCK", _("clocks leave the hour out")
        REMOVED = "REMOVED", _("taken out")

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "series": "link", "nth_on": "time", "why": "code",
        "pause": "link", "seen_at": "time",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("people.Client", models.CASCADE, related_name="+")
    series = models.ForeignKey(Series, models.CASCADE, related_name="left_out")
    nth_on = models.DateField()
    why = models.CharField(max_length=8, choices=Why)
    pause = models.ForeignKey(Pause, models.SET_NULL, null=True, related_name="+")
    seen_at = models.DateTimeField(
        null=True, help_text="When somebody looked at an hour that was taken."
    )

    objects = OfClient.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "nth_on"], name="left_out_once"),
        ]

    def __str__(self) -> str:
        return f"left out {self.pk}"
