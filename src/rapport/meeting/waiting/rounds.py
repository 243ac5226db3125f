"""A round of offers: who is asked next, and how the hour is kept meanwhile.

Called with the hour locked, from actions alone. Whatever changes an hour or its offers takes
hold of the hour's row first, then of the time (``appointments.holding``), then of entries: so
two never wait for each other. A killed worker loses nothing: what stands in these rows says
what comes next.
"""

import uuid
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max, Q

from rapport.core import events
from rapport.core import time as clock

from ..appointments import holding
from ..appointments.models import Hold, Occupancy
from ..equipment.taking import NotFree
from ..events import OfferGone, SlotOffered
from . import keeping, queries, rules
from .models import FreedHour, Offer, WaitingEntry, WaitingSettings

State, Hour, How = Offer.State, FreedHour.State, WaitingSettings.How
OPEN = (State.IN_LINE, State.OFFERED)


def locked(hour: FreedHour) -> FreedHour:
    """The hour as it is now, held until this is done."""
    rows = FreedHour.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("clinician", "place", "room").get(pk=hour.pk)


def take_back_from(entry: WaitingEntry, now: datetime) -> None:
    """Let an entry have no open offer any more; what was offered to it goes to the next."""
    standing = Offer.objects.filter(entry=entry, state__in=OPEN)
    for pk in list(standing.order_by("hour").values_list("hour", flat=True)):
        hour = locked(FreedHour(pk=pk))
        open_now = hour.offers.filter(entry=entry, state__in=OPEN)
        for one in open_now:
            close(one, State.WITHDRAWN, now)
        if not rules.is_quiet(clock.local(now)):
            go_on(hour, now)


def close(offer: Offer, state: str, now: datetime) -> None:
    """End one offer, so that they wait on. One who was in line never knew: no trace is left,
    and another time they can be asked."""
    if offer.state == State.IN_LINE:
        offer.delete()
        return
    offer.state, offer.answered_at = state, now
    offer.save(update_fields=["state", "answered_at", "answered_by"])
    WaitingEntry.objects.filter(pk=offer.entry_id, state="OFFERED").update(state="WAITING")


def end(hour: FreedHour, state: str, others: str, now: datetime) -> None:
    """End the round: whoever was asked is told, whoever was in line never knew of it."""
    for one in hour.offers.filter(state__in=OPEN).order_by("position"):
        asked = one.state == State.OFFERED
        close(one, others, now)
        if asked and others != State.LAPSED:
            events.announce(OfferGone(one.pk))
    let_go(hour)
    hour.state, hour.settled_at = state, None if state == Hour.OPEN else now
    hour.save(update_fields=["state", "settled_at", "hold"])


def go_on(hour: FreedHour, now: datetime) -> None:
    """Ask the next in line, or everybody at once. With nobody left the hour is open again."""
    if hour.state != Hour.RUNNING or hour.offers.filter(state=State.OFFERED).exists():
        return
    let_go(hour)
    line = list(hour.offers.filter(state=State.IN_LINE).select_related("client", "type")
                .order_by("position"))  # fmt: skip
    at_once = hour.how == How.AT_ONCE
    for some in [line] if at_once and line else [[one] for one in line]:
        if _ask(hour, some, now, alone=not at_once):
            return
        if hour.state == Hour.GONE:
            end(hour, Hour.GONE, State.GONE, now)
            return
    end(hour, Hour.OPEN, State.WITHDRAWN, now)


def _ask(hour: FreedHour, line: list[Offer], now: datetime, *, alone: bool) -> bool:
    """Keep the hour and ask these; False when nobody could be. A hold for one takes their
    time as well, so that nobody else books it meanwhile. It keeps the room and the equipment
    that a meeting so offered needs: whom there is none for is not asked."""
    minutes = queries.settings().answer_minutes
    until = rules.answer_by(clock.local(now), minutes, starts=hour.starts_at)
    people = holding.around(line[0].client)[0] if alone else []
    kept = _keep(hour, people, line, until, now)
    if not kept:
        for one in line:
            if hour.state != Hour.GONE:  # not the hour: they meet somebody else then
                close(one, State.WITHDRAWN, now)
        return False
    asked = [one for one in kept if _is_free(one)]
    for one in line:
        if one not in asked:
            close(one, State.WITHDRAWN, now)
    for one in asked:
        one.state, one.offered_at, one.answer_by = State.OFFERED, now, until
        one.save(update_fields=["state", "offered_at", "answer_by"])
        events.announce(SlotOffered(one.pk))
    if not asked:
        let_go(hour)
    return bool(asked)


def _is_free(offer: Offer) -> bool:
    """Take the entry for this offer; False when they have another one, or left the list."""
    waits = WaitingEntry.objects.filter(pk=offer.entry_id, state="WAITING")
    return bool(waits.update(state="OFFERED"))


def _keep(
    hour: FreedHour, people: list[uuid.UUID], line: list[Offer], until: datetime, now: datetime
) -> list[Offer]:
    """Keep the hour's time until ``until``, and what those need who are returned; the hour is
    GONE when its own time is taken.

    Args:
        people: of the one who is asked alone; nobody where several are asked at once.
    """
    one = line[0] if people else None
    spare = keeping.Spare(hour, {kind for each in line for kind in keeping.needs(each)})
    ours = holding.things(people, hour.clinician_id, spare.room.pk if spare.room else None)
    holding.wait_for([*ours, *spare.things])
    holding.let_expired_go(ours, now=now)
    lacks = spare.look(now=now, client=one.client if one else None).lacks
    can = [each for each in line if not keeping.needs(each) & lacks]
    if not can:
        return []
    hold = Hold(
        clinician=hour.clinician, client=one.client if one else None, room=spare.room,
        type_id=one.type_id if one else None, way=one.way if one else hour.ways[0],
        starts_at=hour.starts_at, ends_at=hour.ends_at, made_at=now, expires_at=until,
    )  # fmt: skip
    try:
        pieces = spare.taken(kind for each in can for kind in keeping.needs(each))
        wanted = holding.things(people, hour.clinician_id, spare.room.pk if spare.room else None)
        holding.whole(lambda: holding.keep(hold, [*wanted, *pieces]), [*wanted, *pieces], now=now)
    except NotFree:
        return []
    except IntegrityError:
        if _taken(hour):
            hour.state = Hour.GONE
        return []
    hour.hold = hold.pk
    hour.save(update_fields=["hold"])
    return can


def _taken(hour: FreedHour) -> bool:
    ours, room = Q(kind="CLINICIAN", thing=hour.clinician_id), keeping.room_of(hour)
    if room is not None:
        ours |= Q(kind="ROOM", thing=room.pk)
    held = Occupancy.objects.between(hour.starts_at, hour.ends_at)
    return held.filter(ours).exists()


def until(hour: FreedHour, offer: Offer, at: datetime) -> None:
    """Let one offer be answered until ``at``, and keep the hour for as long as any can be."""
    offer.answer_by = at
    offer.save(update_fields=["answer_by", "told"])
    open_now = hour.offers.filter(state=State.OFFERED)
    last = open_now.aggregate(last=Max("answer_by"))["last"]
    Hold.objects.filter(pk__in=[hour.hold]).update(expires_at=last)


def let_go(hour: FreedHour) -> None:
    """Keep the hour's time no longer."""
    if hour.hold is not None:
        with transaction.atomic():
            Hold.objects.filter(pk=hour.hold).delete()
        hour.hold = None
        hour.save(update_fields=["hold"])
