"""Hours that fall free are noticed: called off, moved, resting, or said by hand."""

from datetime import timedelta

import pytest

from rapport.core import events, jobs
from rapport.core import time as clock
from rapport.core.audit import unit
from rapport.core.policy import Denied, System
from rapport.meeting.appointments import actions as appointments
from rapport.meeting.appointments import rules
from rapport.meeting.events import AppointmentCancelled, SeriesPaused
from rapport.meeting.models import Busy, FreedHour, TimeOff
from rapport.meeting.waiting import answering, hours, offering, queries
from tests.factories import (
    NOW,
    AFreedHour,
    ALeftOut,
    APause,
    APlace,
    APractice,
    ARoom,
    ASeries,
    AWaitingEntry,
    ClientOf,
    Colleague,
)

pytestmark = pytest.mark.django_db

BY = System("test")
AT = NOW + timedelta(days=2)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def nine_o_clock(db):
    with clock.at(NOW):
        yield


@pytest.fixture
def house():
    APractice()
    return APlace()


@pytest.fixture
def ana(house):
    return Colleague(at=[house])


@pytest.fixture
def mara(house, ana):
    return ClientOf(care_team=[ana], place=house)


@pytest.fixture
def booked(ana, mara, house):
    return appointments.book(
        by=BY, client=mara, clinician=ana, slot=rules.lasting(AT, 50), now=NOW,
        room=ARoom(place=house),
    )  # fmt: skip


def cancel(one, side="CLIENT", now=NOW):
    return appointments.cancel(by=BY, appointment=one, side=side, revision=one.revision, now=now)


def move(one, start, minutes=50):
    return appointments.move(
        by=BY, appointment=one, slot=rules.lasting(start, minutes), revision=one.revision, now=NOW,
        clinician=one.clinician, way=one.way, room=one.room,
    )  # fmt: skip


def undo(one):
    return appointments.undo(by=BY, appointment=one, revision=one.revision, now=NOW)


def heard():
    jobs.run_due(clock.now(), loud=True)
    return list(FreedHour.objects.order_by("starts_at").values_list("starts_at", flat=True))


def test_what_a_client_calls_off_is_free_with_its_room(ana, booked):
    cancel(booked)

    assert heard() == [AT]
    hour = FreedHour.objects.get()
    assert (hour.clinician, hour.room, hour.place, hour.state) == (
        ana, booked.room, booked.place, "OPEN",
    )  # fmt: skip
    assert (hour.ends_at, hour.ways) == (booked.ends_at, ["HERE", "VIDEO", "PHONE"])


def test_it_says_how_many_could_take_it(booked):
    AWaitingEntry(client=ClientOf())
    cancel(booked)
    heard()

    assert FreedHour.objects.get().could_take == 1


@pytest.mark.parametrize("side", ["CLINICIAN", "PRACTICE"])
def test_what_the_practice_calls_off_is_not_and_can_be_said_to_be(ana, booked, side):
    cancel(booked, side)
    assert heard() == []
    hours.free(by=ana.account, staff=ana, slot=booked.slot, now=NOW, room=booked.room)

    assert FreedHour.objects.get().starts_at == AT


def test_told_twice_it_is_one_hour(booked):
    cancel(booked)
    heard()
    offering.keep(by=BY, hour=FreedHour.objects.get(), now=NOW)
    with unit():
        events.announce(AppointmentCancelled(booked.pk))
    heard()

    assert FreedHour.objects.get().state == "KEPT"


def test_what_was_undone_meanwhile_is_not_free(booked):
    undo(cancel(booked))

    assert heard() == []


def test_called_off_anew_it_is_free_anew_and_whoever_was_asked_may_be_again(booked):
    AWaitingEntry(client=ClientOf())
    heard()
    again = cancel(booked)
    heard()
    offering.offer(by=BY, hour=FreedHour.objects.get(), now=NOW, how="IN_TURN")
    hour = FreedHour.objects.get()
    answering.accept(by=BY, offer=hour.offers.get(), now=NOW)
    given = hour.offers.get().appointment
    with clock.at(NOW + HOUR):
        cancel(given, now=NOW + HOUR)
        heard()

    hour.refresh_from_db()
    assert (hour.state, hour.round) == ("OPEN", 2)
    assert again.status == "CANCELLED"


def test_the_time_a_meeting_held_before_it_moved_is_free(booked):
    move(booked, AT + 3 * HOUR)

    assert heard() == [AT]


def test_a_meeting_that_only_shifts_frees_nothing_it_still_needs(booked):
    move(booked, AT + HOUR / 4)

    assert heard() == []


def test_moved_and_moved_back_the_other_time_is_free(booked):
    undo(move(booked, AT + 3 * HOUR))

    assert heard() == [AT + 3 * HOUR]


def test_what_has_begun_is_no_news(booked):
    cancel(booked)
    with clock.at(AT):
        assert heard() == []


@pytest.mark.parametrize("model", [TimeOff, Busy])
def test_nobody_is_offered_the_hour_of_somebody_who_is_away(ana, booked, model):
    more = {"made_at": NOW} if model is TimeOff else {"source": ana.pk}
    model.objects.create(staff=ana, starts_at=AT, ends_at=AT + HOUR, **more)
    cancel(booked)

    assert heard() == []


def test_the_hours_of_a_standing_slot_that_rests_are_free(ana, mara, house):
    series = ASeries(client=mara, clinician=ana, place=house)
    pause = APause(series=series, offered=True)
    for weeks in (1, 2, 9):
        ALeftOut(series=series, nth_on=NOW.date() + timedelta(weeks=weeks), why="PAUSE")
    with unit():
        events.announce(SeriesPaused(pause.pk))

    assert heard() == [NOW + HOUR + timedelta(weeks=weeks) for weeks in (1, 2)]


def test_the_hours_of_one_that_keeps_them_are_not(ana, mara):
    pause = APause(series=ASeries(client=mara, clinician=ana))
    ALeftOut(series=pause.series, nth_on=pause.from_on, why="PAUSE")
    with unit():
        events.announce(SeriesPaused(pause.pk))

    assert heard() == []


class TestByHand:
    def free(self, by, ana, start=AT, **given):
        slot = rules.lasting(start, 50)
        return hours.free(by=by.account, staff=ana, slot=slot, now=NOW, **given)

    def test_by_the_clinician_and_the_front_desk_alone(self, ana, house):
        fay, ben = Colleague(roles=["FRONT_DESK"], at=[house]), Colleague(at=[house])
        assert self.free(ana, ana).pk == self.free(fay, ana).pk
        with pytest.raises(Denied):
            self.free(ben, ana)

    def test_without_a_place_it_is_not_in_person(self, ana):
        assert self.free(ana, ana).ways == ["VIDEO", "PHONE"]
        with pytest.raises(hours.CannotFree) as problem:
            self.free(ana, ana, ways=["HERE"])
        assert problem.value.field == "where"

    def test_not_what_is_taken_has_begun_or_is_nobodys(self, ana, booked, house):
        for field, given in (
            ("at", {}), ("on", {"start": NOW}), ("clinician", {"start": AT + HOUR}),
        ):  # fmt: skip
            who = ana
            if field == "clinician":
                who = Colleague(roles=["FRONT_DESK"], at=[house])
            with pytest.raises(hours.CannotFree) as problem:
                self.free(who, who, **given)
            assert problem.value.field == field

    def test_an_hour_that_was_taken_otherwise_is_not_shown(self, ana, mara):
        hour = AFreedHour(clinician=ana)
        assert list(queries.free_hours(now=NOW)) == [hour]
        appointments.book(by=BY, client=mara, clinician=ana, slot=hour.slot, now=NOW)

        assert list(queries.free_hours(now=NOW)) == []
