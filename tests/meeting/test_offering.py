"""What can be booked: everything that is written down reaches the engine, in few statements."""

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.core.policy import System
from rapport.meeting.appointments import holding
from rapport.meeting.appointments.rules import Slot
from rapport.meeting.availability import queries
from rapport.meeting.models import Busy, Diary, Hold, WorkingHours
from rapport.people.models import GroupMember
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

MONDAY = NOW.date()
HOUR = timedelta(hours=1)
BEFORE = NOW - timedelta(days=4)
EVERYBODY = System("public")


@pytest.fixture
def ana(house):
    """Mondays, nine to one."""
    ana = Colleague(at=[house], legal_name="Ana Roth")
    AStretch(staff=ana, until_at=time(13))
    return ana


@pytest.fixture
def session():
    return AType(minutes=60)


def diary(ana, **said):
    return Diary.objects.create(staff=ana, **{"step": 0, "notice_minutes": 0} | said)


def starts(type, *people, by=EVERYBODY, way="HERE", first=MONDAY, last=MONDAY, now=BEFORE, **given):
    found = queries.openings(
        by=by, type=type, way=way, clinicians=list(people) or None, first=first, last=last,
        now=now, **given,
    )  # fmt: skip
    return [f"{one.slot.start:%H:%M}" for one in found]


ALL = ["09:00", "10:00", "11:00", "12:00"]


def test_hours_are_offered_with_whom_and_where(ana, session, house):
    diary(ana)
    found = queries.openings(
        by=EVERYBODY, type=session, way="HERE", clinicians=None, first=MONDAY, last=MONDAY,
        now=BEFORE,
    )  # fmt: skip
    assert [one.slot for one in found][0] == Slot(NOW, NOW + HOUR)
    assert {(one.clinician, one.place, one.room) for one in found} == {(ana, house, None)}
    assert starts(session) == ALL


def test_who_never_said_their_hours_is_not_offered(house, session):
    assert starts(session, Colleague(at=[house])) == []


def test_a_night_is_offered_to_its_end(ana, session):
    diary(ana)
    WorkingHours.objects.all().delete()
    AStretch(staff=ana, from_at=time(22), until_at=time(0))
    AStretch(staff=ana, weekday=2, from_at=time(0), until_at=time(1))
    tuesday = MONDAY + timedelta(days=1)
    assert starts(session) == ["22:00", "23:00"]
    assert starts(session, first=tuesday, last=tuesday) == ["00:00"]


class TestWhatIsInTheWay:
    def test_meetings_with_what_is_kept_free_around_them(self, ana, session, house):
        diary(ana, buffer_after=15, step=15)
        client = ClientOf(care_team=[ana], place=house)
        AnAppointment(client=client, clinician=ana, starts_at=NOW + HOUR)
        assert starts(session) == ["11:15", "11:30", "11:45", "12:00"]

    def test_a_hold_while_it_lasts(self, ana, session):
        diary(ana)
        hold = Hold(
            clinician=ana, way="HERE", starts_at=NOW, ends_at=NOW + HOUR, made_at=BEFORE,
            expires_at=BEFORE + timedelta(minutes=5),
        )  # fmt: skip
        holding.keep(hold, holding.things([], ana.pk, None))
        assert starts(session) == ALL[1:]
        assert starts(session, now=BEFORE + timedelta(minutes=5)) == ALL

    def test_time_off_and_what_a_calendar_outside_says(self, ana, session):
        diary(ana)
        ATimeOff(staff=ana, starts_at=NOW, ends_at=NOW + HOUR)
        Busy.objects.create(
            staff=ana, source=ana.pk, starts_at=NOW + 2 * HOUR, ends_at=NOW + 3 * HOUR
        )
        assert starts(session) == ["10:00", "12:00"]

    def test_a_single_day_and_a_holiday(self, ana, session):
        diary(ana)
        AnOtherDay(staff=ana, on=MONDAY, stretches=[["15:00", "16:00"]])
        assert starts(session) == ["15:00"]
        king = date(2030, 1, 21)  # a Monday
        assert starts(session, first=king, last=king) == []
        Diary.objects.update(keeps_holidays=False)
        assert starts(session, first=king, last=king) == ALL

    def test_lunch_and_how_much_a_day_may_hold(self, ana, session, house):
        diary(ana, lunch_from=time(11), lunch_until=time(12), most_a_day=1)
        assert starts(session) == ["09:00", "10:00", "12:00"]
        AnAppointment(client=ClientOf(place=house), clinician=ana, starts_at=NOW)
        assert starts(session) == []

    def test_heavy_ones_count_by_themselves(self, ana, session, house):
        diary(ana, heavy_a_day=1)
        heavy = AType(minutes=60, heavy=True)
        AnAppointment(client=ClientOf(place=house), clinician=ana, starts_at=NOW, type=heavy)
        assert starts(heavy) == []
        assert starts(session) == ALL[1:]

    def test_what_the_client_has_already_also_with_their_family(self, ana, session, house):
        diary(ana)
        mara, family = ClientOf(place=house), ClientOf(kind="FAMILY", place=house)
        GroupMember.objects.create(client=family, member=mara)
        AnAppointment(client=mara, clinician=Colleague(), starts_at=NOW)
        for client in (mara, family):
            assert starts(session, client=client) == ALL[1:]
        assert starts(session, client=ClientOf(place=house)) == ALL

    def test_the_meeting_that_is_to_be_moved_is_in_nobodys_way(self, ana, session, house):
        diary(ana)
        mara = ClientOf(place=house)
        own = AnAppointment(client=mara, clinician=ana, starts_at=NOW, type=session)
        assert starts(session, client=mara) == ALL[1:]
        assert starts(session, client=mara, but=own) == ALL

    def test_a_room_where_one_is_needed(self, ana, session, house):
        diary(ana)
        session.needs_room = True
        assert starts(session) == []
        room = ARoom(place=house)
        ARoom(place=APlace())
        AnAppointment(client=ClientOf(), clinician=Colleague(), starts_at=NOW, room=room)
        found = queries.openings(
            by=EVERYBODY, type=session, way="HERE", clinicians=[ana], first=MONDAY, last=MONDAY,
            now=BEFORE,
        )  # fmt: skip
        assert [f"{one.slot.start:%H:%M}" for one in found] == ALL[1:]
        assert {one.room for one in found} == {room}

    def test_a_way_or_clinician_that_the_type_is_not_for(self, ana, session, house):
        diary(ana)
        session.ways = ["VIDEO"]
        assert starts(session) == []
        assert starts(session, way="VIDEO") == ALL
        session.clinicians.add(Colleague(at=[house]))
        assert starts(session, ana, way="VIDEO") == []

    def test_a_stretch_for_one_way_alone(self, ana, session):
        diary(ana)
        AStretch(staff=ana, from_at=time(14), until_at=time(15), ways=["PHONE"])
        assert starts(session) == ALL
        assert starts(session, way="PHONE") == [*ALL, "14:00"]

    def test_days_on_which_somebody_works_here_no_more(self, ana, session):
        diary(ana)
        ana.ended_on = MONDAY + timedelta(days=7)
        ana.save()
        assert starts(session, ana, last=MONDAY + timedelta(days=14)) == ALL


class TestNoticeAndHorizon:
    def test_hold_for_others_and_not_for_who_works_here(self, ana, session):
        diary(ana, notice_minutes=24 * 60, horizon_days=30)
        now = NOW - 12 * HOUR
        later = MONDAY + timedelta(days=70)
        assert starts(session, now=now) == []
        assert starts(session, now=now, by=ana.account) == ALL
        assert starts(session, now=now, first=later, last=later) == []
        assert starts(session, now=now, first=later, last=later, by=ana.account) == ALL

    def test_the_past_is_offered_to_nobody(self, ana, session):
        diary(ana)
        assert starts(session, now=NOW + HOUR, by=ana.account) == ALL[1:]


class TestIsOpen:
    def ask(self, ana, type, slot, **given):
        return queries.is_open(
            by=EVERYBODY, type=type, way="HERE", clinician=ana, slot=slot,
            **{"now": BEFORE} | given,
        )  # fmt: skip

    def test_what_is_offered_is_open_and_nothing_else(self, ana, session, house):
        diary(ana)
        assert self.ask(ana, session, Slot(NOW, NOW + HOUR), place=house)
        assert not self.ask(ana, session, Slot(NOW, NOW + HOUR), place=APlace())
        assert not self.ask(ana, session, Slot(NOW + HOUR / 2, NOW + 1.5 * HOUR))
        assert self.ask(ana, session, Slot(NOW + HOUR / 2, NOW + 1.5 * HOUR), step=1)
        assert not self.ask(ana, session, Slot(NOW + 4 * HOUR, NOW + 5 * HOUR), step=1)
        AnAppointment(client=ClientOf(), clinician=ana, starts_at=NOW)
        assert not self.ask(ana, session, Slot(NOW, NOW + HOUR))


def test_a_month_takes_as_many_statements_for_much_as_for_little(ana, session, house):
    diary(ana)
    client = ClientOf(kind="FAMILY", care_team=[ana], place=house)
    session.needs_room = True

    def asked():
        with CaptureQueriesContext(connection) as said:
            found = queries.openings(
                by=EVERYBODY, type=session, way="HERE", clinicians=None, first=MONDAY,
                last=MONDAY + timedelta(days=30), now=BEFORE, client=client,
            )  # fmt: skip
        return len(found), [one["sql"] for one in said]

    ARoom(place=house)
    first, few = asked()
    for _ in range(6):
        ben = Colleague(at=[house, APlace()])
        diary(ben)
        GroupMember.objects.create(client=client, member=ClientOf(place=house))
        session.clinicians.add(ana, ben)
        for day in range(1, 8):
            AStretch(staff=ben, weekday=day, place=house)
        for days in range(20):
            at = NOW + timedelta(days=days)
            AnAppointment(
                client=ClientOf(),
                clinician=ben,
                room=ARoom(place=house),
                starts_at=at,
                type=session,
            )
            AnOtherDay(staff=ben, on=at.date())
            ATimeOff(staff=ben, starts_at=at, ends_at=at + HOUR)
            Busy.objects.create(staff=ben, source=ben.pk, starts_at=at, ends_at=at + HOUR)
    many_found, many = asked()
    assert many_found > first > 0
    assert len(many) == len(few), "\n".join(many)
    assert len(many) <= 8, "\n".join(many)
