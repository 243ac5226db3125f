"""What somebody is asked before they book what a clinician's own rules would not offer.

Nothing is blocked for good: each doubt is said in words, and may be overruled.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import F, IntegerField, Q, QuerySet, TextField
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext_lazy

from rapport.core import time as clock
from rapport.core.prepared import prepared
from rapport.people.care_team.queries import cares
from rapport.people.clients.models import Client
from rapport.people.staff.models import Staff

from ..appointments.models import Appointment, Occupancy, overlapping
from ..appointments.rules import REACH, Slot
from ..types.models import AppointmentType
from . import asking, holidays, unusual
from .gathering import Gathered, Times, as_rows, in_columns, parts, told
from .offering import as_asked, limits_of, span
from .queries import why_in_words
from .unusual import Odd

DAY = timedelta(days=1)
SAID = {
    "JOIN": gettext_lazy("%(name)s will see the record of %(client)s from now on."),
    "AWAY": gettext_lazy("%(name)s is away then: %(why)s."),
    "HOLIDAY": gettext_lazy("It is a holiday here: %(why)s."),
    "HOURS": gettext_lazy("It lies outside the hours of %(name)s."),
    "ELSEWHERE": gettext_lazy("In these hours %(name)s works in another place or way."),
    "LUNCH": gettext_lazy("It lies in the lunch break of %(name)s."),
    "BUFFER": gettext_lazy("%(name)s keeps more time free before and after a meeting."),
    "MANY": gettext_lazy("It would be meeting %(n)s of the day; %(name)s set %(most)s at most."),
    "HEAVY": gettext_lazy("It would be heavy meeting %(n)s of the day; %(name)s set %(most)s at "
                          "most."),
    "ROW": gettext_lazy("It would be more than %(most)s meetings in a row, the most %(name)s set."),
}  # fmt: skip


@dataclass(frozen=True)
class Doubt:
    """One thing that is unusual, in words. ``code`` is of SAID."""

    code: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Booking:
    """What somebody is about to book.

    Attributes:
        holidays: whether it would meet on a holiday; a standing slot may leave those out.
        but, but_series: a meeting that is to be moved, a standing slot that is to be changed:
            their time counts as free.
    """

    client: Client
    clinician: Staff
    slot: Slot
    way: str
    type: uuid.UUID | None = None
    place: uuid.UUID | None = None
    holidays: bool = True
    but: uuid.UUID | None = None
    but_series: uuid.UUID | None = None


def about(*, by: Any, booking: Booking, now: datetime) -> list[Doubt]:
    """Everything that is unusual about it, in one statement; what took place already, nothing.

    That the clinician comes to see the client's record by it is one of them. Where the time is
    taken nothing is asked: it cannot be had anyhow, and the booking says why.
    """
    broken = limits(by=by, booking=booking, now=now) if booking.slot.end > now else []
    if broken is None:
        return []
    return [*new_to(by, booking.client, booking.clinician), *broken]


def new_to(by: Any, client: Client, clinician: Staff) -> list[Doubt]:
    """That the clinician joins the care team by it, where that is so. The team is at hand."""
    refused = client.restricted or getattr(by, "staff", None) == clinician  # as the action says
    if refused or cares(client, clinician, clock.today()):
        return []
    return [_said("JOIN", clinician, client=client.name)]


def limits(*, by: Any, booking: Booking, now: datetime) -> list[Doubt] | None:
    """Which of the clinician's own rules it breaks; None where they meet somebody then.

    One statement.
    """
    staff, day = booking.clinician, clock.local(booking.slot.start).date()
    found, meetings, type = _around(booking, now)
    begins, ends = span(booking.slot.start, booking.slot.end)
    if any(one.start < ends and one.end > begins for one in meetings):
        return None
    times = found.of[staff.pk]
    known = holidays.Known(found.country if booking.holidays else "", day, day)
    holiday = known.left(day, times)[1] if day not in times.other else ""
    ask = partial(_odds, booking, times, meetings, _wanted(booking, type))
    odds = ask(known)
    if holiday and odds and odds[0].code == "HOURS":
        odds = [Odd("HOLIDAY"), *ask(holidays.Known("", day, day))]
    if not times.said:  # hours and holidays that nobody said are a guess
        odds = [one for one in odds if one.code not in ("HOURS", "HOLIDAY")]
    why = {"HOLIDAY": holiday, "AWAY": _why_away(times, booking.slot)}
    return [_said(one.code, staff, **one.given, why=why.get(one.code, "")) for one in odds]


def _around(booking: Booking, now: datetime) -> tuple[Gathered, list[asking.Meeting], Any]:
    """When the clinician works that day, whom they meet around it, and the type's row."""
    staff, day = booking.clinician, clock.local(booking.slot.start).date()
    start, end = clock.day_bounds(day - DAY)[0], clock.day_bounds(day + DAY)[1]
    rows = _rows(who=staff.pk, type=booking.type, first=day, last=day, start=start, end=end,
                 since=start - REACH, now=now)  # fmt: skip
    found = told([staff.pk], [row for row in rows if row[0] not in ("held", "type")])
    held = [_meeting(row) for row in rows if row[0] == "held" and not _goes(row, booking)]
    return found, held, next((row for row in rows if row[0] == "type"), None)


def _odds(
    booking: Booking, times: Times, meetings: list[asking.Meeting], wanted: asking.Wanted,
    known: holidays.Known,
) -> list[Odd]:  # fmt: skip
    staff, day = booking.clinician, known.first
    one = as_asked(staff, times, meetings, known, limits_of(staff), day, day)
    return unusual.unusual(wanted, one, span(booking.slot.start, booking.slot.end)[0])


def _meeting(row: Any) -> asking.Meeting:
    heavy, begins, ends, before, after = row[3], row[5], row[6], row[9], row[10]
    return asking.Meeting(*span(begins, ends), bool(heavy), _number(before), _number(after))


def _goes(row: Any, booking: Booking) -> bool:
    """Whether it is what is moved or changed."""
    series, meeting = row[1], row[2]
    mine = (booking.but, booking.but_series)
    return (meeting is not None and meeting == mine[0]) or (
        series is not None and series == mine[1]
    )


def _wanted(booking: Booking, type: Any) -> asking.Wanted:
    heavy, before, after = (type[3], type[9], type[10]) if type else (0, None, None)
    here = booking.way == Appointment.Way.HERE
    return asking.Wanted(
        minutes=booking.slot.minutes, way=booking.way, heavy=bool(heavy),
        buffer_before=_number(before), buffer_after=_number(after),
        place=str(booking.place) if here and booking.place else None,
    )  # fmt: skip


def _number(text: str | None) -> int | None:
    return None if text is None else int(text)


def _why_away(times: Times, slot: Slot) -> str:
    why = next((one.why for one in times.away if one.slot.overlaps(slot)), "")
    return why_in_words(why)


def _said(code: str, staff: Staff, **given: Any) -> Doubt:
    return Doubt(code, str(SAID[code]) % {"name": staff.display_name, **given})


@prepared
def _rows(
    *, who: Any, type: Any, first: Any, last: Any, start: Any, end: Any, since: Any, now: Any
) -> QuerySet[Any]:
    stands = Q(hold=None) | Q(hold__expires_at__gt=now)
    mine = Q(kind=Occupancy.Kind.CLINICIAN, thing=who)

    def of_type(name: str, kind: Any) -> Any:
        both = (F(f"{what}__type__{name}") for what in ("appointment", "hold"))
        return Cast(Coalesce(*both), kind)

    held = as_rows(
        Occupancy, "held", who=F("appointment__series_id"), spot=F("appointment_id"),
        begins=F("starts_at"), finishes=F("ends_at"), number=of_type("heavy", IntegerField()),
        said=of_type("buffer_before", TextField()), more=of_type("buffer_after", TextField()),
    ).filter(overlapping(start, end, since), stands, mine)  # fmt: skip
    of_this = as_rows(
        AppointmentType, "type", spot=F("pk"), number=Cast(F("heavy"), IntegerField()),
        said=Cast(F("buffer_before"), TextField()), more=Cast(F("buffer_after"), TextField()),
    ).filter(pk=type)  # fmt: skip
    found = parts([who], first=first, last=last, start=start, end=end)
    more = (in_columns(held), in_columns(of_this))
    return found[0].union(*found[1:], *more, all=True).order_by("what", "number", "opens")
