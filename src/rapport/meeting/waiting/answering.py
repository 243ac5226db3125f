"""Answering an offer: taking the hour, or turning it down. Exactly one gets it."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy

from rapport.core import time as clock
from rapport.core import tokens
from rapport.core.action import action
from rapport.core.policy import System

from ..appointments import actions as appointments
from ..appointments.knowing import may_meet
from ..appointments.models import Appointment, Hold
from . import links, rounds, rules
from .models import FreedHour, Offer, WaitingEntry

BY = System("waiting")
State, Hour, How = rounds.State, rounds.Hour, rounds.How

SAID = {
    "LATE": gettext_lazy("The time to answer is over."),
    "BEGUN": gettext_lazy("That time has begun."),
    "GONE": gettext_lazy("Somebody else was a little faster."),
    "DECLINED": gettext_lazy("You said that you cannot then."),
    "WITHDRAWN": gettext_lazy("This time is not on offer any more."),
    "ACCEPTED": gettext_lazy("You have this time already."),
    "TEAM": gettext_lazy("This clinician is not on the client’s care team and cannot join it so."),
}


class Closed(Exception):
    """This offer cannot be answered so any more. ``code`` says why; the message is safe."""

    def __init__(self, code: str) -> None:
        super().__init__(str(SAID[code]))
        self.code = code


@action("offer.answer")
def accept(*, by: Any, offer: Offer, now: datetime) -> Offer:
    """Take the hour: it is booked, and nobody else gets it. Sent twice, it is booked once.

    Announces AppointmentBooked, and OfferGone for each other who was asked.

    Raises:
        Closed: too late, taken, turned down before, taken back, it has begun, or the clinician
            may not come to know the client so.
    """
    hour = rounds.locked(offer.hour)
    fresh = _fresh(offer, hour)
    if fresh.state == State.ACCEPTED:
        return fresh
    still_open(fresh, now)
    fresh.appointment = _booked(by, fresh, now)
    fresh.state, fresh.answered_at = State.ACCEPTED, now
    fresh.answered_by = by if by.is_authenticated and not by.is_system else None
    fresh.save(update_fields=["state", "answered_at", "answered_by", "appointment"])
    WaitingEntry.objects.filter(pk=fresh.entry_id).update(state="PLACED", closed_at=now)
    rounds.end(hour, Hour.GIVEN, State.GONE, now)
    return fresh


@action("offer.answer")
def decline(*, by: Any, offer: Offer, now: datetime) -> Offer:
    """Turn the hour down; the next in line is asked. They stay on the list.

    Raises:
        Closed: accepted before, too late, taken or taken back.
    """
    hour = rounds.locked(offer.hour)
    fresh = _fresh(offer, hour)
    if fresh.state == State.DECLINED:
        return fresh
    still_open(fresh, now)
    fresh.answered_by = by if by.is_authenticated and not by.is_system else None
    rounds.close(fresh, State.DECLINED, now)
    if not rules.is_quiet(clock.local(now)):
        rounds.go_on(hour, now)
    elif hour.how == How.IN_TURN:
        rounds.let_go(hour)  # in the morning the next is asked
    return fresh


def still_open(offer: Offer, now: datetime) -> None:
    """Look whether the offer can be answered at ``now``.

    Raises:
        Closed: it cannot, and why.
    """
    if offer.state != State.OFFERED:
        code = {State.LAPSED: "LATE", State.IN_LINE: "WITHDRAWN"}.get(State(offer.state))
        raise Closed(code or offer.state)
    if offer.hour.starts_at <= now:
        raise Closed("BEGUN")
    if offer.answer_by is not None and offer.answer_by <= now:
        raise Closed("LATE")


def _booked(by: Any, offer: Offer, now: datetime) -> Appointment:
    hour, here = offer.hour, offer.way == Appointment.Way.HERE
    first = Appointment.Kind.FIRST if offer.entry.wants == "FIRST" else Appointment.Kind.SESSION
    try:
        may_meet(by, offer.client, hour.clinician)
        return appointments.book(
            by=BY, client=offer.client, clinician=hour.clinician, slot=offer.slot, now=now,
            kind=offer.type.kind if offer.type else first, way=offer.way, type=offer.type,
            place=hour.place, room=hour.room if here else None, once=offer.pk,
            hold=Hold.objects.filter(pk=hour.hold).first() if hour.hold else None,
        )  # fmt: skip
    except appointments.CannotBook as problem:
        raise Closed("TEAM" if problem.field == "clinician" else "GONE") from problem


@action("offer.tell")
def written_to(*, by: Any, offer: Offer, how: str) -> str:
    """Make the link that is mailed, or note that nobody could be written to.

    Args:
        how: MAIL or PAGE. Returns the link's path; a link before it stops working.
    """
    changed: dict[str, Any] = {"told": how}
    path = ""
    if how == "MAIL":
        token, digest = tokens.made()
        path, changed = f"{links.OFFER}{token}/", changed | {"token": digest}
    Offer.objects.filter(pk=offer.pk).update(**changed)
    return path


def _fresh(offer: Offer, hour: FreedHour) -> Offer:
    near = ("entry", "client__data_key", "type")
    found = Offer.objects.select_related(*near).get(pk=offer.pk)
    found.hour = hour
    return found
