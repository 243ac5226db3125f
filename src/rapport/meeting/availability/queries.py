"""Reading when clinicians work, and what can be booked with them."""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext as _

from rapport.core import time as clock
from rapport.core.prepared import prepared
from rapport.people.practice import queries as practice
from rapport.people.practice.models import Place
from rapport.people.staff.models import CLINICAL, Staff

from ..appointments import rules
from ..appointments.models import Appointment, Occupancy, overlapping
from ..appointments.rules import REACH, Slot
from . import holidays as kept
from .choices import Choices, choices
from .gathering import Away, Gathered, Times, as_rows, gather, in_columns, parts, slots, told
from .models import OtherHours, TimeOff, WorkingHours
from .offering import Opening, is_open, openings

__all__ = [
    "Affected", "Choices", "DayHours", "Opening", "affected", "away_now", "choices", "clinician",
    "days", "days_and_taken", "days_of_each", "holidays", "is_open", "marks_of_each", "openings",
    "other_day", "single_days", "stretch", "time_off", "times_off", "week", "why_in_words",
]  # fmt: skip

MOST = 200
LEAST_DRAWN = 20  # minutes; less of an absence between two meetings is not worth a word
DAY = timedelta(days=1)


# Hours as they are drawn ------------------------------------------------------------------


@dataclass(frozen=True)
class DayHours:
    """One clinician's day: when they work, what takes some of it, and what sort of day it is."""

    on: date
    working: list[Slot] = field(default_factory=list)
    away: list[Away] = field(default_factory=list)
    holiday: str = ""
    other: bool = False  # hours of this day alone

    @property
    def whole(self) -> Slot | None:
        """From the first working minute to the last."""
        if not self.working:
            return None
        return Slot(min(s.start for s in self.working), max(s.end for s in self.working))

    def free(
        self, taken: Sequence[Slot], *, least: int, after: datetime | None = None
    ) -> list[Slot]:
        """What is left of the hours, in stretches of at least ``least`` minutes."""
        held = [*taken, *(one.slot for one in self.away)]
        ahead = self.working
        if after is not None:
            ahead = [Slot(max(s.start, after), s.end) for s in ahead if s.end > after]
        return [gap for one in ahead for gap in rules.free_hours(one, held, least=least)]

    def away_around(self, taken: Sequence[Slot]) -> list[Away]:
        """Time away within the day's hours, without the meetings that stand in it all the same."""
        whole, found = self.whole, []
        for one in self.away:
            part = one.slot.clipped(whole) if whole else None
            left = rules.free_hours(part, taken, least=LEAST_DRAWN if taken else 1)
            found += [Away(gap, one.why) for gap in left]
        return found

    @property
    def marks(self) -> list[str]:
        """What sort of day it is, in words: a holiday's name, other hours, away."""
        said = [self.holiday] if self.holiday else []
        if self.other:
            said.append(_("other hours") if self.working else _("day off"))
        if self.away:
            start, end = clock.day_bounds(self.on)
            whole = [a.why for a in self.away if a.slot.start <= start and a.slot.end >= end]
            said += [why_in_words(why) for why in dict.fromkeys(whole)]
        return said


def why_in_words(why: str) -> str:
    """Why somebody is away, as a calendar names it."""
    return str(TimeOff.Why(why).label) if why else _("busy elsewhere")


def days(*, by: Any, staff: Staff, first: date, last: date) -> dict[date, DayHours]:
    """A clinician's hours on each day from ``first`` to ``last`` (included). One statement."""
    return days_of_each(by=by, staff=[staff], first=first, last=last)[staff.pk]


def days_of_each(
    *, by: Any, staff: Sequence[Staff], first: date, last: date
) -> dict[uuid.UUID, dict[date, DayHours]]:  # fmt: skip
    """The same of several clinicians, by their ids. One statement."""
    return _days(*_told(staff, first, last))


def days_and_taken(
    *, by: Any, staff: Staff, first: date, last: date, known: Iterable[Appointment]
) -> tuple[dict[date, DayHours], list[Slot]]:  # fmt: skip
    """As ``days``, and the times in them that are taken by meetings not among ``known``: when,
    and no more. One statement."""
    start, end = clock.day_bounds(first)[0], clock.day_bounds(last)[1]
    rows = list(_with_held(who=staff.pk, first=first, last=last, start=start, end=end,
                           since=start - REACH))  # fmt: skip
    found = told([staff.pk], [row for row in rows if row[0] != "held"])
    shown = {one.pk for one in known}
    held = [Slot(begins, finishes) for what, _who, pk, _n, _day, begins, finishes, *_rest in rows
            if what == "held" and pk not in shown]  # fmt: skip
    return _days(*_known(found, first, last))[staff.pk], sorted(held)


@prepared
def _with_held(
    *, who: Any, first: Any, last: Any, start: Any, end: Any, since: Any
) -> QuerySet[Any]:
    held = as_rows(
        Occupancy, "held", spot=F("appointment_id"), begins=F("starts_at"), finishes=F("ends_at")
    ).filter(overlapping(start, end, since), kind=Occupancy.Kind.CLINICIAN, thing=who)
    found = parts([who], first=first, last=last, start=start, end=end)
    rows = found[0].union(*found[1:], in_columns(held), all=True)
    return rows.order_by("what", "number", "opens")


def marks_of_each(
    *, by: Any, staff: Sequence[Staff], first: date, last: date
) -> dict[uuid.UUID, dict[date, list[str]]]:  # fmt: skip
    """What sort of day it is for several clinicians, in words, by their ids; as ``DayHours.marks``.

    Only of days that are of some sort, which few are. One statement.
    """
    of, known, whole = _told(staff, first, last)
    return {
        pk: {day: _day(day, whole[day], times, known).marks for day in _odd(times, known, whole)}
        for pk, times in of.items()
    }


def _days(
    of: Mapping[uuid.UUID, Times], known: kept.Known, whole: Mapping[date, Slot | None]
) -> dict[uuid.UUID, dict[date, DayHours]]:
    return {
        pk: {day: _day(day, slot, times, known) for day, slot in whole.items()}
        for pk, times in of.items()
    }


def _told(
    staff: Sequence[Staff], first: date, last: date
) -> tuple[dict[uuid.UUID, Times], kept.Known, dict[date, Slot | None]]:
    """What each has said of when they work, the holidays, and when each day is. One statement."""
    start, end = clock.day_bounds(first)[0], clock.day_bounds(last)[1]
    return _known(gather(staff, first=first, last=last, start=start, end=end), first, last)


def _known(
    found: Gathered, first: date, last: date
) -> tuple[dict[uuid.UUID, Times], kept.Known, dict[date, Slot | None]]:
    each = [first + timedelta(n) for n in range((last - first).days + 1)]
    return found.of, kept.Known(found.country, first, last), {day: _whole(day) for day in each}


def _odd(times: Times, known: kept.Known, whole: Mapping[date, Slot | None]) -> list[date]:
    """Days that may be unlike others: a holiday, hours of their own, or somebody away."""
    named = known.days(times) | times.other.keys()
    return [
        day for day, slot in whole.items()
        if day in named or slot and any(one.slot.overlaps(slot) for one in times.away)
    ]  # fmt: skip


def _whole(day: date) -> Slot | None:
    start, end = clock.day_bounds(day)
    return Slot(start, end) if start < end else None


def _day(day: date, whole: Slot | None, times: Times, known: kept.Known) -> DayHours:
    if whole is None:  # the land skipped it
        return DayHours(day)
    stretches, holiday = known.hours(day, times)
    away = [one for one in times.away if one.slot.overlaps(whole)]
    return DayHours(day, slots(day, stretches), away, holiday, day in times.other)


def holidays(place: Place | None, first: date, last: date) -> dict[date, str]:
    """Holidays from ``first`` to ``last`` (included) where a place is, in the reader's language."""
    ours = practice.current()
    return kept.of(ours.country if ours else "", place.region if place else "", first, last)


# What somebody has said -------------------------------------------------------------------


def clinician(*, by: Any, staff_id: uuid.UUID) -> Staff:
    """Somebody who treats clients, with their diary, whether or not they still work here.

    Raises:
        Staff.DoesNotExist: there is none with this id, or they treat nobody.
    """
    found = Staff.objects.select_related("diary").get(pk=staff_id)
    if CLINICAL.isdisjoint(found.roles):
        raise Staff.DoesNotExist
    return found


def week(*, by: Any, staff: Staff) -> list[WorkingHours]:
    """The stretches of somebody's week in order; as they are kept, none where none are."""
    rows = WorkingHours.objects.filter(staff=staff).select_related("place")
    return list(rows.order_by("weekday", "from_at"))


def stretch(*, by: Any, stretch_id: uuid.UUID) -> WorkingHours:
    """One stretch of a week, with whose it is.

    Raises:
        WorkingHours.DoesNotExist: there is none with this id.
    """
    return WorkingHours.objects.select_related("staff__diary", "place").get(pk=stretch_id)


def single_days(*, by: Any, staff: Staff, first: date) -> list[OtherHours]:
    """Days with hours of their own, from ``first`` on, the nearest first."""
    rows = OtherHours.objects.filter(staff=staff, on__gte=first).select_related("place")
    return list(rows.order_by("on")[:MOST])


def other_day(*, by: Any, day_id: uuid.UUID) -> OtherHours:
    """One day with hours of its own, with whose it is.

    Raises:
        OtherHours.DoesNotExist: there is none with this id.
    """
    return OtherHours.objects.select_related("staff").get(pk=day_id)


def times_off(*, by: Any, staff: Staff, now: datetime) -> list[TimeOff]:
    """Stretches in which somebody is away and that are not over, the nearest first.

    ``meetings`` on each is whether something is still booked in it.
    """
    start, end = OuterRef("starts_at"), OuterRef("ends_at")
    meetings = Appointment.objects.between(start, end, start - rules.REACH)
    booked = meetings.filter(clinician=staff, status=Appointment.Status.BOOKED)
    rows = TimeOff.objects.filter(staff=staff, ends_at__gt=now).annotate(meetings=Exists(booked))
    return list(rows.order_by("starts_at")[:MOST])


def time_off(*, by: Any, time_off_id: uuid.UUID) -> TimeOff:
    """One stretch in which somebody is away, with whose it is.

    Raises:
        TimeOff.DoesNotExist: there is none with this id.
    """
    return TimeOff.objects.select_related("staff", "made_by___staff").get(pk=time_off_id)


def away_now(*, staff: Collection[uuid.UUID], now: datetime) -> dict[uuid.UUID, datetime]:
    """Who of these has time off at ``now``, and until when. Called only for who has to know."""
    rows = TimeOff.objects.filter(staff__in=staff, starts_at__lte=now, ends_at__gt=now)
    return dict(rows.order_by("ends_at").values_list("staff", "ends_at"))


@dataclass(frozen=True)
class Affected:
    """Meetings that stand in the way of being away."""

    shown: list[Appointment]
    unseen: int  # of clients whom the person who asks may not know of

    def __bool__(self) -> bool:
        return bool(self.shown or self.unseen)


def affected(*, by: Any, staff: Staff, slot: Slot, now: datetime) -> Affected:
    """What is booked or asked for with ``staff`` in ``slot`` and has not begun, in order."""
    stands = (Appointment.Status.BOOKED, Appointment.Status.REQUESTED)
    all_of_it = Appointment.objects.between(slot.start, slot.end).filter(
        clinician=staff, status__in=stands, starts_at__gt=now
    )
    near = ("client", "place", "room", "type")
    rows = all_of_it.visible_to(by).select_related(*near).defer("video_url")
    shown = list(rows.prefetch_related("client__care_team").order_by("starts_at", "pk"))
    for one in shown:
        one.client.seen_by = by.pk  # asked just now; the policy need not ask again
    return Affected(shown, all_of_it.count() - len(shown))
