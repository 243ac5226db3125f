"""Keeping a time and taking it by oneself; asking for one; what the practice answers."""

import uuid
from datetime import timedelta

import pytest

from rapport.core import jobs
from rapport.core import time as clock
from rapport.core.models import AuditEntry
from rapport.core.policy import Denied, Nobody, System
from rapport.meeting.appointments import actions as diary
from rapport.meeting.appointments import answers, rules
from rapport.meeting.appointments import queries as meetings
from rapport.meeting.appointments.actions import CannotBook
from rapport.meeting.models import (
    Accepted,
    Appointment,
    Change,
    Diary,
    Hold,
    Introduction,
    Occupancy,
)
from rapport.meeting.requests import actions, queries
from rapport.meeting.requests.actions import Stranger, Taken
from rapport.meeting.requests.jobs import let_holds_go, let_requests_go
from rapport.meeting.requests.queries import Choice
from rapport.meeting.terms import actions as terms_actions
from rapport.people.models import Account, Client
from tests.factories import (
    NOW,
    AnAccount,
    AnAppointment,
    AStretch,
    AType,
    ClientOf,
    Colleague,
)

pytestmark = pytest.mark.django_db

EARLIER = NOW - timedelta(days=5)  # NOW is a Monday, nine o'clock
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def earlier():
    with clock.at(EARLIER):
        yield


@pytest.fixture
def ana(house):
    one = Colleague(at=[house], legal_name="Ana Roth")
    Diary.objects.create(staff=one, horizon_days=365)
    AStretch(staff=one)
    return one


def client_of(clinician, house, **given):
    account = AnAccount(realm=Account.Realm.PORTAL)
    made = ClientOf(care_team=[clinician], place=house, account=account, **given)
    account = Account.objects.loaded().get(pk=account.pk)
    return made, account


@pytest.fixture
def mara(ana, house):
    return client_of(ana, house)[0]


@pytest.fixture
def me(mara):
    return Account.objects.loaded().get(pk=mara.account_id)


@pytest.fixture
def talk(house):
    return AType(bookers=["STAFF", "ACTIVE", "PUBLIC"])


def choice(type, clinician, hours=0.0, way="HERE"):
    return Choice(type, way, clinician, rules.lasting(NOW + timedelta(hours=hours), type.minutes))


def hold(me, what, now=EARLIER):
    return actions.hold(by=me, client=me.client, choice=what, now=now)


def take(me, what, held=None, terms=None, once=None, now=EARLIER):
    return actions.book_own(
        by=me, client=me.client, choice=what, hold=held, terms=terms, language="en",
        once=once or uuid.uuid4(), now=now,
    )  # fmt: skip


def stranger(**given):
    start = {"name": "Jo Quiet", "contacts": [("MAIL", "jo@example.net", {"safe_to_write": True})],
             "words": "I sleep badly.", "zone": "Europe/Berlin", "language": "en"}  # fmt: skip
    return Stranger(**start | given)


def ask(what, held=None, once=None, now=EARLIER, **given):
    return actions.ask_first(
        by=Nobody(), choice=what, hold=held, stranger=stranger(**given), terms=None,
        once=once or uuid.uuid4(), now=now,
    )  # fmt: skip


# Keeping a time ---------------------------------------------------------------------------


class TestKeeping:
    def test_a_time_that_is_kept_is_nobody_elses(self, me, ana, talk, house):
        hold(me, choice(talk, ana))
        _jonas, him = client_of(ana, house)

        with pytest.raises(Taken, match="just taken"):
            hold(him, choice(talk, ana, 0.5))
        with pytest.raises(CannotBook, match="taken"):
            diary.book(by=ana.account, client=him.client, clinician=ana,
                       slot=choice(talk, ana).slot, now=EARLIER)  # fmt: skip

    def test_after_five_minutes_it_is_free_without_anybody_tidying_up(self, me, ana, talk, house):
        hold(me, choice(talk, ana))
        _jonas, him = client_of(ana, house)

        assert hold(him, choice(talk, ana), now=EARLIER + 5 * MINUTE).client == him.client

    def test_the_clock_forgets_what_ran_out_and_nothing_else(self, me, ana, talk, house):
        hold(me, choice(talk, ana))
        _jonas, him = client_of(ana, house)
        running = hold(him, choice(talk, ana, 1), now=EARLIER + 2 * MINUTE)

        let_holds_go(now=EARLIER + 5 * MINUTE)

        assert list(Hold.objects.all()) == [running]
        assert Occupancy.objects.count() == 2

    def test_who_chooses_another_time_lets_the_first_go(self, me, ana, talk):
        hold(me, choice(talk, ana))
        second = hold(me, choice(talk, ana, 2))

        assert list(Hold.objects.all()) == [second]

    def test_a_double_click_keeps_it_once(self, me, ana, talk):
        assert hold(me, choice(talk, ana)) == hold(me, choice(talk, ana))

    def test_an_offer_to_somebody_who_waits_is_not_let_go_by_booking(self, me, mara, ana, talk):
        offer = Hold.objects.create(
            clinician=ana, client=mara, way="HERE", starts_at=NOW, ends_at=NOW + 50 * MINUTE,
            made_at=EARLIER, expires_at=NOW,
        )  # fmt: skip
        hold(me, choice(talk, ana, 2))

        assert Hold.objects.filter(pk=offer.pk).exists()

    def test_strangers_at_one_address_keep_a_few_and_no_more(self, ana, talk):
        for n in range(actions.MOST_HELD):
            actions.hold_first(by=Nobody(), choice=choice(talk, ana, n), visitor="v",
                               instead=None, now=EARLIER)  # fmt: skip
        with pytest.raises(CannotBook, match="kept for you already"):
            actions.hold_first(by=Nobody(), choice=choice(talk, ana, 6), visitor="v",
                               instead=None, now=EARLIER)  # fmt: skip

    @pytest.mark.parametrize("hours", [-24.0, 9.0, 0.1])
    def test_what_is_no_opening_is_not_kept(self, me, ana, talk, hours):
        with pytest.raises(Taken):
            hold(me, choice(talk, ana, hours))

    def test_what_is_not_offered_is_not_kept(self, me, ana, house):
        with pytest.raises(CannotBook, match="cannot be booked here"):
            hold(me, choice(AType(), ana))

    def test_another_clinician_only_where_the_practice_allows_it(self, me, talk, house):
        ben = Colleague(at=[house])
        AStretch(staff=ben)
        with pytest.raises(CannotBook, match="somebody else"):
            hold(me, choice(talk, ben))

        actions.set_self_booking(by=System("test"), any_clinician=True, most_ahead=3)

        assert hold(me, choice(talk, ben)).clinician == ben

    def test_nobody_keeps_a_time_for_another_client(self, me, ana, talk, house):
        jonas, _him = client_of(ana, house)

        with pytest.raises(Denied):
            actions.hold(by=me, client=jonas, choice=choice(talk, ana), now=EARLIER)


# Taking it --------------------------------------------------------------------------------


class TestTaking:
    def test_what_was_kept_is_booked(self, me, ana, talk):
        held = hold(me, choice(talk, ana))
        made = take(me, choice(talk, ana), held)

        assert (made.status, made.booked_by, made.type) == ("BOOKED", me, talk)
        assert not Hold.objects.exists()
        assert Occupancy.objects.filter(appointment=made).count() == 2
        assert AuditEntry.objects.filter(verb="appointment.book_own", allowed=True).exists()

    def test_a_lost_answer_and_a_second_tap_book_once(self, me, ana, talk):
        what, once = choice(talk, ana), uuid.uuid4()
        held = hold(me, what)

        assert take(me, what, held, once=once) == take(me, what, held, once=once)
        assert Appointment.objects.count() == 1

    def test_after_it_ran_out_it_is_had_if_nobody_else_has_it(self, me, ana, talk):
        what = choice(talk, ana)
        hold(me, what)
        now = EARLIER + timedelta(hours=1)
        let_holds_go(now=now)

        assert take(me, what, None, now=now).status == "BOOKED"

    def test_after_it_ran_out_and_somebody_took_it_the_nearest_others_are_told(
        self, me, ana, talk, house
    ):
        what = choice(talk, ana)
        hold(me, what)
        _jonas, him = client_of(ana, house)
        now = EARLIER + timedelta(minutes=6)
        take(him, what, hold(him, what, now=now), now=now)

        with pytest.raises(Taken):
            take(me, what, None, now=now)
        found = queries.nearest(by=me, choice=what, people=[ana], now=now, client=me.client)
        assert len(found) == queries.NEAREST
        assert found[0].slot.start == NOW + 60 * MINUTE, "fifty minutes, at every quarter"

    def test_what_needs_a_yes_is_asked_for_and_held(self, me, ana, house):
        slow = AType(bookers=["ACTIVE"], needs_approval=True)
        made = take(me, choice(slow, ana), hold(me, choice(slow, ana)))

        assert made.status == "REQUESTED"
        assert Occupancy.objects.filter(appointment=made).count() == 2

    def test_no_more_ahead_than_the_practice_says(self, me, ana, talk):
        actions.set_self_booking(by=System("test"), any_clinician=False, most_ahead=1)
        take(me, choice(talk, ana))

        with pytest.raises(CannotBook, match="as many"):
            take(me, choice(talk, ana, 2))

    def test_the_terms_in_force_are_accepted_with_their_version(self, me, ana, talk):
        old = terms_actions.set_terms(by=System("test"), hours=24, texts={"en": "x"},
                                      from_on=EARLIER.date(), now=EARLIER)  # fmt: skip
        with pytest.raises(CannotBook) as problem:
            take(me, choice(talk, ana))
        assert problem.value.field == "accepted"

        made = take(me, choice(talk, ana), terms=old)

        assert Accepted.objects.get(appointment=made).terms == old

    def test_terms_that_changed_meanwhile_are_read_again(self, me, ana, talk):
        given = {"by": System("test"), "texts": {"en": "x"}, "from_on": EARLIER.date()}
        old = terms_actions.set_terms(hours=24, now=EARLIER, **given)
        terms_actions.set_terms(hours=48, now=EARLIER, **given)

        with pytest.raises(CannotBook, match="accept"):
            take(me, choice(talk, ana), terms=old)
        assert not Appointment.objects.exists()

    @pytest.mark.parametrize("status", ["INQUIRY", "DISCHARGED"])
    def test_who_is_not_in_treatment_books_nothing(self, ana, talk, house, status):
        _client, account = client_of(ana, house, status=status)

        with pytest.raises(CannotBook, match="cannot be booked"):
            take(account, choice(talk, ana))

    def test_who_waits_books_what_is_offered_to_them(self, ana, house):
        first = AType(bookers=["WAITING"])
        _client, account = client_of(ana, house, status="WAITING")

        assert take(account, choice(first, ana)).status == "BOOKED"


# Moving and calling off -------------------------------------------------------------------


class TestMoving:
    def test_one_moves_ones_own_meeting(self, me, ana, talk):
        made = take(me, choice(talk, ana))
        other = choice(talk, ana, 3)
        moved = actions.move_own(by=me, appointment=made, choice=other, hold=hold(me, other),
                                 revision=1, now=EARLIER)  # fmt: skip

        assert moved.starts_at == NOW + timedelta(hours=3)
        assert not Hold.objects.exists()
        assert Occupancy.objects.count() == 2

    def test_not_inside_the_window_of_the_terms(self, me, ana, talk):
        terms = terms_actions.set_terms(by=System("test"), hours=24, texts={"en": "x"},
                                        from_on=EARLIER.date(), now=EARLIER)  # fmt: skip
        made = take(me, choice(talk, ana), terms=terms)
        late = NOW - timedelta(hours=2)

        with pytest.raises(CannotBook, match="too near"):
            actions.move_own(by=me, appointment=made, choice=choice(talk, ana, 168), hold=None,
                             revision=1, now=late)  # fmt: skip

    def test_what_the_practice_made_is_moved_by_the_practice(self, me, mara, ana, talk):
        made = AnAppointment(client=mara, clinician=ana)

        with pytest.raises(CannotBook, match="made with you"):
            actions.move_own(by=me, appointment=made, choice=choice(talk, ana, 3), hold=None,
                             revision=1, now=EARLIER)  # fmt: skip

    def test_nobody_moves_or_calls_off_anothers(self, me, ana, talk, house):
        jonas, him = client_of(ana, house)
        made = take(him, choice(talk, ana))

        for act in (
            lambda: actions.move_own(by=me, appointment=made, choice=choice(talk, ana, 3),
                                     hold=None, revision=1, now=EARLIER),
            lambda: actions.cancel_own(by=me, appointment=made, knows_late=True, revision=1,
                                       now=EARLIER),
        ):  # fmt: skip
            with pytest.raises(Denied):
                act()
        with pytest.raises(Appointment.DoesNotExist):
            meetings.own(by=me, appointment_id=made.pk)

    def test_calling_off_late_has_to_be_known(self, me, ana, talk):
        terms = terms_actions.set_terms(by=System("test"), hours=24, texts={"en": "x"},
                                        from_on=EARLIER.date(), now=EARLIER)  # fmt: skip
        made = take(me, choice(talk, ana), terms=terms)
        now = NOW - timedelta(hours=23)

        with pytest.raises(actions.CountsAsLate):
            actions.cancel_own(by=me, appointment=made, knows_late=False, revision=1, now=now)
        done = actions.cancel_own(by=me, appointment=made, knows_late=True, revision=1, now=now)

        assert (done.status, done.cancelled_by, done.late) == ("CANCELLED", "CLIENT", True)

    def test_nobody_calls_off_what_has_begun(self, me, ana, talk):
        made = take(me, choice(talk, ana))

        with pytest.raises(CannotBook, match="begun"):
            actions.cancel_own(by=me, appointment=made, knows_late=True, revision=1, now=NOW)


# Strangers --------------------------------------------------------------------------------


class TestStrangers:
    def test_a_stranger_is_an_inquiry_with_a_safe_contact_and_a_time_that_waits(self, ana):
        made = ask(choice(AType(bookers=["PUBLIC"], needs_approval=True), ana))

        client = made.client
        contact = client.contacts.get()
        said = Introduction.objects.get(appointment=made)
        assert (client.status, client.legal_name, made.status) == (
            "INQUIRY", "Jo Quiet", "REQUESTED"
        )  # fmt: skip
        assert (contact.value, contact.safe_to_write) == ("jo@example.net", True)
        assert (said.words, said.zone) == ("I sleep badly.", "Europe/Berlin")
        assert list(client.care_team.values_list("staff", flat=True)) == [ana.pk]

    def test_what_needs_nobodys_yes_is_booked_at_once_and_news_on_today(self, ana, talk):
        made = ask(choice(talk, ana))

        assert (made.client.status, made.status) == ("INQUIRY", "BOOKED")
        assert queries.of_today(by=ana.account, staff=ana, now=EARLIER, most=9) == [made]

    def test_it_changes_nothing_that_they_are_known_here(self, ana, talk):
        first, second = ask(choice(talk, ana)), ask(choice(talk, ana, 1))

        assert first.client != second.client
        assert Client.objects.count() == 2

    def test_a_form_sent_twice_asks_once(self, ana, talk):
        once = uuid.uuid4()

        assert ask(choice(talk, ana), once=once) == ask(choice(talk, ana), once=once)
        assert Client.objects.count() == 1

    def test_who_comes_too_late_leaves_nothing_half_done(self, ana, talk):
        ask(choice(talk, ana))

        with pytest.raises(Taken):
            ask(choice(talk, ana))
        assert (Client.objects.count(), Introduction.objects.count()) == (1, 1)

    @pytest.mark.parametrize(
        ("given", "field"),
        [({"contacts": [("MAIL", "a@b.de\r\nBcc: x@y.z", {})]}, "mail"),
         ({"contacts": [("PHONE", "twelve", {})]}, "phone"), ({"name": "\u200b"}, "legal_name"),
         ({"words": "x" * 301}, "words")],
    )  # fmt: skip
    def test_what_cannot_be_is_said_and_nothing_is_kept(self, ana, talk, given, field):
        with pytest.raises(Exception) as problem:
            ask(choice(talk, ana), **given)

        assert problem.value.field == field
        assert not Client.objects.exists()

    def test_what_is_not_for_strangers_is_not_theirs(self, ana):
        with pytest.raises(CannotBook, match="cannot be booked"):
            ask(choice(AType(bookers=["ACTIVE"]), ana))


# The practice's answer --------------------------------------------------------------------


@pytest.fixture
def asked(me, ana, house):
    slow = AType(bookers=["ACTIVE"], needs_approval=True)
    return take(me, choice(slow, ana))


class TestAnswers:
    def test_yes_makes_it_booked(self, ana, asked):
        done = answers.approve(by=ana.account, appointment=asked, revision=1, now=EARLIER)

        assert done.status == "BOOKED"
        assert answers.approve(by=ana.account, appointment=asked, revision=1, now=EARLIER) == done

    def test_no_gives_the_time_back_with_a_line_the_client_reads(self, me, ana, asked):
        answers.decline(by=ana.account, appointment=asked, words="That week is full.", revision=1,
                        now=EARLIER)  # fmt: skip

        said = queries.answered(client=me.client, now=EARLIER)
        assert [one.reason for one in said] == ["That week is full."]
        assert not Occupancy.objects.exists()

    def test_no_is_undone_as_long_as_the_time_is_free(self, ana, asked):
        no = answers.decline(by=ana.account, appointment=asked, words="", revision=1, now=EARLIER)
        back = diary.undo(by=ana.account, appointment=no, revision=2, now=EARLIER)

        assert (back.status, Occupancy.objects.count()) == ("REQUESTED", 2)

    def test_what_nobody_answered_goes_when_its_time_has_come(self, ana, asked):
        let_requests_go(now=NOW - MINUTE)
        asked.refresh_from_db()
        assert asked.status == "REQUESTED"

        let_requests_go(now=NOW)
        asked.refresh_from_db()

        assert (asked.status, asked.cancelled_by) == ("CANCELLED", "PRACTICE")
        assert Change.objects.get().what == "EXPIRED"

    def test_what_was_only_asked_for_is_neither_kept_nor_moved(self, ana, asked):
        with pytest.raises(CannotBook, match="Confirm it first"):
            diary.settle(by=ana.account, appointment=asked, what="KEPT", revision=1, now=NOW)

    def test_once_its_time_has_begun_it_cannot_be_confirmed(self, ana, asked):
        with pytest.raises(CannotBook, match="begun"):
            answers.approve(by=ana.account, appointment=asked, revision=1, now=NOW)

    def test_a_stranger_answers_nothing(self, asked):
        with pytest.raises(Denied):
            answers.approve(by=Colleague().account, appointment=asked, revision=1, now=EARLIER)

    def test_clients_take_back_what_they_asked_for_and_it_is_never_late(self, me, asked):
        done = actions.cancel_own(by=me, appointment=asked, knows_late=False, revision=1,
                                  now=NOW - MINUTE)  # fmt: skip

        assert (done.status, done.late) == ("CANCELLED", False)

    def test_it_waits_on_the_desk_of_who_may_see_the_client(self, ana, asked):
        assert queries.waiting(by=ana.account) == [asked]
        assert queries.waiting(by=Colleague().account) == []
        assert queries.of_today(by=ana.account, staff=ana, now=EARLIER, most=9) == [asked]

    def test_what_clients_did_themselves_is_news_for_two_days(self, me, ana, talk):
        made = take(me, choice(talk, ana))
        assert queries.of_today(by=ana.account, staff=ana, now=EARLIER, most=9) == [made]
        assert queries.of_today(
            by=ana.account, staff=ana, now=EARLIER + timedelta(days=2, minutes=1), most=9
        ) == []  # fmt: skip

        actions.cancel_own(by=me, appointment=made, knows_late=False, revision=1, now=EARLIER)
        found = queries.of_today(by=ana.account, staff=ana, now=EARLIER, most=9)
        assert [one.did for one in found] == ["CANCELLED"]


def test_the_clocks_are_known():
    assert {"hold.expire", "request.expire"} <= jobs.registry.CLOCKS.keys()
