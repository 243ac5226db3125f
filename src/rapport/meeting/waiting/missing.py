"""Which days of a place whoever accepts it does not get: said before they do.

Its first hour alone is kept while it is offered. To keep a year of hours for everybody in turn
would close them to all others for days; so those that are taken are named instead.
"""

from datetime import date, datetime

from rapport.core import time as clock

from ..appointments.actions import CannotBook
from ..appointments.models import Appointment, Hold, Room
from ..series import actions as series
from ..series import queries as standing
from ..series.models import LeftOut
from . import keeping, places
from .models import Offer

Why = LeftOut.Why


def days(offer: Offer, *, now: datetime) -> list[date]:
    """Days ahead, as far as a standing slot is booked, that are left out when it is accepted now:
    others have the hour, nobody is there, or it is a holiday that is left out."""
    if not offer.hour.standing:
        return []
    wanted = places.wanted(offer, places.kind_of(offer), _room(offer))
    try:
        slot = series.new(by=keeping.BY, client=offer.client, wanted=wanted, now=now)
    except CannotBook:
        return []  # nor can it be accepted
    last = standing.horizon(slot, clock.local(now).date())
    later = standing.dues(slot, slot.starts_on, last)[1:]
    found = standing.foresee(by=keeping.BY, series=slot, wanted=later, now=now, pauses=[])
    out = [due for due, _why in found.left_out] + [one.due for one in found.taken]
    return sorted(due.nth_on for due in out)


def from_accepted(offer: Offer) -> list[date]:
    """The same of one that was accepted: what was left out of the slot that began with it."""
    if not offer.hour.standing or offer.appointment is None:
        return []
    why = (Why.HOLIDAY, Why.AWAY, Why.TAKEN, Why.CLOCK)
    out = LeftOut.objects.filter(series=offer.appointment.series_id, why__in=why)
    return list(out.order_by("nth_on").values_list("nth_on", flat=True))


def _room(offer: Offer) -> Room | None:
    """The room that is kept for its first hour, where one meets in person."""
    if offer.way != Appointment.Way.HERE or offer.hour.hold is None:
        return None
    hold = Hold.objects.filter(pk=offer.hour.hold).select_related("room__place").first()
    return hold.room if hold is not None else None
