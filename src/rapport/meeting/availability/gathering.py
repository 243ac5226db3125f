"""Everything that says when clinicians work, fetched in one statement whatever there is of it."""

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db.models import (
    CharField,
    DateField,
    DateTimeField,
    F,
    IntegerField,
    Model,
    Q,
    QuerySet,
    TextField,
    TimeField,
    UUIDField,
    Value,
)
from django.db.models.functions import Cast

from rapport.core import time as clock
from rapport.core.prepared import named, prepared
from rapport.people.practice.models import Practice
from rapport.people.staff.models import Staff

from ..appointments import rules
from ..appointments.models import Diary, workweek
from ..appointments.rules import Slot
from .models import USUAL_FROM, USUAL_UNTIL, Busy, OtherHours, TimeOff, WorkingHours


@dataclass(frozen=True)
class Hours:
    """A stretch of wall-clock hours, with the place and ways that hold in it."""

    opens: time
    closes: time
    place: uuid.UUID | None = None  # none: any
    ways: frozenset[str] = frozenset()  # none: every way


@dataclass(frozen=True, order=True)
class Away:
    """A stretch in which somebody cannot be met: of TimeOff.Why, or "" for busy elsewhere."""

    slot: Slot
    why: str = ""


@dataclass
class Times:
    """What one clinician has said of when they work."""

    week: dict[int, list[Hours]] = field(default_factory=dict)
    other: dict[date, list[Hours]] = field(default_factory=dict)
    away: list[Away] = field(default_factory=list)
    places: dict[uuid.UUID, str] = field(default_factory=dict)  # and the region of each
    said: bool = False  # whether the week is their own word
    keeps_holidays: bool = True


@dataclass
class Gathered:
    """Times by clinician, and where the practice stands."""

    country: str
    of: dict[uuid.UUID, Times]


COLUMNS: dict[str, Any] = {
    "what": CharField(), "who": UUIDField(), "spot": UUIDField(), "number": IntegerField(),
    "day": DateField(), "begins": DateTimeField(), "finishes": DateTimeField(),
    "opens": TimeField(), "shuts": TimeField(), "said": TextField(), "more": TextField(),
}  # fmt: skip


def gather(staff: Iterable[Staff], *, first: date, last: date, start: datetime, end: datetime) -> (
    Gathered
):  # fmt: skip
    """When these clinicians work: single days from ``first`` to ``last``, time off and busy
    times that overlap ``[start, end)``.

    A clinician who has said nothing yet works as most do.
    """
    people = [one.pk for one in staff]
    span = {"first": first, "last": last, "start": start, "end": end}
    return told(people, _rows(**span, **named(people)) if people else [])


def told(asked: Iterable[uuid.UUID], rows: Iterable[Any]) -> Gathered:
    """The same of rows of ``parts``."""
    people = {pk: Times() for pk in asked}
    found = Gathered("", people)
    for what, who, *rest in rows:
        if what == "country":
            found.country = rest[-2]
        else:
            _read(people[who], what, *rest)
    for times in people.values():
        if not times.said:
            for day in workweek():
                times.week.setdefault(day, []).append(Hours(USUAL_FROM, USUAL_UNTIL))
        times.away.sort()
    return found


def slots(day: date, stretches: Iterable[Hours]) -> list[Slot]:
    """When hours on the wall are on that day, in order."""
    zone = clock.zone()
    found = (rules.hours(day, one.opens, one.closes, zone) for one in stretches)
    return sorted(one for one in found if one is not None)


def _read(
    times: Times, what: str, spot: Any, number: Any, day: Any, begins: Any, finishes: Any,
    opens: Any, shuts: Any, said: Any, more: Any,
) -> None:  # fmt: skip
    """Put one row where it belongs."""
    if what == "week":
        times.said = True
        times.week.setdefault(number, []).append(Hours(opens, shuts, spot, _set(said)))
    elif what == "other":
        ways = _set(said)
        times.other[day] = [
            Hours(time.fromisoformat(a), time.fromisoformat(b), spot, ways)
            for a, b in json.loads(more)
        ]
    elif what == "away":
        times.away.append(Away(Slot(begins, finishes), said))
    elif what == "place":
        times.places[spot] = said
    else:
        times.said, times.keeps_holidays = True, bool(number)


def _set(ways: str) -> frozenset[str]:
    return frozenset(json.loads(ways))


@prepared
def _rows(*, first: Any, last: Any, start: Any, end: Any, **ids: Any) -> QuerySet[Any]:
    found = parts(list(ids.values()), first=first, last=last, start=start, end=end)
    return found[0].union(*found[1:], all=True).order_by("what", "number", "opens")


def parts(who: list[Any], *, first: Any, last: Any, start: Any, end: Any) -> list[QuerySet[Any]]:
    """The rows that say when these clinicians work, in the columns that all of them share."""
    week = as_rows(
        WorkingHours, "week", who=F("staff_id"), spot=F("place_id"), number=F("weekday"),
        opens=F("from_at"), shuts=F("until_at"), said=Cast(F("ways"), TextField()),
    ).filter(Q(place=None) | Q(place__closed_on=None), staff__pk__in=who)  # fmt: skip
    other = as_rows(
        OtherHours, "other", who=F("staff_id"), spot=F("place_id"), day=F("on"),
        said=Cast(F("ways"), TextField()), more=Cast(F("stretches"), TextField()),
    ).filter(staff__pk__in=who, on__gte=first, on__lte=last)  # fmt: skip
    span = {"who": F("staff_id"), "begins": F("starts_at"), "finishes": F("ends_at")}
    lasts = {"staff__pk__in": who, "starts_at__lt": end, "ends_at__gt": start}
    off = as_rows(TimeOff, "away", said=Cast(F("why"), TextField()), **span).filter(**lasts)
    busy = as_rows(Busy, "away", said=Value("", TextField()), **span).filter(**lasts)
    places = as_rows(
        Staff.places.through, "place", who=F("staff_id"), spot=F("place_id"),
        said=Cast(F("place__region"), TextField()),
    ).filter(staff__pk__in=who)  # fmt: skip
    keeps = Cast(F("keeps_holidays"), IntegerField())
    diary = as_rows(Diary, "diary", who=F("staff_id"), number=keeps).filter(staff__pk__in=who)
    country = as_rows(Practice, "country", said=Cast(F("country"), TextField()))
    return [in_columns(one) for one in (week, other, off, busy, places, diary, country)]


def as_rows(model: type[Model], what: str, **given: Any) -> QuerySet[Any]:
    """Rows of ``model`` in the columns that all of them share."""
    empty = {name: Cast(Value(None), kind) for name, kind in COLUMNS.items() if name != "what"}
    rows = model._default_manager.annotate(what=Value(what, CharField()))
    return rows.annotate(**empty | given)


def in_columns(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.values_list(*COLUMNS)
