"""Making the appointments of a standing slot: each day its rule names once, no more, no less.

A day has an appointment or a line that says why not, never both. Called by actions, inside
their transaction.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from rapport.core import events
from rapport.core import time as clock

from ..appointments import holding
from ..appointments.actions import CannotBook
from ..appointments.models import Appointment, Occupancy
from ..events import AppointmentBooked, AppointmentsRemoved
from . import queries
from .models import LeftOut, Series
from .queries import Foreseen, Taken
from .rules import Due

NEAR = 7  # days in which a new appointment is announced by itself
Status, Why = Appointment.Status, LeftOut.Why


class Clashes(CannotBook):
    """Some of the hours are taken. Nothing was booked; ``taken`` says which, and why."""

    def __init__(self, taken: list[Taken]) -> None:
        super().__init__("", _("Some of these hours are taken. Leave those out, or choose others."))
        self.taken = taken


def fill(
    *, by: Any, series: Series, first: date, last: date, now: datetime,
    without: Collection[date] = (), strict: bool = False, late: str = "",
) -> Foreseen:  # fmt: skip
    """Make what is missing from ``first`` to ``last``, and say of the rest why there is none.

    Args:
        strict: an hour that is taken stops everything.
        without: days that may be left out when their hour is taken: somebody knows of them.
        late: as ``queries.foresee``.

    Raises:
        Clashes: see ``strict``.
    """
    wanted = _missing(series, queries.dues(series, first, last))
    return make(by=by, series=series, wanted=wanted, now=now, without=without, strict=strict,
                late=late)  # fmt: skip


def _missing(series: Series, dues: list[Due]) -> list[Due]:
    """Those that have neither an appointment nor a reason to have none."""
    if not dues:
        return []
    first, last = dues[0].nth_on, dues[-1].nth_on
    within = {"series": series, "nth_on__range": (first, last)}
    known = set(Appointment.objects.filter(**within).values_list("nth_on", flat=True))
    known |= set(LeftOut.objects.filter(**within).values_list("nth_on", flat=True))
    return [due for due in dues if due.nth_on not in known]


def make(
    *, by: Any, series: Series, wanted: list[Due], now: datetime,
    without: Collection[date] = (), strict: bool = False, late: str = "", insist: bool = False,
) -> Foreseen:  # fmt: skip
    """The same for days that are known to be missing."""
    people, _episode = holding.around(series.client)
    rooms = queries.rooms_of(series)
    everything = {
        one for room in (None, *rooms.values()) for one in queries.things_of(series, people, room)
    } | {*queries.shelf_of(series).things}
    holding.wait_for(everything)
    holding.let_expired_go(everything, now=now)
    found = queries.foresee(by=by, series=series, wanted=wanted, now=now, late=late, insist=insist)
    known = {one.due.nth_on for one in found.taken} & set(without)
    if strict and len(known) < len(found.taken):
        raise Clashes(found.taken)
    try:
        with transaction.atomic():
            _write(by, series, found, now, known)
    except IntegrityError as problem:
        words = _("The calendar changed at this moment. Try again.")
        raise CannotBook("", words) from problem
    return found


def _write(
    by: Any, series: Series, found: Foreseen, now: datetime, known: Collection[date]
) -> None:
    made, taken = [], []
    address = series.video_url
    for due in found.met:
        one = _appointment(by, series, found, due, address, now)
        made.append(one)
        taken += [Occupancy(kind=kind, thing=thing, starts_at=one.starts_at, ends_at=one.ends_at,
                            appointment=one)
                  for kind, thing in found.things[due.nth_on]]  # fmt: skip
    out, kept = _left_out(series, found)
    for line in out:
        line.seen_at = now if line.nth_on in known else None
    Appointment.objects.bulk_create(made)
    LeftOut.objects.bulk_create(out)
    Occupancy.objects.bulk_create([*taken, *kept])
    for one in made:
        if 0 <= (one.starts_at - now).days < NEAR:
            events.announce(AppointmentBooked(one.pk))


def _appointment(
    by: Any, series: Series, found: Foreseen, due: Due, address: str, now: datetime
) -> Appointment:
    room = queries.room_of(series, found.rooms, due.number, due.nth_on)
    slot = due.slot
    assert slot is not None  # a day that is met has its hour
    return Appointment(
        client=series.client, clinician_id=series.clinician_id, episode_id=found.episode,
        place_id=room.place_id if room else series.place_id, room=room, kind=series.kind,
        type_id=series.type_id, series=series, nth_on=due.nth_on, due_at=slot.start,
        way=series.way, starts_at=slot.start, ends_at=slot.end, video_url=address,
        booked_by=None if by.is_system else by, booked_at=now,
    )  # fmt: skip


def _left_out(series: Series, found: Foreseen) -> tuple[list[LeftOut], list[Occupancy]]:
    """The days without a meeting, and the hours that are kept for those that rest."""
    out = [_line(series, due, why) for due, why in found.left_out]
    out += [_line(series, one.due, Why.TAKEN) for one in found.taken]
    kept: list[Occupancy] = []
    for due, rest, keeps in found.resting:
        line = _line(series, due, Why.PAUSE)
        line.pause = rest
        out.append(line)
        if keeps and due.slot is not None:
            kept += keep_for(line, found.things[due.nth_on], due.slot)
    return out, kept


def _line(series: Series, due: Due, why: str) -> LeftOut:
    return LeftOut(client=series.client, series=series, nth_on=due.nth_on, why=why)


def keep_for(line: LeftOut, things: Iterable[holding.Thing], slot: Any) -> list[Occupancy]:
    """Rows that keep an hour for a day that rests."""
    return [
        Occupancy(kind=kind, thing=thing, starts_at=slot.start, ends_at=slot.end, left_out=line)
        for kind, thing in things
    ]


# Taking away ------------------------------------------------------------------------------


def locked(series: Series) -> Series:
    """The row as it is now, held until this is done."""
    near = ("client__data_key", "clinician", "place", "type")
    rows = Series.objects.select_related(*near).select_for_update(of=("self",), no_key=True)
    fresh: Series = rows.get(pk=series.pk)
    return fresh


def wait_for_hours(*several: Series) -> None:
    """Wait until nobody else is booking what these slots take: before anything is given back.

    Whoever gives time back first and waits afterwards waits for somebody who waits for it.
    """
    wanted: set[holding.Thing] = set()
    for series in several:
        people, _episode = holding.around(series.client)
        for room in (None, *queries.rooms_of(series).values()):
            wanted.update(queries.things_of(series, people, room))
        wanted.update(queries.shelf_of(series).things)
    holding.wait_for(wanted)


def as_seen(fresh: Series, revision: int) -> None:
    """Go on only with what the person looked at.

    Raises:
        CannotBook: somebody changed it meanwhile.
    """
    if fresh.revision != revision:
        words = _("Somebody changed this standing slot meanwhile. Look at it as it is now.")
        raise CannotBook("", words)


def saved(fresh: Series, *names: str) -> None:
    """Keep what was changed of it."""
    fresh.revision += 1
    fresh.save(update_fields=["revision", *names])


def standing(series: Series, **where: Any) -> list[Appointment]:
    """Its appointments, each held until this is done: taken before anything waits for hours."""
    rows = Appointment.objects.filter(series=series, **where).select_related("room")
    return list(rows.select_for_update(of=("self",)).order_by("pk"))


def ahead(rows: Iterable[Appointment], now: datetime) -> list[Appointment]:
    """Those that are promised still."""
    return [one for one in rows if one.status == Status.BOOKED and one.starts_at > now]


def on_the_wall(series: Series, one: Appointment) -> date:
    """The day on which it is, by the clock of its zone."""
    return one.starts_at.astimezone(clock.zone_named(series.zone)).date()


def remove(appointments: Iterable[Appointment]) -> None:
    """Take them away. One that somebody has written a note about is cancelled instead.

    Announces AppointmentsRemoved.
    """
    gone = list(appointments)
    doomed = {one.pk for one in gone}
    noted: set[Any] = set()
    if doomed:
        try:
            with transaction.atomic():
                Appointment.objects.filter(pk__in=doomed).delete()
        except ProtectedError as problem:
            noted = {getattr(one, "appointment_id", None) for one in problem.protected_objects}
            Occupancy.objects.filter(appointment__in=doomed & noted).delete()
            Appointment.objects.filter(pk__in=doomed & noted).update(
                status=Status.CANCELLED, cancelled_by=Appointment.Side.PRACTICE
            )
            Appointment.objects.filter(pk__in=doomed - noted).delete()
    for client_id in sorted({one.client_id for one in gone}):
        events.announce(AppointmentsRemoved(client_id))
