"""What the form of a booking offers, in one statement: where, and what."""

import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat

from rapport.core import time as clock
from rapport.core.prepared import prepared
from rapport.people.practice.models import Place

from ..diaries.queries import Spot, spots_of
from ..types.models import AppointmentType
from .gathering import as_rows, in_columns

BETWEEN = "|"
PARTS = ("minutes", "kind", "colour", "ways", "bookers", "equipment_always", "equipment")
"""Of a type; the last one alone may have what stands between them in it."""


@dataclass(frozen=True)
class Choices:
    """Where one may meet, and what the practice may book.

    Of the types, what a form shows and a booking takes: name, kind, minutes, colour, ways, the
    equipment, and who offers them.
    """

    spots: list[Spot]
    types: list[AppointmentType]

    def with_one(self, kept: AppointmentType | None) -> list[AppointmentType]:
        """The types that are offered, and the one something has, perhaps closed by now."""
        return self.types if kept is None or kept in self.types else [*self.types, kept]


def choices(*, by: Any, now: datetime) -> Choices:
    """What somebody who books at ``now`` has to choose from."""
    places: list[Any] = []
    types: dict[uuid.UUID, AppointmentType] = {}
    for what, who, spot, _n, day, *_times, said, more in _rows(today=clock.local(now).date()):
        if what == "place":
            places.append((who, said, spot, more, day))
        else:
            one = types.setdefault(spot, _type(spot, said, more))
            one.offerers = (one.offerers or frozenset()) | {who} - {None}
    booked_here = [one for one in types.values() if "STAFF" in one.bookers]
    return Choices(spots_of(places), booked_here)


def _type(pk: uuid.UUID, name: str, packed: str) -> AppointmentType:
    minutes, kind, colour, ways, bookers, always, equipment = packed.split(BETWEEN, len(PARTS) - 1)
    return AppointmentType(
        pk=pk, name=name, minutes=int(minutes), kind=kind, colour=colour, ways=json.loads(ways),
        bookers=json.loads(bookers), equipment=json.loads(equipment),
        equipment_always=always in ("1", "true"),
    )  # fmt: skip


@prepared
def _rows(*, today: Any) -> QuerySet[Any]:
    places = as_rows(
        Place, "place", who=F("pk"), spot=F("rooms__pk"), day=F("rooms__closed_on"),
        said=F("name"), more=F("rooms__name"),
    ).filter(closed_on=None)  # fmt: skip
    texts = [part for name in PARTS for part in (Value(BETWEEN), Cast(F(name), TextField()))]
    types = as_rows(
        AppointmentType, "type", who=F("clinicians__pk"), spot=F("pk"), number=F("position"),
        said=F("name"), more=Concat(*texts[1:], output_field=TextField()),
    ).filter(Q(closed_on=None) | Q(closed_on__gt=today))  # fmt: skip
    found = in_columns(places).union(in_columns(types), all=True)
    return found.order_by("what", "number", "said", "more")
