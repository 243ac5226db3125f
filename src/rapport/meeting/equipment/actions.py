"""Writing down what equipment there is, and giving a piece up."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rapport.core.action import action
from rapport.people.practice.models import Place

from ..appointments.problems import CannotBook
from ..diaries.actions import named
from .models import Equipment


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
