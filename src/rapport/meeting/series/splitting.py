"""When a standing slot goes on by another rule: what was done by hand goes along."""

import uuid
from datetime import date, datetime, timedelta

from ..appointments.models import Appointment
from . import making, queries, rules
from .models import LeftOut, Pause, Series

Why = LeftOut.Why


def carry(
    old: Series, new: Series, rows: list[Appointment], *, from_on: date, keep: bool, now: datetime
) -> None:
    """Move pauses and what was changed by hand from ``old`` to ``new``; the rest is taken away.

    Args:
        rows: the appointments of ``old`` from ``from_on`` on, held.
    """
    ahead = {one.pk for one in making.ahead(rows, now)}
    changed = _by_hand(old, rows) if keep else set()
    doomed = [one for one in rows if one.pk in ahead and one.pk not in changed]
    stay = [one for one in rows if one not in doomed]
    if not keep:
        stay = [one for one in stay if one.status != making.Status.CANCELLED]
    taken_out = LeftOut.objects.filter(series=old, nth_on__gte=from_on, why=Why.REMOVED)
    removed = list(taken_out.values_list("nth_on", flat=True)) if keep else []
    LeftOut.objects.filter(series=old, nth_on__gte=from_on).delete()
    making.remove(doomed)
    _pauses(old, new, from_on)
    _stand_in(old, new, stay, removed, now)


def _by_hand(old: Series, rows: list[Appointment]) -> set[uuid.UUID]:
    """Which of them are not as the rule has them: moved, longer, elsewhere, or cancelled."""
    if not rows:
        return set()
    days = [one.nth_on for one in rows if one.nth_on is not None]
    numbers = {due.nth_on: due.number for due in queries.dues(old, min(days), max(days))}
    rooms = queries.rooms_of(old)
    found: set[uuid.UUID] = set()
    for one in rows:
        number = numbers.get(one.nth_on) if one.nth_on else None
        room = None
        if number is not None and one.nth_on is not None:
            room = queries.room_of(old, rooms, number, one.nth_on)
        as_ruled = (
            number is not None and one.status == making.Status.BOOKED
            and one.starts_at == one.due_at and one.slot.minutes == old.minutes
            and one.clinician_id == old.clinician_id and one.way == old.way
            and one.room_id == (room.pk if room else None)
            and one.place_id == (room.place_id if room else old.place_id)
        )  # fmt: skip
        if not as_ruled:
            found.add(one.pk)
    return found


def _pauses(old: Series, new: Series, from_on: date) -> None:
    """A pause rests on in the series that follows."""
    begins = min(from_on, new.starts_on)
    for rest in old.pauses.filter(until_on__gte=from_on):
        Pause.objects.create(
            client=new.client, series=new, from_on=max(rest.from_on, begins),
            until_on=rest.until_on, offered=rest.offered, made_at=rest.made_at,
            made_by=rest.made_by,
        )  # fmt: skip
        if rest.from_on >= from_on:
            rest.delete()
        else:
            rest.until_on = from_on - timedelta(1)
            rest.save(update_fields=["until_on"])


def _stand_in(
    old: Series, new: Series, stay: list[Appointment], removed: list[date], now: datetime
) -> None:
    """Each stands for a day of the new rule; one for which there is none stands for itself."""
    said, before = queries.pattern(new), queries.pattern(old)
    monthly = "MONTHLY" in (said.rule.freq, before.rule.freq)
    changed = {one.nth_on for one in stay if one.nth_on is not None} | set(removed)
    if not changed:
        return
    last = max(changed) + timedelta(31)
    days = [day for _n, day in rules.days(said.rule, new.starts_on, new.starts_on, last)]
    found = rules.stand_ins(changed, days, monthly=monthly)
    moved = []
    for one in stay:
        day = found.get(one.nth_on) if one.nth_on else None
        if day is not None:
            one.series, one.nth_on, one.due_at = new, day, said.slot(day).start
        elif one.status == making.Status.BOOKED:
            one.series = one.nth_on = one.due_at = None
        moved.append(one)
    Appointment.objects.bulk_update(moved, ["series", "nth_on", "due_at"])
    LeftOut.objects.bulk_create(
        LeftOut(client=new.client, series=new, nth_on=found[day], why=Why.REMOVED)
        for day in removed if day in found
    )  # fmt: skip
