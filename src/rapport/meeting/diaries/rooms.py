"""Which room a meeting takes: those there are, the one a client knows, the first that is free."""

import uuid
from datetime import datetime
from typing import Any

from django.db.models import Q

from rapport.core import time as clock
from rapport.people.clients.models import Client
from rapport.people.practice.models import Place

from ..appointments.holding import Thing
from ..appointments.models import Appointment, Hold, Occupancy, Room
from ..appointments.rules import Slot
from . import queries


def known(*, client: Client | None) -> uuid.UUID | None:
    """The room in which the client met last, or is to meet; of a stranger none. One statement."""
    if client is None:
        return None
    met = Appointment.objects.filter(client=client, room__isnull=False).exclude(status="CANCELLED")
    return met.order_by("-starts_at").values_list("room", flat=True).first()


def things(*, by: Any) -> list[Thing]:
    """Every open room, as what a meeting may take. One statement.

    Whoever looks which of them is free waits for all of them first (``holding.wait_for``): else
    it is somebody else's a moment later, while another would have done.
    """
    found = (spot.room for spot in queries.spots(by=by))
    return [(Occupancy.Kind.ROOM, room.pk) for room in found if room is not None]


def first_free(
    *, place: Place, slot: Slot, client: Client | None, now: datetime, hold: Hold | None = None
) -> Room | None:
    """A room of the place that nobody has in ``slot``, by name; the one the client knows first.

    Called by whoever waited for ``things``.

    Args:
        hold: what it keeps is free, and comes before any other.
    """
    held = Occupancy.objects.between(slot.start, slot.end).filter(kind=Occupancy.Kind.ROOM)
    over = Q(hold__expires_at__lte=now) | Q(hold__in=[hold.pk] if hold else [])
    taken = held.exclude(over).values("thing")
    day = clock.local(slot.start).date()
    rooms = Room.objects.filter(place=place).exclude(pk__in=taken).exclude(closed_on__lte=day)
    usual = hold.room_id if hold and hold.room_id else known(client=client)
    found = rooms.select_related("place").order_by("name", "pk")
    return min(found, key=lambda one: one.pk != usual, default=None)
