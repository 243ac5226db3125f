"""Offering an hour that fell free: in turn or at once, until one accepts. Exactly one gets it.

Whatever changes an hour or its offers takes hold of the hour's row first, then of the time
(``appointments.holding``), then of entries: so two never wait for each other. A killed worker
loses nothing: what stands in these rows says what comes next, and ``jobs`` goes on.
"""

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.core import events
from rapport.core import time as clock
from rapport.core.action import action
from rapport.core.policy import System
from rapport.people.care_team import actions as care_team
from rapport.people.care_team.models import CareTeamMember
from rapport.people.clients.models import Client

from ..appointments import actions as appointments
from ..appointments import holding
from ..appointments.models import Appointment, Hold, Occupancy
from ..events import OfferAccepted, OfferGone, SlotOffered
from . import links, queries, rules
from .models import FreedHour, Offer, WaitingEntry, WaitingSettings

BY = System("waiting")
State, Hour, How = Offer.State, FreedHour.State, WaitingSettings.How
OPEN = (State.IN_LINE, State.OFFERED)

SAID = {
    "LATE": gettext_lazy("The time to answer is over."),
    "BEGUN": gettext_lazy("That time has begun."),
    "GONE": gettext_lazy("Somebody else was a little faster."),
    "DECLINED": gettext_lazy("You said that you cannot then."),
    "WITHDRAWN": gettext_lazy("This time is not on offer any more."),
    "ACCEPTED": gettext_lazy("You have this time already."),
}


class CannotOffer(Exception):
    """It cannot be offered. The message is safe to show."""


class Closed(Exception):
    """This offer cannot be answered so any more. ``code`` says why; the message is safe."""

    def __init__(self, code: str) -> None:
        super().__init__(str(SAID[code]))
        self.code = code


# Offering ---------------------------------------------------------------------------------


@action("hour.offer")
def offer(
    *, by: Any, hour: FreedHour, now: datetime, how: str,
    only: Collection[uuid.UUID] | None = None,
) -> FreedHour:  # fmt: skip
    """Offer an hour to everybody whom it suits, in order: one after the other, or at once.

    Args:
        how: of WaitingSettings.How. only: ids of entries; None is everybody.

    Announces SlotOffered for each who is asked. Raises:
        CannotOffer: nobody it suits, or it is not free.
    """
    fresh = _locked(hour)
    if fresh.state == Hour.RUNNING:
        return fresh  # pressed twice
    if fresh.state not in (Hour.OPEN, Hour.KEPT, Hour.OVER) or fresh.starts_at <= now:
        raise CannotOffer(_("This hour is not free any more."))
    found = [one for one in queries.fitting(hour=fresh, now=now)
             if only is None or one.entry.pk in only]  # fmt: skip
    at_once = how == How.AT_ONCE
    if at_once:
        found = found[: queries.settings().most_at_once]
    if not found:
        raise CannotOffer(_("Nobody on the waiting list could take this hour now."))
    before = fresh.offers.count()
    Offer.objects.bulk_create(
        Offer(
            hour=fresh, round=fresh.round, position=before + number, entry=one.entry,
            client=one.entry.client, type_id=one.fit.kind and uuid.UUID(one.fit.kind),
            way=one.fit.way, minutes=one.fit.minutes, because=list(one.fit.because),
        )
        for number, one in enumerate(found, start=1)
    )  # fmt: skip
    fresh.state, fresh.how, fresh.settled_at = Hour.RUNNING, How.AT_ONCE if at_once else how, None
    fresh.save(update_fields=["state", "how", "settled_at"])
    _go_on(fresh, now)
    if fresh.state == Hour.GONE:
        raise CannotOffer(_("This hour is not free any more."))
    return fresh


@action("hour.pass_on")
def pass_on(*, by: Any, hour: FreedHour, now: datetime) -> FreedHour:
    """What comes next for an hour whose offers ran out, or whose time has come. Once each."""
    fresh = _locked(hour)
    if fresh.state not in (Hour.OPEN, Hour.RUNNING):
        return fresh
    if fresh.starts_at <= now:
        _end(fresh, Hour.OVER, State.LAPSED, now)
        return fresh
    late = fresh.offers.filter(state=State.OFFERED, answer_by__lte=now)
    for one in late.order_by("position"):
        _close(one, State.LAPSED, now)
    if fresh.state == Hour.RUNNING and not rules.is_quiet(clock.local(now)):
        _go_on(fresh, now)
    return fresh


@action("hour.offer")
def stop(*, by: Any, hour: FreedHour, now: datetime) -> FreedHour:
    """Take the hour back from whoever is asked; who was asked is told. It is free again."""
    fresh = _locked(hour)
    if fresh.state == Hour.RUNNING:
        _end(fresh, Hour.OPEN, State.WITHDRAWN, now)
    return fresh


@action("hour.offer")
def keep(*, by: Any, hour: FreedHour, now: datetime) -> FreedHour:
    """Offer it to nobody. ``open_again`` undoes it."""
    fresh = _locked(hour)
    if fresh.state in (Hour.OPEN, Hour.RUNNING):
        _end(fresh, Hour.KEPT, State.WITHDRAWN, now)
    return fresh


@action("hour.offer")
def open_again(*, by: Any, hour: FreedHour, now: datetime) -> FreedHour:
    """Undo ``keep``: it can be offered."""
    fresh = _locked(hour)
    if fresh.state == Hour.KEPT and fresh.starts_at > now:
        fresh.state, fresh.settled_at = Hour.OPEN, None
        fresh.save(update_fields=["state", "settled_at"])
    return fresh


# Answering --------------------------------------------------------------------------------


@action("offer.answer")
def accept(*, by: Any, offer: Offer, now: datetime) -> Offer:
    """Take the hour: it is booked, and nobody else gets it. Sent twice, it is booked once.

    A clinician who did not care for the client joins the care team, so that they see whom
    they meet. Announces OfferAccepted, and OfferGone for each other who was asked.

    Raises:
        Closed: too late, taken, turned down before, taken back, or it has begun.
    """
    hour = _locked(offer.hour)
    fresh = _fresh(offer, hour)
    if fresh.state == State.ACCEPTED:
        return fresh
    still_open(fresh, now)
    fresh.appointment = _booked(fresh, now)
    fresh.state, fresh.answered_at = State.ACCEPTED, now
    fresh.answered_by = by if by.is_authenticated and not by.is_system else None
    fresh.save(update_fields=["state", "answered_at", "answered_by", "appointment"])
    WaitingEntry.objects.filter(pk=fresh.entry_id).update(state="PLACED", closed_at=now)
    _end(hour, Hour.GIVEN, State.GONE, now)
    _join_care_team(fresh.client, hour, now)
    events.announce(OfferAccepted(fresh.pk))
    return fresh


@action("offer.answer")
def decline(*, by: Any, offer: Offer, now: datetime) -> Offer:
    """Turn the hour down; the next in line is asked. They stay on the list.

    Raises:
        Closed: accepted before, too late, taken or taken back.
    """
    hour = _locked(offer.hour)
    fresh = _fresh(offer, hour)
    if fresh.state == State.DECLINED:
        return fresh
    still_open(fresh, now)
    fresh.answered_by = by if by.is_authenticated and not by.is_system else None
    _close(fresh, State.DECLINED, now)
    if not rules.is_quiet(clock.local(now)):
        _go_on(hour, now)
    elif hour.how == How.IN_TURN:
        _let_go(hour)  # in the morning the next is asked
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
    hour, here = offer.hour, offer.way == Appointment.Way.HERE
    first = Appointment.Kind.FIRST if offer.entry.wants == "FIRST" else Appointment.Kind.SESSION
    try:
        return appointments.book(
            by=BY, client=offer.client, clinician=hour.clinician, slot=offer.slot, now=now,
            kind=offer.type.kind if offer.type else first, way=offer.way, type=offer.type,
            place=hour.place, room=hour.room if here else None, once=offer.pk,
            hold=Hold.objects.filter(pk=hour.hold).first() if hour.hold else None,
        )  # fmt: skip
    except appointments.CannotBook as problem:
        raise Closed("GONE") from problem


def _join_care_team(client: Client, hour: FreedHour, now: datetime) -> None:
    team = CareTeamMember.objects.filter(client=client, until_on=None)
    if not team.filter(staff=hour.clinician_id).exists():
        today = clock.local(now).date()
        care_team.assign(by=BY, client=client, staff=hour.clinician, on=today)


# Telling ----------------------------------------------------------------------------------


@action("offer.tell")
def written_to(*, by: Any, offer: Offer, how: str) -> str:
    """Make the link that is mailed, or note that nobody could be written to.

    Args:
        how: MAIL or PAGE. Returns the link's path; a link before it stops working.
    """
    path, changed = "", {"told": how}
    if how == "MAIL":
        token, digest = links.made()
        path, changed = f"{links.OFFER}{token}/", changed | {"token": digest}
    Offer.objects.filter(pk=offer.pk).update(**changed)
    return path


# What they share --------------------------------------------------------------------------


def _locked(hour: FreedHour) -> FreedHour:
    rows = FreedHour.objects.select_for_update(of=("self",))
    return rows.select_related("clinician", "place", "room").get(pk=hour.pk)


def _fresh(offer: Offer, hour: FreedHour) -> Offer:
    near = ("entry", "client__data_key", "type")
    found = Offer.objects.select_related(*near).get(pk=offer.pk)
    found.hour = hour
    return found


def take_back_from(*, client: Client, entry: WaitingEntry, now: datetime) -> None:
    """Let an entry have no open offer any more; what was offered to it goes to the next."""
    standing = Offer.objects.filter(entry=entry, state__in=OPEN)
    for pk in list(standing.order_by("hour").values_list("hour", flat=True)):
        hour = _locked(FreedHour(pk=pk))
        open_now = hour.offers.filter(entry=entry, state__in=OPEN)
        for one in open_now:
            _close(one, State.WITHDRAWN, now)
        if not rules.is_quiet(clock.local(now)):
            _go_on(hour, now)


def _close(offer: Offer, state: str, now: datetime) -> None:
    """End one offer, so that they wait on. One who was in line never knew: no trace is left,
    and another time they can be asked."""
    if offer.state == State.IN_LINE:
        offer.delete()
        return
    offer.state, offer.answered_at = state, now
    offer.save(update_fields=["state", "answered_at", "answered_by"])
    WaitingEntry.objects.filter(pk=offer.entry_id, state="OFFERED").update(state="WAITING")


def _end(hour: FreedHour, state: str, others: str, now: datetime) -> None:
    """End the round: whoever was asked is told, whoever was in line never knew of it."""
    for one in hour.offers.filter(state__in=OPEN).order_by("position"):
        asked = one.state == State.OFFERED
        _close(one, others, now)
        if asked and others != State.LAPSED:
            events.announce(OfferGone(one.pk))
    _let_go(hour)
    hour.state, hour.settled_at = state, None if state == Hour.OPEN else now
    hour.save(update_fields=["state", "settled_at", "hold"])


def _go_on(hour: FreedHour, now: datetime) -> None:
    """Ask the next in line, or everybody at once. With nobody left the hour is open again."""
    if hour.state != Hour.RUNNING or hour.offers.filter(state=State.OFFERED).exists():
        return
    _let_go(hour)
    line = list(hour.offers.filter(state=State.IN_LINE).select_related("client")
                .order_by("position"))  # fmt: skip
    at_once = hour.how == How.AT_ONCE
    for some in [line] if at_once and line else [[one] for one in line]:
        if _ask(hour, some, now, alone=not at_once):
            return
        if hour.state == Hour.GONE:
            _end(hour, Hour.GONE, State.GONE, now)
            return
    _end(hour, Hour.OPEN, State.WITHDRAWN, now)


def _ask(hour: FreedHour, line: list[Offer], now: datetime, *, alone: bool) -> bool:
    """Keep the hour and ask these; False when nobody could be. A hold for one takes their
    time as well, so that nobody else books it meanwhile."""
    minutes = queries.settings().answer_minutes
    until = rules.answer_by(clock.local(now), minutes, starts=hour.starts_at)
    people = holding.around(line[0].client)[0] if alone else []
    if not _keep(hour, people, line[0] if alone else None, until, now):
        for one in line:
            if hour.state != Hour.GONE:  # not the hour: they meet somebody else then
                _close(one, State.WITHDRAWN, now)
        return False
    asked = [one for one in line if _is_free(one)]
    for one in line:
        if one not in asked:
            _close(one, State.WITHDRAWN, now)
    for one in asked:
        one.state, one.offered_at, one.answer_by = State.OFFERED, now, until
        one.save(update_fields=["state", "offered_at", "answer_by"])
        events.announce(SlotOffered(one.pk))
    if not asked:
        _let_go(hour)
    return bool(asked)


def _is_free(offer: Offer) -> bool:
    """Take the entry for this offer; False when they have another one, or left the list."""
    waits = WaitingEntry.objects.filter(pk=offer.entry_id, state="WAITING")
    return bool(waits.update(state="OFFERED"))


def _keep(
    hour: FreedHour, people: list[uuid.UUID], one: Offer | None, until: datetime, now: datetime
) -> bool:
    """Keep the hour's time until ``until``; the hour is GONE when its own time is taken."""
    wanted = holding.things(people, hour.clinician_id, hour.room_id)
    hold = Hold(
        clinician=hour.clinician, client=one.client if one else None, room=hour.room,
        type_id=one.type_id if one else None, way=one.way if one else hour.ways[0],
        starts_at=hour.starts_at, ends_at=hour.ends_at, made_at=now, expires_at=until,
    )  # fmt: skip
    holding.wait_for(wanted)
    holding.let_expired_go(wanted, now=now)
    try:
        holding.keep(hold, wanted)
    except IntegrityError:
        if _taken(hour):
            hour.state = Hour.GONE
        return False
    hour.hold = hold.pk
    hour.save(update_fields=["hold"])
    return True


def _taken(hour: FreedHour) -> bool:
    ours = Q(kind="CLINICIAN", thing=hour.clinician_id)
    if hour.room_id is not None:
        ours |= Q(kind="ROOM", thing=hour.room_id)
    held = Occupancy.objects.filter(starts_at__lt=hour.ends_at, ends_at__gt=hour.starts_at)
    return held.filter(ours).exists()


def _let_go(hour: FreedHour) -> None:
    """Keep the hour's time no longer."""
    if hour.hold is not None:
        with transaction.atomic():
            Hold.objects.filter(pk=hour.hold).delete()
        hour.hold = None
        hour.save(update_fields=["hold"])
