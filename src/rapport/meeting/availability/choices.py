"""What the form of a booking offers and asks about, in one statement: where, what, who is away."""

import json
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat

from rapport.core import time as clock
from rapport.core.prepared import prepared
from rapport.people.practice.models import Place

from ..appointments.rules import Slot
from ..diaries.queries import Spot, spots_of
from ..types.models import AppointmentType
from .gathering import Away, as_rows, in_columns
from .models import TimeOff

BETWEEN = "|"


@dataclass(frozen=True)
class Choices:
    """Where one may meet, what the practice may book, and who is away when from now on.

    Of the types, what a form shows and a booking takes: name, kind, minutes, colour, ways, and
    who offers them.
    """

    spots: list[Spot]
    types: list[AppointmentType]
    away: dict[uuid.UUID, list[Away]] = field(default_factory=dict)

    def why_away(self, staff_id: uuid.UUID, slot: Slot) -> str | None:
        """Why somebody is away in ``slot`` (of TimeOff.Why); None when they are not."""
        theirs = self.away.get(staff_id, [])
        return next((one.why for one in theirs if one.slot.overlaps(slot)), None)

    def with_one(self, kept: AppointmentType | None) -> list[AppointmentType]:
        """The types that are offered, and the one something has, perhaps closed by now."""
        return self.types if kept is None or kept in self.types else [*self.types, kept]


def choices(*, by: Any, now: datetime) -> Choices:
    """What somebody who books at ``now`` has to choose from."""
    places: list[Any] = []
    types: dict[uuid.UUID, AppointmentType] = {}
    away: dict[uuid.UUID, list[Away]] = {}
    rows = _rows(now=now, today=clock.local(now).date())
    for what, who, spot, _n, day, begins, ends, _opens, _shuts, said, more in rows:
        if what == "place":
            places.append((who, said, spot, more, day))
        elif what == "type":
            one = types.setdefault(spot, _type(spot, said, more))
            one.offerers = (one.offerers or frozenset()) | {who} - {None}
        else:
            away.setdefault(who, []).append(Away(Slot(begins, ends), said))
    booked_here = [one for one in types.values() if "STAFF" in one.bookers]
    return Choices(spots_of(places), booked_here, away)


def _type(pk: uuid.UUID, name: str, packed: str) -> AppointmentType:
    minutes, kind, colour, ways, bookers = packed.split(BETWEEN)
    return AppointmentType(
        pk=pk, name=name, minutes=int(minutes), kind=kind, colour=colour, ways=json.loads(ways),
        bookers=json.loads(bookers),
    )  # fmt: skip


@prepared
def _rows(*, now: Any, today: Any) -> QuerySet[Any]:
    places = as_rows(
        Place, "place", who=F("pk"), spot=F("rooms__pk"), day=F("rooms__closed_on"),
        said=F("name"), more=F("rooms__name"),
    ).filter(closed_on=None)  # fmt: skip
    parts = ("minutes", "kind", "colour", "ways", "bookers")
    texts = [part for name in parts for part in (Value(BETWEEN), Cast(F(name), TextField()))]
    types = as_rows(
        AppointmentType, "type", who=F("clinicians__pk"), spot=F("pk"), number=F("position"),
        said=F("name"), more=Concat(*texts[1:], output_field=TextField()),
    ).filter(Q(closed_on=None) | Q(closed_on__gt=today))  # fmt: skip
    off = as_rows(
        TimeOff, "away", who=F("staff_id"), begins=F("starts_at"), finishes=F("ends_at"),
        said=F("why"),
    ).filter(ends_at__gt=now)  # fmt: skip
    found = [in_columns(one) for one in (places, types, off)]
    return found[0].union(*found[1:], all=True).order_by("what", "number", "said", "more")
