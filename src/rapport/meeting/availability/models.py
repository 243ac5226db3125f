"""When a clinician can be met: weekly hours, single days, time off, outside commitments."""

import uuid
from datetime import date, time, timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from rapport.core import time as clock

from ..appointments.models import Appointment, workweek

USUAL_FROM, USUAL_UNTIL = time(9), time(17)


def in_words(ways: list[str]) -> str:
    """Ways of meeting as a reader says them."""
    return ", ".join(str(Appointment.Way(one).label) for one in ways)


class WorkingHours(models.Model):
    """A stretch of every week in which a clinician meets people, at a place or in any."""

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "staff": "link", "weekday": "setting", "from_at": "setting",
        "until_at": "setting", "place": "link", "ways": "setting",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    staff = models.ForeignKey("people.Staff", models.CASCADE, related_name="working_hours")
    weekday = models.PositiveSmallIntegerField(help_text="1 Monday to 7 Sunday (ISO 8601).")
    from_at = models.TimeField(help_text="On the practice's clock.")
    until_at = models.TimeField(help_text="0:00 is the end of the day.")
    place = models.ForeignKey("people.Place", models.CASCADE, null=True, related_name="+")
    ways = models.JSONField(default=list, help_text="Of Appointment.Way; none means every way.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until_at__gt=F("from_at")) | Q(until_at=time(0)),
                name="working_hours_end_after_they_start",
            ),
            models.CheckConstraint(
                condition=Q(weekday__gte=1, weekday__lte=7), name="working_hours_have_a_weekday"
            ),
        ]

    def __str__(self) -> str:
        return f"working hours {self.pk}"

    @property
    def ways_in_words(self) -> str:
        """How one is met in it; "" for every way."""
        return in_words(self.ways)


def usual_week(staff: Any) -> list[WorkingHours]:
    """The week of somebody who has not said otherwise; not saved."""
    return [
        WorkingHours(staff=staff, weekday=day, from_at=USUAL_FROM, until_at=USUAL_UNTIL)
        for day in workweek()
    ]


class OtherHours(models.Model):
    """One day on which a clinician works at other hours than usual, or not at all."""

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "staff": "link", "on": "time", "stretches": "setting", "place": "link",
        "ways": "setting",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    staff = models.ForeignKey("people.Staff", models.CASCADE, related_name="other_hours")
    on = models.DateField()
    stretches = models.JSONField(
        default=list, help_text='[["09:00", "12:30"], …]; none is a day off.'
    )
    place = models.ForeignKey("people.Place", models.CASCADE, null=True, related_name="+")
    ways = models.JSONField(default=list, help_text="Of Appointment.Way; none means every way.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["staff", "on"], name="other_hours_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"other hours {self.pk}"

    @property
    def hours(self) -> list[tuple[time, time]]:
        """Its stretches as times."""
        return [(time.fromisoformat(a), time.fromisoformat(b)) for a, b in self.stretches]

    @property
    def ways_in_words(self) -> str:
        """How one is met in it; "" for every way."""
        return in_words(self.ways)


class TimeOff(models.Model):
    """A stretch in which a clinician is away. Nothing new is offered; what is booked stays."""

    class Why(models.TextChoices):
        HOLIDAY = "HOLIDAY", _("holiday")
        ILL = "ILL", _("ill")
        TRAINING = "TRAINING", _("training")
        OTHER = "OTHER", _("away")

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "staff": "link", "starts_at": "time", "ends_at": "time", "why": "code",
        "made_at": "time", "made_by": "link",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    staff = models.ForeignKey("people.Staff", models.CASCADE, related_name="time_off")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    why = models.CharField(max_length=8, choices=Why, default=Why.HOLIDAY)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="time_off_ends_after_it_starts"
            ),
        ]
        indexes = [models.Index(fields=["staff", "starts_at"], name="time_off_of_staff")]

    def __str__(self) -> str:
        return f"time off {self.pk}"

    @property
    def first(self) -> date:
        """The day on which it begins, on the practice's clock."""
        return clock.local(self.starts_at).date()

    @property
    def last(self) -> date:
        """The last day of which it takes something."""
        return clock.local(self.ends_at - timedelta(microseconds=1)).date()

    @property
    def whole_days(self) -> bool:
        """Whether it begins and ends with a day."""
        return (
            self.starts_at == clock.day_bounds(self.first)[0]
            and self.ends_at == clock.day_bounds(self.last)[1]
        )


class Busy(models.Model):
    """A stretch that a calendar outside says is taken: when, and nothing of what."""

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "staff": "link", "source": "link", "starts_at": "time", "ends_at": "time",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    staff = models.ForeignKey("people.Staff", models.CASCADE, related_name="busy")
    source = models.UUIDField(help_text="The id of the outside calendar.")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="busy_ends_after_it_starts"
            ),
        ]
        indexes = [models.Index(fields=["staff", "starts_at"], name="busy_of_staff")]

    def __str__(self) -> str:
        return f"busy {self.pk}"
