"""Where meetings of somebody who is away could go: each is looked at before one is moved."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from rapport.core import time as clock
from rapport.people.care_team.queries import cares
from rapport.people.staff.models import Staff

from ..appointments import conflicts, holding, rules
from ..appointments.models import Appointment
from ..appointments.problems import fit as in_words
from ..appointments.rules import Slot
from ..equipment.taking import NotFree, Shelf
from ..types import queries as types
from . import holidays
from .gathering import Hours, Times, gather, slots
from .queries import why_in_words

DAY = timedelta(days=1)
FARTHEST = 366  # days that meetings are put off together at most


@dataclass(frozen=True)
class Goal:
    """Where they are to go: to a colleague at the same time, or so many days later."""

    clinician: Staff
    days: int = 0


@dataclass(frozen=True)
class Fit:
    """A meeting, when it would be, what it would take, and why it cannot be so; "" where it can."""

    meeting: Appointment
    slot: Slot | None
    why_not: str = ""
    things: list[holding.Thing] = field(default_factory=list)

    @property
    def fits(self) -> bool:
        """Whether it can be moved there."""
        return self.slot is not None and not self.why_not


def look(*, by: Any, meetings: Sequence[Appointment], goal: Goal, now: datetime) -> list[Fit]:
    """Whether each of these booked meetings could go there, in their order.

    What stands in the way is said as far as ``by`` may know of it. Five statements, and two
    more for each hundred; the care teams of the clients are at hand, or asked for.
    """
    found = _with_equipment([_when(one, goal) for one in meetings], goal, now)
    held = holding.held_by_each(one.pk for one in meetings)
    refuses = _Refuses(goal, [one.slot for one in found if one.slot is not None], meetings)
    checked = [
        one if one.slot is None or one.why_not else
        Fit(one.meeting, one.slot, refuses.why(one.meeting, one.slot),
            _things(held.get(one.meeting.pk, []), goal))
        for one in found
    ]  # fmt: skip
    open_ = [n for n, one in enumerate(checked) if one.fits]
    clashes = conflicts.of_each(
        by=by, now=now, but={one.pk for one in meetings},
        wanted=[(slot, checked[n].things) for n in open_ if (slot := checked[n].slot)],
    )  # fmt: skip
    for at, (_field, words) in clashes.items():
        one = checked[open_[at]]
        checked[open_[at]] = Fit(one.meeting, one.slot, words, one.things)
    return checked


def _when(meeting: Appointment, goal: Goal) -> Fit:
    try:
        return Fit(meeting, rules.days_later(meeting.slot, goal.days, clock.zone()))
    except rules.Unfit as problem:
        return Fit(meeting, None, str(in_words(problem)))


def shelf(meetings: Iterable[Appointment]) -> Shelf:
    """All equipment of which these meetings take some."""
    return Shelf(kind for one in meetings for kind in _needs(one))


def _needs(meeting: Appointment) -> list[str]:
    return meeting.type.takes_equipment(meeting.way) if meeting.type is not None else []


def _with_equipment(found: list[Fit], goal: Goal, now: datetime) -> list[Fit]:
    """The same; of those that go to another day and for which there is no equipment, that."""
    slots = [one.slot for one in found if one.slot is not None and goal.days]
    if not slots:
        return found
    there = shelf(one.meeting for one in found)
    there.look(min(one.start for one in slots), max(one.end for one in slots), now=now,
               but={one.meeting.pk for one in found})  # fmt: skip
    return [_lacking(one, there) for one in found]


def _lacking(one: Fit, there: Shelf) -> Fit:
    if one.slot is None:
        return one
    try:
        there.pick(one.slot, one.meeting.place_id, _needs(one.meeting))
    except NotFree as problem:
        return Fit(one.meeting, one.slot, str(problem))
    return one


def _things(held: list[holding.Thing], goal: Goal) -> list[holding.Thing]:
    """What it takes by now, with whoever meets them then; but for equipment, of which it takes
    any that is free."""
    others = [one for one in held if one[0] not in ("CLINICIAN", "EQUIPMENT")]
    return sorted([*others, ("CLINICIAN", goal.clinician.pk)])


class _Refuses:
    """What a clinician, their hours and the practice say against a time. Three statements."""

    def __init__(self, goal: Goal, wanted: Sequence[Slot], meetings: Sequence[Appointment]) -> None:
        self.staff, self.covers = goal.clinician, goal.days == 0
        self.name = {"name": goal.clinician.display_name}
        if not wanted:
            return
        start, end = min(one.start for one in wanted), max(one.end for one in wanted)
        first, last = clock.local(start).date(), clock.local(end).date()
        told = gather([self.staff], first=first, last=last, start=start, end=end)
        self.times: Times = told.of[self.staff.pk]
        self.known = holidays.Known(told.country, first, last)
        kinds = {one.type_id for one in meetings if one.type_id is not None}
        self.not_offered: set[uuid.UUID] = types.not_offered(self.staff, kinds)

    def why(self, meeting: Appointment, slot: Slot) -> str:
        """The first thing that speaks against it; "" where nothing does."""
        client = meeting.client
        if self.covers and client.restricted and not cares(client, self.staff, clock.today()):
            return _("The record is restricted: it stays with the care team.")
        if self.covers and meeting.type_id in self.not_offered:
            return _("%(name)s does not offer this type of meeting.") % self.name
        return self._of_hours(meeting, slot)

    def _of_hours(self, meeting: Appointment, slot: Slot) -> str:
        day = clock.local(slot.start).date()
        if not self.staff.works_on(day):
            return _("%(name)s does not work here on that day.") % self.name
        for spot in (meeting.room, meeting.place):
            if spot is not None and spot.closed_on is not None and spot.closed_on <= day:
                return _("That is closed by then. Choose another place.")
        away = next((one for one in self.times.away if one.slot.overlaps(slot)), None)
        if away is not None:
            why = {"why": why_in_words(away.why)}
            return _("%(name)s is away then: %(why)s.") % (self.name | why)
        hours, holiday = self.known.hours(day, self.times)
        if not _within(slot, slots(day, hours)):
            outside = _("Outside the hours of %(name)s.") % self.name
            return _("A holiday: %(day)s.") % {"day": holiday} if holiday else outside
        if not _within(slot, slots(day, [one for one in hours if self._there(one, meeting)])):
            return _("%(name)s is not at that place, or does not meet in that way, at that "
                     "hour.") % self.name  # fmt: skip
        return ""

    def _there(self, hours: Hours, meeting: Appointment) -> bool:
        """Whether one meets in these hours in that way and at that place."""
        if hours.ways and meeting.way not in hours.ways:
            return False
        if meeting.way != Appointment.Way.HERE or meeting.place_id is None:
            return True
        if hours.place is not None:
            return hours.place == meeting.place_id
        return not self.times.places or meeting.place_id in self.times.places


def _within(slot: Slot, open_: Sequence[Slot]) -> bool:
    """Whether hours leave nothing of it out."""
    return not rules.free_hours(slot, open_, least=0)
