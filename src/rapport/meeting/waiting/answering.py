"""Answering an offer: taking the hour, or turning it down. Exactly one gets it."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy

from rapport.core import events, tokens
from rapport.core import time as clock
from rapport.core.action import action
from rapport.core.policy import System

from ..appointments import actions as appointments
from ..appointments import holding
from ..appointments.knowing import may_meet
from ..appointments.models import Appointment, Hold, Room
from ..events import AppointmentBooked, ClientActed
from ..series import actions as series
from ..series.making import NEAR
from ..terms import queries as in_terms
from ..terms.actions import accept_with
from ..terms.models import Terms
from . import keeping, links, missing, places, queries, rounds, rules
from .models import FreedHour, Offer, Told, WaitingEntry

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


class Unread(Exception):
    """The client has not accepted the terms that are in force."""


class Fewer(Exception):
    """Days of the place are left out that whoever accepts was not shown. Nothing was booked."""

    def __init__(self, days: list[date]) -> None:
        super().__init__()
        self.days = days


@action("offer.answer")
def accept(
    *, by: Any, offer: Offer, now: datetime, terms: Terms | None = None, language: str = "",
    seen: Collection[date] | None = None,
) -> Offer:  # fmt: skip
    """Take the hour: it is booked, and nobody else gets it. Sent twice, it is booked once. Where
    the place is offered, a standing slot of theirs begins with it.

    Args:
        terms: what the client read and accepted, in ``language``.
        seen: of a place, the days that they were told are left out; None asks for no look.

    Announces AppointmentBooked, of a place SeriesBegun, ClientActed unless somebody here did it
    for them, and OfferGone for each other who was asked.

    Raises:
        Closed: too late, taken, turned down before, taken back, it has begun, or the clinician
            may not come to know the client so.
        Unread: there are terms in force that the client has not accepted.
        Fewer: more days are left out than ``seen``.
    """
    hour = rounds.locked(offer.hour)
    fresh = _fresh(offer, hour)
    if fresh.state == State.ACCEPTED:
        return fresh
    still_open(fresh, now)
    asked = in_terms.to_read(by=by, client=fresh.client, now=now)
    if asked is not None and terms != asked:
        raise Unread
    fresh.appointment = _booked(by, fresh, now)
    left_out = missing.from_accepted(fresh)
    if seen is not None and set(left_out) - set(seen):
        raise Fewer(left_out)
    accept_with(fresh.appointment, asked, language, now)
    fresh.state, fresh.answered_at = State.ACCEPTED, now
    fresh.answered_by = by if by.is_authenticated and not by.is_system else None
    fresh.save(update_fields=["state", "answered_at", "answered_by", "appointment"])
    WaitingEntry.objects.filter(pk=fresh.entry_id).update(state="PLACED", closed_at=now)
    rounds.end(hour, Hour.GIVEN, State.GONE, now)
    if not by.is_system and by.staff is None:
        events.announce(ClientActed(fresh.appointment.pk))
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
    hour, room, kind = offer.hour, _room(offer, now), places.kind_of(offer)
    try:
        may_meet(by, offer.client, hour.clinician)
        if hour.standing:
            return _begun(offer, kind, room, now)
        return appointments.book(
            by=BY, client=offer.client, clinician=hour.clinician, slot=offer.slot, now=now,
            kind=kind, way=offer.way, type=offer.type, place=keeping.place_of(hour), room=room,
            once=offer.pk,
            hold=Hold.objects.filter(pk=hour.hold).first() if hour.hold else None,
        )  # fmt: skip
    except appointments.CannotBook as problem:
        raise Closed("TEAM" if problem.field == "clinician" else "GONE") from problem


def _begun(offer: Offer, kind: str, room: Room | None, now: datetime) -> Appointment:
    """The first meeting of a standing slot of their own. What is a first consultation is one
    once: those that follow are sessions.

    Raises:
        Closed: its first hour, or most of the next ones, are somebody else's by now.
    """
    hour = offer.hour
    if not places.is_free(hour, now=now):
        raise Closed("GONE")
    people, needs = holding.around(offer.client)[0], keeping.needs(offer)
    ours = holding.things(people, hour.clinician_id, room.pk if room else None)
    spare = keeping.Spare(hour, needs)
    holding.wait_for([*ours, *spare.things])
    rounds.let_go(hour)
    slot = series.begin(
        by=BY, client=offer.client, wanted=places.wanted(offer, kind, room), now=now, once=offer.pk,
        anyway=True,
    )  # fmt: skip
    first = Appointment.objects.filter(series=slot, starts_at=hour.starts_at).first()
    if first is None:
        raise Closed("GONE")
    if slot.kind != kind:
        first.kind, first.type = kind, offer.type
        first.save(update_fields=["kind", "type"])
        holding.take(first, spare.look(now=now).taken(needs))
    if (first.starts_at - now).days >= NEAR:
        events.announce(AppointmentBooked(first.pk))
    return first


def _room(offer: Offer, now: datetime) -> Room | None:
    """The room it takes in person: the hour's, else where the type needs one the one that is
    kept for it.

    Raises:
        Closed: none is free.
    """
    if offer.way != Appointment.Way.HERE:
        return None
    spare = keeping.Spare(offer.hour, keeping.needs(offer))
    if not spare.seeks_room:
        return spare.room
    people = holding.around(offer.client)[0]
    holding.wait_for([*holding.things(people, offer.hour.clinician_id, None), *spare.things])
    found = spare.look(now=now, client=offer.client).room
    if found is None:
        raise Closed("GONE")
    return found


# Telling them of it -----------------------------------------------------------------------


@action("offer.tell")
def link(*, by: Any, offer: Offer) -> str:
    """Make the link by which they answer. Returns its path; a link before it stops working."""
    token, digest = tokens.made()
    Offer.objects.filter(pk=offer.pk).update(token=digest)
    return f"{links.OFFER}{token}/"


@action("offer.tell")
def reached(*, by: Any, offer: Offer, now: datetime) -> Offer:
    """A message went out: their time to answer begins."""
    return _heard(offer, Told.SENT, now)


@action("offer.call")
def called(*, by: Any, offer: Offer, now: datetime) -> Offer:
    """Somebody told them on the telephone: their time to answer begins. Twice is once."""
    return _heard(offer, Told.CALL, now)


@action("offer.tell")
def not_reached(*, by: Any, offer: Offer, now: datetime) -> Offer:
    """Nothing reached them so far: the hour is kept for them until somebody has called."""
    hour = rounds.locked(offer.hour)
    fresh = _fresh(offer, hour)
    if fresh.state == State.OFFERED and fresh.told not in (Told.PAGE, Told.CALL):
        fresh.told = Told.PAGE
        rounds.until(hour, fresh, hour.starts_at)
    return fresh


def _heard(offer: Offer, how: str, now: datetime) -> Offer:
    """Their time begins at the first that reached them; of what follows nothing changes."""
    hour = rounds.locked(offer.hour)
    fresh = _fresh(offer, hour)
    if fresh.state == State.OFFERED and fresh.told in ("", Told.PAGE):
        fresh.told = how
        minutes = queries.settings().answer_minutes
        rounds.until(hour, fresh, rules.answer_by(clock.local(now), minutes, starts=hour.starts_at))
    return fresh


def _fresh(offer: Offer, hour: FreedHour) -> Offer:
    near = ("entry", "client__data_key", "type")
    found = Offer.objects.select_related(*near).get(pk=offer.pk)
    found.hour = hour
    return found
