"""An appointment type: what is offered, how long it takes, who may book it."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..appointments.models import Appointment
from ..appointments.rules import ROOM
from . import rules


def every_way() -> list[str]:
    """A new type is offered in every way of meeting."""
    return list(Appointment.Way.values)


def staff_only() -> list[str]:
    """A new type is booked by the practice alone until somebody says otherwise."""
    return ["STAFF"]


class AppointmentType(models.Model):
    """What a client or the practice chooses when booking; ``kind`` is what the record calls it."""

    class Booker(models.TextChoices):
        STAFF = "STAFF", _("the practice")
        ACTIVE = "ACTIVE", _("clients in treatment")
        WAITING = "WAITING", _("clients who wait")
        PUBLIC = "PUBLIC", _("anybody, as a first consultation")

    class Colour(models.TextChoices):
        BLUE = "BLUE", _("blue")
        GREEN = "GREEN", _("green")
        TEAL = "TEAL", _("teal")
        VIOLET = "VIOLET", _("violet")
        ROSE = "ROSE", _("rose")
        AMBER = "AMBER", _("amber")
        SAND = "SAND", _("sand")
        GREY = "GREY", _("grey")

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "name": "setting", "kind": "code", "minutes": "setting",
        "price_tag": "setting", "ways": "setting", "bookers": "setting",
        "needs_approval": "setting", "needs_room": "setting", "equipment": "setting",
        "equipment_always": "setting", "forms": "setting",
        "colour": "setting", "heavy": "setting",
        "buffer_before": "setting", "buffer_after": "setting", "position": "setting",
        "closed_on": "time", "clinicians": "link",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80)
    kind = models.CharField(
        max_length=10, choices=Appointment.Kind, default=Appointment.Kind.SESSION
    )
    minutes = models.PositiveSmallIntegerField(default=50)
    price_tag = models.CharField(max_length=40, blank=True, help_text="A label, nothing more.")
    ways = models.JSONField(default=every_way, help_text="Of Appointment.Way.")
    bookers = models.JSONField(default=staff_only, help_text="Of Booker.")
    needs_approval = models.BooleanField(default=False, help_text="What others book is asked for.")
    needs_room = models.BooleanField(
        default=False, help_text="In person, others book it only where a room is free."
    )
    equipment = models.JSONField(
        default=list, blank=True, help_text="Kinds of which a meeting takes a piece each."
    )
    equipment_always = models.BooleanField(
        default=False, help_text="It takes them by video and by phone as well."
    )
    forms = models.JSONField(default=list, blank=True, help_text="Library ids, such as phq-9.")
    colour = models.CharField(max_length=6, choices=Colour, default=Colour.BLUE)
    heavy = models.BooleanField(
        default=False, help_text="Counts to a clinician's heavy ones a day."
    )
    buffer_before = models.PositiveSmallIntegerField(
        null=True, help_text="Minutes; else the diary's."
    )
    buffer_after = models.PositiveSmallIntegerField(
        null=True, help_text="Minutes; else the diary's."
    )
    position = models.PositiveSmallIntegerField(default=0)
    closed_on = models.DateField(null=True, blank=True)
    clinicians = models.ManyToManyField(
        "people.Staff", related_name="+", blank=True, help_text="Who offers it; nobody means all."
    )

    offerers: frozenset[uuid.UUID] | None = None  # ids of ``clinicians``, where a query knows them

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name"], name="appointment_type_has_its_own_name"),
        ]

    def __str__(self) -> str:
        return f"appointment type {self.pk}"

    @property
    def sign(self) -> str:
        """What stands for it beside its colour: a letter or two of its name."""
        return rules.sign(self.name)

    def takes_room(self, way: str) -> bool:
        """Whether a meeting of this type, held in this way, takes a room."""
        return self.needs_room and way == Appointment.Way.HERE

    def takes_equipment(self, way: str) -> list[str]:
        """The kinds of which a meeting of this type, held in this way, takes a piece each."""
        return self.equipment if self.equipment_always or way == Appointment.Way.HERE else []

    def needs(self, way: str) -> list[str]:
        """Both, as the engine of free times reads them."""
        return [*([ROOM] if self.takes_room(way) else ()), *self.takes_equipment(way)]

    @property
    def ways_in_words(self) -> str:
        """How it is held."""
        return ", ".join(str(Appointment.Way(one).label) for one in self.ways)

    @property
    def bookers_in_words(self) -> str:
        """Who may book it."""
        return ", ".join(str(self.Booker(one).label) for one in self.bookers)

    @property
    def hue(self) -> str:
        """The token of its colour."""
        return self.colour.lower()
