"""Reading what equipment there is, and what meetings have of it."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import F, OuterRef, Subquery

from ..appointments.models import Occupancy
from .models import Equipment


def listed(*, by: Any) -> list[Equipment]:
    """Every piece with its place, those given up last."""
    found = Equipment.objects.select_related("place")
    order = ("place__name", "kind", "name")
    return list(found.order_by(F("closed_on").asc(nulls_first=True), *order))


def get(*, by: Any, equipment_id: uuid.UUID) -> Equipment:
    """One piece with its place.

    Raises:
        Equipment.DoesNotExist: there is none with this id.
    """
    return Equipment.objects.select_related("place").get(pk=equipment_id)


def kinds(*, by: Any) -> list[str]:
    """The kinds of which there is a piece that is not given up, by name."""
    return sorted(set(Equipment.objects.standing().values_list("kind", flat=True)))


def of_meetings(*, meetings: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[str]]:
    """The names of the pieces that these appointments take, by their ids; of appointments that
    the caller has opened. One statement."""
    ids = list(meetings)
    held = Occupancy.objects.filter(kind=Occupancy.Kind.EQUIPMENT, appointment__in=ids)
    name = Subquery(Equipment.objects.filter(pk=OuterRef("thing")).values("name"))
    found: dict[uuid.UUID, list[str]] = {}
    for pk, called in held.annotate(name=name).order_by("name").values_list("appointment", "name"):
        found.setdefault(pk, []).append(called)
    return found
