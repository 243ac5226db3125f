"""When somebody can be met: working hours without what is taken, by the practice's clock."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q

from rapport.core import time as clock
from rapport.people.clients.models import Client
from rapport.people.practice.models import Place
from rapport.people.staff.models import Staff

from ..appointments.models import Diary, Occupancy, Room
from ..appointments.rules import Slot, free_hours, hours, lasting
from ..diaries.queries import clinicians as everybody
from ..diaries.queries import diary_of
from ..types.models import AppointmentType
from .models import Busy, OtherHours, TimeOff, WorkingHours

BESIDE = timedelta(days=1)  # a meeting that began the day before may reach into the first


@dataclass(frozen=True)
class Opening:
    """A time that can be booked, with whom and where."""

    slot: Slot
    clinician: Staff
    place: Place | None = None
    room: Room | None = None


@dataclass(frozen=True)
class _Stretch:
    """Hours of a clinician's day, in which ways, and where; None is anywhere."""

    from_at: time
    until_at: time
    ways: list[str]
    place: Place | None = None


def openings(
    *, by: Any, type: AppointmentType, way: str, clinicians: list[Staff] | None, first: date,
    last: date, now: datetime, client: Client | None = None, room_needed: bool = False,
) -> list[Opening]:  # fmt: skip
    """Times from ``first`` to ``last`` (practice-local, both included) that can be booked now.

    Args:
        clinicians: of whom; None is everybody. client: whose own meetings stand in the way too.

    Returns:
        By time, then by clinician's name. At most five statements.
    """
    people = everybody(by=by) if clinicians is None else clinicians
    start, end = clock.day_bounds(first)[0], clock.day_bounds(last)[1]
    taken = _taken([one.pk for one in people], client, start - BESIDE, end + BESIDE, now)
    theirs = taken.pop(client.pk, []) if client is not None else []
    week, other = _week(people), _other(people, first, last)
    found: list[Opening] = []
    for one in people:
        diary = diary_of(one)
        busy = [*theirs, *(_wider(slot, type, diary) for slot in taken.get(one.pk, []))]
        soonest = now + timedelta(minutes=diary.notice_minutes)
        latest = now + timedelta(days=diary.horizon_days)
        for day in _days(first, last):
            if not one.works_on(day):
                continue
            for stretch in other.get((one.pk, day), week[one.pk].get(day.isoweekday(), [])):
                if stretch.ways and way not in stretch.ways:
                    continue
                for slot in _cut(day, stretch, busy, type.minutes, diary.step or type.minutes):
                    if soonest <= slot.start <= latest:
                        found.append(Opening(slot, one, stretch.place))
    return sorted(found, key=lambda o: (o.slot, o.clinician.display_name, str(o.clinician.pk)))


def _days(first: date, last: date) -> Iterator[date]:
    for n in range((last - first).days + 1):
        yield first + timedelta(n)


def _cut(day: date, stretch: _Stretch, busy: list[Slot], minutes: int, step: int) -> Iterator[Slot]:
    """Slots of ``minutes`` at every ``step`` of the stretch that nothing takes."""
    working = hours(day, stretch.from_at, stretch.until_at, [day.isoweekday()], clock.zone())
    for gap in free_hours(working, busy, least=minutes):
        begun = (gap.start - working.start) // timedelta(minutes=1) if working else 0
        start = gap.start + timedelta(minutes=-begun % step)
        while start + timedelta(minutes=minutes) <= gap.end:
            yield lasting(start, minutes)
            start += timedelta(minutes=step)


def _wider(slot: Slot, type: AppointmentType, diary: Diary) -> Slot:
    """A time taken with the minutes that are kept free around what is booked."""
    before = diary.buffer_before if type.buffer_before is None else type.buffer_before
    after = diary.buffer_after if type.buffer_after is None else type.buffer_after
    return Slot(slot.start - timedelta(minutes=after), slot.end + timedelta(minutes=before))


def _taken(
    people: list[Any], client: Client | None, start: datetime, end: datetime, now: datetime
) -> dict[Any, list[Slot]]:
    """Times taken by meetings, by holds that run, by time off and by calendars outside."""
    things = [*people, *([client.pk] if client is not None else [])]
    when = Q(starts_at__lt=end, ends_at__gt=start)
    held = Occupancy.objects.filter(when, thing__in=things).exclude(hold__expires_at__lte=now)
    away = TimeOff.objects.filter(when, staff__in=people)
    outside = Busy.objects.filter(when, staff__in=people)
    columns = ("starts_at", "ends_at")
    rows = held.values_list("thing", *columns).union(
        away.values_list("staff_id", *columns), outside.values_list("staff_id", *columns), all=True
    )
    found: dict[Any, list[Slot]] = {}
    for thing, begins, ends in rows:
        found.setdefault(thing, []).append(Slot(begins, ends))
    return found


def _week(people: Iterable[Staff]) -> dict[Any, dict[int, list[_Stretch]]]:
    """Weekly hours by weekday; of somebody who has set none, those of their diary."""
    rows = WorkingHours.objects.filter(staff__in=people).select_related("place")
    found: dict[Any, dict[int, list[_Stretch]]] = {}
    for row in rows.order_by("weekday", "from_at"):
        stretch = _Stretch(row.from_at, row.until_at, row.ways, row.place)
        found.setdefault(row.staff_id, {}).setdefault(row.weekday, []).append(stretch)
    for one in people:
        diary = diary_of(one)
        usual = [_Stretch(diary.day_from, diary.day_until, [])]
        found.setdefault(one.pk, {weekday: usual for weekday in diary.weekdays})
    return found


def _other(people: Iterable[Staff], first: date, last: date) -> dict[Any, list[_Stretch]]:
    """Single days on which somebody works at other hours, or not at all."""
    rows = OtherHours.objects.filter(staff__in=people, on__gte=first, on__lte=last)
    return {
        (row.staff_id, row.on): [
            _Stretch(time.fromisoformat(begins), time.fromisoformat(ends), row.ways, row.place)
            for begins, ends in row.stretches
        ]
        for row in rows.select_related("place")
    }
