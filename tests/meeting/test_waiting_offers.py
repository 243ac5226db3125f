"""An hour on offer: in turn, at once, answered, run out, stopped; and never given twice."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from rapport.core import jobs as queue
from rapport.core import time as clock
from rapport.core.policy import Denied, System
from rapport.meeting.appointments import actions as appointments
from rapport.meeting.appointments import rules
from rapport.meeting.models import (
    Appointment,
    FreedHour,
    Hold,
    Occupancy,
    Offer,
    WaitingEntry,
    WaitingSettings,
)
from rapport.meeting.waiting import answering, jobs, links, offering, queries
from rapport.people.models import CareTeamMember, GroupMember
from tests.factories import (
    NOW,
    AFreedHour,
    AnAppointment,
    AnOffer,
    ARoom,
    AType,
    AWaitingEntry,
    ClientOf,
    Colleague,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nine_o_clock")]

BY = System("test")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
AT = NOW + timedelta(days=2)


@pytest.fixture
def line(ana, house):
    """Three who wait, in the order in which they are asked."""
    return [
        AWaitingEntry(client=ClientOf(care_team=[ana], place=house), since=NOW - timedelta(days))
        for days in (30, 20, 10)
    ]


@pytest.fixture
def hour(ana, house):
    room = ARoom(place=house)
    return AFreedHour(clinician=ana, room=room, place=house, ways=["HERE", "VIDEO", "PHONE"])


def offer(hour, how="IN_TURN", now=NOW, by=BY, **given):
    return offering.offer(by=by, hour=hour, now=now, how=how, **given)


def states(hour):
    rows = Offer.objects.filter(hour=hour, round=hour.round).order_by("position")
    return list(rows.values_list("state", flat=True))


def asked(hour):
    return Offer.objects.filter(hour=hour, state="OFFERED").order_by("position")


def accept(one, now=NOW, by=None):
    return answering.accept(by=by or links.Holder(one.pk), offer=one, now=now)


def decline(one, now=NOW):
    return answering.decline(by=links.Holder(one.pk), offer=one, now=now)


def tick(now):
    with clock.at(now):
        jobs.watch(now=now)


def entry_states(line):
    return [WaitingEntry.objects.get(pk=one.pk).state for one in line]


class TestInTurn:
    def test_one_is_asked_and_the_hour_is_kept_for_them(self, hour, line, ana):
        offer(hour)

        assert states(hour) == ["OFFERED", "IN_LINE", "IN_LINE"]
        assert entry_states(line) == ["OFFERED", "WAITING", "WAITING"]
        hold = Hold.objects.get()
        assert (hold.client, hold.expires_at) == (line[0].client, NOW + HOUR)
        assert set(Occupancy.objects.values_list("kind", "thing")) == {
            ("CLIENT", line[0].client_id), ("CLINICIAN", ana.pk), ("ROOM", hour.room_id),
        }  # fmt: skip

    def test_nobody_else_gets_the_hour_meanwhile(self, hour, line, ana):
        offer(hour)
        with pytest.raises(appointments.CannotBook):
            appointments.book(by=BY, client=ClientOf(), clinician=ana, now=NOW,
                              slot=rules.lasting(AT, 50))  # fmt: skip

    def test_whoever_accepts_has_an_appointment_and_nobody_else_is_asked(self, hour, line, ana):
        offer(hour)
        done = accept(asked(hour).get())

        one = Appointment.objects.get()
        assert done.appointment == one
        assert (one.client, one.clinician, one.way, one.room, one.kind) == (
            line[0].client, ana, "HERE", hour.room, "FIRST",
        )  # fmt: skip
        assert (one.starts_at, one.ends_at) == (AT, AT + 50 * MINUTE)
        assert states(hour) == ["ACCEPTED"]
        assert entry_states(line) == ["PLACED", "WAITING", "WAITING"]
        assert FreedHour.objects.get().state == "GIVEN"
        assert not Hold.objects.exists()

    def test_a_no_asks_the_next_at_once(self, hour, line):
        offer(hour)
        decline(asked(hour).get())

        assert states(hour) == ["DECLINED", "OFFERED", "IN_LINE"]
        assert entry_states(line) == ["WAITING", "OFFERED", "WAITING"]
        assert Hold.objects.get().client == line[1].client

    def test_without_an_answer_the_minute_asks_the_next(self, hour, line):
        offer(hour)
        tick(NOW + 59 * MINUTE)
        assert states(hour) == ["OFFERED", "IN_LINE", "IN_LINE"]
        tick(NOW + 60 * MINUTE)
        tick(NOW + 61 * MINUTE)

        assert states(hour) == ["LAPSED", "OFFERED", "IN_LINE"]
        assert asked(hour).get().answer_by == NOW + 2 * HOUR

    def test_when_nobody_takes_it_the_desk_has_it_back(self, hour, line):
        offer(hour)
        for _ in line:
            decline(asked(hour).get())

        hour.refresh_from_db()
        assert (hour.state, hour.hold) == ("OPEN", None)
        assert not Hold.objects.exists()
        assert queries.fitting(hour=hour, now=NOW) == []
        with pytest.raises(offering.CannotOffer, match="Nobody"):
            offer(hour)

    def test_at_night_nobody_is_asked_and_in_the_morning_the_next_is(self, hour, line):
        evening = NOW + timedelta(hours=11, minutes=30)  # 20:30
        offer(hour, now=evening)
        tick(NOW + timedelta(hours=12, minutes=30))
        assert states(hour) == ["LAPSED", "IN_LINE", "IN_LINE"]
        tick(NOW + timedelta(hours=22, minutes=59))
        assert states(hour) == ["LAPSED", "IN_LINE", "IN_LINE"]
        tick(NOW + timedelta(hours=23))

        assert states(hour) == ["LAPSED", "OFFERED", "IN_LINE"]

    def test_pressed_twice_is_one_round(self, hour, line):
        offer(hour)
        offer(hour)

        assert states(hour) == ["OFFERED", "IN_LINE", "IN_LINE"]

    def test_whoever_has_another_offer_is_passed_over(self, hour, line, ana):
        other = AFreedHour(clinician=ana, starts_at=AT + 3 * HOUR)
        offer(hour)
        offer(other)

        assert asked(other).get().entry == line[1]
        decline(asked(hour).get())
        assert asked(hour).get().entry == line[2]

    def test_whoever_meets_somebody_else_then_is_not_asked(self, hour, line, house):
        ben = Colleague(at=[house])
        AnAppointment(client=line[0].client, clinician=ben, starts_at=AT)
        couple = ClientOf(kind="COUPLE", place=house)
        GroupMember.objects.create(client=couple, member=line[0].client)
        AWaitingEntry(client=couple, urgency=1)
        offer(hour)

        assert [one.entry for one in Offer.objects.order_by("position")] == line[1:]

    def test_a_time_taken_between_two_is_gone_for_all(self, hour, line, ana):
        offer(hour)
        Hold.objects.all().delete()
        AnAppointment(client=ClientOf(), clinician=ana, starts_at=AT)
        tick(NOW + HOUR)

        hour.refresh_from_db()
        assert (hour.state, states(hour)) == ("GONE", ["LAPSED"])
        assert entry_states(line) == ["WAITING"] * 3

    def test_an_hour_that_begins_is_over_and_everybody_waits_on(self, hour, line):
        offer(hour)
        tick(AT)

        hour.refresh_from_db()
        assert (hour.state, states(hour)) == ("OVER", ["LAPSED"])
        assert entry_states(line) == ["WAITING"] * 3
        assert not Hold.objects.exists()


class TestAtOnce:
    def test_as_many_as_the_practice_says_are_asked_and_one_hold_keeps_it(self, hour, line):
        WaitingSettings.objects.create(most_at_once=2)
        offer(hour, "AT_ONCE")

        assert states(hour) == ["OFFERED", "OFFERED"]
        assert (Hold.objects.get().client, Hold.objects.get().expires_at) == (None, NOW + HOUR)
        assert entry_states(line) == ["OFFERED", "OFFERED", "WAITING"]

    def test_the_first_who_accepts_gets_it_and_the_others_wait_on(self, hour, line):
        offer(hour, "AT_ONCE")
        first, second, third = asked(hour)
        decline(first)
        accept(second)

        with pytest.raises(answering.Closed) as problem:
            accept(third)
        assert problem.value.code == "GONE"
        assert states(hour) == ["DECLINED", "ACCEPTED", "GONE"]
        assert entry_states(line) == ["WAITING", "PLACED", "WAITING"]
        assert Appointment.objects.count() == 1

    def test_when_all_decline_the_desk_has_it_back(self, hour, line):
        offer(hour, "AT_ONCE")
        for one in asked(hour):
            decline(one)

        hour.refresh_from_db()
        assert (hour.state, Hold.objects.count()) == ("OPEN", 0)


class TestAnswering:
    def test_a_yes_sent_twice_books_once(self, hour, line):
        offer(hour)
        one = asked(hour).get()

        assert accept(one).appointment == accept(one).appointment
        assert Appointment.objects.count() == 1

    def test_a_no_sent_twice_asks_one_next(self, hour, line):
        offer(hour)
        one = asked(hour).get()
        decline(one)
        decline(one)

        assert states(hour) == ["DECLINED", "OFFERED", "IN_LINE"]

    @pytest.mark.parametrize(
        ("code", "how"),
        [
            ("LATE", lambda one: Offer.objects.update(answer_by=NOW)),
            ("LATE", lambda one: tick(NOW + HOUR)),
            ("BEGUN", lambda one: FreedHour.objects.update(starts_at=NOW)),
            ("DECLINED", lambda one: decline(one)),
            ("WITHDRAWN", lambda one: offering.stop(by=BY, hour=one.hour, now=NOW)),
            ("GONE", lambda one: offering.offer),
        ],
    )
    def test_what_cannot_be_answered_any_more_says_why(self, hour, line, ana, code, how):
        offer(hour)
        one = asked(hour).get()
        how(one)
        if code == "GONE":
            Hold.objects.all().delete()
            AnAppointment(client=ClientOf(), clinician=ana, starts_at=AT)

        with pytest.raises(answering.Closed) as problem:
            accept(one)
        assert problem.value.code == code
        assert Appointment.objects.count() == (code == "GONE")

    def test_a_yes_cannot_be_made_a_no(self, hour, line):
        offer(hour)
        one = asked(hour).get()
        accept(one)

        with pytest.raises(answering.Closed) as problem:
            decline(one)
        assert problem.value.code == "ACCEPTED"
        assert Appointment.objects.get().status == "BOOKED"

    def test_a_link_answers_for_its_own_offer_alone(self, hour, line):
        offer(hour, "AT_ONCE")
        first, second, _third = asked(hour)
        for by in (links.Holder(first.pk), Colleague().account):
            with pytest.raises(Denied):
                accept(second, by=by)

    def test_the_desk_answers_for_whoever_called(self, hour, line, house):
        fay = Colleague(roles=["FRONT_DESK"], at=[house])
        offer(hour)
        done = accept(asked(hour).get(), by=fay.account)

        assert (done.state, done.answered_by) == ("ACCEPTED", fay.account)

    def test_a_clinician_who_did_not_care_for_them_joins_the_care_team(self, house, hour, ana):
        ben = Colleague(at=[house])
        noa = ClientOf(care_team=[ben], place=house)
        AWaitingEntry(client=noa)
        offer(hour)
        accept(asked(hour).get())
        queue.run_due(NOW, loud=True)

        team = CareTeamMember.objects.filter(client=noa, until_on=None)
        assert set(team.values_list("staff", flat=True)) == {ben.pk, ana.pk}

    def test_the_kind_that_was_waited_for_is_booked(self, house, ana, hour):
        kind = AType(minutes=25, kind="ASSESSMENT", ways=["VIDEO"])
        entry = AWaitingEntry(client=ClientOf(care_team=[ana], place=house))
        entry.types.add(kind)
        offer(hour)
        accept(asked(hour).get())

        one = Appointment.objects.get()
        assert (one.type, one.kind, one.way, one.room) == (kind, "ASSESSMENT", "VIDEO", None)
        assert one.ends_at - one.starts_at == 25 * MINUTE


class TestWhoOffers:
    def test_the_clinician_whose_hour_it_is_and_the_front_desk(self, hour, line, ana, house):
        fay, ben = Colleague(roles=["FRONT_DESK"], at=[house]), Colleague(at=[house])
        with pytest.raises(Denied):
            offer(hour, by=ben.account)
        offer(hour, by=ana.account)
        offering.stop(by=fay.account, hour=hour, now=NOW)

        assert FreedHour.objects.get().state == "OPEN"

    def test_stopped_whoever_was_only_in_line_can_be_asked_again(self, hour, line):
        offer(hour)
        offering.stop(by=BY, hour=hour, now=NOW)
        assert states(hour) == ["WITHDRAWN"]
        offer(hour)

        assert states(hour) == ["WITHDRAWN", "OFFERED", "IN_LINE"]
        assert asked(hour).get().entry == line[1]

    def test_some_of_them_alone(self, hour, line):
        offer(hour, only={line[2].pk})
        assert asked(hour).get().entry == line[2]

    def test_kept_free_and_offered_after_all(self, hour, line):
        offering.keep(by=BY, hour=hour, now=NOW)
        assert FreedHour.objects.get().state == "KEPT"
        offering.open_again(by=BY, hour=hour, now=NOW)
        assert FreedHour.objects.get().state == "OPEN"

    def test_by_itself_where_the_practice_says_so_and_not_at_night(self, hour, line):
        tick(NOW)
        assert not Offer.objects.exists()
        WaitingSettings.objects.create(by_itself=True)
        tick(NOW + timedelta(hours=12))
        assert not Offer.objects.exists()
        tick(NOW + MINUTE)

        assert states(hour) == ["OFFERED", "IN_LINE", "IN_LINE"]

    def test_the_minute_counts_who_could_take_an_hour(self, hour, line):
        tick(NOW)
        assert FreedHour.objects.get().could_take == 3
        line[0].delete()
        tick(NOW + MINUTE)
        assert FreedHour.objects.get().could_take == 2

    def test_one_hour_that_cannot_go_on_holds_up_no_other(self, hour, line, ana, monkeypatch):
        other = AFreedHour(clinician=ana, starts_at=AT + 3 * HOUR)
        offer(hour)
        offer(other)
        passing = offering.pass_on

        def breaks(**given):
            if given["hour"].pk == hour.pk:
                raise RuntimeError("no")
            return passing(**given)

        monkeypatch.setattr(offering, "pass_on", breaks)
        with pytest.raises(ExceptionGroup):
            tick(NOW + HOUR)

        assert (states(hour)[0], states(other)[0]) == ("OFFERED", "LAPSED")


class TestTheDatabase:
    """What must never be, the tables refuse by themselves."""

    def refused(self, **given):
        with pytest.raises(IntegrityError), transaction.atomic():
            AnOffer(**given)

    def test_an_hour_is_given_once_and_offered_to_each_once(self, hour, line):
        AnOffer(hour=hour, entry=line[0], state="ACCEPTED")
        self.refused(hour=hour, entry=line[1], state="ACCEPTED")
        self.refused(hour=hour, entry=line[0], state="GONE")

    def test_somebody_has_one_offer_at_a_time(self, hour, line, ana):
        AnOffer(hour=hour, entry=line[0])
        other = AFreedHour(clinician=ana, starts_at=AT + HOUR)
        self.refused(hour=other, entry=line[0])
        self.refused(hour=other, entry=line[1], answer_by=None)
