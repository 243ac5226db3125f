"""Beginning, changing, pausing, ending a standing slot: what the database then says."""

import uuid
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.core import jobs
from rapport.core import time as clock
from rapport.core.models import AuditEntry
from rapport.core.policy import Denied, System
from rapport.meeting.appointments import actions as appointments
from rapport.meeting.appointments.actions import CannotBook
from rapport.meeting.appointments.rules import lasting
from rapport.meeting.models import Appointment, LeftOut, Occupancy, Pause, Series, TimeOff
from rapport.meeting.series import actions, cancelling, checks, queries, resting
from rapport.meeting.series.actions import Wanted
from rapport.meeting.series.by_hand import Answer, MovedByHand
from rapport.meeting.series.jobs import extend as nightly
from rapport.meeting.series.making import Clashes
from rapport.meeting.series.rules import Rule
from rapport.people.episodes import actions as episodes
from tests.factories import (
    NOW,
    AnAppointment,
    AnEpisode,
    ANote,
    ARoom,
    ClientOf,
    Colleague,
)

pytestmark = pytest.mark.django_db

MONDAY = NOW.date()  # 7 January 2030
WEEK = timedelta(7)
BEFORE = NOW - timedelta(days=1)
BY = System("test")


@pytest.fixture
def ana(house):
    return Colleague(at=[house], legal_name="Ana Roth")


@pytest.fixture
def ben(house):
    return Colleague(at=[house], legal_name="Ben Falk")


@pytest.fixture
def mara(house, ana):
    return ClientOf(care_team=[ana], place=house, legal_name="Mara Kühn")


@pytest.fixture
def noa(house, ben):
    return ClientOf(care_team=[ben], place=house, legal_name="Noa Hidden")


def wanted(clinician, rule=None, **more):
    given = {"rule": rule or Rule("WEEKLY"), "starts_on": MONDAY, "at": time(10),
             "holidays": "KEEP"}  # fmt: skip
    return Wanted(clinician=clinician, **given | more)


def begin(client, clinician, rule=None, by=BY, now=BEFORE, without=frozenset(), once=None, **more):
    return actions.begin(by=by, client=client, wanted=wanted(clinician, rule, **more), now=now,
                         without=without, once=once)  # fmt: skip


def booked(series):
    rows = Appointment.objects.filter(series=series, status="BOOKED").order_by("starts_at")
    return list(rows)


def days(series):
    return [one.nth_on for one in booked(series)]


def out(series):
    return dict(LeftOut.objects.filter(series=series).values_list("nth_on", "why"))


def nth(n):
    return MONDAY + n * WEEK


def ten(n, minutes=0):
    """Monday n at ten and some minutes, UTC."""
    return datetime.combine(nth(n), time(10), tzinfo=UTC) + timedelta(minutes=minutes)


def move(one, slot, now=BEFORE, **more):
    given = {"clinician": one.clinician, "way": one.way, "room": one.room, "place": one.place}
    return appointments.move(by=BY, appointment=one, slot=slot, revision=one.revision, now=now,
                             **given | more)  # fmt: skip


def cancel(one, now=BEFORE):
    return appointments.cancel(by=BY, appointment=one, side="CLIENT", revision=one.revision,
                               now=now)  # fmt: skip


def change(series, from_on, want, now=BEFORE, **more):
    series.refresh_from_db()
    return actions.change_following(by=BY, series=series, from_on=from_on, wanted=want,
                                    revision=series.revision, now=now, **more)  # fmt: skip


def pause(series, from_on, until_on, offered=False, now=BEFORE):
    series.refresh_from_db()
    return resting.pause(by=BY, series=series, from_on=from_on, until_on=until_on,
                         offered=offered, revision=series.revision, now=now)  # fmt: skip


def end(series, on, now=BEFORE):
    series.refresh_from_db()
    return actions.end(by=BY, series=series, on=on, revision=series.revision, now=now)


def whole():
    """Nothing is lost, nothing is twice, every time is held."""
    from rapport.meeting.appointments import enforcement

    found = [*checks.every_day_once(), *enforcement.never_twice(),
             *enforcement.every_time_is_held()]  # fmt: skip
    assert found == []


class TestBeginning:
    def test_a_year_is_booked_each_at_the_same_hour(self, ana, mara):
        series = begin(mara, ana)

        assert days(series) == [nth(n) for n in range(53)]
        assert {one.starts_at.time() for one in booked(series)} == {time(10)}
        assert series.made_until == BEFORE.date() + timedelta(366)
        assert Occupancy.objects.count() == 2 * 53
        whole()

    def test_nine_stays_nine_across_clock_changes(self, ana, mara):
        series = begin(mara, ana, zone="Europe/Berlin")

        shown = {one.starts_at.astimezone(clock.zone_named("Europe/Berlin")).time()
                 for one in booked(series)}  # fmt: skip
        assert shown == {time(10)}
        assert {one.starts_at.hour for one in booked(series)} == {8, 9}

    def test_rooms_are_taken_in_turn(self, ana, mara, house):
        rooms = (ARoom(place=house), ARoom(place=house))
        series = begin(mara, ana, Rule("WEEKLY", times=4), rooms=rooms)

        assert [one.room for one in booked(series)] == [rooms[0], rooms[1], rooms[0], rooms[1]]
        assert {one.place for one in booked(series)} == {house}

    def test_what_is_taken_is_said_before_anything_is_booked(self, ana, mara, house):
        other = ClientOf(care_team=[ana], place=house, legal_name="Jonas Weber")
        for n in (1, 3):
            AnAppointment(client=other, clinician=ana, starts_at=ten(n, 30))

        with pytest.raises(Clashes) as refused:
            begin(mara, ana)

        assert [one.due.nth_on for one in refused.value.taken] == [nth(1), nth(3)]
        assert "Jonas Weber" in refused.value.taken[0].words
        assert Series.objects.count() == 0 and Appointment.objects.count() == 2

    def test_of_whom_one_may_not_see_nothing_is_said(self, ana, ben, mara, noa):
        AnAppointment(client=noa, clinician=ana, starts_at=ten(1))

        with pytest.raises(Clashes) as refused:
            begin(mara, ana, by=ana.account)

        assert [one.words for one in refused.value.taken] == ["That time is taken."]

    def test_days_that_are_taken_are_left_out_when_one_says_so(self, ana, mara, noa):
        AnAppointment(client=noa, clinician=ana, starts_at=ten(1))

        series = begin(mara, ana, without={nth(1)})

        assert nth(1) not in days(series) and len(days(series)) == 52
        assert out(series) == {nth(1): "TAKEN"}
        assert not queries.to_look_at(by=BY, staff=ana, most=5)
        whole()

    def test_a_new_clash_is_said_again(self, ana, mara, noa):
        AnAppointment(client=noa, clinician=ana, starts_at=ten(1))
        AnAppointment(client=noa, clinician=ana, starts_at=ten(2))

        with pytest.raises(Clashes):
            begin(mara, ana, without={nth(1)})

    def test_a_form_sent_twice_makes_one(self, ana, mara):
        once = uuid.uuid4()

        assert begin(mara, ana, once=once) == begin(mara, ana, once=once)
        assert Appointment.objects.count() == 53

    def test_holidays_are_left_out(self, ana, mara):
        thanksgiving = date(2030, 11, 28)
        series = begin(mara, ana, Rule("WEEKLY", days=(4,)), starts_on=date(2030, 11, 21),
                       holidays="SKIP", now=datetime(2030, 11, 1, tzinfo=UTC))  # fmt: skip

        assert out(series)[thanksgiving] == "HOLIDAY"
        whole()

    def test_while_the_clinician_is_away_there_is_none(self, ana, mara):
        TimeOff.objects.create(staff=ana, starts_at=ten(2), ends_at=ten(4), made_at=NOW)

        assert out(begin(mara, ana)) == {nth(2): "AWAY", nth(3): "AWAY"}

    def test_somebody_who_leaves_is_away_from_then_on(self, ana, mara):
        ana.ended_on = nth(5)
        ana.save()

        series = begin(mara, ana)

        assert days(series) == [nth(n) for n in range(5)]
        assert set(out(series).values()) == {"AWAY"}

    def test_a_couple_takes_the_time_of_both(self, ana, house, mara):
        from rapport.people.models import GroupMember

        couple = ClientOf(kind="COUPLE", care_team=[ana], place=house)
        GroupMember.objects.create(client=couple, member=mara)
        begin(couple, ana, Rule("WEEKLY", times=2))

        held = Occupancy.objects.filter(thing=mara.pk)
        assert [row.starts_at for row in held.order_by("starts_at")] == [ten(0), ten(1)]

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"starts_on": MONDAY - WEEK}, "starts_on"),
            ({"starts_on": MONDAY + timedelta(400)}, "starts_on"),
            ({"starts_on": date(9999, 12, 27)}, "starts_on"),
            ({"rule": Rule("WEEKLY", days=(2,))}, "starts_on"),
            ({"rule": Rule("WEEKLY", until=date(9999, 12, 31))}, "until"),
            ({"rule": Rule("WEEKLY", until=MONDAY - WEEK)}, "until"),
            ({"minutes": 0}, "minutes"),
            ({"minutes": 481}, "minutes"),
            ({"zone": "Mars/Olympus"}, "zone"),
            ({"zone": "../../etc/passwd"}, "zone"),
            ({"way": "SMOKE"}, "way"),
            ({"kind": "SMOKE"}, "kind"),
            ({"holidays": "SMOKE"}, "holidays"),
            ({"video_url": "http://x"}, "video_url"),
        ],
    )
    def test_what_cannot_be_is_refused_beside_its_field(self, ana, mara, given, field):
        with pytest.raises(CannotBook) as refused:
            begin(mara, ana, **given)

        assert refused.value.field == field
        assert not Series.objects.exists()

    def test_a_stranger_begins_none(self, ana, ben, mara):
        with pytest.raises(Denied):
            begin(mara, ana, by=ben.account)

        assert AuditEntry.objects.get(verb="series.begin").allowed is False

    def test_it_takes_a_bounded_number_of_statements(self, ana, mara, noa, ben):
        begin(noa, ben)  # the trail's first entry makes its head
        with CaptureQueriesContext(connection) as said:
            begin(mara, ana)

        assert len(said) <= 30, [q["sql"][:80] for q in said]


class TestOneAlone:
    def test_what_was_moved_stays_moved_when_it_is_made_further(self, ana, mara):
        series = begin(mara, ana)
        moved = move(booked(series)[1], lasting(ten(1, 120), 50))

        actions.extend(by=BY, series=series, now=BEFORE + timedelta(100))

        assert Appointment.objects.get(pk=moved.pk).starts_at == ten(1, 120)
        assert days(series).count(nth(1)) == 1
        whole()

    def test_a_cancelled_day_is_not_made_again(self, ana, mara):
        series = begin(mara, ana)
        cancel(booked(series)[1])

        actions.extend(by=BY, series=series, now=BEFORE + timedelta(100))

        assert nth(1) not in days(series)
        whole()


class TestTheNightly:
    def test_it_makes_what_is_missing_and_only_that(self, ana, mara):
        series = begin(mara, ana)

        nightly(now=BEFORE + timedelta(10))
        assert len(days(series)) == 53  # far enough ahead still
        nightly(now=BEFORE + timedelta(100))
        nightly(now=BEFORE + timedelta(100))

        assert days(series) == [nth(n) for n in range(len(days(series)))]
        assert days(series)[-1] + WEEK > BEFORE.date() + timedelta(465)
        whole()

    def test_a_day_that_is_taken_is_left_out_and_shown(self, ana, mara, house):
        series = begin(mara, ana)
        other = ClientOf(care_team=[ana], place=house)
        AnAppointment(client=other, clinician=ana, starts_at=ten(55))

        nightly(now=BEFORE + timedelta(100))

        assert out(series) == {nth(55): "TAKEN"}
        assert [one.nth_on for one in queries.to_look_at(by=BY, staff=ana, most=5)] == [nth(55)]
        actions.seen(by=BY, series=series, now=NOW)
        assert not queries.to_look_at(by=BY, staff=ana, most=5)

    def test_an_ended_one_is_left_alone(self, ana, mara):
        series = begin(mara, ana)
        end(series, nth(2))

        nightly(now=BEFORE + timedelta(100))

        assert days(series) == [nth(0), nth(1)]


class TestThisAndFollowing:
    def test_what_was_stays_and_what_follows_is_new(self, ana, mara):
        series = begin(mara, ana)
        tuesday = nth(3) + timedelta(1)

        later = change(series, nth(3), wanted(ana, Rule("WEEKLY", 2), starts_on=tuesday))

        assert days(series) == [nth(0), nth(1), nth(2)]
        assert days(later)[:3] == [tuesday, tuesday + 2 * WEEK, tuesday + 4 * WEEK]
        assert (later.follows, later.follows.ended_on) == (series, nth(3))
        whole()

    def test_a_moved_one_stands_in_for_its_week_and_a_cancelled_one_too(self, ana, mara):
        series = begin(mara, ana)
        one, two = booked(series)[4], booked(series)[5]
        move(one, lasting(ten(4, 26 * 60), 50))
        cancel(two)

        later = change(series, nth(3), wanted(ana, starts_on=nth(3), at=time(15)))

        one.refresh_from_db()
        two.refresh_from_db()
        assert (one.series, one.nth_on, one.starts_at) == (later, nth(4), ten(4, 26 * 60))
        assert (two.series, two.status) == (later, "CANCELLED")
        assert {d: days(later).count(d) for d in (nth(3), nth(4), nth(5), nth(6))} == {
            nth(3): 1, nth(4): 1, nth(5): 0, nth(6): 1,
        }  # fmt: skip
        whole()

    def test_unless_one_says_otherwise(self, ana, mara):
        series = begin(mara, ana)
        move(booked(series)[4], lasting(ten(4, 120), 50))
        cancel(booked(series)[5])

        later = change(series, nth(3), wanted(ana, starts_on=nth(3), at=time(15)), keep=False)

        assert days(later)[:4] == [nth(3), nth(4), nth(5), nth(6)]
        assert {one.starts_at.hour for one in booked(later)} == {15}
        whole()

    def test_one_for_which_no_day_is_left_stands_for_itself(self, ana, mara):
        series = begin(mara, ana)
        moved = move(booked(series)[4], lasting(ten(4, 120), 50))

        later = change(series, nth(3), wanted(ana, Rule("WEEKLY", 2), starts_on=nth(3)))

        moved.refresh_from_db()
        assert (moved.series, moved.status, moved.starts_at) == (None, "BOOKED", ten(4, 120))
        assert nth(4) not in days(later)
        whole()

    def test_a_clash_leaves_everything_as_it_was(self, ana, mara, noa):
        series = begin(mara, ana)
        AnAppointment(client=noa, clinician=ana, starts_at=ten(6, 300))

        with pytest.raises(Clashes) as refused:
            change(series, nth(3), wanted(ana, starts_on=nth(3), at=time(15)))
        assert [one.due.nth_on for one in refused.value.taken] == [nth(6)]
        assert len(days(series)) == 53

        later = change(series, nth(3), wanted(ana, starts_on=nth(3), at=time(15)),
                       without={nth(6)})  # fmt: skip
        assert out(later) == {nth(6): "TAKEN"}
        whole()

    def test_a_pause_rests_on(self, ana, mara):
        series = begin(mara, ana)
        pause(series, nth(2), nth(5))

        later = change(series, nth(4), wanted(ana, starts_on=nth(4), at=time(15)))

        assert out(series) == {nth(2): "PAUSE", nth(3): "PAUSE"}
        assert out(later) == {nth(4): "PAUSE", nth(5): "PAUSE"}
        assert days(later)[0] == nth(6)
        whole()

    def test_sent_twice_it_changes_once(self, ana, mara):
        series, once = begin(mara, ana), uuid.uuid4()
        want = wanted(ana, starts_on=nth(3), at=time(15))

        assert change(series, nth(3), want, once=once) == change(series, nth(3), want, once=once)
        assert Series.objects.count() == 2

    def test_somebody_who_saw_an_older_one_is_told(self, ana, mara):
        series = begin(mara, ana)
        pause(series, nth(2), nth(3))

        with pytest.raises(CannotBook, match="meanwhile"):
            actions.change_following(
                by=BY, series=series, from_on=nth(4), wanted=wanted(ana, starts_on=nth(4)),
                revision=1, now=BEFORE,
            )  # fmt: skip

    def test_it_does_not_begin_weeks_before_the_old_one_ends(self, ana, mara):
        series = begin(mara, ana)

        with pytest.raises(CannotBook) as refused:
            change(series, nth(3), wanted(ana, starts_on=nth(2), at=time(15)))
        assert refused.value.field == "starts_on"

    def test_all_that_are_ahead_change_and_what_was_does_not(self, ana, mara):
        series, now = begin(mara, ana), ten(2, 60)
        later = actions.change_all(
            by=BY, series=series, wanted=wanted(ana, starts_on=nth(3), minutes=80),
            revision=series.revision, now=now,
        )  # fmt: skip

        assert days(series) == [nth(0), nth(1), nth(2)]
        assert {one.slot.minutes for one in booked(later)} == {80}
        whole()


class TestPausing:
    def test_the_weeks_are_gone_and_the_hours_kept(self, ana, mara, noa):
        series = begin(mara, ana)
        pause(series, nth(2), nth(4))

        assert days(series)[:3] == [nth(0), nth(1), nth(5)]
        assert out(series) == {nth(2): "PAUSE", nth(3): "PAUSE", nth(4): "PAUSE"}
        with pytest.raises(CannotBook):
            appointments.book(by=BY, client=noa, clinician=ana, slot=lasting(ten(3), 50),
                              now=BEFORE)  # fmt: skip
        whole()

    def test_the_client_is_free_meanwhile(self, ana, ben, mara):
        pause(begin(mara, ana), nth(2), nth(4))

        assert appointments.book(by=BY, client=mara, clinician=ben, slot=lasting(ten(3), 50),
                                 now=BEFORE).pk  # fmt: skip

    def test_offered_hours_go_to_others_for_these_weeks_alone(self, ana, mara, noa):
        rest = pause(begin(mara, ana), nth(2), nth(4), offered=True)
        given = {"by": BY, "client": noa, "clinician": ana, "now": BEFORE}

        assert appointments.book(slot=lasting(ten(3), 50), **given).pk
        with pytest.raises(CannotBook):
            appointments.book(slot=lasting(ten(5), 50), **given)
        series = resting.resume(by=BY, pause=rest, on=nth(2), now=BEFORE)
        assert out(series) == {nth(3): "TAKEN"}
        assert days(series)[:4] == [nth(0), nth(1), nth(2), nth(4)]
        whole()

    def test_it_goes_on_early(self, ana, mara):
        series = begin(mara, ana)
        rest = pause(series, nth(2), nth(6))

        resting.resume(by=BY, pause=rest, on=nth(4), now=ten(3))

        assert out(series) == {nth(2): "PAUSE", nth(3): "PAUSE"}
        assert days(series)[:3] == [nth(0), nth(1), nth(4)]
        rest.refresh_from_db()
        assert rest.until_on == nth(4) - timedelta(1)
        whole()

    def test_taken_back_it_is_as_it_was(self, ana, mara):
        series = begin(mara, ana)
        before = [(one.nth_on, one.starts_at) for one in booked(series)]
        rest = pause(series, nth(2), nth(6))

        resting.resume(by=BY, pause=rest, on=rest.from_on, now=BEFORE)
        resting.resume(by=BY, pause=rest, on=rest.from_on, now=BEFORE)

        assert [(one.nth_on, one.starts_at) for one in booked(series)] == before
        assert not Pause.objects.exists() and not out(series)
        whole()

    def test_weeks_beyond_the_horizon_rest_once_they_are_made(self, ana, mara):
        series = begin(mara, ana)
        pause(series, nth(50), nth(60))

        nightly(now=BEFORE + timedelta(100))

        assert set(out(series)) == {nth(n) for n in range(50, 61)}
        whole()

    def test_one_that_somebody_wrote_about_is_cancelled_and_not_taken_away(self, ana, mara):
        series = begin(mara, ana)
        noted = booked(series)[2]
        ANote(client=mara, author=ana, appointment=noted)

        pause(series, nth(2), nth(4))

        noted.refresh_from_db()
        assert (noted.status, noted.cancelled_by) == ("CANCELLED", "PRACTICE")
        whole()

    @pytest.mark.parametrize(
        ("first", "last", "field"),
        [(-1, 2, "from_on"), (3, 2, "until_on"), (1, 60, "until_on"), (3, 9, "from_on"),
         (400, 401, "from_on")],
    )  # fmt: skip
    def test_what_cannot_be_is_refused(self, ana, mara, first, last, field):
        series = begin(mara, ana)
        pause(series, nth(5), nth(6))

        with pytest.raises(CannotBook) as refused:
            pause(series, nth(first), nth(last))
        assert refused.value.field == field


class TestEnding:
    def test_what_is_ahead_is_taken_away_and_comes_back(self, ana, mara):
        series = begin(mara, ana)
        end(series, nth(3))
        assert days(series) == [nth(0), nth(1), nth(2)]

        actions.reopen(by=BY, series=series, revision=2, now=BEFORE)

        assert len(days(series)) == 53
        whole()

    def test_what_others_took_meanwhile_is_left_out(self, ana, mara, noa):
        series = begin(mara, ana)
        end(series, nth(3))
        AnAppointment(client=noa, clinician=ana, starts_at=ten(5))

        actions.reopen(by=BY, series=series, revision=2, now=BEFORE)

        assert out(series) == {nth(5): "TAKEN"}
        whole()

    def test_this_and_following_are_called_off(self, ana, mara):
        series = begin(mara, ana)
        one = booked(series)[3]

        cancelling.cancel_following(by=BY, series=series, appointment=one, side="CLIENT",
                                 revision=1, now=BEFORE, reason="Moves away.")  # fmt: skip

        one.refresh_from_db()
        assert (one.status, one.cancelled_by) == ("CANCELLED", "CLIENT")
        assert one.changes.get().reason == "Moves away."
        assert days(series) == [nth(0), nth(1), nth(2)]
        whole()

    def test_all_that_are_ahead_are_called_off_moved_ones_too(self, ana, mara):
        series, now = begin(mara, ana), ten(1, 60)
        early = move(booked(series)[1], lasting(ten(2, 600), 50))
        one = booked(series)[4]

        cancelling.cancel_all(by=BY, series=series, appointment=one, side="PRACTICE",
                           revision=one.revision, now=now)  # fmt: skip

        assert days(series) == [nth(0)]
        assert not Appointment.objects.filter(pk=early.pk).exists()
        whole()

    def test_a_therapy_that_ends_ends_it_and_going_on_brings_it_back(self, ana, mara):
        with clock.at(BEFORE):
            episode = AnEpisode(client=mara, responsible=ana)
            series = begin(mara, ana)
            episodes.close(by=BY, client=mara, episode=episode, on=nth(2), reason="COMPLETED")
            jobs.run_due(now=BEFORE)
            assert days(series) == [nth(0), nth(1), nth(2)]
            episodes.reopen(by=BY, client=mara, episode=episode)
            jobs.run_due(now=BEFORE)

        assert len(days(series)) == 53
        whole()

    def test_another_therapy_keeps_its_own(self, ana, ben, mara):
        with clock.at(BEFORE):
            closing = AnEpisode(client=mara, responsible=ana)
            AnEpisode(client=mara, responsible=ben)
            mine = begin(mara, ana)
            other = begin(mara, ben, at=time(15))
            episodes.close(by=BY, client=mara, episode=closing, on=nth(2), reason="COMPLETED")
            jobs.run_due(now=BEFORE)

        assert (len(days(mine)), len(days(other))) == (3, 53)


def two_days_later(one):
    return move(one, lasting(one.starts_at + timedelta(2), 50))


def asked(act, **given):
    """What stands against it the first time, and the answer that says the person saw it."""
    with pytest.raises(MovedByHand) as problem:
        act(moved=Answer(), **given)
    return problem.value


class TestMovedByHand:
    def test_out_of_the_pause_it_stays(self, ana, mara):
        series = begin(mara, ana)
        moved = move(booked(series)[2], lasting(ten(1, 600), 50))

        rest = pause(series, nth(2), nth(4))

        moved.refresh_from_db()
        assert moved.status == "BOOKED" and days(series)[:4] == [nth(0), nth(1), nth(2), nth(5)]
        resting.resume(by=BY, pause=rest, on=nth(2), now=BEFORE)
        assert days(series)[:4] == [nth(0), nth(1), nth(2), nth(3)]
        whole()

    @pytest.mark.parametrize("keep", [True, False])
    def test_into_the_pause_it_is_named_and_goes_or_stays(self, ana, mara, keep):
        series = begin(mara, ana)
        inside, early = two_days_later(booked(series)[3]), two_days_later(booked(series)[1])
        given = {"by": BY, "series": series, "from_on": nth(1), "until_on": nth(4),
                 "offered": False, "revision": 1, "now": BEFORE}  # fmt: skip

        problem = asked(resting.pause, **given)
        assert problem.moved == [early, inside] and not Pause.objects.exists()
        assert len(days(series)) == 53
        resting.pause(moved=Answer(problem.mark, keep), **given)

        still = [nth(1), nth(3)] if keep else []
        assert days(series)[: 2 + len(still)] == [nth(0), *still, nth(5)]
        whole()

    def test_one_that_was_moved_meanwhile_is_named_anew(self, ana, mara):
        series = begin(mara, ana)
        two_days_later(booked(series)[3])
        given = {"by": BY, "series": series, "on": nth(1), "revision": 1, "now": BEFORE}
        seen = asked(actions.end, **given).mark
        two_days_later(booked(series)[4])

        with pytest.raises(MovedByHand):
            actions.end(moved=Answer(seen), **given)

    def test_ended_and_taken_back_what_stayed_is_there_once(self, ana, mara):
        series = begin(mara, ana)
        stays = two_days_later(booked(series)[3])
        given = {"by": BY, "series": series, "on": nth(2), "revision": 1, "now": BEFORE}
        actions.end(moved=Answer(asked(actions.end, **given).mark, keep=True), **given)
        assert days(series) == [nth(0), nth(1), nth(3)]

        actions.reopen(by=BY, series=series, revision=2, now=BEFORE)

        assert len(days(series)) == 53 and stays in booked(series)
        whole()

    def test_calling_off_what_follows_leaves_what_was_moved_to_before(self, ana, mara):
        series = begin(mara, ana)
        rows = booked(series)
        before = move(rows[5], lasting(ten(1, 600), 50))
        after = move(rows[1], lasting(ten(4, 600), 50))
        given = {"by": BY, "series": series, "appointment": rows[3], "side": "CLIENT",
                 "revision": 1, "now": BEFORE}  # fmt: skip

        problem = asked(cancelling.cancel_following, **given)
        assert problem.moved == [after]
        cancelling.cancel_following(moved=Answer(problem.mark), **given)

        assert booked(series) == [rows[0], before, rows[2]]
        whole()

    def test_all_are_named_before_all_are_called_off_and_what_stays_can_go_later(self, ana, mara):
        series = begin(mara, ana)
        rows = booked(series)
        first, last = two_days_later(rows[1]), two_days_later(rows[6])
        given = {"by": BY, "series": series, "appointment": rows[3], "side": "CLIENT",
                 "revision": 1, "now": BEFORE}  # fmt: skip
        problem = asked(cancelling.cancel_all, **given)
        assert problem.moved == [first, last]
        cancelling.cancel_all(moved=Answer(problem.mark, keep=True), **given)
        assert booked(series) == [first, last]
        ends = Series.objects.get().ended_on

        cancelling.cancel_following(by=BY, series=series, appointment=first, side="CLIENT",
                                    revision=2, now=BEFORE)  # fmt: skip

        assert booked(series) == [] and Series.objects.get().ended_on == ends
        whole()

    def test_a_change_names_what_it_takes_along(self, ana, mara):
        series = begin(mara, ana)
        moved = two_days_later(booked(series)[3])
        given = {"by": BY, "series": series, "from_on": nth(2), "revision": 1, "now": BEFORE,
                 "wanted": wanted(ana, starts_on=nth(2), at=time(15)), "keep": False}  # fmt: skip

        problem = asked(actions.change_following, **given)
        assert problem.moved == [moved]
        actions.change_following(moved=Answer(problem.mark), **given)

        assert not Appointment.objects.filter(pk=moved.pk).exists()
        whole()


class TestSingleDays:
    def test_one_meets_after_all_when_it_is_free(self, ana, mara, noa):
        other = AnAppointment(client=noa, clinician=ana, starts_at=ten(1))
        series = begin(mara, ana, without={nth(1)})
        with pytest.raises(CannotBook, match="taken|meet"):
            actions.put_back(by=BY, series=series, day=nth(1), now=BEFORE)
        cancel(other)

        actions.put_back(by=BY, series=series, day=nth(1), now=BEFORE)

        assert nth(1) in days(series) and not out(series)
        whole()

    def test_on_the_holiday_itself_and_while_one_is_away(self, ana, mara):
        TimeOff.objects.create(staff=ana, starts_at=ten(3), ends_at=ten(4), made_at=NOW)
        series = begin(mara, ana, holidays="SKIP")
        assert out(series)[nth(2)] == "HOLIDAY"  # Martin Luther King day

        for day in (nth(2), nth(3)):
            actions.put_back(by=BY, series=series, day=day, now=BEFORE)

        assert {nth(2), nth(3)} <= set(days(series))
        whole()
