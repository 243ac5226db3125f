"""Meetings of somebody who is away: where they could go, moved together, taken back together."""

from datetime import UTC, datetime, time, timedelta
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.core import time as clock
from rapport.core.policy import Denied, System
from rapport.meeting.appointments.rules import Slot
from rapport.meeting.availability import clearing, fitting, queries
from rapport.meeting.availability.fitting import Goal
from rapport.meeting.models import Appointment, Occupancy
from rapport.meeting.series import actions as series
from rapport.meeting.series.rules import Rule
from rapport.people.models import Practice
from rapport.people.practice import queries as practice
from tests.factories import (
    NOW,
    AnAppointment,
    AnOtherDay,
    APlace,
    ARoom,
    AStretch,
    ATimeOff,
    AType,
    ClientOf,
    Colleague,
)

pytestmark = pytest.mark.django_db

BY = System("test")
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def earlier(db):
    with clock.at(NOW - HOUR):
        yield


@pytest.fixture
def ana(house):
    return Colleague(at=[house], legal_name="Ana Roth")


@pytest.fixture
def ben(house):
    return Colleague(at=[house], legal_name="Ben Falk")


@pytest.fixture
def mara(ana, house):
    return ClientOf(care_team=[ana], place=house, legal_name="Mara Kühn")


@pytest.fixture
def gone(ana):
    return ATimeOff(staff=ana)


@pytest.fixture
def meeting(mara, ana, house):
    return AnAppointment(client=mara, clinician=ana, place=house, starts_at=NOW + HOUR)


def why_not(meeting, goal, by=BY):
    loaded = Appointment.objects.select_related("client", "room", "place", "type")
    (found,) = fitting.look(
        by=by, meetings=[loaded.get(pk=meeting.pk)], goal=goal, now=clock.now()
    )  # fmt: skip
    assert found.fits == (not found.why_not)
    return found.why_not


def move(gone, goal, *meetings, by=BY, revision=1):
    seen = {one.pk: revision for one in meetings}
    return clearing.move_meetings(by=by, time_off=gone, seen=seen, goal=goal, now=clock.now())


def put_back(gone, done, by=BY):
    seen = {one.pk: one.revision for one in done.done}
    return clearing.put_meetings_back(by=by, time_off=gone, seen=seen, now=clock.now())


# Whether it fits --------------------------------------------------------------------------


def test_a_colleague_who_is_free_takes_it_at_the_same_time(meeting, ben):
    assert why_not(meeting, Goal(ben)) == ""


def test_who_meets_somebody_then_is_named_as_far_as_one_may_know(meeting, ben, ana, house):
    AnAppointment(
        client=ClientOf(care_team=[ben], legal_name="Nora Lang", place=house), clinician=ben,
        starts_at=NOW + HOUR,
    )  # fmt: skip
    assert "Ben Falk and Nora Lang meet." in why_not(meeting, Goal(ben))
    assert why_not(meeting, Goal(ben), by=ana.account) == "That time is taken."


def test_a_client_who_meets_somebody_else_then_has_no_time(meeting, ben, ana, mara):
    later = meeting.starts_at + 7 * DAY
    AnAppointment(client=mara, clinician=ben, starts_at=later)
    assert "Ben Falk and Mara Kühn" in why_not(meeting, Goal(ana, 7))


def test_a_room_that_is_taken_then_is_said(mara, ana, ben, house):
    room = ARoom(place=house)
    one = AnAppointment(client=mara, clinician=ana, place=house, room=room, starts_at=NOW + HOUR)
    AnAppointment(client=ClientOf(), clinician=ben, place=house, room=room,
                  starts_at=NOW + HOUR + 7 * DAY)  # fmt: skip
    assert "have the room." in why_not(one, Goal(ana, 7))
    assert why_not(one, Goal(ben)) == ""


def away(ben, _mara, _house):
    ATimeOff(staff=ben, why="TRAINING")


def other_hours(ben, _mara, _house):
    AnOtherDay(staff=ben, on=NOW.date(), stretches=[["12:00", "17:00"]])


def in_the_evening_alone(ben, _mara, _house):
    AStretch(staff=ben, from_at=time(10), until_at=time(10, 30))


def elsewhere(ben, _mara, _house):
    AStretch(staff=ben, place=APlace())


def at_no_such_place(ben, _mara, _house):
    ben.places.set([APlace()])


def by_video_alone(ben, _mara, _house):
    AStretch(staff=ben, ways=["VIDEO"])


def has_left(ben, _mara, _house):
    ben.ended_on = NOW.date()
    ben.save()


def restricted(_ben, mara, _house):
    mara.restricted = True
    mara.save()


def closed(_ben, _mara, house):
    house.closed_on = NOW.date()
    house.save()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (away, "Ben Falk is away then: training."),
        (other_hours, "Outside the hours of Ben Falk."),
        (in_the_evening_alone, "Outside the hours of Ben Falk."),
        (elsewhere, "Ben Falk is not at that place"),
        (at_no_such_place, "Ben Falk is not at that place"),
        (by_video_alone, "does not meet in that way"),
        (has_left, "Ben Falk does not work here on that day."),
        (restricted, "The record is restricted: it stays with the care team."),
        (closed, "That is closed by then."),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_what_speaks_against_it_is_said(meeting, ben, mara, house, given, words):
    given(ben, mara, house)
    assert words in why_not(meeting, Goal(ben))


def test_hours_that_touch_are_one(meeting, ben, house):
    AStretch(staff=ben, from_at=time(9), until_at=time(10, 30), place=house)
    AStretch(staff=ben, from_at=time(10, 30), until_at=time(12))
    assert why_not(meeting, Goal(ben)) == ""


def test_a_call_needs_no_place(meeting, ben):
    AStretch(staff=ben, place=APlace())
    Appointment.objects.update(way="PHONE")
    assert why_not(meeting, Goal(ben)) == ""


def test_a_restricted_client_goes_to_who_is_on_the_care_team(ana, ben, house):
    noa = ClientOf(care_team=[ana, ben], restricted=True, place=house)
    one = AnAppointment(client=noa, clinician=ana, starts_at=NOW + HOUR)
    assert why_not(one, Goal(ben)) == ""
    assert why_not(one, Goal(ana, 7)) == ""


def test_a_type_that_only_others_offer_is_not_covered(meeting, ana, ben):
    couples, anybody = AType(), AType()
    couples.clinicians.add(ana)
    Appointment.objects.update(type=couples)
    assert why_not(meeting, Goal(ben)) == "Ben Falk does not offer this type of meeting."
    assert why_not(meeting, Goal(ana, 7)) == ""
    couples.clinicians.add(ben)
    assert why_not(meeting, Goal(ben)) == ""
    Appointment.objects.update(type=anybody)
    assert why_not(meeting, Goal(ben)) == ""


def test_a_holiday_is_named(mara, ana, house):
    Practice.objects.update(country="DE")
    begins = datetime(2030, 4, 15, 9, tzinfo=UTC)
    one = AnAppointment(client=mara, clinician=ana, place=house, starts_at=begins)
    assert "Easter Monday" in why_not(one, Goal(ana, 7))


def test_an_hour_that_clocks_leave_out_is_said(mara, ana):
    Practice.objects.update(time_zone="Europe/Berlin")
    practice.remember_zone("Europe/Berlin")
    begins = datetime(2030, 3, 24, 1, 30, tzinfo=UTC)  # half past two there, as clocks still are
    one = AnAppointment(client=mara, clinician=ana, starts_at=begins)
    assert "does not exist" in why_not(one, Goal(ana, 7))
    practice.remember_zone("UTC")


# Moved together ---------------------------------------------------------------------------


def test_what_fits_is_moved_and_the_rest_stays(gone, meeting, mara, ana, ben, house):
    later = AnAppointment(client=mara, clinician=ana, place=house, starts_at=NOW + 3 * HOUR)
    AnAppointment(client=ClientOf(), clinician=ben, starts_at=NOW + 3 * HOUR)

    done = move(gone, Goal(ben), meeting, later, by=ana.account)

    assert ([one.pk for one in done.done], done.left) == ([meeting.pk], 1)
    for one in (meeting, later):
        one.refresh_from_db()
    assert (meeting.clinician, meeting.starts_at) == (ben, NOW + HOUR)
    assert (later.clinician, later.status) == (ana, "BOOKED")
    held = Occupancy.objects.filter(appointment=meeting, kind="CLINICIAN")
    assert [row.thing for row in held] == [ben.pk]


def test_some_days_later_is_the_same_hour_with_the_same_clinician(gone, meeting, ana):
    move(gone, Goal(ana, 10), meeting)
    meeting.refresh_from_db()
    assert (meeting.clinician, meeting.starts_at) == (ana, NOW + HOUR + 10 * DAY)
    assert meeting.slot.minutes == 50


def test_what_somebody_changed_meanwhile_is_left(gone, meeting, ben):
    assert move(gone, Goal(ben), meeting, revision=2).left == 1
    meeting.refresh_from_db()
    assert meeting.revision == 1


def test_who_may_not_book_for_a_client_moves_nothing(gone, meeting, ben, house):
    olga = Colleague(roles=["OWNER"], at=[house])
    assert move(gone, Goal(ben), meeting, by=olga.account).done == []
    bill = Colleague(roles=["OWNER", "BILLER"], at=[house])
    with pytest.raises(Denied):
        move(gone, Goal(ben), meeting, by=bill.account)
    meeting.refresh_from_db()
    assert meeting.revision == 1


@pytest.mark.parametrize("days", [0, 10])
def test_all_of_it_is_taken_back(gone, meeting, ana, ben, days):
    done = move(gone, Goal(ana if days else ben, days), meeting)
    assert len(put_back(gone, done)) == 1
    meeting.refresh_from_db()
    assert (meeting.clinician, meeting.starts_at) == (ana, NOW + HOUR)


def test_what_was_changed_since_or_moved_from_elsewhere_is_not_taken_back(
    gone, meeting, mara, ana, ben
):
    done = move(gone, Goal(ben), meeting)
    Appointment.objects.filter(pk=meeting.pk).update(revision=9)
    assert put_back(gone, done) == []
    other = ATimeOff(staff=ana, starts_at=NOW.replace(hour=0) + 20 * DAY)
    Appointment.objects.filter(pk=meeting.pk).update(revision=2)
    assert put_back(other, done) == []
    assert put_back(ATimeOff(staff=ben), done) == []
    assert len(put_back(gone, done)) == 1


def test_what_was_put_back_and_called_off_anew_is_not_taken_back_by_an_old_button(gone, meeting):
    def cancel():
        meeting.refresh_from_db()
        return clearing.cancel_meetings(
            by=BY, time_off=gone, seen={meeting.pk: meeting.revision}, reason="", now=clock.now()
        )

    first = cancel()
    assert len(put_back(gone, first)) == 1
    assert len(cancel().done) == 1
    assert put_back(gone, first) == []
    meeting.refresh_from_db()
    assert meeting.status == "CANCELLED"


def test_who_may_not_know_of_a_client_takes_nothing_back(gone, meeting, ben, house):
    done = move(gone, Goal(ben), meeting)
    olga = Colleague(roles=["OWNER"], at=[house])
    assert put_back(gone, done, by=olga.account) == []


# Of a standing slot -----------------------------------------------------------------------


@pytest.mark.parametrize("days", [0, 1])
def test_one_of_a_standing_slot_stays_its_occurrence_and_a_later_change_keeps_it(
    mara, ana, ben, house, days
):
    wanted = partial(series.Wanted, clinician=ana, rule=Rule("WEEKLY"), starts_on=NOW.date(),
                     holidays="KEEP", place=house)  # fmt: skip
    slot = series.begin(by=BY, client=mara, wanted=wanted(at=time(10)), now=clock.now())
    first = slot.appointments.order_by("starts_at").first()
    goal = Goal(ana if days else ben, days)
    assert len(move(ATimeOff(staff=ana), goal, first).done) == 1
    first.refresh_from_db()
    assert (first.series, first.nth_on) == (slot, NOW.date())

    slot.refresh_from_db()
    later = series.change_following(
        by=BY, series=slot, from_on=NOW.date(), wanted=wanted(at=time(14)), now=clock.now(),
        revision=slot.revision,
    )  # fmt: skip

    kept = later.appointments.get(pk=first.pk)
    assert (kept.clinician, kept.starts_at) == (ana if days else ben, NOW + HOUR + days * DAY)
    nearest = later.appointments.filter(starts_at__lt=NOW + 8 * DAY).order_by("starts_at")
    assert [one.starts_at for one in nearest] == [kept.starts_at, NOW + 7 * DAY + 5 * HOUR]


# How much it asks -------------------------------------------------------------------------


def test_looking_asks_as_much_for_many_as_for_few(gone, ana, ben, house):
    fay = Colleague(roles=["FRONT_DESK"], at=[house])
    slot = Slot(gone.starts_at, gone.ends_at)

    def asked():
        there = queries.affected(by=fay.account, staff=ana, slot=slot, now=clock.now())
        with CaptureQueriesContext(connection) as said:
            fitting.look(by=fay.account, meetings=there.shown, goal=Goal(ben), now=clock.now())
        return len(said)

    def grown(by):
        for _ in range(by):
            at = NOW + timedelta(minutes=5 * Appointment.objects.count())
            kind = AType()
            kind.clinicians.add(ana, ben)
            AnAppointment(
                client=ClientOf(care_team=[ana], place=house), clinician=ana, type=kind,
                place=house, room=ARoom(place=house), starts_at=at,
                ends_at=at + timedelta(minutes=5),
            )  # fmt: skip
        return asked()

    assert grown(20) == grown(2) <= 7
