"""What the practice allows who books by themselves, and what a stranger said who asked."""

import uuid
from typing import ClassVar

from django.db import models

from rapport.core import vault
from rapport.people.clients.models import OfClient


class SelfBooking(models.Model):
    """One row: what clients may do by themselves."""

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "any_clinician": "setting", "most_ahead": "setting",
    }  # fmt: skip

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    any_clinician = models.BooleanField(
        default=False, help_text="With whoever offers it; else with their care team alone."
    )
    most_ahead = models.PositiveSmallIntegerField(
        default=3, help_text="Meetings ahead that a client has booked or asked for."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="self_booking_is_one"),
        ]

    def __str__(self) -> str:
        return "self-booking"


class Introduction(models.Model):
    """What somebody said of themselves who asked for a first meeting, and when they allowed
    the practice to answer."""

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "appointment": "link", "words": "sealed", "zone": "setting",
        "may_contact_at": "time", "heard_by": "link",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("people.Client", models.CASCADE, related_name="+")
    appointment = models.OneToOneField(
        "meeting.Appointment", models.CASCADE, related_name="introduction"
    )
    words = vault.SealedText("introduction.words", key="client.data_key", blank=True)
    zone = models.CharField(max_length=64, help_text="In which they were shown the time.")
    may_contact_at = models.DateTimeField()
    heard_by = models.UUIDField(null=True, help_text="How they heard of us: id of a Source.")

    objects = OfClient.as_manager()

    def __str__(self) -> str:
        return f"introduction {self.pk}"
