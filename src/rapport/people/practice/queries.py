"""Reading the practice's settings and places."""

import uuid
from typing import Any

from django.db.models import QuerySet

from rapport.core import practice as here
from rapport.core import time as clock

from .models import Place, Practice


def current() -> Practice | None:
    """The practice's row, or None before it was founded."""
    return Practice.objects.filter(pk=1).first()


def language() -> str:
    """The language of the house, as BCP 47 writes it."""
    return (current() or Practice()).locale


def tablet_minutes() -> int:
    """Untouched for so many minutes, a tablet in a client's hands covers itself."""
    return (current() or Practice()).tablet_minutes


def places(*, by: Any) -> QuerySet[Place]:
    """Places that are open, by name."""
    return Place.objects.filter(closed_on=None).order_by("name")


def all_places(*, by: Any) -> QuerySet[Place]:
    """Every place by name, closed ones too."""
    return Place.objects.order_by("name")


def place(*, by: Any, place_id: uuid.UUID) -> Place:
    """One place.

    Raises:
        Place.DoesNotExist: there is none with this id.
    """
    return Place.objects.get(pk=place_id)


_zone: dict[str, str] = {}


def remember_zone(name: str) -> None:
    """Keep the practice's zone at hand; asked on every page."""
    _zone[here.current().id] = name


@clock.zone_source
def zone_of_practice() -> str | None:
    """The practice's time zone, read once per process and practice."""
    known = _zone.get(here.current().id)
    if known is None:
        row = Practice.objects.filter(pk=1).values_list("time_zone", flat=True).first()
        if row is None:
            return None
        known = _zone[here.current().id] = row
    return known
