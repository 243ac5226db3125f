"""What an hour needs beside its clinician's time: somewhere to meet, and equipment."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from rapport.core import time as clock
from rapport.core.policy import System
from rapport.people.clients.models import Client
from rapport.people.practice.models import Place

from ..appointments import holding
from ..appointments.models import Appointment, Hold, Room
from ..appointments.rules import ROOM
from ..diaries import rooms
from ..equipment.taking import Shelf
from . import rules
from .models import FreedHour, Offer

BY = System("waiting")


def needs(offer: Offer) -> frozenset[str]:
    """The kinds of rooms and equipment that a meeting so offered takes."""
    return frozenset(offer.type.needs(offer.way) if offer.type is not None else ())


def place_of(hour: FreedHour) -> Place | None:
    """Where it can be in person, unless that is closed by then."""
    return None if hour.place is None or _closed(hour.place, hour) else hour.place


def room_of(hour: FreedHour) -> Room | None:
    """The room that falls free with it, unless that is closed by then."""
    return None if hour.room is None or _closed(hour.room, hour) else hour.room


def _closed(spot: Place | Room, hour: FreedHour) -> bool:
    day = clock.local(hour.starts_at).date()
    return spot.closed_on is not None and spot.closed_on <= day


class Spare:
    """Rooms and equipment of these kinds for an hour; from ``look`` on, which of them are free.

    What the hour's own hold keeps is free for it.
    """

    def __init__(self, hour: FreedHour, kinds: Iterable[str]) -> None:
        self.hour, self.place, self.room = hour, place_of(hour), room_of(hour)
        self.kinds = frozenset(kinds)
        self.seeks_room = ROOM in self.kinds and self.room is None and self.place is not None
        self.shelf = Shelf(self.kinds - {ROOM})

    @property
    def things(self) -> list[holding.Thing]:
        """All of which it may take some: whoever takes it waits for them before looking."""
        return [*(rooms.things(by=BY) if self.seeks_room else ()), *self.shelf.things]

    def look(self, *, now: datetime, client: Client | None = None) -> "Spare":
        """See what is free for the whole hour; the room that ``client`` knows comes first."""
        slot, hold = self.hour.slot, self.hour.hold
        kept = Hold.objects.filter(pk=hold).first() if hold and self.kinds else None
        if self.seeks_room and self.place is not None:
            self.room = rooms.first_free(
                place=self.place, slot=slot, client=client, now=now, hold=kept
            )
        self.shelf.look(slot.start, slot.end, now=now, but={kept.pk} if kept else ())
        return self

    @property
    def lacks(self) -> frozenset[str]:
        """The kinds of which nothing is free."""
        free = {one.kind for one in self.shelf.free(self.hour.slot, self._at)}
        return self.kinds - free - ({ROOM} if self.room is not None else set())

    def taken(self, kinds: Iterable[str]) -> list[holding.Thing]:
        """Equipment of these kinds for it.

        Raises:
            NotFree: there is none.
        """
        return self.shelf.pick(self.hour.slot, self._at, set(kinds) - {ROOM})

    @property
    def _at(self) -> uuid.UUID | None:
        return self.place.pk if self.place is not None else None


def suits(hour: FreedHour) -> list[str]:
    """The ways in which it can be by now."""
    there = place_of(hour) is not None
    return [one for one in hour.ways or rules.WAYS if there or one != Appointment.Way.HERE]
