"""What stands in the way of a meeting, in words that tell nobody more than they may see."""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from rapport.core import time as clock

from .holding import Thing
from .models import Appointment, Occupancy
from .rules import Slot


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
    clashes = Occupancy.objects.filter(ours, starts_at__lt=slot.end, ends_at__gt=slot.start)
    if but is not None:
        clashes = clashes.exclude(appointment=but)
    # The clinician before the client before the room: who is away matters more than where.
    rank = {"CLINICIAN": 0, "CLIENT": 1, "ROOM": 2}
    rows = sorted(clashes, key=lambda row: (rank[row.kind], row.starts_at))
    if not rows:
        return None
    seen = {a.pk: a for a in _visible(by, rows)}
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
            "%(clinician)s and %(client)s have the room then, from %(start)s to %(end)s."
        ) % given
    return "at", _("%(clinician)s and %(client)s meet then, from %(start)s to %(end)s.") % given
