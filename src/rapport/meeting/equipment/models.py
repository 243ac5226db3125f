"""A piece of equipment: something at a place that one meeting at a time may use."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from rapport.core import time as clock


class EquipmentQuerySet(models.QuerySet["Equipment"]):
    """Pieces, and which of them are there."""

    def standing(self) -> "EquipmentQuerySet":
        """Those that are not given up, at places that are open; in the order they are taken in."""
        stands = Q(closed_on=None) | Q(closed_on__gt=clock.today())
        return self.filter(stands, place__closed_on=None).order_by("name", "pk")


class Equipment(models.Model):
    """A headset, a test case, a recorder. Those of one ``kind`` can stand in for each other.

    When it is taken, and by what, is said by ``Occupancy`` and nowhere else.
    """

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "place": "link", "kind": "setting", "name": "setting", "closed_on": "time",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place = models.ForeignKey("people.Place", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=60, help_text="Such as VR headset; types name it.")
    name = models.CharField(max_length=60, help_text="Such as Headset 2.")
    closed_on = models.DateField(null=True, blank=True)

    objects = EquipmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "name"], name="equipment_has_its_own_name"),
            models.CheckConstraint(condition=~Q(kind=""), name="equipment_is_of_a_kind"),
        ]
        indexes = [models.Index(fields=["kind"], name="equipment_by_kind")]

    def __str__(self) -> str:
        return f"equipment {self.pk}"
