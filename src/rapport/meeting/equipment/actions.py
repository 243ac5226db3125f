"""Writing down what equipment there is, and giving a piece up."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rapport.core.action import action
from rapport.people.practice.models import Place

from ..appointments import holding
from ..appointments.models import Occupancy
from ..appointments.problems import CannotBook
from ..appointments.rules import Slot
from ..diaries.actions import named
from .models import Equipment
from .taking import KIND, Shelf

MOST = 500  # meetings that are given another piece at once


@action("equipment.edit")
def add(*, by: Any, place: Place, kind: str, name: str) -> Equipment:
    """Add a piece at a place. A kind that differs from one there is in capitals alone is that one.

    Raises:
        CannotBook: no kind or name, or a name that another piece there has.
    """
    of, called = named("kind", kind), named("name", name)
    same = Equipment.objects.filter(kind__iexact=of).values_list("kind", flat=True).first()
    try:
        with transaction.atomic():
            return Equipment.objects.create(place=place, kind=same or of, name=called)
    except IntegrityError as problem:
        words = _("Another piece of equipment there has this name.")
        raise CannotBook("name", words) from problem


@action("equipment.edit")
def close(*, by: Any, equipment: Equipment, on: date) -> Equipment:
    """Give a piece up: nothing takes it any more. Meetings that have it stay as they are."""
    equipment.closed_on = on
    equipment.save(update_fields=["closed_on"])
    return equipment


@action("equipment.edit")
def reopen(*, by: Any, equipment: Equipment) -> Equipment:
    """Undo ``close``."""
    equipment.closed_on = None
    equipment.save(update_fields=["closed_on"])
    return equipment


@action("equipment.edit")
def replace(*, by: Any, equipment: Equipment, now: datetime) -> int:
    """Give the meetings ahead that have a piece out of use another of its kind at its place.

    Where none is free at a meeting's time, it keeps what it has.

    Returns:
        How many have another.

    Raises:
        CannotBook: the piece is in use.
    """
    if equipment.closed_on is None:
        raise CannotBook("", _("It is in use. Take it out of use first."))
    shelf = Shelf([equipment.kind])
    holding.wait_for([*shelf.things, (KIND, equipment.pk)])
    ahead = Occupancy.objects.filter(kind=KIND, thing=equipment.pk, starts_at__gt=now)
    rows = list(ahead.exclude(appointment=None).order_by("starts_at", "pk")[:MOST])
    if rows:
        shelf.look(rows[0].starts_at, rows[-1].ends_at, now=now)
    replaced = 0
    for row in rows:
        free = shelf.free(Slot(row.starts_at, row.ends_at), equipment.place_id)
        other = next((one for one in free if one.pk != equipment.pk), None)
        if other is not None:
            row.thing = other.pk
            row.save(update_fields=["thing"])
            replaced += 1
    return replaced
