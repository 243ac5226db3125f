"""Pausing a standing slot and keeping it; going on again, early or at all."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from rapport.core import events
from rapport.core import time as clock
from rapport.core.action import action

from ..appointments import conflicts, holding
from ..appointments.actions import CannotBook
from ..appointments.models import Appointment, Occupancy
from ..events import SeriesPaused, SeriesResumed
from . import making, queries
from .by_hand import Answer, to_go
from .models import LeftOut, Pause, Series

LONGEST = timedelta(days=366)
Why = LeftOut.Why


@action("series.pause")
def pause(
    *, by: Any, series: Series, from_on: date, until_on: date, offered: bool, revision: int,
    now: datetime, moved: Answer | None = None,
) -> Pause:  # fmt: skip
    """Do not meet from ``from_on`` to ``until_on``, both included, and keep the slot.

    What was moved by hand goes by the day on which it is: out of these days, it stays.

    Args:
        offered: others may have the hours meanwhile. Else they stay the clinician's, the
            room's and the equipment's; the client's own time is free.
        moved: what becomes of those moved by hand in these days, as ``by_hand.to_go``.

    Announces SeriesPaused. Raises:
        MovedByHand: there are such, and nobody was shown them.
        CannotBook: days that are over or too many, it rests then already or ends before, or
            somebody changed it meanwhile.
    """
    fresh = making.locked(series)
    rests = list(fresh.pauses.all())
    same = [p for p in rests if (p.from_on, p.until_on, p.offered) == (from_on, until_on, offered)]
    if same:
        return same[0]  # sent twice
    making.as_seen(fresh, revision)
    _fits(fresh, rests, from_on, until_on, now)
    rows = making.ahead(making.standing(fresh), now)
    resting = [one for one in rows if from_on <= making.on_the_wall(fresh, one) <= until_on]
    doomed = to_go(resting, moved)
    rest = Pause.objects.create(
        client=fresh.client, series=fresh, from_on=from_on, until_on=until_on, offered=offered,
        made_at=now, made_by=None if by.is_system else by,
    )  # fmt: skip
    _rest(by, fresh, rest, doomed, now)
    making.saved(fresh)
    events.announce(SeriesPaused(rest.pk))
    return rest


def _fits(fresh: Series, rests: list[Pause], from_on: date, until_on: date, now: datetime) -> None:
    today = clock.local(now).date()
    if not today <= from_on <= today + 2 * LONGEST:
        raise CannotBook("from_on", _("Choose a day that is not over, and not far ahead."))
    if not from_on <= until_on:
        raise CannotBook("until_on", _("Choose a day that is not before the first."))
    if until_on - from_on > LONGEST:
        raise CannotBook("until_on", _("A pause lasts a year at most. End the slot instead."))
    if fresh.ended_on is not None and fresh.ended_on <= from_on:
        raise CannotBook("from_on", _("It ends before that day."))
    if any(p.from_on <= until_on and from_on <= p.until_on for p in rests):
        raise CannotBook("from_on", _("It rests in these days already. End that pause first."))


def _rest(by: Any, fresh: Series, rest: Pause, doomed: list[Appointment], now: datetime) -> None:
    """Take the appointments away and write down why; keep the hours unless they are offered."""
    held = holding.held_by_each(one.pk for one in doomed)
    wanted = [
        (one.slot, [(kind, thing) for kind, thing in held.get(one.pk, ()) if kind != "CLIENT"])
        for one in doomed
    ]
    holding.wait_for({thing for _slot, things in wanted for thing in things})
    making.remove(doomed)
    noted = set(
        Appointment.objects.filter(pk__in=[one.pk for one in doomed]).values_list("pk", flat=True)
    )
    lines, kept = [], []
    clashes = {} if rest.offered else conflicts.of_each(by=by, wanted=wanted, now=now)
    for number, one in enumerate(doomed):
        if one.nth_on is None or one.pk in noted:
            continue
        line = LeftOut(client=fresh.client, series=fresh, nth_on=one.nth_on, why=Why.PAUSE,
                       pause=rest)  # fmt: skip
        lines.append(line)
        if not rest.offered and not queries.put_off(fresh, one) and number not in clashes:
            kept += making.keep_for(line, wanted[number][1], one.slot)
    LeftOut.objects.bulk_create(lines)
    Occupancy.objects.bulk_create(kept)


@action("series.pause")
def resume(*, by: Any, pause: Pause, on: date, now: datetime) -> Series:
    """Meet again from ``on``: the pause is over the day before, or never was.

    Hours that others have meanwhile are left out, for the clinician to look at.

    Announces SeriesResumed. Raises:
        CannotBook: a day that is over, or not one of the pause.
    """
    fresh = making.locked(pause.series)
    rest = Pause.objects.filter(pk=pause.pk, series=fresh).first()
    if rest is None or rest.until_on < on:
        return fresh  # sent twice, or over
    on = max(on, rest.from_on)
    if on < clock.local(now).date():
        raise CannotBook("on", _("Choose a day that is not over."))
    making.standing(fresh)
    making.wait_for_hours(fresh)
    lines = LeftOut.objects.filter(series=fresh, pause=rest)
    whole = on <= rest.from_on
    days = [line.nth_on for line in lines] if whole else _back(fresh, list(lines), on)
    lines.filter(nth_on__in=days).delete()
    if whole:
        rest.delete()
    else:
        rest.until_on = on - timedelta(1)
        rest.save(update_fields=["until_on"])
    if days:
        making.fill(by=by, series=fresh, first=min(days), last=max(days), now=now,
                    late=Why.REMOVED)  # fmt: skip
    making.saved(fresh)
    events.announce(SeriesResumed(fresh.pk))
    return fresh


def _back(fresh: Series, lines: list[LeftOut], on: date) -> list[date]:
    """Days of the rule that are met again: those whose hour is on that day or later."""
    named = {line.nth_on for line in lines}
    if not named:
        return []
    dues = queries.dues(fresh, min(named), max(named))
    zone = clock.zone_named(fresh.zone)
    met = {d.nth_on: d.slot.start.astimezone(zone).date() for d in dues if d.slot is not None}
    return [day for day in named if met.get(day, day) >= on]
