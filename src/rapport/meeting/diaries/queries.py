"""Reading who works when, and where there is a room."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import F, Q, QuerySet

from rapport.core import time as clock
from rapport.core.prepared import prepared
from rapport.people.practice.models import Place
from rapport.people.staff.models import CLINICAL, Staff

from ..appointments.models import Appointment, Diary, Room


def clinicians(*, by: Any, also: Any = None) -> list[Staff]:
    """Who treats clients here today, by name, each with their diary at hand. One statement.

    Args:
        also: the id of somebody who may have left, and is shown all the same.
    """
    today = clock.today()
    rows: list[Staff] = _begun(today=today, also=also)
    treating = [one for one in rows if not CLINICAL.isdisjoint(one.roles)]
    return [one for one in treating if one.works_on(today) or one.pk == also]


@prepared
def _begun(*, today: Any, also: Any) -> QuerySet[Staff]:
    begun = Staff.objects.filter(Q(started_on__lte=today) | Q(pk=also)).select_related("diary")
    return begun.order_by("display_name", "pk")


def diary_of(staff: Staff) -> Diary:
    """Their diary; as everybody's begins, when they have said nothing yet."""
    try:
        return staff.diary
    except ObjectDoesNotExist:
        return Diary(staff=staff)


def video_address(appointment: Appointment) -> str:
    """Where a meeting is held by video: its own address, else its clinician's; "" for others."""
    if appointment.way != Appointment.Way.VIDEO:
        return ""
    return appointment.video_url or diary_of(appointment.clinician).video_url


@dataclass(frozen=True)
class Spot:
    """Somewhere to meet: a place, or a room in it."""

    place: Place
    room: Room | None = None

    @property
    def key(self) -> str:
        """How a form names it."""
        return f"room:{self.room.pk}" if self.room else f"place:{self.place.pk}"

    @property
    def name(self) -> str:
        """How people name it."""
        return f"{self.place.name}, {self.room.name}" if self.room else self.place.name


def spots(*, by: Any) -> list[Spot]:
    """Where one may meet: open places by name, each followed by its rooms. One statement."""
    return spots_of(_places_and_rooms())


def spots_of(rows: Iterable[Any]) -> list[Spot]:
    """Rows of an open place and a room in it, or none, as spots."""
    found: list[Spot] = []
    for pk, name, room, room_name, room_closed in rows:
        if not found or found[-1].place.pk != pk:
            found.append(Spot(Place(pk=pk, name=name)))
        if room is not None and (room_closed is None or room_closed > clock.today()):
            place = found[-1].place
            found.append(
                Spot(place, Room(pk=room, place=place, name=room_name, closed_on=room_closed))
            )
    return found


@prepared
def _places_and_rooms() -> QuerySet[Any]:
    rows = Place.objects.filter(closed_on=None).order_by("name", "pk", "rooms__name")
    return rows.values_list("pk", "name", "rooms__pk", "rooms__name", "rooms__closed_on")


def rooms(*, by: Any) -> list[Room]:
    """Every room with its place, closed ones last."""
    found = Room.objects.select_related("place")
    return list(found.order_by(F("closed_on").asc(nulls_first=True), "place__name", "name"))


def room(*, by: Any, room_id: uuid.UUID) -> Room:
    """One room with its place.

    Raises:
        Room.DoesNotExist: there is none with this id.
    """
    return Room.objects.select_related("place").get(pk=room_id)
