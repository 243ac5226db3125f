"""Saying when somebody works: the week, single days, time off, what calendars outside say."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.utils.dates import WEEKDAYS
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from rapport.core import events
from rapport.core import time as clock
from rapport.core.action import action
from rapport.people.practice.models import Place
from rapport.people.staff.models import Staff

from ..appointments.actions import CannotBook
from ..appointments.models import Appointment, Diary
from ..appointments.rules import Slot
from ..events import TimeOffRemoved, TimeOffTaken
from .clocks import shown, until
from .models import Busy, OtherHours, TimeOff, WorkingHours, usual_week

LONGEST_OFF = timedelta(days=731)
MOST_STRETCHES = 8  # of one weekday
Hours = tuple[time, time]


def own(staff: Staff) -> Diary:
    """Their diary, begun if they have none: then the usual week is written down as theirs."""
    diary, new = Diary.objects.get_or_create(staff=staff)
    if new and not WorkingHours.objects.filter(staff=staff).exists():
        WorkingHours.objects.bulk_create(usual_week(staff))
    return diary


# The week ---------------------------------------------------------------------------------


@action("hours.edit")
def add_hours(
    *, by: Any, staff: Staff, weekdays: Iterable[int], from_at: time, until_at: time,
    place: Place | None = None, ways: Sequence[str] = (),
) -> list[WorkingHours]:  # fmt: skip
    """Work in a stretch on each of these weekdays (1 Monday to 7 Sunday).

    The first that somebody says takes the place of what was assumed of those days.

    Raises:
        CannotBook: it ends before it begins, or overlaps one that is there. None was added.
    """
    wanted = sorted(set(weekdays))
    if not wanted or not set(wanted) <= set(range(1, 8)):
        raise CannotBook("weekdays", _("Choose at least one day."))
    assumed = not (Diary.objects.filter(staff=staff).exists()
                   or WorkingHours.objects.filter(staff=staff).exists())  # fmt: skip
    own(staff)
    if assumed:
        WorkingHours.objects.filter(staff=staff, weekday__in=wanted).delete()
    made = [
        WorkingHours(staff=staff, weekday=day, from_at=from_at, until_at=until_at, place=place,
                     ways=_ways(ways))
        for day in wanted
    ]  # fmt: skip
    for row in made:
        _fits(row)
    return WorkingHours.objects.bulk_create(made)


@action("hours.edit")
def change_hours(
    *, by: Any, stretch: WorkingHours, weekday: int, from_at: time, until_at: time,
    place: Place | None = None, ways: Sequence[str] = (),
) -> WorkingHours:  # fmt: skip
    """Give a stretch another day, other times, another place or other ways.

    Raises:
        CannotBook: as ``add_hours``.
    """
    if weekday not in range(1, 8):
        raise CannotBook("weekday", _("Choose at least one day."))
    stretch.weekday, stretch.from_at, stretch.until_at = weekday, from_at, until_at
    stretch.place, stretch.ways = place, _ways(ways)
    _fits(stretch)
    stretch.save()
    return stretch


@action("hours.edit")
def remove_hours(*, by: Any, stretch: WorkingHours) -> None:
    """Work in that stretch of the week no more. What is booked stays."""
    stretch.delete()


@action("hours.edit")
def set_week(*, by: Any, staff: Staff, week: Mapping[int, Sequence[Hours]]) -> None:
    """Replace the whole week by these stretches, at any place and in every way.

    Raises:
        CannotBook: as ``add_hours``.
    """
    own(staff)
    WorkingHours.objects.filter(staff=staff).delete()
    for day, stretches in week.items():
        for from_at, until_at in stretches:
            row = WorkingHours(staff=staff, weekday=day, from_at=from_at, until_at=until_at)
            _fits(row)
            row.save()


def _ways(ways: Sequence[str]) -> list[str]:
    """Of Appointment.Way in their order; all of them are none in particular."""
    known = list(Appointment.Way.values)
    if not set(ways) <= set(known):
        raise CannotBook("ways", _("Choose one of the list."))
    chosen = [one for one in known if one in ways]
    return [] if chosen == known else chosen


def _fits(row: WorkingHours) -> None:
    """Its end is after its beginning, and it overlaps nothing else of that weekday."""
    _ordered(row.from_at, row.until_at, "until_at")
    others = WorkingHours.objects.filter(staff=row.staff, weekday=row.weekday).exclude(pk=row.pk)
    if len(others) >= MOST_STRETCHES:
        raise CannotBook("from_at", _("A day has at most %(n)s stretches.") % {"n": MOST_STRETCHES})
    begins, ends = shown(row.from_at), until(row.until_at)
    meets = (o for o in others if shown(o.from_at) < ends and begins < until(o.until_at))
    clash = next(meets, None)
    if clash is not None:
        words = _("%(day)s %(stretch)s is there already. Change that one, or choose other times.")
        raise CannotBook("from_at", words % {
            "day": WEEKDAYS[row.weekday - 1], "stretch": _in_words(clash.from_at, clash.until_at),
        })  # fmt: skip


def _ordered(from_at: time, until_at: time, field: str) -> None:
    """The end is after the beginning; 0:00 is the end of the day."""
    if until(until_at) <= shown(from_at):
        raise CannotBook(field, _("Choose an end after the beginning, on the same day."))


def _in_words(from_at: time, until_at: time) -> str:
    return f"{time_format(from_at, 'TIME_FORMAT')}–{time_format(until_at, 'TIME_FORMAT')}"


# Single days ------------------------------------------------------------------------------


@action("day.set")
def set_day(
    *, by: Any, staff: Staff, on: date, stretches: Sequence[Hours], now: datetime,
    place: Place | None = None, ways: Sequence[str] = (),
) -> OtherHours:  # fmt: skip
    """Work at other hours on one day; no stretches are a day off. Said again, it replaces.

    Raises:
        CannotBook: the day is over, or a stretch ends before it begins or overlaps another.
    """
    try:
        clock.within_limits(on)
    except clock.BadDate as problem:
        raise CannotBook("on", str(problem)) from problem
    if on < clock.local(now).date():
        raise CannotBook("on", _("That day is over."))
    wanted = sorted(stretches)
    for from_at, until_at in wanted:
        _ordered(from_at, until_at, "stretches")
    pairs = zip(wanted, wanted[1:], strict=False)
    if any(until(before[1]) > shown(after[0]) for before, after in pairs):
        raise CannotBook("stretches", _("Two of these overlap."))
    given = {
        "stretches": [[f"{a:%H:%M}", f"{b:%H:%M}"] for a, b in wanted],
        "place": place, "ways": _ways(ways),
    }  # fmt: skip
    return OtherHours.objects.update_or_create(staff=staff, on=on, defaults=given)[0]


@action("day.set")
def remove_day(*, by: Any, day: OtherHours) -> None:
    """The day is like every week's again."""
    day.delete()


# Time off ---------------------------------------------------------------------------------


@action("time_off.take")
def take_time_off(*, by: Any, staff: Staff, slot: Slot, why: str, now: datetime) -> TimeOff:
    """Be away. Nothing new is offered in it; what is booked stays until somebody moves it.

    Announces TimeOffTaken. Raises:
        CannotBook: it is over, too long, or meets another time off.
    """
    if why not in TimeOff.Why.values:
        raise CannotBook("why", _("Choose one of the list."))
    if slot.end <= now:
        raise CannotBook("until_on", _("That time is over."))
    if slot.end - slot.start > LONGEST_OFF:
        raise CannotBook("until_on", _("Choose at most two years."))
    there = Q(starts_at__lt=slot.end, ends_at__gt=slot.start)
    for row in TimeOff.objects.filter(there, staff=staff):
        if (row.starts_at, row.ends_at) == (slot.start, slot.end):
            return row  # sent twice
        raise CannotBook("from_on", _("Some of that is time off already. Take that back first."))
    made = TimeOff.objects.create(
        staff=staff, starts_at=slot.start, ends_at=slot.end, why=why, made_at=now,
        made_by=None if by.is_system else by,
    )  # fmt: skip
    events.announce(TimeOffTaken(made.pk))
    return made


@action("time_off.take")
def take_back_time_off(*, by: Any, time_off: TimeOff) -> None:
    """Be there after all. What was cancelled stays cancelled. Announces TimeOffRemoved."""
    events.announce(
        TimeOffRemoved(time_off.pk, time_off.staff_id, time_off.starts_at, time_off.ends_at)
    )
    time_off.delete()


# Calendars outside ------------------------------------------------------------------------


@action("busy.set")
def set_busy(
    *, by: Any, staff: Staff, source: uuid.UUID, spans: Iterable[Slot], first: date, last: date
) -> int:
    """Replace what one calendar outside says of the days from ``first`` to ``last`` (included).

    Args:
        spans: when somebody is busy; what lies outside those days is not kept.

    Returns:
        How many stretches are kept now, those that touch or overlap joined into one.
    """
    whole = Slot(clock.day_bounds(first)[0], clock.day_bounds(last)[1])
    rows = Busy.objects.filter(staff=staff, source=source)
    rows.filter(starts_at__lt=whole.end, ends_at__gt=whole.start).delete()
    joined: list[Slot] = []
    for span in sorted(spans):
        part = span.clipped(whole)
        if part is None:
            continue
        if joined and part.start <= joined[-1].end:
            joined[-1] = Slot(joined[-1].start, max(joined[-1].end, part.end))
        else:
            joined.append(part)
    Busy.objects.bulk_create(
        Busy(staff=staff, source=source, starts_at=one.start, ends_at=one.end) for one in joined
    )
    return len(joined)
