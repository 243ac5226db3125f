"""A type that needs a room: what is offered, which room is taken, and who gets the last one."""

import uuid
from datetime import timedelta

import pytest

from rapport.core import time as clock
from rapport.core.policy import Nobody, System
from rapport.meeting.appointments import actions as diary
from rapport.meeting.appointments import rules
from rapport.meeting.appointments.actions import CannotBook
from rapport.meeting.models import Appointment, Occupancy
from rapport.meeting.requests import actions, queries
from rapport.meeting.requests.actions import Stranger, Taken
from rapport.meeting.requests.queries import Choice
from rapport.meeting.waiting import answering, links, offering
from tests.factories import (
    NOW,
    AFreedHour,
    AnAppointment,
    AnEquipment,
    APlace,
    ARoom,
    AType,
    AWaitingEntry,
    ClientOf,
    Colleague,
)
from tests.web.signin.test_races import together

from .taking import booker, treating

pytestmark = pytest.mark.django_db

EARLIER = NOW - timedelta(days=5)  # NOW is a Monday, nine o'clock
DAY = NOW.date()


@pytest.fixture(autouse=True)
def earlier():
    with clock.at(EARLIER):
        yield


@pytest.fixture
def ana(house):
    return treating(house)


@pytest.fixture
def me(ana, house):
    return booker(ana, house)


@pytest.fixture
def talk(house):
    return AType(bookers=["STAFF", "ACTIVE", "PUBLIC"], needs_room=True)


def at(type, clinician, hours=0.0, way="HERE"):
    return Choice(type, way, clinician, rules.lasting(NOW + timedelta(hours=hours), type.minutes))


def free(type, clinician, by=None, way="HERE"):
    """Free starts of the first day, and in which room each would be."""
    found = queries.free(
        by=by or Nobody(), type=type, way=way, people=[clinician], first=DAY, last=DAY,
        now=EARLIER, client=by and by.client,
    )  # fmt: skip
    return {one.slot.start: one.room for one in found}


def hold(me, what, now=EARLIER):
    return actions.hold(by=me, client=me.client, choice=what, now=now)


def take(me, what, held=None, now=EARLIER):
    return actions.book_own(
        by=me, client=me.client, choice=what, hold=held, terms=None, language="en",
        once=uuid.uuid4(), now=now,
    )  # fmt: skip


def occupy(room, hours=0.0):
    """Somebody else is met in it."""
    return AnAppointment(client=ClientOf(), clinician=Colleague(), room=room,
                         starts_at=NOW + timedelta(hours=hours))  # fmt: skip


# What is offered --------------------------------------------------------------------------


def test_a_full_house_limits_what_is_offered_in_person_alone(ana, talk, house):
    assert free(talk, ana) == {}, "no room at all"
    room = ARoom(place=house)
    occupy(room)
    assert NOW not in free(talk, ana)
    assert set(free(talk, ana).values()) == {room}
    assert NOW in free(talk, ana, way="VIDEO")
    talk.needs_room = False
    assert set(free(talk, ana).values()) == {None}


def test_a_room_that_closes_is_offered_until_then(ana, talk, house):
    room = ARoom(place=house, closed_on=DAY + timedelta(days=1))
    assert set(free(talk, ana).values()) == {room}
    room.closed_on = DAY
    room.save()
    assert free(talk, ana) == {}


def test_hours_that_name_no_place_are_where_the_clinician_works_and_nowhere_else(talk, house):
    far, other = APlace(name="Aa"), APlace(name="Bb")
    both = treating(house, other)
    ARoom(place=far)
    treating(far)
    found = queries.free(
        by=Nobody(), type=talk, way="HERE", people=[both, treating(far)], first=DAY, last=DAY,
        now=EARLIER, client=None,
    )  # fmt: skip
    assert both not in {one.clinician for one in found}
    room = ARoom(place=other)
    assert set(free(talk, both).values()) == {room}


# Which room is taken ----------------------------------------------------------------------


def test_what_is_kept_and_booked_takes_the_first_free_room(me, ana, talk, house):
    one, two = ARoom(place=house, name="A"), ARoom(place=house, name="B")
    occupy(one)
    held = hold(me, at(talk, ana))
    assert held.room == two
    made = take(me, at(talk, ana), held)
    assert (made.room, made.place) == (two, house)
    assert Occupancy.objects.filter(kind="ROOM", thing=two.pk, appointment=made).exists()


def test_the_room_the_client_knows_comes_first_when_it_is_free(me, ana, talk, house):
    ARoom(place=house, name="A")
    two = ARoom(place=house, name="B")
    earlier = AnAppointment(client=me.client, clinician=ana, room=two,
                            starts_at=NOW - timedelta(days=7), status="KEPT")  # fmt: skip
    assert hold(me, at(talk, ana)).room == two
    occupy(two, 3)
    assert hold(me, at(talk, ana, 3)).room.name == "A"
    Appointment.objects.filter(pk=earlier.pk).update(status="CANCELLED", cancelled_by="CLIENT")
    assert hold(me, at(talk, ana, 5)).room.name == "A"


def test_a_room_that_was_seen_and_is_gone_is_changed_for_another(me, ana, talk, house):
    one, two = ARoom(place=house, name="A"), ARoom(place=house, name="B")
    what = at(talk, ana)
    what = what.at(queries.opening_at(by=me, choice=what, now=EARLIER, client=me.client))
    assert what.room == one
    occupy(one)
    held = hold(me, what)
    assert held.room == two
    assert what.kept_by(held).room == two
    assert take(me, what, held).room == two


def test_after_a_hold_ran_out_any_room_that_is_free_will_do(me, ana, talk, house):
    one, two = ARoom(place=house, name="A"), ARoom(place=house, name="B")
    what = at(talk, ana).kept_by(hold(me, at(talk, ana)))
    assert what.room == one
    later = EARLIER + timedelta(hours=1)
    diary.book(by=System("test"), client=ClientOf(), clinician=Colleague(at=[house]),
               slot=what.slot, room=one, now=later)  # fmt: skip
    assert take(me, what, now=later).room == two


def test_after_a_hold_ran_out_and_the_last_room_went_the_hour_is_gone(me, ana, talk, house):
    room = ARoom(place=house)
    what = at(talk, ana).kept_by(hold(me, at(talk, ana)))
    later = EARLIER + timedelta(hours=1)
    diary.book(by=System("test"), client=ClientOf(), clinician=Colleague(at=[house]),
               slot=what.slot, room=room, now=later)  # fmt: skip
    with pytest.raises(Taken):
        take(me, what, now=later)


def test_moving_takes_a_room_there_and_lets_the_other_go(me, ana, talk, house):
    one, two = ARoom(place=house, name="A"), ARoom(place=house, name="B")
    made = take(me, at(talk, ana))
    occupy(one, 3)
    other = at(talk, ana, 3)
    moved = actions.move_own(by=me, appointment=made, choice=other, hold=hold(me, other),
                             revision=1, now=EARLIER)  # fmt: skip
    assert moved.room == two
    assert not Occupancy.objects.filter(thing=one.pk, starts_at=NOW).exists()


def test_a_stranger_who_asks_is_kept_a_room(ana, talk, house):
    room = ARoom(place=house)
    talk.needs_approval = True
    talk.save()
    jo = Stranger(name="Jo", contacts=[], words="", zone="UTC")
    ask = {"by": Nobody(), "stranger": jo, "terms": None, "now": EARLIER}
    made = actions.ask_first(choice=at(talk, ana), hold=None, once=uuid.uuid4(), **ask)
    assert (made.status, made.room) == ("REQUESTED", room)
    with pytest.raises(Taken):
        actions.ask_first(choice=at(talk, treating(house)), hold=None, once=uuid.uuid4(), **ask)


def test_two_clinicians_and_one_room_are_one_meeting(me, ana, talk, house):
    ARoom(place=house)
    hold(me, at(talk, ana))
    ben = treating(house)
    him = booker(ben, house)
    with pytest.raises(Taken, match="just taken"):
        hold(him, at(talk, ben))
    assert hold(him, at(talk, ben, 1)).room is not None


# The waiting list -------------------------------------------------------------------------


def waits(type, clinician, house):
    """Somebody who waits for that type, with whomever."""
    entry = AWaitingEntry(client=ClientOf(care_team=[clinician], place=house))
    entry.types.add(type)
    return entry.client


def fell_free(clinician, house, ways=("HERE",), **given):
    """An hour that fell free at a place two days after NOW, in no room."""
    return AFreedHour(clinician=clinician, place=house, ways=list(ways), **given)


def on_offer(hour, how="IN_TURN"):
    """Whom it is offered to, in order."""
    offering.offer(by=System("test"), hour=hour, now=NOW, how=how)
    return list(hour.offers.filter(state="OFFERED").order_by("position"))


def accepted(offer):
    return answering.accept(by=links.Holder(offer.pk), offer=offer, now=NOW).appointment


def test_who_is_offered_an_hour_in_person_is_kept_a_free_room_and_gets_it(ana, talk, house):
    one, two = ARoom(place=house, name="A"), ARoom(place=house, name="B")
    ARoom(place=house, name="0", closed_on=DAY)
    occupy(one, 48)
    waits(talk, ana, house)
    [offer] = on_offer(fell_free(ana, house))
    with pytest.raises(CannotBook, match="room is taken"):
        diary.book(by=System("test"), client=ClientOf(), clinician=treating(house), now=NOW,
                   slot=offer.slot, room=two)  # fmt: skip
    assert accepted(offer).room == two


def test_without_a_free_room_the_hour_is_offered_otherwise_or_to_nobody(ana, talk, house):
    occupy(ARoom(place=house), 48)
    waits(talk, ana, house)
    with pytest.raises(offering.CannotOffer):
        on_offer(fell_free(ana, house))
    [offer] = on_offer(fell_free(ana, house, ["HERE", "VIDEO"], starts_at=NOW + BEFORE))
    assert (offer.way, accepted(offer).room) == ("VIDEO", None)


BEFORE = timedelta(days=2, minutes=-30)  # overlapping the hour that is asked about above


def test_the_last_room_goes_to_one_hour_and_the_other_is_offered_by_video(ana, talk, house):
    ARoom(place=house)
    ben = treating(house)
    for clinician in (ana, ben):
        waits(talk, clinician, house)
    both = ["HERE", "VIDEO"]
    asked = [on_offer(fell_free(one, house, both))[0] for one in (ana, ben)]
    assert [one.way for one in asked] == ["HERE", "VIDEO"]
    assert all(accepted(one) for one in asked)


def test_who_is_next_in_line_is_not_asked_once_the_rooms_are_gone(ana, talk, house):
    room = ARoom(place=house)
    for _ in range(2):
        waits(talk, ana, house)
    hour = fell_free(ana, house)
    [first] = on_offer(hour)
    Occupancy.objects.filter(kind="ROOM").delete()
    occupy(room, 48)
    answering.decline(by=links.Holder(first.pk), offer=first, now=NOW)
    hour.refresh_from_db()
    assert (hour.state, hour.offers.filter(state="OFFERED").count()) == ("OPEN", 0)


def test_of_several_who_are_asked_at_once_each_could_have_it(ana, talk, house):
    """The one who needs a room and the one who needs none: it is kept, whoever is faster."""
    room, plain = ARoom(place=house), AType(ways=["HERE"])
    who = [waits(talk, ana, house), waits(plain, ana, house)]
    asked = {one.client: one for one in on_offer(fell_free(ana, house), "AT_ONCE")}
    assert set(asked) == set(who)
    assert Occupancy.objects.filter(kind="ROOM", thing=room.pk).exists()
    assert accepted(asked[who[1]]).room is None
    assert not Occupancy.objects.filter(kind="ROOM", thing=room.pk).exists()


def test_an_hour_at_a_place_or_in_a_room_that_closes_is_not_offered_there(ana, talk, house):
    room = ARoom(place=house, name="A")
    hour = fell_free(ana, house, ["HERE", "PHONE"], room=room)
    waits(talk, ana, house)
    room.closed_on = hour.starts_at.date()
    room.save()
    two = ARoom(place=house, name="B")
    [offer] = on_offer(hour)
    assert (offer.way, accepted(offer).room) == ("HERE", two)
    house.closed_on = DAY
    house.save()
    waits(talk, ana, house)
    other = fell_free(ana, house, ["HERE", "PHONE"], starts_at=NOW + timedelta(days=3), room=two)
    [offer] = on_offer(other)
    assert (offer.way, accepted(offer).place) == ("PHONE", None)


def test_an_offer_whose_room_is_lost_all_the_same_is_gone(ana, talk, house):
    room = ARoom(place=house)
    waits(talk, ana, house)
    [offer] = on_offer(fell_free(ana, house))
    Occupancy.objects.filter(kind="ROOM").delete()
    occupy(room, 48)
    with pytest.raises(answering.Closed) as refused:
        accepted(offer)
    assert refused.value.code == "GONE"
    assert not Appointment.objects.filter(client=offer.client).exists()


def test_a_type_that_needs_none_takes_none(ana, talk, house):
    ARoom(place=house)
    talk.needs_room = False
    talk.save()
    waits(talk, ana, house)
    assert accepted(*on_offer(fell_free(ana, house))).room is None


def test_equipment_is_kept_for_whom_it_is_offered_to_as_well(ana, talk, house):
    ARoom(place=house)
    piece = AnEquipment(place=house)
    talk.equipment = [piece.kind]
    talk.save()
    waits(talk, ana, house)
    [offer] = on_offer(fell_free(ana, house))
    waits(talk, ben := treating(house), house)
    with pytest.raises(offering.CannotOffer):
        on_offer(fell_free(ben, house))
    made = accepted(offer)
    assert made.occupancies.filter(kind="EQUIPMENT", thing=piece.pk).exists()


# At the same moment -----------------------------------------------------------------------

RIVALS = 6


def all_at_once(talk, house, known):
    """Each with a clinician of their own, and used to one of the rooms; what each got, or that
    it was taken."""
    pairs = []
    for n in range(RIVALS):
        clinician = treating(house)
        pairs.append((booker(clinician, house), clinician))
        AnAppointment(client=pairs[n][0].client, clinician=clinician, room=known[n % len(known)],
                      starts_at=NOW - timedelta(days=60 + n), status="KEPT")  # fmt: skip

    def wants(me, clinician):
        with clock.at(EARLIER):
            try:
                what = at(talk, clinician)
                opening = queries.opening_at(by=me, choice=what, now=EARLIER, client=me.client)
                if opening is None:
                    raise Taken
                what = what.at(opening)
                return take(me, what, hold(me, what)).room_id
            except Taken:
                return None

    return together([lambda pair=pair: wants(*pair) for pair in pairs])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("many", [1, RIVALS])
def test_every_room_is_given_once_and_none_is_left(talk, house, many):
    """Who saw a room that was gone a moment later gets another; who comes last hears it."""
    rooms = [ARoom(place=house) for _ in range(many)]
    got = all_at_once(talk, house, known=rooms[:2])
    assert {one for one in got if one} == {one.pk for one in rooms}
    assert got.count(None) == RIVALS - many
