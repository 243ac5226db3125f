"""Calling off more than one meeting of a standing slot: this and all that follow, or all ahead."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from rapport.core import time as clock
from rapport.core.action import action

from ..appointments import actions as appointments
from ..appointments.actions import CannotBook
from ..appointments.models import Appointment
from . import making
from .actions import from_day, stop
from .by_hand import Answer, to_go
from .models import Series


@action("series.end")
def cancel_following(
    *, by: Any, series: Series, appointment: Appointment, moved: Answer | None = None,
    now: datetime, **given: Any,
) -> Series:  # fmt: skip
    """Call this one off, and with it all that follow; what was moved to before it stays.

    Args:
        moved: what becomes of those that were moved by hand, as ``by_hand.to_go``.
        given: side, revision (of the appointment) and reason, as
            ``appointments.actions.cancel``. They are kept with this one; the following are
            taken away.

    Announces AppointmentCancelled and SeriesEnded. Raises:
        MovedByHand: some of them were, and nobody was shown them.
        CannotBook: as ``appointments.actions.cancel``, or none of this series.
    """
    fresh, nth_on, others = _held(series, appointment, now)
    doomed = to_go(from_day(fresh, others, nth_on), moved)
    appointments.cancel(by=by, appointment=appointment, now=now, **given)
    _ended(fresh, nth_on, doomed)
    return fresh


@action("series.end")
def cancel_all(
    *, by: Any, series: Series, appointment: Appointment, moved: Answer | None = None,
    now: datetime, **given: Any,
) -> Series:  # fmt: skip
    """Call off everything that is ahead; as ``cancel_following``, with ``appointment`` one of
    them."""
    fresh, nth_on, others = _held(series, appointment, now)
    doomed = to_go(others, moved)
    appointments.cancel(by=by, appointment=appointment, now=now, **given)
    _ended(fresh, max(min(nth_on, clock.local(now).date()), fresh.starts_on), doomed)
    return fresh


def _held(
    series: Series, appointment: Appointment, now: datetime
) -> tuple[Series, date, list[Appointment]]:
    """The slot, the day of its rule, and what else of it is ahead: held until this is done."""
    fresh = making.locked(series)
    if appointment.series_id != fresh.pk or appointment.nth_on is None:
        raise CannotBook("", _("Look at the appointment again: it belongs to no such slot."))
    rows = making.ahead(making.standing(fresh), now)
    making.wait_for_hours(fresh)
    return fresh, appointment.nth_on, [one for one in rows if one.pk != appointment.pk]


def _ended(fresh: Series, on: date, doomed: list[Appointment]) -> None:
    """It ends on that day, unless it ended before."""
    before = fresh.ended_on is not None and fresh.ended_on <= on
    if not before:
        stop(fresh, on, doomed)
    elif doomed and fresh.ended_on is not None:
        stop(fresh, fresh.ended_on, doomed, fresh.ended_with)
