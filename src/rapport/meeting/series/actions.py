"""Standing slots: begin one, change what is ahead of it, end it, take the end back.

What is changed in one appointment alone is ``appointments.actions.move`` and ``cancel``: it
stays so whatever becomes of its series. What is changed from a day on begins a series of its
own that follows the first, so that what was stays as it was.
"""

import uuid
import zoneinfo
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rapport.core import events
from rapport.core import time as clock
from rapport.core.action import action
from rapport.people.clients.models import Client
from rapport.people.practice.models import Place
from rapport.people.staff.models import CLINICAL, Staff

from ..appointments import actions as appointments
from ..appointments import rules as clocks
from ..appointments.actions import CannotBook
from ..appointments.knowing import may_meet
from ..appointments.models import Appointment, Room
from ..appointments.rules import Unfit
from ..events import SeriesBegun, SeriesEnded
from ..types.models import AppointmentType
from . import by_hand, making, queries, rules
from .by_hand import Answer
from .models import LeftOut, Series
from .rules import Rule
from .splitting import carry
from .words import fit

FURTHEST = timedelta(days=366)  # from today to a first day
Why = LeftOut.Why


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """How a standing slot is to be. ``zone`` is the practice's when it is empty."""

    clinician: Staff
    rule: Rule
    starts_on: date
    at: time
    minutes: int = 50
    way: str = Appointment.Way.HERE
    kind: str = Appointment.Kind.SESSION
    place: Place | None = None
    rooms: tuple[Room, ...] = ()
    holidays: str = Series.Holidays.SKIP
    video_url: str = ""
    type: AppointmentType | None = None
    zone: str = ""


@action("series.begin")
def begin(
    *, by: Any, client: Client, wanted: Wanted, now: datetime,
    without: Collection[date] = frozenset(), once: uuid.UUID | None = None, anyway: bool = False,
) -> Series:  # fmt: skip
    """Promise to meet again and again: every appointment of the year ahead, or none.

    Args:
        without: days that are left out because their hour is taken. anyway: any such day, for
            somebody to look at.
        once: of the form it was sent with. Sent again, the first series is returned.

    Announces SeriesBegun. Raises:
        Clashes: hours that are taken and not in ``without``. CannotBook: what cannot be.
    """
    before = _begun_before(by, client, once)
    if before is not None:
        return before
    may_meet(by, client, wanted.clinician)
    series = new(by=by, client=client, wanted=wanted, now=now, once=once)
    try:
        with transaction.atomic():
            series.save(force_insert=True)
    except IntegrityError:
        before = _begun_before(by, client, once)
        if before is None:
            raise
        return before
    _made(by, series, now, without, strict=not anyway)
    return series


def new(
    *, by: Any, client: Client, wanted: Wanted, now: datetime, once: uuid.UUID | None = None
) -> Series:
    """The series as it would be saved, checked; for looking ahead before anything is booked.

    Raises:
        CannotBook: a day, hour, rule, clinician or place that cannot be; a client who is in
            the archive.
    """
    appointments.in_care(client)
    try:
        zone = _zone(wanted.zone)
        clock.within_limits(wanted.starts_on)
        rule = rules.fitting(wanted.rule, wanted.starts_on)
        first = clocks.lasting(rules.begins(wanted.starts_on, wanted.at, zone), wanted.minutes)
        if first.start <= now:
            raise Unfit("starts_on", "past")
        if wanted.starts_on > clock.local(now).date() + FURTHEST:
            raise Unfit("starts_on", "far")
        address = clocks.check_address(wanted.video_url)
    except clock.BadDate as problem:
        raise CannotBook("starts_on", str(problem)) from problem
    except Unfit as problem:
        raise fit(problem) from problem
    _there(wanted)
    return Series(
        client=client, clinician=wanted.clinician, type=wanted.type, kind=wanted.kind,
        way=wanted.way, place=wanted.rooms[0].place if wanted.rooms else wanted.place,
        rooms=[str(room.pk) for room in wanted.rooms], video_url=address,
        minutes=wanted.minutes, rule=str(rule), starts_on=wanted.starts_on, at=wanted.at,
        zone=zone.key, holidays=wanted.holidays, made_at=now,
        made_by=None if by.is_system else by, once=once,
    )  # fmt: skip


def _zone(name: str) -> zoneinfo.ZoneInfo:
    if not name:
        return clock.zone()
    try:
        return clock.zone_named(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise Unfit("zone", "zone") from None


def _there(wanted: Wanted) -> None:
    """The clinician works here that day, the rooms are open, the codes are known."""
    who, day = wanted.clinician, wanted.starts_on
    if CLINICAL.isdisjoint(who.roles) or not who.works_on(day):
        raise CannotBook("clinician", _("Choose somebody who treats clients here on that day."))
    for one in (*wanted.rooms, wanted.place):
        if one is not None and one.closed_on is not None and one.closed_on <= day:
            raise CannotBook("where", _("That is closed by then. Choose another place."))
    known = {"way": Appointment.Way, "kind": Appointment.Kind, "holidays": Series.Holidays}
    for name, choices in known.items():
        if getattr(wanted, name) not in choices.values:
            raise CannotBook(name, _("Choose one of the list."))


def _begun_before(by: Any, client: Client, once: uuid.UUID | None) -> Series | None:
    """What the same form began when it was sent first."""
    if once is None:
        return None
    mine = Series.objects.filter(once=once, client=client)
    return mine.filter(made_by=None if by.is_system else by).first()


def _made(
    by: Any, series: Series, now: datetime, without: Collection[date], *, strict: bool = True
) -> None:
    """Book the year ahead of a series that was just saved."""
    last = queries.horizon(series, clock.local(now).date())
    making.fill(by=by, series=series, first=series.starts_on, last=last, now=now,
                without=without, strict=strict)  # fmt: skip
    series.made_until = last
    series.save(update_fields=["made_until"])
    events.announce(SeriesBegun(series.pk))


# Changing ---------------------------------------------------------------------------------


@action("series.change")
def change_following(
    *, by: Any, series: Series, from_on: date, wanted: Wanted, revision: int, now: datetime,
    keep: bool = True, without: Collection[date] = frozenset(), once: uuid.UUID | None = None,
    moved: Answer | None = None,
) -> Series:  # fmt: skip
    """From the day ``from_on`` of its rule on, meet as ``wanted``: a new series follows.

    Args:
        keep: appointments that were moved or cancelled by hand stay as they are, each in the
            place of the new rule's day of the same week or month. moved: whether those moved
            by hand that do not stay were shown, as ``by_hand.to_go``.
        revision: of the series as the person saw it.

    Announces SeriesEnded and SeriesBegun. Raises:
        MovedByHand: they were not.
        Clashes, CannotBook: as ``begin``; it ended before; somebody changed it meanwhile.
    """
    fresh = making.locked(series)
    again = _begun_before(by, fresh.client, once)
    if again is not None:
        return again
    making.as_seen(fresh, revision)
    _is_ahead(fresh, from_on, wanted, now)
    if wanted.clinician.pk != fresh.clinician_id:
        may_meet(by, series.client, wanted.clinician)
    later = new(by=by, client=fresh.client, wanted=wanted, now=now, once=once)
    later.follows = fresh
    rows = making.standing(fresh, nth_on__gte=from_on)
    if not keep:
        by_hand.to_go(making.ahead(rows, now), moved)
    making.wait_for_hours(fresh, later)
    later.save(force_insert=True)
    carry(fresh, later, rows, from_on=from_on, keep=keep, now=now)
    fresh.ended_on = from_on
    making.saved(fresh, "ended_on")
    events.announce(SeriesEnded(fresh.pk))
    _made(by, later, now, without)
    return later


def change_all(
    *, by: Any, series: Series, wanted: Wanted, revision: int, now: datetime, **given: Any
) -> Series:
    """Change everything that is ahead; what was stays as it was. As ``change_following``."""
    again = _begun_before(by, series.client, given.get("once"))
    if again is not None:
        return again
    from_on = queries.next_named(series, now)
    if from_on is None:
        raise CannotBook("", _("Nothing of it is ahead."))
    return change_following(by=by, series=series, from_on=from_on, wanted=wanted,
                            revision=revision, now=now, **given)  # fmt: skip


def _is_ahead(fresh: Series, from_on: date, wanted: Wanted, now: datetime) -> None:
    """It can change from that day on, and the new one begins about then.

    Raises:
        CannotBook: that day is none of its rule, is over, or the new one begins in a week
            before it, in which the old one meets still.
    """
    last = queries.horizon(fresh, clock.local(now).date())
    named = {due.nth_on for due in queries.dues(fresh, from_on, max(from_on, last))}
    if from_on not in named:
        raise CannotBook("", _("Nothing of it is ahead."))
    if wanted.starts_on < from_on - timedelta(from_on.weekday()):
        raise CannotBook("starts_on", _("Choose a day in that week, or after it."))


# Ending -----------------------------------------------------------------------------------


@action("series.end")
def end(
    *, by: Any, series: Series, on: date, revision: int, now: datetime, with_episode: Any = None,
    moved: Answer | None = None,
) -> Series:  # fmt: skip
    """From ``on`` there is none any more: what is booked from that day on is taken away.

    Args:
        moved: what becomes of those moved by hand to that day or later, as ``by_hand.to_go``.

    Announces SeriesEnded. Raises:
        MovedByHand: there are such, and nobody was shown them.
        CannotBook: a day that is over, it ended by then, or somebody changed it meanwhile.
    """
    fresh = making.locked(series)
    if fresh.ended_on == on:
        return fresh
    making.as_seen(fresh, revision)
    if not clock.local(now).date() <= on <= clock.local(now).date() + 10 * FURTHEST:
        raise CannotBook("on", _("Choose a day that is not over, and not far ahead."))
    if fresh.ended_on is not None and fresh.ended_on <= on:
        raise CannotBook("on", _("It ends before that day."))
    rows = making.ahead(making.standing(fresh), now)
    making.wait_for_hours(fresh)
    stop(fresh, on, by_hand.to_go(from_day(fresh, rows, on), moved), with_episode)
    return fresh


def from_day(fresh: Series, rows: list[Appointment], on: date) -> list[Appointment]:
    """Those that are on that day or later: where a person moved one decides."""
    return [one for one in rows if making.on_the_wall(fresh, one) >= on]


def stop(fresh: Series, on: date, doomed: list[Appointment], episode: Any = None) -> None:
    """No more from ``on``; of a day before it whose meeting goes too, there is none either.

    Inside another action.
    """
    earlier = {one.nth_on for one in doomed if one.nth_on is not None and one.nth_on < on}
    making.remove(doomed)
    LeftOut.objects.filter(series=fresh, nth_on__gte=on).delete()
    gone = set(Appointment.objects.filter(series=fresh).values_list("nth_on", flat=True))
    LeftOut.objects.bulk_create(
        LeftOut(client=fresh.client, series=fresh, nth_on=day, why=Why.REMOVED)
        for day in sorted(earlier - gone)
    )  # fmt: skip
    fresh.ended_on, fresh.ended_with = on, episode
    making.saved(fresh, "ended_on", "ended_with")
    events.announce(SeriesEnded(fresh.pk))


@action("series.end")
def reopen(*, by: Any, series: Series, revision: int, now: datetime) -> Series:
    """Take its end back: it goes on, and what is ahead is booked again where it is free.

    Announces SeriesBegun. Raises:
        CannotBook: it goes on as another, or somebody changed it meanwhile.
    """
    fresh = making.locked(series)
    if fresh.ended_on is None:
        return fresh
    making.as_seen(fresh, revision)
    if fresh.followed_by.exists():
        raise CannotBook("", _("It goes on by another rule. Change that one."))
    making.standing(fresh)
    first, fresh.ended_on, fresh.ended_with = fresh.ended_on, None, None
    last = queries.horizon(fresh, clock.local(now).date())
    making.fill(by=by, series=fresh, first=first, last=last, now=now, late=Why.REMOVED)
    fresh.made_until = max(last, fresh.made_until or last)
    making.saved(fresh, "ended_on", "ended_with", "made_until")
    events.announce(SeriesBegun(fresh.pk))
    return fresh


# Single days ------------------------------------------------------------------------------


@action("series.change")
def put_back(*, by: Any, series: Series, day: date, now: datetime) -> Series:
    """Meet after all on a day that was left out: on the holiday itself, or as it is free now.

    Raises:
        CannotBook: it is over, or the hour is taken.
    """
    fresh = making.locked(series)
    line = LeftOut.objects.filter(series=fresh, nth_on=day).exclude(why=Why.PAUSE).first()
    if line is None:
        return fresh  # sent twice
    due = next(iter(rules.planned(queries.pattern(fresh), day, day)), None)
    if due is None:
        raise CannotBook("", _("Nothing of it is ahead."))
    due = replace(due, slot=queries.pattern(fresh).slot(day))
    if due.slot is not None and due.slot.start <= now:
        raise CannotBook("", _("That time is over."))
    if not fresh.clinician.works_on(day):
        raise CannotBook("", _("Choose somebody who treats clients here on that day."))
    line.delete()
    try:
        making.make(by=by, series=fresh, wanted=[due], now=now, strict=True, insist=True)
    except making.Clashes as problem:
        raise CannotBook("", problem.taken[0].words) from problem
    return fresh


@action("series.change")
def seen(*, by: Any, series: Series, now: datetime) -> Series:
    """Somebody looked at the hours that were taken; they ask for nobody any more."""
    LeftOut.objects.filter(series=series, why=Why.TAKEN, seen_at=None).update(seen_at=now)
    return series


@action("series.extend")
def extend(*, by: Any, series: Series, now: datetime) -> Series:
    """Make its appointments further, to the horizon. A day whose hour is taken is left out."""
    fresh = making.locked(series)
    last = queries.horizon(fresh, clock.local(now).date())
    first = (fresh.made_until or fresh.starts_on - timedelta(1)) + timedelta(1)
    if fresh.ended_on is not None or first > last:
        return fresh
    making.fill(by=by, series=fresh, first=first, last=last, now=now)
    fresh.made_until = last
    fresh.save(update_fields=["made_until"])
    return fresh
