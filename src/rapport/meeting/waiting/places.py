"""The place of a standing slot that ended: free again and again from an hour on, to be given on.

It is an hour that fell free and comes again by a rule. Whoever accepts it begins a standing slot
of their own; hours of it that others have are left out, as with every slot that begins.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q

from rapport.core import time as clock

from ..appointments.models import Appointment, Occupancy, Room
from ..appointments.rules import Slot
from ..availability.models import Busy, TimeOff
from ..series import queries as standing
from ..series import rules, words
from ..series.actions import Wanted
from ..series.models import Series
from . import keeping, queries
from .models import FreedHour, Offer

NEXT = 8  # hours that are looked at before a place is offered: about two months of a weekly one


def rule_of(series: Series) -> str:
    """The rule of its place, without an end: one weekday, every so many weeks, on the practice's
    clock; "" where it is none of these."""
    said = rules.parse(series.rule)
    days = said.days or (series.starts_on.isoweekday(),)
    if said.freq != "WEEKLY" or len(days) > 1 or series.zone != clock.zone().key:
        return ""
    return str(rules.Rule("WEEKLY", said.every, days))


def weekly(day: date, every: int) -> str:
    """The rule of a place on this weekday, every so many weeks."""
    return str(rules.Rule("WEEKLY", every, (day.isoweekday(),)))


def in_words(hour: FreedHour) -> str:
    """ "every second Tuesday, 10:00"; "" for an hour that is free this once."""
    return words.of(_as_series(hour)) if hour.rule else ""


def taken(hour: FreedHour, *, now: datetime) -> list[datetime]:
    """Which of the place's next hours others have, or the clinician is away or busy then."""
    slots = _next(hour)
    if not slots:
        return []
    first, last = slots[0].start, slots[-1].end
    ours = Q(kind="CLINICIAN", thing=hour.clinician_id)
    if hour.room_id is not None:
        ours |= Q(kind="ROOM", thing=hour.room_id)
    held = Occupancy.objects.between(first, last).filter(ours).exclude(hold__expires_at__lte=now)
    kept = held.filter(hold=hour.hold) if hour.hold else Occupancy.objects.none()
    rows = held.exclude(pk__in=kept.values("pk")).values_list("starts_at", "ends_at")
    during: Any = {"staff": hour.clinician_id, "starts_at__lt": last, "ends_at__gt": first}
    off, busy = (
        model.objects.filter(**during).values_list("starts_at", "ends_at")
        for model in (TimeOff, Busy)
    )
    gone = [*rows, *off.union(busy)]
    return [
        slot.start for slot in slots
        if any(start < slot.end and end > slot.start for start, end in gone)
    ]  # fmt: skip


def is_free(hour: FreedHour, *, now: datetime) -> bool:
    """Whether the first of its next hours and most of the others can be had."""
    gone = taken(hour, now=now)
    return hour.starts_at not in gone and 2 * len(gone) <= len(_next(hour))


def _next(hour: FreedHour) -> list[Slot]:
    series = _as_series(hour)
    every = rules.parse(hour.rule).every
    last = series.starts_on + timedelta(weeks=every * (NEXT - 1))
    return [due.slot for due in standing.dues(series, series.starts_on, last) if due.slot]


def _as_series(hour: FreedHour) -> Series:
    """The place as a standing slot of nobody, not saved."""
    start = clock.local(hour.starts_at)
    return Series(
        clinician_id=hour.clinician_id, place=hour.place, rule=hour.rule, starts_on=start.date(),
        at=start.time(), zone=clock.zone().key, holidays=hour.holidays or Series.Holidays.SKIP,
        minutes=hour.slot.minutes,
    )  # fmt: skip


def freed_by(series: Series, *, now: datetime) -> FreedHour | None:
    """The first free hour from which on the place of a slot that ended can be offered; None where
    it has not ended, or there is none."""
    rule = rule_of(series) if series.ended_on is not None else ""
    if not rule:
        return None
    free = queries.free_hours(now=now).filter(clinician=series.clinician_id, rule=rule)
    return next((one for one in free if clock.local(one.starts_at).time() == series.at), None)


def on_offer(hours: Iterable[FreedHour]) -> list[FreedHour]:
    """Those of these hours that belong to a place somebody is asked about at this moment."""
    running = list(
        FreedHour.objects.filter(state=FreedHour.State.RUNNING, standing=True)
        .select_related("place")
    )  # fmt: skip
    return [one for one in hours if any(_holds(place, one) for place in running)]


def _holds(place: FreedHour, hour: FreedHour) -> bool:
    if place.clinician_id != hour.clinician_id or hour.starts_at < place.starts_at:
        return False
    day = clock.local(hour.starts_at).date()
    slots = (due.slot for due in standing.dues(_as_series(place), day, day))
    return any(s is not None and s.start < hour.ends_at and s.end > hour.starts_at for s in slots)


def kind_of(offer: Offer) -> str:
    """Of what kind its first meeting is."""
    if offer.type is not None:
        return offer.type.kind
    first = offer.entry.wants == "FIRST"
    return Appointment.Kind.FIRST if first else Appointment.Kind.SESSION


def wanted(offer: Offer, kind: str, room: Room | None) -> Wanted:
    """The standing slot that begins when it is accepted; of sessions where its first meeting is a
    first consultation."""
    hour, like = offer.hour, _as_series(offer.hour)
    once = kind == Appointment.Kind.FIRST
    return Wanted(
        clinician=hour.clinician, rule=rules.parse(hour.rule), starts_on=like.starts_on,
        at=like.at, minutes=offer.minutes, way=offer.way, place=keeping.place_of(hour),
        kind=Appointment.Kind.SESSION if once else kind, type=None if once else offer.type,
        rooms=(room,) if room else (), holidays=like.holidays,
    )  # fmt: skip
