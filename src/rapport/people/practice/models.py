"""The practice as people know it, and the places where it works."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import ngettext


def wanted() -> list[str]:
    """The consents a new practice asks of everybody."""
    return ["TREATMENT", "PRIVACY"]


TABLET_LEAST, TABLET_MOST = 1, 10
"""Minutes: half a minute of it is the warning, and after fifteen the desk locks by itself."""
LONGEST_WAIT = 30  # working days that may be promised


class Practice(models.Model):
    """One row: how the practice is called, and where its clock and language stand."""

    field_classes = {
        "id": "id", "name": "setting", "discreet_name": "setting", "time_zone": "setting",
        "locale": "setting", "country": "setting", "currency": "setting",
        "hours": "setting", "phone": "setting", "answer_days": "setting",
        "consents": "setting", "tablet_minutes": "setting",
    }  # fmt: skip

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    name = models.CharField(max_length=300)
    discreet_name = models.CharField(
        max_length=60, blank=True, help_text="What mail and calendars may say. Empty: nothing."
    )
    time_zone = models.CharField(max_length=64, default="UTC", help_text="IANA name.")
    locale = models.CharField(max_length=10, default="en", help_text="BCP 47.")
    country = models.CharField(max_length=2, default="US", help_text="ISO 3166-1 alpha-2.")
    currency = models.CharField(max_length=3, default="USD", help_text="ISO 4217.")

    hours = models.CharField(
        max_length=300, blank=True, help_text="When somebody can be reached here, in words."
    )
    phone = models.CharField(
        max_length=40, blank=True, help_text="The number to call, for public and client pages."
    )
    answer_days = models.PositiveSmallIntegerField(
        default=0, help_text="Working days within which an inquiry is answered. 0: not said."
    )
    consents = models.JSONField(
        default=wanted, help_text="Kinds of Consent that every client is to have on file."
    )
    tablet_minutes = models.PositiveSmallIntegerField(
        default=3, help_text="Untouched for so long, a tablet in a client's hands covers itself."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="practice_is_one"),
            models.CheckConstraint(
                condition=Q(tablet_minutes__range=(TABLET_LEAST, TABLET_MOST)),
                name="tablet_covers_itself_within_minutes",
            ),
        ]

    def __str__(self) -> str:
        return "practice"

    @property
    def answers_within(self) -> str:
        """By when somebody who asks is answered, in words of whoever reads; "" for not said."""
        if not self.answer_days:
            return ""
        return ngettext(
            "We answer within %(n)s working day.",
            "We answer within %(n)s working days.",
            self.answer_days,
        ) % {"n": self.answer_days}


class Place(models.Model):
    """Somewhere the practice works: a house, a branch, online."""

    field_classes = {
        "id": "id", "name": "setting", "address": "setting", "region": "setting",
        "closed_on": "time",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    address = models.CharField(max_length=300, blank=True)
    region = models.CharField(
        max_length=20, blank=True, help_text="ISO 3166-2, without the country; whose holidays hold."
    )
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name"], name="place_has_its_own_name")]

    def __str__(self) -> str:
        return f"place {self.pk}"
