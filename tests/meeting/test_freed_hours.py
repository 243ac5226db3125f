"""Hours that fall free are noticed: called off, moved, resting, or said by hand."""

from datetime import time, timedelta

import pytest

from rapport.core import events, jobs
from rapport.core import time as clock
from rapport.core.audit import unit
from rapport.core.policy import Denied, System
from rapport.meeting.appointments import actions as appointments
from rapport.meeting.appointments import rules
from rapport.meeting.events import AppointmentCancelled, SeriesPaused
from rapport.meeting.models import Busy, FreedHour, TimeOff
from rapport.meeting.series import actions as standing
from rapport.meeting.series import resting
from rapport.meeting.series.rules import Rule
from rapport.meeting.waiting import answering, hours, offering, queries
from rapport.people.episodes import actions as episodes
from tests.factories import (
    NOW,
    AFreedHour,
    ALeftOut,
    AnEpisode,
    APause,
    ARoom,
    ASeries,
    AWaitingEntry,
    ClientOf,
    Colleague,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nine_o_clock")]

BY = System("test")
AT = NOW + timedelta(days=2)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


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


def test_what_the_practice_calls_off_is_free_as_well(ana, booked):
    cancel(booked, "PRACTICE")

    assert heard() == [AT]
    assert FreedHour.objects.get().room == booked.room


def test_what_the_clinician_calls_off_is_not_and_can_be_said_to_be(ana, booked):
    cancel(booked, "CLINICIAN")
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
    for weeks in (1, 3, 9):
        ALeftOut(series=series, nth_on=NOW.date() + timedelta(weeks=weeks), why="PAUSE")
    with unit():
        events.announce(SeriesPaused(pause.pk))

    assert heard() == [NOW + HOUR + timedelta(weeks=weeks) for weeks in (1, 3)]


def test_the_hours_of_one_that_keeps_them_are_not(ana, mara):
    pause = APause(series=ASeries(client=mara, clinician=ana))
    ALeftOut(series=pause.series, nth_on=pause.from_on, why="PAUSE")
    with unit():
        events.announce(SeriesPaused(pause.pk))

    assert heard() == []


def begun(ana, mara, house, *rooms, **given):
    return standing.begin(by=BY, client=mara, now=NOW, wanted=standing.Wanted(
        clinician=ana, rule=Rule("WEEKLY"), starts_on=NOW.date() + DAY, at=time(10),
        place=house, rooms=rooms, **given,
    ))  # fmt: skip


def ends(series, on):
    series.refresh_from_db()
    return standing.end(by=BY, series=series, on=on, revision=series.revision, now=NOW)


TUESDAY = NOW.date() + timedelta(days=1)
TUESDAYS = [NOW + HOUR + timedelta(days=1, weeks=weeks) for weeks in range(6)]


def test_the_hours_of_the_four_weeks_after_a_standing_slot_ended_are_free(ana, mara, house):
    ends(begun(ana, mara, house), TUESDAY + timedelta(weeks=1))

    assert heard() == TUESDAYS[1:5]


def test_so_are_those_of_a_therapy_that_ended(ana, house):
    mara = ClientOf(care_team=[ana], place=house)
    episode = AnEpisode(client=mara, responsible=ana)
    begun(ana, mara, house)
    episodes.close(by=ana.account, client=mara, episode=episode, on=NOW.date(),
                   reason="COMPLETED")  # fmt: skip

    assert heard() == TUESDAYS[:4]


def test_what_was_called_off_or_moved_of_it_by_hand_before_is_heard_of_once(ana, mara, house):
    first, second = begun(ana, mara, house).appointments.order_by("starts_at")[:2]
    cancel(first, "CLINICIAN")
    move(second, second.starts_at + 3 * HOUR)
    heard()
    ends(first.series, TUESDAY)

    assert heard() == TUESDAYS[1:4]


def test_hours_of_an_ended_slot_that_others_have_or_in_which_nobody_is_there_are_not(
    ana, mara, house
):
    series = begun(ana, mara, house)
    ends(series, TUESDAY)
    appointments.book(by=BY, client=ClientOf(), clinician=ana, now=NOW,
                      slot=rules.lasting(TUESDAYS[0], 50))  # fmt: skip
    TimeOff.objects.create(staff=ana, starts_at=TUESDAYS[1], ends_at=TUESDAYS[1] + HOUR,
                           made_at=NOW)  # fmt: skip

    assert heard() == TUESDAYS[2:4]


def test_each_hour_of_a_slot_that_changes_rooms_has_the_room_of_that_day(ana, mara, house):
    blue, green = ARoom(place=house, name="Blue"), ARoom(place=house, name="Green")
    ends(begun(ana, mara, house, blue, green), TUESDAY)
    heard()

    free = FreedHour.objects.order_by("starts_at")
    assert [one.room for one in free] == [blue, green, blue, green]


def test_where_somebody_else_has_that_room_it_is_not_in_person(ana, mara, house):
    blue, green = ARoom(place=house, name="Blue"), ARoom(place=house, name="Green")
    ends(begun(ana, mara, house, blue, green), TUESDAY)
    appointments.book(by=BY, client=ClientOf(), clinician=Colleague(at=[house]), now=NOW,
                      slot=rules.lasting(TUESDAYS[1], 50), room=green)  # fmt: skip
    heard()

    second = FreedHour.objects.get(starts_at=TUESDAYS[1])
    assert (second.room, second.place, second.ways) == (None, None, ["VIDEO", "PHONE"])


def test_a_slot_that_rests_gives_the_room_of_that_day_too(ana, mara, house):
    blue, green = ARoom(place=house, name="Blue"), ARoom(place=house, name="Green")
    series = begun(ana, mara, house, blue, green)
    resting.pause(by=BY, series=series, from_on=TUESDAY + timedelta(weeks=1), offered=True,
                  until_on=TUESDAY + timedelta(weeks=2), revision=series.revision,
                  now=NOW)  # fmt: skip
    heard()

    assert [one.room for one in FreedHour.objects.order_by("starts_at")] == [green, blue]


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
