"""What stands in the way of a meeting, in words that tell nobody more than they may see."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from rapport.core import time as clock

from .holding import Thing
from .models import Appointment, Occupancy, overlapping
from .rules import Slot

AT_ONCE = 100  # slots asked about in one statement


def in_words(
    *, by: Any, slot: Slot, wanted: Iterable[Thing], but: Appointment | None = None
) -> tuple[str, str] | None:
    """The field and the words for the first thing that is taken; None when nothing is.

    With whom and when is said of a meeting that ``by`` may see. Of another only that the
    time is taken, without saying whose, so that an attempt to book tells nothing.

    Args:
        but: an appointment that stands in nobody's way, because it is being moved.
    """
    ours = reduce(or_, (Q(kind=kind, thing=thing) for kind, thing in wanted))
    clashes = Occupancy.objects.between(slot.start, slot.end).filter(ours)
    if but is not None:
        clashes = clashes.exclude(appointment=but)
    rows = list(clashes)
    return _first(rows, {a.pk: a for a in _visible(by, rows)}) if rows else None


def of_each(
    *, by: Any, wanted: Sequence[tuple[Slot, Sequence[Thing]]], now: datetime,
    but: Collection[uuid.UUID] = (),
) -> dict[int, tuple[str, str]]:  # fmt: skip
    """The same for many at once, by their place in ``wanted``; free ones are missing.

    Holds that are over stand in nobody's way. Two statements for each hundred.

    Args:
        but: ids of appointments that stand in nobody's way, because they move away.
    """
    found: dict[int, tuple[str, str]] = {}
    for begin in range(0, len(wanted), AT_ONCE):
        part = wanted[begin : begin + AT_ONCE]
        rows = list(Occupancy.objects.filter(reduce(or_, map(_near, part)))
                    .exclude(hold__expires_at__lte=now))  # fmt: skip
        seen = {a.pk: a for a in _visible(by, rows)} if rows else {}
        for number, (slot, things) in enumerate(part, begin):
            ours = set(things)
            clashes = [
                row for row in rows
                if (row.kind, row.thing) in ours and row.appointment_id not in but
                and row.starts_at < slot.end and row.ends_at > slot.start
            ]  # fmt: skip
            if clashes:
                found[number] = _first(clashes, seen)
    return found


def _near(one: tuple[Slot, Sequence[Thing]]) -> Q:
    """Rows that overlap a slot, found by the index of what they take."""
    slot, things = one
    kinds, ids = {kind for kind, _thing in things}, [thing for _kind, thing in things]
    return Q(overlapping(slot.start, slot.end), kind__in=kinds, thing__in=ids)


def _first(rows: list[Occupancy], seen: dict[Any, Appointment]) -> tuple[str, str]:
    """What is said of rows that stand in the way; ``seen`` are meetings one may know of."""
    # The clinician before the client before the room: who is away matters more than where.
    rank = {"CLINICIAN": 0, "CLIENT": 1, "ROOM": 2, "EQUIPMENT": 3}
    rows = sorted(rows, key=lambda row: (rank[row.kind], row.starts_at))
    known = next((row for row in rows if row.appointment_id in seen), None)
    if known is None:
        return _hidden(rows[0])
    return _said(known, seen[known.appointment_id])


def _visible(by: Any, rows: list[Occupancy]) -> Any:
    found = Appointment.objects.visible_to(by).filter(pk__in=[r.appointment_id for r in rows])
    return found.select_related("client", "clinician")


def _hidden(row: Occupancy) -> tuple[str, str]:
    if row.kind == Occupancy.Kind.ROOM:
        return "where", _("The room is taken at that time.")
    if row.kind == Occupancy.Kind.EQUIPMENT:
        return "at", _("The equipment is taken at that time.")
    return "at", _("That time is taken.")


def _said(row: Occupancy, appointment: Appointment) -> tuple[str, str]:
    given = {
        "clinician": appointment.clinician.display_name,
        "client": appointment.client.name,
        "start": time_format(clock.local(appointment.starts_at), "TIME_FORMAT"),
        "end": time_format(clock.local(appointment.ends_at), "TIME_FORMAT"),
    }
    if row.kind == Occupancy.Kind.ROOM:
        return "where", _(
            "From %(start)s to %(end)s %(clinician)s and %(client)s have the room."
        ) % given
    if row.kind == Occupancy.Kind.EQUIPMENT:
        return "at", _(
            "From %(start)s to %(end)s %(clinician)s and %(client)s have the equipment."
        ) % given
    return "at", _("From %(start)s to %(end)s %(clinician)s and %(client)s meet.") % given
