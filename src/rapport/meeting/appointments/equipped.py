"""Which equipment an appointment takes. For actions alone, each inside its transaction."""

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any

from ..equipment.models import Equipment
from ..equipment.taking import NotFree, Shelf
from . import holding
from .models import Appointment


def shelf(appointment: Appointment) -> Shelf:
    """The equipment of which it needs some."""
    kind = appointment.type
    return Shelf(kind.takes_equipment(appointment.way) if kind is not None else ())


def pieces(
    appointment: Appointment, shelf: Shelf, but: Collection[uuid.UUID], now: datetime,
    rather: Collection[uuid.UUID] = (), piece: Equipment | None = None,
) -> list[holding.Thing]:  # fmt: skip
    """Equipment that is free for it; whoever calls has waited for it.

    Args:
        rather: what it takes before others of the kind. piece: what it takes at any rate.

    Raises:
        NotFree: there is none. What has begun is written down without.
        CannotBook: it cannot have ``piece``.
    """
    slot, place = appointment.slot, appointment.place_id
    shelf.look(slot.start, slot.end, now=now, but=but)
    if piece is not None:
        return shelf.pick_this(piece, slot, place, rather)
    try:
        return shelf.pick(slot, place, rather=rather)
    except NotFree:
        if slot.start > now:
            raise
    return []


def meets_as(one: Appointment) -> tuple[Any, ...]:
    """What decides which equipment it takes."""
    return one.starts_at, one.ends_at, one.place_id, one.way, one.type_id
