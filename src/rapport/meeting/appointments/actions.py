"""Changing the diary: book, move, cancel, say what became of it, take back.

Every function is checked, atomic and audited. What holds time holds it in the database;
an attempt on time that is taken fails there and comes back as CannotBook, in words.
"""

import uuid
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _

from rapport.core import events
from rapport.core import time as clock
from rapport.core.action import action
from rapport.core.writing import insert
from rapport.people.clients.models import Client
from rapport.people.practice.models import Place
from rapport.people.staff.models import CLINICAL, Staff

from ..equipment.models import Equipment
from ..events import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentKept,
    AppointmentMissed,
    AppointmentMoved,
    AppointmentRequested,
    AppointmentStands,
    CancelledLate,
    LateTakenBack,
)
from ..terms import queries as terms
from ..types.models import AppointmentType
from . import changing, conflicts, equipped, holding, rules
from .knowing import may_meet
from .models import Appointment, Change, Hold, Room
from .problems import CannotBook as CannotBook
from .problems import fit as fit
from .rules import Slot

Status, What = Appointment.Status, Change.What
LONGEST_REASON = 2000


@action("appointment.book")
def book(
    *, by: Any, client: Client, clinician: Staff, slot: Slot, now: datetime,
    kind: str = Appointment.Kind.SESSION, way: str = Appointment.Way.HERE,
    place: Place | None = None, room: Room | None = None, video_url: str = "",
    once: uuid.UUID | None = None, afterwards: bool = False, type: AppointmentType | None = None,
    hold: Hold | None = None, asked_for: bool = False,
) -> Appointment:  # fmt: skip
    """Promise ``client`` (a person, couple or family) that ``clinician`` meets them in ``slot``.

    Args:
        once: of the form it was sent with. Sent again, the first appointment is returned.
        afterwards: the meeting took place already and is entered now.
        type: what was chosen; the caller takes kind and length from it.
        hold: what kept the time until now; it ends here.
        asked_for: the practice still has to approve it; the time is held meanwhile.

    Equipment that the type needs is taken, of each kind a piece that is free.

    Announces AppointmentBooked or, of what is asked for, AppointmentRequested. Raises:
        CannotBook: a time, place or clinician that cannot be, or that is taken; a client who
            is in the archive; a client whom the clinician may not come to know so.
    """
    in_care(client)
    may_meet(by, client, clinician)
    _there(clinician, room, place, slot)
    _timely(slot, now, afterwards)
    people, episode = holding.around(client)
    appointment = Appointment(
        client=client, clinician=clinician, episode_id=episode, place=room.place if room else place,
        room=room, kind=_one_of(Appointment.Kind, "kind", kind), starts_at=slot.start,
        way=_one_of(Appointment.Way, "way", way), ends_at=slot.end, booked_at=now, once=once,
        video_url=_address(video_url), booked_by=None if by.is_system else by, type=type,
        status=Status.REQUESTED if asked_for else Status.BOOKED,
    )  # fmt: skip
    wanted = holding.things(people, clinician.pk, room.pk if room else None)
    shelf = equipped.shelf(appointment)
    holding.wait_for([*wanted, *shelf.things])
    wanted += equipped.pieces(appointment, shelf, {hold.pk} if hold is not None else (), now)

    def write() -> None:
        if hold is not None:
            Hold.objects.filter(pk=hold.pk).delete()
        insert([appointment])
        holding.take(appointment, wanted)

    try:
        holding.whole(write, wanted, now=now)
    except IntegrityError as problem:
        before = _booked_before(by, client, once)
        if before is not None:
            return before
        raise _taken(by, slot, wanted) from problem
    events.announce((AppointmentRequested if asked_for else AppointmentBooked)(appointment.pk))
    return appointment


@action("appointment.move")
def move(
    *, by: Any, appointment: Appointment, slot: Slot, revision: int, now: datetime,
    clinician: Staff, way: str, place: Place | None = None, room: Room | None = None,
    afterwards: bool = False, type: AppointmentType | None = None, video_url: str | None = None,
    piece: Equipment | None = None,
) -> Appointment:  # fmt: skip
    """Meet at another time, in another place or way, with another clinician, or for another type.

    The room that was taken for meeting there is let go where one does not meet there any more.

    Args:
        revision: of the appointment as the person saw it.
        type: what it is now, with its kind; None leaves it what it was.
        video_url: of this meeting alone; None leaves it.
        piece: the equipment of its kind that it is to have; None leaves what it has, where that
            is free.

    Announces AppointmentMoved. Raises:
        CannotBook: it is not booked any more, somebody changed it meanwhile, or as ``book``.
    """
    fresh = changing.locked(appointment)
    if fresh.way == Appointment.Way.HERE != way and room is not None and room.pk == fresh.room_id:
        place, room = room.place, None
    asked: dict[str, Any] = {
        "starts_at": slot.start, "ends_at": slot.end, "clinician_id": clinician.pk,
        "way": _one_of(Appointment.Way, "way", way), "room_id": room.pk if room else None,
        "place_id": room.place_id if room else place.pk if place else None,
    }  # fmt: skip
    if type is not None:
        asked |= {"type_id": type.pk, "kind": type.kind}
    if video_url is not None:
        asked["video_url"] = _address(video_url)
    had = [one for _kind, one in holding.pieces(holding.held_by(fresh))] if piece else []
    same = all(getattr(fresh, name) == value for name, value in asked.items())
    if same and (piece is None or piece.pk in had):
        return fresh  # sent twice, or nothing to do
    changing.as_seen(fresh, revision)
    if fresh.status != Status.BOOKED:
        raise CannotBook("", _("Only what is booked can be moved. Undo what happened to it first."))
    if clinician.pk != fresh.clinician_id:
        may_meet(by, appointment.client, clinician)
    _there(clinician, room, place, slot)
    _timely(slot, now, afterwards or slot == fresh.slot)
    before, address = changing.as_it_was(fresh), fresh.video_url
    if piece is not None:
        before["pieces"] = [str(one) for one in had]
    _become(by, fresh, asked, now, piece=piece)
    other = address if fresh.video_url != address else None
    changing.note(fresh, What.MOVED, before, by, now, video_url=other)
    events.announce(AppointmentMoved(fresh.pk))
    return fresh


@action("appointment.cancel")
def cancel(
    *, by: Any, appointment: Appointment, side: str, revision: int, now: datetime, reason: str = ""
) -> Appointment:
    """Call the meeting off, or take back that it was asked for, and give its time back.

    By the client, and later than the terms allow that they accepted, it is marked as late.

    Args:
        side: who called it off, of Appointment.Side. reason: kept sealed.

    Announces AppointmentCancelled, and CancelledLate where it is. Raises:
        CannotBook: it took place or was missed, or somebody changed it meanwhile.
    """
    fresh = changing.locked(appointment)
    if fresh.status == Status.CANCELLED and fresh.cancelled_by == side:
        return fresh
    changing.as_seen(fresh, revision)
    if fresh.status not in (Status.BOOKED, Status.REQUESTED):
        raise CannotBook("", _("Only what is booked can be cancelled. Undo that first."))
    if len(reason) > LONGEST_REASON:
        raise CannotBook("reason", _("Use at most %(n)s characters.") % {"n": LONGEST_REASON})
    before = changing.as_it_was(fresh)
    by_client = _one_of(Appointment.Side, "side", side) == Appointment.Side.CLIENT
    fresh.late = by_client and terms.counts_as_late(appointment=fresh, now=now)
    fresh.status, fresh.settled_at, fresh.cancelled_by = Status.CANCELLED, now, side
    changing.note(fresh, What.CANCELLED, before, by, now, reason)
    holding.give_back(fresh)
    events.announce(AppointmentCancelled(fresh.pk))
    if fresh.late:
        events.announce(CancelledLate(fresh.pk))
    return fresh


@action("appointment.settle")
def settle(
    *, by: Any, appointment: Appointment, what: str, revision: int, now: datetime
) -> Appointment:
    """Say that the meeting was kept, or that the client did not come.

    Announces AppointmentKept or AppointmentMissed. Raises:
        CannotBook: it was cancelled, has not begun, or somebody changed it meanwhile.
    """
    fresh = changing.locked(appointment)
    if what not in (Status.KEPT, Status.MISSED):
        raise CannotBook("", _("Say whether it was kept or missed."))
    if fresh.status == what:
        return fresh
    changing.as_seen(fresh, revision)
    if fresh.status == Status.CANCELLED:
        raise CannotBook("", _("It was cancelled. Undo that first."))
    if fresh.status == Status.REQUESTED:
        raise CannotBook("", _("It was only asked for. Confirm it first."))
    if now < fresh.starts_at - rules.EARLY:
        raise CannotBook("", _("It has not begun yet."))
    before = changing.as_it_was(fresh)
    fresh.status, fresh.settled_at = what, now
    changing.note(fresh, what, before, by, now)
    kept = what == Status.KEPT
    events.announce((AppointmentKept if kept else AppointmentMissed)(fresh.pk))
    return fresh


@action("appointment.undo")
def undo(*, by: Any, appointment: Appointment, revision: int, now: datetime) -> Appointment:
    """Take back what last happened to it: it is again what it was before.

    Announces AppointmentMoved when it meets at another time than a moment ago.

    Raises:
        CannotBook: nothing to take back, somebody changed it meanwhile, or its former time
            was given to somebody else since, or its clinician or place is there no more.
    """
    fresh = changing.locked(appointment)
    last = Change.objects.filter(appointment=fresh, revision=fresh.revision).first()
    if last is not None and last.what == What.TAKEN_BACK and fresh.revision == revision + 1:
        return fresh  # sent twice
    changing.as_seen(fresh, revision)
    if last is None or last.what == What.TAKEN_BACK:
        raise CannotBook("", _("There is nothing to take back."))
    now_is, was_late = changing.as_it_was(fresh), fresh.late
    earlier = changing.as_values(last.before)
    fresh.late = bool(earlier.pop("late", False))
    fresh.status, fresh.cancelled_by = earlier.pop("status"), earlier.pop("cancelled_by")
    fresh.settled_at = earlier.pop("settled_at")
    if last.video_url is not None:
        last.client = fresh.client  # its data key is loaded already
        earlier["video_url"] = last.video_url
    was_with, pieces = fresh.clinician_id, earlier.pop("pieces", None)
    moved = any(getattr(fresh, name) != value for name, value in earlier.items())
    back = now_is["status"] == Status.CANCELLED != fresh.status
    if moved or back or pieces is not None:
        _become(by, fresh, earlier, now, rather=[uuid.UUID(one) for one in pieces or ()])
        _there(fresh.clinician, fresh.room, fresh.place, fresh.slot)
    if fresh.clinician_id != was_with:
        may_meet(by, appointment.client, fresh.clinician)
    changing.note(fresh, What.TAKEN_BACK, now_is, by, now)
    if moved:
        events.announce(AppointmentMoved(fresh.pk))
    elif fresh.status == Status.BOOKED:
        events.announce(AppointmentStands(fresh.pk))
    if fresh.late != was_late:
        events.announce((CancelledLate if fresh.late else LateTakenBack)(fresh.pk))
    return fresh


def in_care(client: Client) -> None:
    """Nobody meets somebody whose record was put away.

    Raises:
        CannotBook: they are in the archive.
    """
    if client.archived_at is not None:
        raise CannotBook("", _("This client is in the archive. Bring the client back first."))


# What they share --------------------------------------------------------------------------


def _one_of(choices: Any, field: str, value: str) -> str:
    if value not in choices.values:
        raise CannotBook(field, _("Choose one of the list."))
    return value


def _address(text: str) -> str:
    try:
        return rules.check_address(text)
    except rules.Unfit as problem:
        raise fit(problem) from problem


def _timely(slot: Slot, now: datetime, afterwards: bool) -> None:
    try:
        clock.within_limits(slot.start.date())
        rules.check(slot, now=now, afterwards=afterwards)
    except clock.BadDate as problem:
        raise CannotBook("on", str(problem)) from problem
    except rules.Unfit as problem:
        raise fit(problem) from problem


def _there(clinician: Staff, room: Room | None, place: Place | None, slot: Slot) -> None:
    """The clinician works here that day, and the room and place are open."""
    day: date = clock.local(slot.start).date()
    if CLINICAL.isdisjoint(clinician.roles) or not clinician.works_on(day):
        raise CannotBook("clinician", _("Choose somebody who treats clients here on that day."))
    for one in (room, place):
        if one is not None and one.closed_on is not None and one.closed_on <= day:
            raise CannotBook("where", _("That is closed by then. Choose another place."))


def _booked_before(by: Any, client: Client, once: uuid.UUID | None) -> Appointment | None:
    """What the same form booked when it was sent first."""
    if once is None:
        return None
    mine = Appointment.objects.filter(once=once, client=client)
    return mine.filter(booked_by=None if by.is_system else by).first()


def _taken(
    by: Any, slot: Slot, wanted: list[holding.Thing], but: Appointment | None = None
) -> CannotBook:
    found = conflicts.in_words(by=by, slot=slot, wanted=wanted, but=but)
    return CannotBook(*(found or ("", _("The calendar changed at this moment. Try again."))))


def _become(
    by: Any, fresh: Appointment, wanted_to_be: dict[str, Any], now: datetime,
    piece: Equipment | None = None, rather: Collection[uuid.UUID] = (),
) -> None:  # fmt: skip
    """Let go of the time it had and hold the other; saved by ``changing.note``.

    Args:
        piece, rather: as ``equipped.pieces``; without, it keeps the equipment it has.

    Raises:
        CannotBook: the other is taken. Nothing was changed.
    """
    if fresh.starts_at != wanted_to_be["starts_at"]:
        fresh.confirmed_at = fresh.expected_at = None
        if clock.local(fresh.starts_at).date() != clock.local(wanted_to_be["starts_at"]).date():
            fresh.arrived_at = None
    before = equipped.meets_as(fresh)
    for name, value in wanted_to_be.items():
        setattr(fresh, name, value)
    people, _episode = holding.around(fresh.client)
    wanted = holding.things(people, fresh.clinician_id, fresh.room_id)
    shelf, held = equipped.shelf(fresh), holding.held_by(fresh)
    # For what it lets go of too: two that change places would wait for each other for ever.
    holding.wait_for([*wanted, *shelf.things, *held])
    had = holding.pieces(held)
    if held and equipped.meets_as(fresh) == before and piece is None and not rather:
        wanted += had
    else:
        liked = rather or [thing for _kind, thing in had]
        wanted += equipped.pieces(fresh, shelf, {fresh.pk}, now, liked, piece)

    def write() -> None:
        holding.give_back(fresh)
        holding.take(fresh, wanted)

    try:
        holding.whole(write, wanted, now=now)
    except IntegrityError as problem:
        raise _taken(by, fresh.slot, wanted, but=fresh) from problem
