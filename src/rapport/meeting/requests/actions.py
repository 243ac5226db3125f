"""Booking by oneself: keeping a time, taking it, moving and calling off; asking as a stranger.

A time that is kept is nobody else's until it runs out. Whoever comes too late reads that it
was just taken; that two never get one hour is the database's business, as everywhere.
"""

import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _

from rapport.core import events
from rapport.core import time as clock
from rapport.core.action import action
from rapport.core.policy import System
from rapport.people.circle import actions as circle
from rapport.people.clients import actions as clients
from rapport.people.clients.models import Client
from rapport.people.practice import queries as practice

from ..appointments import actions as diary
from ..appointments import changing, holding
from ..appointments.models import Appointment, Hold, Occupancy, Room
from ..appointments.problems import CannotBook
from ..availability.queries import Opening
from ..diaries import rooms
from ..equipment.taking import NotFree, Shelf
from ..events import ClientActed, FirstConsultationBooked
from ..terms import queries as in_terms
from ..terms.actions import accept_with
from ..terms.models import Terms
from . import queries, staying
from .models import Introduction, SelfBooking
from .queries import Choice

Kind = Occupancy.Kind
PUBLIC = System("public")
MOST_HELD = 5  # times that strangers at one address keep at once
LONGEST_WORDS = 300


class Taken(CannotBook):
    """The time is somebody else's now."""

    def __init__(self) -> None:
        super().__init__("at", _("That time was just taken. Nothing you wrote is lost."))


class CountsAsLate(CannotBook):
    """Calling it off now is late, and the client was not told so before."""

    def __init__(self) -> None:
        super().__init__("", _("It counts as late by now. Read this once more."))


# Keeping a time ---------------------------------------------------------------------------


@action("appointment.hold")
def hold(*, by: Any, client: Client, choice: Choice, now: datetime) -> Hold:
    """Keep a time for five minutes for a client who books it; any other they kept is let go.

    Raises:
        Taken: it is not free any more. CannotBook: it is nothing this client may book.
    """
    _offered(client, choice)
    return _keep(by, client, choice, str(client.pk), now)


@action("appointment.ask_first")
def hold_first(
    *, by: Any, choice: Choice, visitor: str, instead: uuid.UUID | None, now: datetime
) -> Hold:
    """The same for somebody without an account.

    Args:
        visitor: a keyed hash of where they come from. instead: what they kept before.

    Raises:
        Taken: it is not free any more. CannotBook: they keep too many.
    """
    _offered(None, choice)
    return _keep(by, None, choice, visitor, now, instead)


def _keep(
    by: Any, client: Client | None, choice: Choice, visitor: str, now: datetime,
    instead: uuid.UUID | None = None,
) -> Hold:  # fmt: skip
    mine = Hold.objects.filter(visitor=visitor)
    former = list(mine if client is not None else mine.filter(pk__in=[instead]))
    things = _wait(by, client, choice, _of_holds(former))
    holding.let_expired_go(things, now=now)
    same = mine.filter(starts_at=choice.slot.start, ends_at=choice.slot.end, way=choice.way,
                       clinician=choice.clinician, type=choice.type)  # fmt: skip
    if client is not None and (twice := same.first()) is not None:
        return twice
    Hold.objects.filter(pk__in=[one.pk for one in former]).delete()
    if client is None and mine.filter(expires_at__gt=now).count() >= MOST_HELD:
        raise CannotBook("", _("Several times are kept for you already. Book one of them, or "
                               "wait five minutes."))  # fmt: skip
    opening = queries.opening_at(by=by, choice=choice, now=now, client=client)
    if opening is None:
        raise Taken
    kept = Hold(
        clinician=choice.clinician, client=client, room=opening.room, type=choice.type,
        way=choice.way, starts_at=choice.slot.start, ends_at=choice.slot.end, made_at=now,
        expires_at=now + holding.KEPT_FOR, visitor=visitor,
    )  # fmt: skip
    try:
        holding.keep(kept, [*_taking(things, opening.room), *_equipment(choice, opening, now)])
    except (IntegrityError, NotFree) as problem:
        raise Taken from problem
    return kept


def _offered(client: Client | None, choice: Choice) -> None:
    """What is wanted is offered to them, with this clinician.

    Raises:
        CannotBook: it is not, or not any more.
    """
    if choice.type not in queries.offered(client=client) or choice.way not in choice.type.ways:
        raise CannotBook("", _("This cannot be booked here any more. Choose something else."))
    anybody = client is None or queries.settings().any_clinician
    people = queries.clinicians(client=client, type=choice.type, anybody=anybody)
    if choice.clinician not in people:
        raise CannotBook("", _("Choose somebody else: this clinician is not offered here."))


# Clients ----------------------------------------------------------------------------------


@action("appointment.book_own")
def book_own(
    *, by: Any, client: Client, choice: Choice, hold: Hold | None, terms: Terms | None,
    language: str, once: uuid.UUID, now: datetime,
) -> Appointment:  # fmt: skip
    """Take a time by oneself, or ask for it where the type needs the practice's yes.

    Announces ClientActed, as the two below do, or AppointmentRequested.

    Args:
        hold: what kept it; None where it ran out: then it is taken if it is still free.
        terms: what was read and accepted. once: sent again, the first is returned.

    Raises:
        Taken: somebody else has it. CannotBook: nothing this client may book, too many
            ahead, or other terms are in force by now.
    """
    _wait(by, client, choice)
    before = queries.booked_by(once=once, client=client)
    if before is not None:
        return before
    _offered(client, choice)
    if queries.ahead(client=client, now=now) >= queries.settings().most_ahead:
        raise CannotBook("", _("You have as many times ahead as can be booked here. Write to or "
                               "call your practice for another."))  # fmt: skip
    _read(terms, now)
    with _still_free(by, client, choice, hold, now) as given:
        made = diary.book(
            by=by, client=client, hold=hold, once=once, now=now,
            asked_for=choice.type.needs_approval, **given,
        )  # fmt: skip
    accept_with(made, terms, language, now)
    if made.status == Appointment.Status.BOOKED:
        events.announce(ClientActed(made.pk))
    return made


@action("appointment.move_own")
def move_own(
    *, by: Any, appointment: Appointment, choice: Choice, hold: Hold | None, revision: int,
    now: datetime,
) -> Appointment:  # fmt: skip
    """Meet at another time, by oneself, as long as calling off would not be late.

    Raises:
        Taken: somebody else has it. CannotBook: it cannot be moved here, or not any more.
    """
    fresh = changing.locked(appointment)
    if fresh.slot == choice.slot and fresh.clinician_id == choice.clinician.pk:
        return fresh  # sent twice
    why = staying.why(appointment=fresh, now=now)
    if why:
        raise CannotBook("", str(staying.WORDS[why]))
    _wait(by, fresh.client, choice, holding.held_by(fresh))
    _offered(fresh.client, choice)
    with _still_free(by, appointment.client, choice, hold, now) as given:
        del given["type"], given["kind"]
        if hold is not None:
            hold.delete()
        moved = diary.move(by=by, appointment=appointment, revision=revision, now=now, **given)
    events.announce(ClientActed(moved.pk))
    return moved


@action("appointment.cancel_own")
def cancel_own(
    *, by: Any, appointment: Appointment, knows_late: bool, revision: int, now: datetime
) -> Appointment:
    """Call one's own meeting off, or take back that one asked for it.

    Args:
        knows_late: the client was told before that it counts as late.

    Raises:
        CountsAsLate: it does, and they were not. CannotBook: it has begun, or is over.
    """
    if appointment.starts_at <= now:
        raise CannotBook("", _("Its time has begun. Write to or call your practice."))
    if not knows_late and in_terms.counts_as_late(appointment=appointment, now=now):
        raise CountsAsLate
    done = diary.cancel(
        by=by, appointment=appointment, side=Appointment.Side.CLIENT, revision=revision, now=now
    )
    events.announce(ClientActed(done.pk))
    return done


# Strangers --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stranger:
    """What somebody says of themselves who asks for a first meeting.

    Attributes:
        contacts: kind ("PHONE" or "MAIL"), what was typed, and what is safe, by Contact's names.
        zone: IANA name, in which they were shown the time. heard_by: id of a source.
    """

    name: str
    contacts: list[tuple[str, str, dict[str, bool]]]
    words: str
    zone: str
    language: str = ""
    heard_by: uuid.UUID | None = None


@action("appointment.ask_first")
def ask_first(
    *, by: Any, choice: Choice, hold: Hold | None, stranger: Stranger, terms: Terms | None,
    once: uuid.UUID, now: datetime,
) -> Appointment:  # fmt: skip
    """Ask for a first meeting without an account. The practice answers; until then it is held.
    Where the type needs no approval it is booked at once.

    It makes a client, an inquiry, whoever they are: whether somebody of this name or address
    is known here changes nothing that can be seen from outside.

    Announces FirstConsultationBooked, and AppointmentRequested or ClientActed. Raises:
        Taken: somebody else has it. CannotBook: other terms are in force by now.
        CannotKeep: a name or address that cannot be.
    """
    _wait(by, None, choice)
    before = queries.booked_by(once=once, client=None)
    if before is not None:
        return before
    _offered(None, choice)
    _read(terms, now)
    if len(stranger.words) > LONGEST_WORDS:
        raise CannotBook("words", _("Use at most %(n)s characters.") % {"n": LONGEST_WORDS})
    place = choice.place or choice.clinician.places.filter(closed_on=None).order_by("name").first()
    client = clients.admit(
        by=PUBLIC, legal_name=stranger.name, clinician=choice.clinician, now=now,
        place=place or practice.places(by=PUBLIC)[0], status=Client.Status.INQUIRY,
        languages=[stranger.language] if stranger.language else [],
    )  # fmt: skip
    for kind, value, safe in stranger.contacts:
        _contact(client, kind, value, safe)
    with _still_free(by, None, choice, hold, now) as given:
        made = diary.book(
            by=PUBLIC, client=client, hold=hold, once=once, now=now,
            asked_for=choice.type.needs_approval, **given,
        )  # fmt: skip
    Introduction.objects.create(client=client, appointment=made, words=stranger.words.strip(),
                                zone=stranger.zone, heard_by=stranger.heard_by,
                                may_contact_at=now)  # fmt: skip
    accept_with(made, terms, stranger.language, now)
    events.announce(FirstConsultationBooked(made.pk))
    if made.status == Appointment.Status.BOOKED:
        events.announce(ClientActed(made.pk))
    return made


def _contact(client: Client, kind: str, value: str, safe: dict[str, bool]) -> None:
    try:
        given: dict[str, Any] = {"kind": kind, "value": value, **safe}
        circle.add_contact(by=PUBLIC, client=client, **given)
    except clients.CannotKeep as problem:
        raise clients.CannotKeep(kind.lower(), str(problem)) from problem


# What they share --------------------------------------------------------------------------


def _wait(
    by: Any, client: Client | None, choice: Choice, former: Iterable[holding.Thing] = ()
) -> list[holding.Thing]:
    """What the choice may take, once nobody else is booking any of it; so a form that was sent
    twice at once finds what it booked the first time. Of rooms and of equipment it is all,
    of which it takes some.

    Args:
        former: what is let go for it. It is waited for too: two people who change over to each
            other's time would else wait for each other for ever.
    """
    people = holding.around(client)[0] if client is not None else []
    wanted = holding.things(people, choice.clinician.pk, choice.room.pk if choice.room else None)
    if choice.type.takes_room(choice.way):
        wanted = sorted({*wanted, *rooms.things(by=by)})
    wanted += Shelf(choice.type.takes_equipment(choice.way)).things
    holding.wait_for([*wanted, *former])
    return wanted


def _of_holds(holds: Iterable[Hold]) -> list[holding.Thing]:
    """What these keep, but for people."""
    return [one for hold in holds for one in holding.things([], hold.clinician_id, hold.room_id)]


def _taking(things: Iterable[holding.Thing], room: Room | None) -> list[holding.Thing]:
    """Of what was waited for, what is taken: of the rooms this one; of equipment it is chosen."""
    return [
        (kind, thing) for kind, thing in things
        if kind not in (Kind.ROOM, Kind.EQUIPMENT)
        or (kind == Kind.ROOM and room is not None and thing == room.pk)
    ]  # fmt: skip


def _equipment(choice: Choice, opening: Opening, now: datetime) -> list[holding.Thing]:
    """Pieces that are free where the opening is; they were waited for.

    Raises:
        NotFree: there are none.
    """
    shelf = Shelf(choice.type.takes_equipment(choice.way))
    shelf.look(choice.slot.start, choice.slot.end, now=now)
    return shelf.pick(choice.slot, opening.place.pk if opening.place else None)


def _of(choice: Choice) -> dict[str, Any]:
    """What the diary takes of a choice."""
    return {
        "slot": choice.slot, "clinician": choice.clinician, "way": choice.way,
        "place": choice.place, "room": choice.room, "type": choice.type, "kind": choice.type.kind,
    }  # fmt: skip


@contextmanager
def _still_free(
    by: Any, client: Client | None, choice: Choice, hold: Hold | None, now: datetime
) -> Iterator[dict[str, Any]]:
    """What the diary takes of the choice, in the room that was kept. Where nothing kept it, look
    whether it can be had; say of what is taken that it is.

    Raises:
        Taken: it is not free.
    """
    if hold is not None:
        choice = choice.kept_by(hold)
    elif opening := queries.opening_at(by=by, choice=choice, now=now, client=client):
        choice = choice.at(opening)
    else:
        raise Taken
    try:
        yield _of(choice)
    except CannotBook as problem:
        if problem.field in ("at", "where", "on", "afterwards"):
            raise Taken from problem
        raise


def _read(terms: Terms | None, now: datetime) -> None:
    """What was accepted is what is in force.

    Raises:
        CannotBook: it is not.
    """
    if terms != in_terms.in_force(day=clock.local(now).date()):
        raise CannotBook("accepted", _("Read the practice's terms and say that you accept them."))


@action("self_booking.set")
def set_self_booking(*, by: Any, any_clinician: bool, most_ahead: int) -> SelfBooking:
    """Say with whom clients may book by themselves, and how many meetings ahead.

    Raises:
        CannotBook: a number that cannot be.
    """
    if not 0 <= most_ahead <= 50:
        raise CannotBook("most_ahead", _("Use 0 to 50."))
    given = {"any_clinician": any_clinician, "most_ahead": most_ahead}
    return SelfBooking.objects.update_or_create(pk=1, defaults=given)[0]
