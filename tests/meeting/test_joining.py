"""Whoever is booked with a client comes to see them, by whichever door; nobody lets themself in."""

import uuid
from datetime import time, timedelta

import pytest

from rapport.core import jobs as queue
from rapport.core import time as clock
from rapport.core.models import AuditEntry
from rapport.core.policy import System
from rapport.meeting.appointments import actions, answers, queries, rules
from rapport.meeting.appointments.actions import CannotBook
from rapport.meeting.joining import team
from rapport.meeting.models import Appointment, Diary, Offer
from rapport.meeting.requests import actions as requests
from rapport.meeting.requests import queries as offered
from rapport.meeting.requests.queries import Choice
from rapport.meeting.series import actions as series
from rapport.meeting.series.actions import Wanted
from rapport.meeting.series.rules import Rule
from rapport.meeting.waiting import answering, hours, offering
from rapport.meeting.waiting import queries as waits
from rapport.people.care_team import actions as care_team
from rapport.people.clients.models import Client
from rapport.people.models import Account, BreakGlass, CareTeamMember
from tests.factories import (
    NOW,
    AnAccount,
    AnAppointment,
    AStretch,
    AType,
    AWaitingEntry,
    ClientOf,
    Colleague,
)

pytestmark = pytest.mark.django_db

BEFORE = NOW - timedelta(days=1)


@pytest.fixture(autouse=True)
def earlier():
    with clock.at(BEFORE):
        yield


@pytest.fixture
def ana(house):
    return Colleague(at=[house], legal_name="Ana Roth")


@pytest.fixture
def sam(house):
    return Colleague(at=[house], legal_name="Sam Whitlock")


@pytest.fixture
def fay(house):
    return Colleague(roles=["FRONT_DESK"], at=[house])


@pytest.fixture
def both(house):
    """Somebody who treats clients and sits at the front desk."""
    return Colleague(roles=["CLINICIAN", "FRONT_DESK"], at=[house])


@pytest.fixture
def elena(house, ana):
    return ClientOf(care_team=[ana], place=house, legal_name="Elena Petrova")


def slot(hours=0):
    return rules.lasting(NOW + timedelta(hours=hours), 50)


def book(by, client, clinician, hours=0, **given):
    by = getattr(by, "account", by)
    return actions.book(by=by, client=client, clinician=clinician, slot=slot(hours), now=BEFORE,
                        **given)  # fmt: skip


def move(by, one, clinician, hours=0):
    return actions.move(
        by=by.account, appointment=one, slot=slot(hours), revision=one.revision, now=BEFORE,
        clinician=clinician, way=one.way,
    )  # fmt: skip


def heard():
    """What was announced is heard, as a moment later."""
    queue.run_due(BEFORE, loud=True)


def treat(client):
    parts = CareTeamMember.objects.filter(client=client, until_on=None)
    return set(parts.values_list("staff", flat=True))


def sees(staff, client):
    account = Account.objects.loaded().get(pk=staff.account_id)
    return Client.objects.clinical_to(account).filter(pk=client.pk).exists()


def standing(clinician):
    return Wanted(clinician=clinician, rule=Rule("WEEKLY", 1, (1,)), starts_on=NOW.date(),
                  at=time(9))  # fmt: skip


class TestDoors:
    def test_who_is_booked_sees_whom_they_meet(self, fay, elena, ana, sam):
        one = book(fay, elena, sam)
        assert not sees(sam, elena)
        heard()

        assert treat(elena) == {ana.pk, sam.pk}
        assert sees(sam, elena)
        assert [seen.pk for seen in queries.on_day(by=sam.account, staff=sam, day=NOW.date())] == [
            one.pk
        ]
        assert queries.get(by=sam.account, appointment_id=one.pk).client == elena

    def test_it_is_the_care_teams_own_action_and_stands_in_the_trail(self, fay, elena, sam):
        book(fay, elena, sam)
        heard()
        entry = AuditEntry.objects.get(verb="care_team.assign")
        assert (entry.about, entry.by, entry.allowed) == (elena.pk, "system:meeting", True)

    def test_who_is_there_already_joins_no_second_time(self, ana, elena):
        book(ana, elena, ana)
        heard()
        assert CareTeamMember.objects.get().by_meeting is False

    def test_a_meeting_that_is_moved_to_somebody(self, fay, elena, ana, sam):
        one = AnAppointment(client=elena, clinician=ana)
        move(fay, one, sam)
        heard()
        assert sees(sam, elena)

    def test_a_standing_slot(self, fay, elena, ana, sam):
        series.begin(by=fay.account, client=elena, wanted=standing(sam), now=BEFORE)
        heard()
        assert sees(sam, elena)

    def test_a_standing_slot_that_goes_on_with_somebody_else(self, ana, elena, sam):
        made = series.begin(by=ana.account, client=elena, wanted=standing(ana), now=BEFORE)
        series.change_all(by=ana.account, series=made, wanted=standing(sam), revision=1, now=BEFORE)
        heard()
        assert sees(sam, elena)

    def test_a_time_that_a_client_asked_for_once_it_is_confirmed(self, house, ana, elena, sam):
        asked = AnAppointment(client=elena, clinician=sam, status="REQUESTED")
        heard()
        assert not sees(sam, elena)
        answers.approve(by=ana.account, appointment=asked, revision=1, now=BEFORE)
        heard()
        assert sees(sam, elena)

    def test_a_time_that_a_client_booked_by_themselves(self, house, ana, sam):
        me = AnAccount(realm=Account.Realm.PORTAL)
        mine = ClientOf(care_team=[ana], place=house, account=me)
        talk = open_to_all(sam)
        requests.book_own(
            by=Account.objects.loaded().get(pk=me.pk), client=mine, hold=None, terms=None,
            choice=Choice(talk, "HERE", sam, slot(48)), language="en", once=uuid.uuid4(),
            now=BEFORE,
        )  # fmt: skip
        heard()
        assert sees(sam, mine)

    def test_a_first_consultation_that_is_moved_to_somebody(self, fay, house, ana, sam):
        asker = ClientOf(care_team=[ana], place=house, status="INQUIRY")
        move(fay, AnAppointment(client=asker, clinician=ana), sam, 1)
        heard()
        assert sees(sam, asker)

    def test_who_begins_here_later_sees_them_from_that_day_on(self, fay, house, elena):
        new = Colleague(at=[house], started_on=NOW.date())
        book(fay, elena, new)
        heard()
        assert CareTeamMember.objects.get(staff=new).from_on == NOW.date()


def open_to_all(*clinicians):
    for one in clinicians:
        Diary.objects.create(staff=one, horizon_days=365, notice_minutes=0)
        AStretch(staff=one)
        AStretch(staff=one, weekday=3)
    requests.set_self_booking(by=System("test"), any_clinician=True, most_ahead=5)
    return AType(bookers=["STAFF", "ACTIVE"])


class TestTakenBack:
    def test_a_move_that_is_undone(self, fay, elena, ana, sam):
        one = AnAppointment(client=elena, clinician=ana)
        moved = move(fay, one, sam)
        heard()
        actions.undo(by=fay.account, appointment=moved, revision=moved.revision, now=BEFORE)
        heard()
        assert treat(elena) == {ana.pk}
        assert not sees(sam, elena)

    def test_a_booking_that_the_practice_calls_off(self, fay, elena, ana, sam):
        one = book(fay, elena, sam)
        heard()
        off = actions.cancel(by=fay.account, appointment=one, side="PRACTICE", revision=1,
                             now=BEFORE)  # fmt: skip
        heard()
        assert not sees(sam, elena)
        actions.undo(by=fay.account, appointment=off, revision=off.revision, now=BEFORE)
        heard()
        assert sees(sam, elena)

    def test_what_a_client_called_off_was_made_use_of(self, fay, elena, sam):
        one = book(fay, elena, sam)
        heard()
        actions.cancel(by=fay.account, appointment=one, side="CLIENT", revision=1, now=BEFORE)
        heard()
        assert sees(sam, elena)

    def test_another_meeting_keeps_them(self, fay, elena, sam):
        one = book(fay, elena, sam)
        book(fay, elena, sam, hours=2)
        heard()
        actions.cancel(by=fay.account, appointment=one, side="PRACTICE", revision=1, now=BEFORE)
        heard()
        assert sees(sam, elena)

    def test_a_standing_slot_that_ends_before_it_began(self, fay, elena, ana, sam):
        made = series.begin(by=fay.account, client=elena, wanted=standing(sam), now=BEFORE)
        heard()
        series.end(by=fay.account, series=made, on=NOW.date(), revision=1, now=BEFORE)
        heard()
        assert treat(elena) == {ana.pk}

    def test_whom_somebody_added_stays(self, fay, elena, ana, sam):
        one = book(fay, elena, sam)
        heard()
        care_team.assign(by=ana.account, client=elena, staff=sam, on=BEFORE.date(), part="DEPUTY")
        assert CareTeamMember.objects.get(staff=sam).part == "DEPUTY"
        actions.cancel(by=fay.account, appointment=one, side="PRACTICE", revision=1, now=BEFORE)
        heard()
        assert sees(sam, elena)
        with pytest.raises(care_team.CannotAssign):
            care_team.assign(by=ana.account, client=elena, staff=sam, on=BEFORE.date())

    def test_the_last_one_stays(self, fay, elena, ana, sam):
        one = book(fay, elena, sam)
        heard()
        there = CareTeamMember.objects.get(staff=ana)
        care_team.end(by=ana.account, client=elena, member=there, on=BEFORE.date())
        actions.cancel(by=fay.account, appointment=one, side="PRACTICE", revision=1, now=BEFORE)
        heard()
        assert treat(elena) == {sam.pk}

    def test_what_is_gone_by_then_changes_nothing(self):
        team.after_booking(appointment_id=uuid.uuid4(), now=NOW)
        team.after_beginning(series_id=uuid.uuid4(), now=NOW)


class TestRestricted:
    """Restricted clients stay with their care team."""

    @pytest.fixture
    def elena(self, house, ana):
        return ClientOf(care_team=[ana], place=house, restricted=True)

    def test_another_clinician_cannot_be_booked_before_they_are_added(self, ana, elena, sam):
        with pytest.raises(CannotBook, match="has to add Sam Whitlock") as problem:
            book(ana, elena, sam)
        assert problem.value.field == "clinician"
        care_team.assign(by=ana.account, client=elena, staff=sam, on=BEFORE.date())
        assert book(ana, elena, sam).pk

    def test_nor_moved_to(self, ana, elena, sam):
        one = AnAppointment(client=elena, clinician=ana)
        with pytest.raises(CannotBook, match="has to add"):
            move(ana, one, sam)
        assert move(ana, one, ana, hours=1).pk

    def test_nor_have_a_standing_slot_or_be_given_one(self, ana, elena, sam):
        with pytest.raises(CannotBook, match="has to add"):
            series.begin(by=ana.account, client=elena, wanted=standing(sam), now=BEFORE)
        made = series.begin(by=ana.account, client=elena, wanted=standing(ana), now=BEFORE)
        with pytest.raises(CannotBook, match="has to add"):
            series.change_all(by=ana.account, series=made, wanted=standing(sam), revision=1,
                              now=BEFORE)  # fmt: skip

    def test_nor_be_confirmed(self, ana, elena, sam):
        asked = AnAppointment(client=elena, clinician=sam, status="REQUESTED")
        with pytest.raises(CannotBook, match="has to add"):
            answers.approve(by=ana.account, appointment=asked, revision=1, now=BEFORE)

    def test_they_choose_among_their_care_team_by_themselves(self, elena, ana, sam):
        talk = open_to_all(ana, sam)
        assert offered.clinicians(client=elena, type=talk, anybody=True) == [ana]

    def test_who_is_restricted_after_the_booking_keeps_others_out(self, house, ana, fay, sam):
        noa = ClientOf(care_team=[ana], place=house)
        book(fay, noa, sam)
        Client.objects.filter(pk=noa.pk).update(restricted=True)
        heard()
        assert treat(noa) == {ana.pk}

    def test_hours_of_others_are_not_offered_to_them(self, house, elena, ana, sam):
        entry = AWaitingEntry(client=elena)
        assert waits.wish(entry).clinicians == {str(ana.pk)}
        entry.clinicians.add(sam)
        assert waits.wish(entry).clinicians == {"nobody"}
        entry.clinicians.add(ana)
        assert waits.wish(entry).clinicians == {str(ana.pk)}


class TestOneself:
    """Who knows of a client by the front desk alone does not let themself in by booking."""

    def test_neither_by_booking_nor_by_moving(self, both, ana, elena):
        with pytest.raises(CannotBook, match="nobody adds themself") as problem:
            book(both, elena, both)
        assert problem.value.field == "clinician"
        one = AnAppointment(client=elena, clinician=ana)
        with pytest.raises(CannotBook, match="nobody adds themself"):
            move(both, one, both)

    def test_nor_by_undoing_what_a_colleague_did(self, both, fay, elena, ana):
        one = AnAppointment(client=elena, clinician=both)
        moved = move(fay, one, ana)
        with pytest.raises(CannotBook, match="nobody adds themself"):
            actions.undo(by=both.account, appointment=moved, revision=2, now=BEFORE)

    def test_nor_by_a_standing_slot_or_by_confirming(self, both, elena):
        with pytest.raises(CannotBook, match="nobody adds themself"):
            series.begin(by=both.account, client=elena, wanted=standing(both), now=BEFORE)
        asked = AnAppointment(client=elena, clinician=both, status="REQUESTED")
        with pytest.raises(CannotBook, match="nobody adds themself"):
            answers.approve(by=both.account, appointment=asked, revision=1, now=BEFORE)

    def test_nor_by_answering_for_who_waits(self, house, both, ana, elena):
        AWaitingEntry(client=elena)
        given = {"by": both.account, "staff": both, "slot": slot(24), "now": BEFORE, "place": house}
        hour = hours.free(**given)
        offering.offer(by=both.account, hour=hour, how="AT_ONCE", now=BEFORE)
        offer = Offer.objects.get(hour=hour)
        with pytest.raises(answering.Closed) as problem:
            answering.accept(by=both.account, offer=offer, now=BEFORE)
        assert problem.value.code == "TEAM"
        assert not Appointment.objects.exists()

    def test_nor_while_the_glass_is_broken(self, house, both, ana):
        noa = ClientOf(care_team=[ana], place=house, restricted=True)
        over = BEFORE + timedelta(hours=1)
        BreakGlass.objects.create(client=noa, staff=both, reason="They are in danger.",
                                  opened_at=BEFORE, closes_at=over)  # fmt: skip
        with pytest.raises(CannotBook):
            book(both, noa, both)

    def test_a_colleague_books_them(self, fay, both, elena):
        book(fay, elena, both)
        heard()
        assert sees(both, elena)
