"""Answering an offer: taking the hour, or turning it down. Exactly one gets it."""

import uuid
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy

from rapport.core import events, tokens
from rapport.core import time as clock
from rapport.core.action import action
from rapport.core.policy import System
from rapport.people.care_team import actions as care_team
from rapport.people.care_team.models import CareTeamMember

from ..appointments import actions as appointments
from ..appointments import holding
from ..appointments.models import Appointment, Hold, Room
from ..diaries import rooms
from ..events import OfferAccepted
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
}


class Closed(Exception):
    """This offer cannot be answered so any more. ``code`` says why; the message is safe."""

    def __init__(self, code: str) -> None:
        super().__init__(str(SAID[code]))
        self.code = code


@action("offer.answer")
def accept(*, by: Any, offer: Offer, now: datetime) -> Offer:
    """Take the hour: it is booked, and nobody else gets it. Sent twice, it is booked once.

    Announces OfferAccepted, and OfferGone for each other who was asked.

    Raises:
        Closed: too late, taken, turned down before, taken back, or it has begun.
    """
    hour = rounds.locked(offer.hour)
    fresh = _fresh(offer, hour)
    if fresh.state == State.ACCEPTED:
        return fresh
    still_open(fresh, now)
    fresh.appointment = _booked(fresh, now)
    fresh.state, fresh.answered_at = State.ACCEPTED, now
    fresh.answered_by = by if by.is_authenticated and not by.is_system else None
    fresh.save(update_fields=["state", "answered_at", "answered_by", "appointment"])
    WaitingEntry.objects.filter(pk=fresh.entry_id).update(state="PLACED", closed_at=now)
    rounds.end(hour, Hour.GIVEN, State.GONE, now)
    events.announce(OfferAccepted(fresh.pk))
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


def _booked(offer: Offer, now: datetime) -> Appointment:
    hour, room = offer.hour, _room(offer, now)
    first = Appointment.Kind.FIRST if offer.entry.wants == "FIRST" else Appointment.Kind.SESSION
    try:
        return appointments.book(
            by=BY, client=offer.client, clinician=hour.clinician, slot=offer.slot, now=now,
            kind=offer.type.kind if offer.type else first, way=offer.way, type=offer.type,
            place=hour.place, room=room, once=offer.pk,
            hold=Hold.objects.filter(pk=hour.hold).first() if hour.hold else None,
        )  # fmt: skip
    except appointments.CannotBook as problem:
        raise Closed("GONE") from problem


def _room(offer: Offer, now: datetime) -> Room | None:
    """The room it takes in person: the hour's, else where the type needs one a free one there.

    Raises:
        Closed: none is free.
    """
    hour = offer.hour
    if offer.way != Appointment.Way.HERE:
        return None
    if hour.room or hour.place is None or offer.type is None or not offer.type.needs_room:
        return hour.room
    people = holding.around(offer.client)[0]
    holding.wait_for([*holding.things(people, hour.clinician_id, None), *rooms.things(by=BY)])
    found = rooms.first_free(place=hour.place, slot=offer.slot, client=offer.client, now=now)
    if found is None:
        raise Closed("GONE")
    return found


def join_care_team(*, offer_id: uuid.UUID, now: datetime) -> None:
    """Let a clinician who did not care for the client join the care team, so that they see
    whom they meet. After the booking: whoever waits for a client's row holds nothing else.
    """
    rows = Offer.objects.filter(pk=offer_id, state=State.ACCEPTED)
    offer = rows.select_related("client", "hour__clinician").first()
    if offer is None:
        return
    staff, team = offer.hour.clinician, CareTeamMember.objects.filter(client=offer.client)
    if not team.filter(staff=staff, until_on=None).exists():
        today = clock.local(now).date()
        care_team.assign(by=BY, client=offer.client, staff=staff, on=today)


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
