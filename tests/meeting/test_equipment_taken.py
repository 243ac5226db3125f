"""Equipment that meetings share: which piece is taken, given back, and who gets the last one."""

import uuid
from datetime import time, timedelta

import pytest
from django.db import IntegrityError, transaction

from rapport.core import time as clock
from rapport.core.policy import Denied, Nobody, System
from rapport.meeting.appointments import actions as diary
from rapport.meeting.appointments import enforcement, rules
from rapport.meeting.appointments.actions import CannotBook
from rapport.meeting.appointments.queries import ahead_of_each
from rapport.meeting.availability import actions as hours
from rapport.meeting.availability import clearing
from rapport.meeting.availability.fitting import Goal, look
from rapport.meeting.equipment import actions as cupboard
from rapport.meeting.equipment import queries as equipment
from rapport.meeting.models import Appointment, Hold, Occupancy
from rapport.meeting.requests import actions, queries
from rapport.meeting.requests.actions import Stranger, Taken
from rapport.meeting.requests.queries import Choice
from rapport.meeting.series import actions as standing
from rapport.meeting.series import making, resting
from rapport.meeting.series.rules import Rule
from tests.factories import (
    NOW,
    AnEquipment,
    APlace,
    ARoom,
    AType,
    ClientOf,
    Colleague,
)
from tests.web.signin.test_races import together

from .taking import booker, treating

pytestmark = pytest.mark.django_db

EARLIER = NOW - timedelta(days=5)  # NOW is a Monday, nine o'clock
DAY = NOW.date()
BY = System("test")


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
def flight(house):
    return AType(bookers=["STAFF", "ACTIVE", "PUBLIC"], equipment=["VR headset"])


def slot(hours=0.0, minutes=50):
    return rules.lasting(NOW + timedelta(hours=hours), minutes)


def at(type, clinician, hours=0.0, way="HERE"):
    return Choice(type, way, clinician, slot(hours, type.minutes))


def book(type, clinician, hours=0.0, **given):
    return diary.book(**{
        "by": BY, "client": ClientOf(care_team=[clinician]), "clinician": clinician,
        "slot": slot(hours), "now": EARLIER, "type": type, "place": clinician.places.first(),
    } | given)  # fmt: skip


def free(type, clinician, way="HERE"):
    """Free starts of the first day, and at which place each would be."""
    found = queries.free(by=Nobody(), type=type, way=way, people=[clinician], first=DAY, last=DAY,
                         now=EARLIER, client=None)  # fmt: skip
    return {one.slot.start: one.place for one in found}


def held(**of):
    """The names of the pieces that something takes, each with when it begins."""
    rows = Occupancy.objects.filter(kind="EQUIPMENT", **of).order_by("starts_at")
    names = {one.pk: one.name for one in equipment.listed(by=BY)}
    return [(names[row.thing], row.starts_at) for row in rows]


def take(me, what, held=None):
    return actions.book_own(
        by=me, client=me.client, choice=what, hold=held, terms=None, language="en",
        once=uuid.uuid4(), now=EARLIER,
    )  # fmt: skip


def keep(me, what):
    return actions.hold(by=me, client=me.client, choice=what, now=EARLIER)


# What is offered --------------------------------------------------------------------------


def test_only_hours_in_which_a_piece_is_free_are_offered(ana, flight, house):
    assert free(flight, ana) == {}, "none at all"
    AnEquipment(place=house, name="1")
    two = AnEquipment(place=house, name="2")
    book(flight, treating(house))
    assert NOW in free(flight, ana)
    cupboard.close(by=BY, equipment=two, on=DAY)
    assert NOW not in free(flight, ana)
    assert NOW + timedelta(hours=2) in free(flight, ana)
    cupboard.reopen(by=BY, equipment=two)
    assert NOW in free(flight, ana)


def test_another_kind_or_place_is_no_help(ana, flight, house):
    AnEquipment(place=house, kind="Test case")
    AnEquipment(place=APlace(name="Far"))
    assert free(flight, ana) == {}


def test_by_video_none_is_needed_unless_the_type_says_so(ana, flight, house):
    assert NOW in free(flight, ana, way="VIDEO")
    assert held(appointment=book(flight, ana, way="VIDEO")) == []
    flight.equipment_always = True
    flight.save()
    assert free(flight, ana, way="VIDEO") == {}
    AnEquipment(place=house, name="1")
    assert held(appointment=book(flight, ana, 2, way="VIDEO")) == [("1", slot(2).start)]


def test_a_room_and_a_piece_are_taken_at_one_place(flight, house):
    far = APlace(name="Far")
    both = treating(house, far)
    flight.needs_room = True
    flight.save()
    ARoom(place=house)
    AnEquipment(place=far, name="1")
    assert free(flight, both) == {}
    room = ARoom(place=far)
    assert set(free(flight, both).values()) == {far}
    made = take(booker(both, house), at(flight, both))
    assert (made.room, held(appointment=made)) == (room, [("1", NOW)])


# Booking takes one ------------------------------------------------------------------------


def test_booking_takes_a_free_piece_by_itself_and_refuses_without(ana, flight, house):
    AnEquipment(place=house, name="1")
    AnEquipment(place=house, name="2")
    first = book(flight, ana)
    assert held(appointment=first) == [("1", NOW)]
    assert held(appointment=book(flight, treating(house))) == [("2", NOW)]
    with pytest.raises(CannotBook, match="VR headset: none is free") as refused:
        book(flight, treating(house))
    assert refused.value.field == "at"
    assert Appointment.objects.count() == 2
    assert list(enforcement.every_time_is_held()) == []
    assert equipment.of_meetings(meetings=[first.pk]) == {first.pk: ["1"]}


def test_of_several_kinds_one_each_is_taken_at_one_place(ana, flight, house):
    far = APlace(name="Far")
    flight.equipment = ["Test case", "VR headset"]
    flight.save()
    AnEquipment(place=far, name="H0")
    AnEquipment(place=house, name="H1")
    case = AnEquipment(place=house, name="C1", kind="Test case")
    for place in (house, None):
        made = book(flight, ana, place=place)
        assert sorted(name for name, _at in held(appointment=made)) == ["C1", "H1"]
        diary.cancel(by=BY, appointment=made, side="PRACTICE", revision=1, now=EARLIER)
    cupboard.close(by=BY, equipment=case, on=DAY)
    with pytest.raises(CannotBook, match="Test case"):
        book(flight, ana)


def test_the_database_gives_a_piece_to_nobody_twice(house):
    piece = AnEquipment(place=house)
    times = {"kind": "EQUIPMENT", "thing": piece.pk, "starts_at": NOW}
    Occupancy.objects.create(**times, ends_at=NOW + timedelta(minutes=50))
    with pytest.raises(IntegrityError), transaction.atomic():
        Occupancy.objects.create(**times, ends_at=NOW + timedelta(minutes=1))


def test_cancelling_gives_it_back_and_undoing_takes_any_again(ana, flight, house):
    AnEquipment(place=house, name="1")
    made = book(flight, ana)
    diary.cancel(by=BY, appointment=made, side="PRACTICE", revision=1, now=EARLIER)
    assert held() == []
    other = book(flight, treating(house))
    with pytest.raises(CannotBook, match="none is free"):
        diary.undo(by=BY, appointment=made, revision=2, now=EARLIER)
    AnEquipment(place=house, name="2")
    diary.undo(by=BY, appointment=made, revision=2, now=EARLIER)
    assert (held(appointment=made), held(appointment=other)) == ([("2", NOW)], [("1", NOW)])


def test_what_took_place_is_entered_although_none_was_free(ana, flight, house):
    past = rules.lasting(EARLIER - timedelta(days=1), 50)
    assert held(appointment=book(flight, ana, slot=past, afterwards=True)) == []


# Moving -----------------------------------------------------------------------------------


def move(one, hours=0.0, **given):
    one.refresh_from_db()
    return diary.move(**{
        "by": BY, "appointment": one, "slot": slot(hours), "revision": one.revision,
        "now": EARLIER, "clinician": one.clinician, "way": one.way, "place": one.place,
    } | given)  # fmt: skip


def test_moving_takes_what_is_free_then_and_refuses_without(ana, flight, house):
    AnEquipment(place=house, name="1")
    AnEquipment(place=house, name="2")
    book(flight, treating(house))
    made = book(flight, ana)
    assert held(appointment=move(made, 0.5)) == [("2", slot(0.5).start)], "not in its own way"
    assert held(appointment=move(made, 2)) == [("2", slot(2).start)], "it keeps what is free"
    book(flight, treating(house), 4)
    assert held(appointment=move(made, 4)) == [("2", slot(4).start)]
    book(flight, treating(house), 6)
    book(flight, treating(house), 6)
    with pytest.raises(CannotBook, match="none is free"):
        move(made, 6)
    assert held(appointment=made) == [("2", slot(4).start)], "nothing was changed"


def test_to_video_it_is_given_back_and_for_another_type_another_is_taken(ana, flight, house):
    AnEquipment(place=house, name="1")
    AnEquipment(place=house, name="C", kind="Test case")
    made = book(flight, ana)
    assert held(appointment=move(made, way="VIDEO")) == []
    tests = AType(equipment=["Test case"])
    assert held(appointment=move(made, way="HERE", type=tests)) == [("C", NOW)]


def test_what_was_booked_before_its_type_needed_any_can_go_to_a_colleague(ana, house):
    talk = AType()
    made = book(talk, ana)
    talk.equipment = ["VR headset"]
    talk.save()
    assert move(made, clinician=treating(house)).clinician != ana
    with pytest.raises(CannotBook, match="none is free"):
        move(made, 2)


def test_a_piece_given_up_stays_with_what_has_it_and_nothing_else_takes_it(ana, flight, house):
    piece = AnEquipment(place=house, name="1")
    made = book(flight, ana)
    cupboard.close(by=BY, equipment=piece, on=clock.today())
    assert ahead_of_each(kind="EQUIPMENT", now=EARLIER) == {piece.pk: 1}
    assert held(appointment=move(made, clinician=treating(house))) == [("1", NOW)]
    with pytest.raises(CannotBook, match="none is free"):
        move(made, 2)


def test_meetings_of_a_time_off_are_moved_as_far_as_there_is_equipment(ana, flight, house):
    AnEquipment(place=house, name="1")
    first, second = book(flight, ana), book(flight, ana, 2)
    ben = treating(house)
    book(flight, ben, 24 * 7 + 2)
    off = hours.take_time_off(by=BY, staff=ana, slot=rules.Slot(NOW, slot(8).end), why="HOLIDAY",
                              now=EARLIER)  # fmt: skip
    goal = Goal(ana, days=7)
    fits = look(by=BY, meetings=[first, second], goal=goal, now=EARLIER)
    assert [one.why_not for one in fits] == ["", "VR headset: none is free at that time."]
    done = clearing.move_meetings(by=BY, time_off=off, seen={first.pk: 1, second.pk: 1},
                                  goal=goal, now=EARLIER)  # fmt: skip
    assert [one.pk for one in done.done] == [first.pk]
    assert held(appointment=first) == [("1", NOW + timedelta(days=7))]
    covering = look(by=BY, meetings=[second], goal=Goal(ben), now=EARLIER)
    assert [one.why_not for one in covering] == [""], "a colleague takes its piece along"


# Oneself ----------------------------------------------------------------------------------


def test_what_is_kept_keeps_a_piece_and_booking_takes_it(me, ana, flight, house):
    AnEquipment(place=house, name="1")
    kept = keep(me, at(flight, ana))
    assert held(hold=kept) == [("1", NOW)]
    ben = treating(house)
    with pytest.raises(Taken):
        keep(booker(ben, house), at(flight, ben))
    made = take(me, at(flight, ana), kept)
    assert (held(appointment=made), Hold.objects.count()) == ([("1", NOW)], 0)


def test_a_piece_kept_too_long_is_somebody_elses(me, ana, flight, house):
    AnEquipment(place=house, name="1")
    keep(me, at(flight, ana))
    later = EARLIER + timedelta(hours=1)
    made = book(flight, treating(house), now=later)
    assert held() == [("1", NOW)]
    assert held(appointment=made) == [("1", NOW)]


def test_moving_oneself_gives_the_piece_back(me, ana, flight, house):
    AnEquipment(place=house, name="1")
    made = take(me, at(flight, ana))
    other = at(flight, ana, 2)
    actions.move_own(by=me, appointment=made, choice=other, hold=keep(me, other), revision=1,
                     now=EARLIER)  # fmt: skip
    assert held() == [("1", slot(2).start)]


def test_a_stranger_who_asks_is_kept_a_piece(ana, flight, house):
    AnEquipment(place=house, name="1")
    flight.needs_approval = True
    flight.save()
    jo = Stranger(name="Jo", contacts=[], words="", zone="UTC")
    ask = {"by": Nobody(), "stranger": jo, "terms": None, "now": EARLIER, "hold": None}
    made = actions.ask_first(choice=at(flight, ana), once=uuid.uuid4(), **ask)
    assert held(appointment=made) == [("1", NOW)]
    with pytest.raises(Taken):
        actions.ask_first(choice=at(flight, treating(house)), once=uuid.uuid4(), **ask)


# Standing slots ---------------------------------------------------------------------------


def begin(type, clinician, **given):
    wanted = standing.Wanted(clinician=clinician, rule=Rule("WEEKLY", times=4), starts_on=DAY,
                             at=time(9), type=type, place=clinician.places.first(),
                             holidays="KEEP")  # fmt: skip
    return standing.begin(by=BY, client=ClientOf(care_team=[clinician]), wanted=wanted,
                          now=EARLIER, **given)  # fmt: skip


def week(n):
    return NOW + timedelta(weeks=n)


def test_each_day_of_a_standing_slot_takes_a_piece_that_is_free(ana, flight, house):
    AnEquipment(place=house, name="1")
    book(flight, treating(house), 24 * 7)
    with pytest.raises(making.Clashes) as refused:
        begin(flight, ana)
    assert [(one.due.nth_on, one.field, one.words) for one in refused.value.taken] == [
        (week(1).date(), "at", "VR headset: none is free at that time.")
    ]
    series = begin(flight, ana, without=[week(1).date()])
    mine = [("1", week(n)) for n in (0, 2, 3)]
    assert held(appointment__series=series) == mine
    standing.end(by=BY, series=series, on=DAY, revision=series.revision, now=EARLIER)
    assert held(appointment__series=series) == []
    AnEquipment(place=house, name="2")
    again = begin(flight, ana)
    assert held(appointment__series=again)[1] == ("2", week(1))


@pytest.mark.parametrize("offered", [True, False])
def test_a_pause_gives_the_piece_back_where_others_may_have_the_hour(ana, flight, house, offered):
    AnEquipment(place=house, name="1")
    series = begin(flight, ana)
    resting.pause(by=BY, series=series, from_on=week(1).date(), until_on=week(2).date(),
                  offered=offered, revision=series.revision, now=EARLIER)  # fmt: skip
    assert held(appointment__series=series) == [("1", week(0)), ("1", week(3))]
    kept = [] if offered else [("1", week(1)), ("1", week(2))]
    assert held(left_out__series=series) == kept
    series.refresh_from_db()
    resting.resume(by=BY, pause=series.pauses.get(), on=DAY, now=EARLIER)
    assert held(appointment__series=series) == [("1", week(n)) for n in range(4)]


def test_a_day_that_rests_from_the_start_keeps_its_hour_with_or_without_a_piece(ana, flight, house):
    AnEquipment(place=house, name="1")
    series = begin(flight, ana)
    standing.end(by=BY, series=series, on=week(1).date(), revision=series.revision, now=EARLIER)
    book(flight, treating(house), 24 * 14)
    series.refresh_from_db()
    series.pauses.create(client=series.client, from_on=week(1).date(), until_on=week(3).date(),
                         offered=False, made_at=EARLIER)  # fmt: skip
    standing.reopen(by=BY, series=series, revision=series.revision, now=EARLIER)
    assert held(left_out__series=series) == [("1", week(1)), ("1", week(3))]
    assert Occupancy.objects.filter(left_out__series=series, kind="CLINICIAN").count() == 3


# Writing it down --------------------------------------------------------------------------


def test_pieces_of_one_kind_are_named_alike_and_no_two_the_same(house):
    add = {"by": BY, "place": house}
    one = cupboard.add(**add, kind="  VR   headset ", name=" Headset 1 ")
    assert (one.kind, one.name) == ("VR headset", "Headset 1")
    assert cupboard.add(**add, kind="vr HEADSET", name="Headset 2").kind == "VR headset"
    for field, wrong in (("name", {"kind": "VR headset", "name": "Headset 1"}),
                         ("name", {"kind": "VR headset", "name": "–"}),
                         ("kind", {"kind": "", "name": "Headset 3"})):  # fmt: skip
        with pytest.raises(CannotBook) as refused:
            cupboard.add(**add, **wrong)
        assert refused.value.field == field
    assert equipment.kinds(by=BY) == ["VR headset"]


def test_only_an_owner_writes_it_down(house):
    given = {"place": house, "kind": "VR headset", "name": "1"}
    for roles in (["CLINICIAN"], ["FRONT_DESK"]):
        with pytest.raises(Denied):
            cupboard.add(by=Colleague(roles=roles, at=[house]).account, **given)
    assert cupboard.add(by=Colleague(roles=["OWNER"], at=[house]).account, **given).pk


# At the same moment -----------------------------------------------------------------------

RIVALS = 6


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("many", [1, 2, RIVALS])
def test_every_piece_is_given_once_and_none_is_left(flight, house, many):
    """By clients, by the desk and in standing slots at once: nobody waits for ever."""
    pieces = [AnEquipment(place=house, name=f"{n}") for n in range(many)]

    def wants(n, clinician, me):
        with clock.at(EARLIER):
            try:
                if n % 3 == 0:
                    book(flight, clinician)
                elif n % 3 == 1:
                    take(me, at(flight, clinician), keep(me, at(flight, clinician)))
                else:
                    begin(flight, clinician)
            except CannotBook:
                return False
            return True

    pairs = [treating(house) for _ in range(RIVALS)]
    asked = [(n, one, booker(one, house)) for n, one in enumerate(pairs)]
    got = together([lambda given=given: wants(*given) for given in asked])
    rows = Occupancy.objects.filter(kind="EQUIPMENT", starts_at=NOW)
    assert set(rows.values_list("thing", flat=True)) == {one.pk for one in pieces}
    assert got.count(True) == many
    assert list(enforcement.never_twice()) == []


# A piece of one's choice ------------------------------------------------------------------


def give(one, piece, hours=0.0, **given):
    return diary.move(**{
        "by": BY, "appointment": one, "slot": slot(hours), "revision": one.revision,
        "now": EARLIER, "clinician": one.clinician, "way": one.way, "place": one.place,
        "piece": piece,
    } | given)  # fmt: skip


@pytest.fixture
def three(house):
    return [AnEquipment(place=house, name=f"Headset {n}") for n in (1, 2, 3)]


def test_a_meeting_has_the_piece_it_is_given_and_undo_gives_the_former_back(ana, flight, three):
    case = AnEquipment(place=three[0].place, kind="Case", name="Case 1")
    AnEquipment(place=three[0].place, kind="Case", name="Case 0")
    flight.equipment = ["VR headset", "Case"]
    flight.save()
    one = give(book(flight, ana), case)
    assert {name for name, _at in held()} == {"Headset 1", "Case 1"}

    fresh = give(one, three[2])
    assert {name for name, _at in held()} == {"Headset 3", "Case 1"}
    assert give(fresh, three[2]).revision == fresh.revision, "sent twice"
    diary.undo(by=BY, appointment=fresh, revision=fresh.revision, now=EARLIER)

    assert {name for name, _at in held()} == {"Headset 1", "Case 1"}
    assert [*enforcement.never_twice(), *enforcement.every_time_is_held()] == []


def test_at_another_time_it_keeps_its_piece_where_that_is_free(ana, house, flight, three):
    one = give(book(flight, ana), three[1])
    give(one, None, hours=3)
    assert held(appointment=one) == [("Headset 2", NOW + timedelta(hours=3))]
    other = book(flight, treating(house), hours=6)
    give(other, three[1], hours=6)
    one.refresh_from_db()

    give(one, None, hours=6)
    assert held(appointment=one) == [("Headset 1", NOW + timedelta(hours=6))]


@pytest.mark.parametrize("why", ["taken", "closed", "elsewhere", "other"])
def test_a_piece_it_cannot_have_is_refused_in_words(ana, house, flight, three, why):
    one, piece = book(flight, ana), three[1]
    if why == "taken":
        give(book(flight, treating(house), hours=3), piece, hours=3)
        one = give(one, None, hours=2)
    elif why == "closed":
        cupboard.close(by=BY, equipment=piece, on=EARLIER.date())
    elif why == "elsewhere":
        piece = AnEquipment(place=APlace(), kind="VR headset")
    else:
        piece = AnEquipment(place=house, kind="Case")
    before = held()
    words = {"taken": "taken at that time", "closed": "out of use", "elsewhere": "another place",
             "other": "takes no Case"}[why]  # fmt: skip

    with pytest.raises(CannotBook, match=words):
        give(one, piece, hours=3 if why == "taken" else 0)
    assert held() == before
