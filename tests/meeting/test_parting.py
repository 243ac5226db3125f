"""Who is in the archive is not booked, and who is put there has nothing ahead any more."""

import uuid
from datetime import time, timedelta

import pytest

from rapport.core import time as clock
from rapport.core.policy import Denied, System
from rapport.meeting.appointments import actions as appointments
from rapport.meeting.appointments.problems import CannotBook
from rapport.meeting.appointments.rules import lasting
from rapport.meeting.models import Appointment, Occupancy, Series, WaitingEntry
from rapport.meeting.parting import actions, queries
from rapport.meeting.requests import actions as requests
from rapport.meeting.requests.queries import Choice
from rapport.meeting.series import actions as series
from rapport.meeting.series.rules import Rule
from rapport.meeting.waiting import answering
from rapport.people.models import Account
from tests.factories import (
    NOW,
    AFreedHour,
    AnAccount,
    AnOffer,
    AType,
    AWaitingEntry,
    ClientOf,
    Colleague,
)
from tests.web.stepping import inside

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nine_o_clock")]

BY = System("test")
DAY = timedelta(days=1)
SOON = lasting(NOW + 3 * DAY, 50)


@pytest.fixture
def mara(house, ana):
    return ClientOf(care_team=[ana], place=house, legal_name="Mara Kühn")


def every_week(client, clinician):
    wanted = series.Wanted(clinician=clinician, rule=Rule("WEEKLY"), holidays="KEEP",
                           starts_on=NOW.date() + DAY, at=time(10), place=client.place)  # fmt: skip
    return series.begin(by=BY, client=client, wanted=wanted, now=NOW)


def book(client, clinician, slot=SOON):
    return appointments.book(by=BY, client=client, clinician=clinician, slot=slot, now=NOW)


class TestWhoIsInTheArchive:
    @pytest.fixture
    def gone(self, mara):
        mara.archived_at = NOW
        mara.account = AnAccount(realm=Account.Realm.PORTAL)
        mara.save()
        return mara

    @pytest.mark.parametrize("way", [book, every_week])
    def test_is_not_booked_and_one_reads_what_to_do(self, ana, gone, way):
        with pytest.raises(CannotBook, match="Bring the client back first"):
            way(gone, ana)
        assert not Appointment.objects.exists() and not Series.objects.exists()

    def test_books_nothing_by_themselves(self, ana, gone):
        me = Account.objects.loaded().get(pk=gone.account_id)
        choice = Choice(AType(bookers=["ACTIVE"]), "VIDEO", ana, SOON)
        with pytest.raises(CannotBook):
            requests.book_own(by=me, client=gone, choice=choice, hold=None, terms=None,
                              language="", once=uuid.uuid4(), now=NOW)  # fmt: skip

    def test_gets_no_hour_that_was_offered_before(self, ana, house, gone):
        hour = AFreedHour(clinician=ana, place=house, starts_at=SOON.start, state="RUNNING")
        offer = AnOffer(hour=hour, entry=AWaitingEntry(client=gone), state="OFFERED",
                        answer_by=NOW + DAY)  # fmt: skip
        with pytest.raises(answering.Closed):
            answering.accept(by=BY, offer=offer, now=NOW)
        assert not Appointment.objects.exists()

    def test_the_desk_says_so_beside_the_form(self, ana, gone):
        browser, day = inside(ana.account), clock.today() + DAY
        typed = {"on": day.isoformat(), "at": "10:00", "minutes": "50", "clinician": ana.pk,
                 "way": "HERE", "where": f"place:{gone.place_id}", "kind": "SESSION"}  # fmt: skip
        for address, more in (
            (f"/desk/calendar/book/?client={gone.pk}", {}),
            (f"/desk/clients/{gone.pk}/standing/",
             {"every": "1", "often": "WEEKLY", "holidays": "KEEP"}),
        ):  # fmt: skip
            answer = browser.post(address, typed | more)
            assert answer.status_code == 422
            assert "Bring the client back first" in answer.content.decode()


class TestArchiving:
    def archive(self, ana, mara, **said):
        return inside(ana.account).post(f"/desk/clients/{mara.pk}/archive/", said)

    def test_what_is_ahead_is_said_first_and_nothing_is_changed(self, ana, mara):
        every_week(mara, ana)
        book(mara, ana)
        AWaitingEntry(client=mara)

        answer = self.archive(ana, mara)

        page = answer.content.decode()
        assert answer.status_code == 422
        assert "Every Tuesday, 10 a.m." in page and "Thu 10 Jan 2030" in page
        assert "On the waiting list" in page
        assert page.count("/desk/appointments/") == 1, "a year of a slot is one line"
        mara.refresh_from_db()
        assert mara.archived_at is None

    def test_it_is_ended_with_it(self, ana, mara):
        slot, single = every_week(mara, ana), book(mara, ana)
        moved = slot.appointments.order_by("starts_at")[1]
        appointments.move(
            by=BY, appointment=moved, slot=lasting(moved.starts_at + DAY, 50), revision=1, now=NOW,
            clinician=ana, way="HERE", place=mara.place,
        )  # fmt: skip
        past = lasting(NOW - DAY, 50)
        kept = appointments.book(by=BY, client=mara, clinician=ana, slot=past, now=NOW,
                                 afterwards=True)  # fmt: skip
        AWaitingEntry(client=mara)

        assert self.archive(ana, mara, ends="on").status_code == 302

        for row in (mara, slot, single, kept):
            row.refresh_from_db()
        assert mara.archived_at is not None and slot.ended_on is not None
        assert (single.status, single.cancelled_by) == ("CANCELLED", "PRACTICE")
        assert kept.status == "BOOKED"
        assert WaitingEntry.objects.get().state == "WITHDRAWN"
        assert not Occupancy.objects.filter(starts_at__gt=NOW).exists()
        assert not queries.ahead(by=ana.account, client=mara, now=NOW).any

    def test_with_nothing_ahead_it_is_one_step(self, ana, mara):
        slot = every_week(mara, ana)
        series.end(by=BY, series=slot, on=NOW.date(), revision=1, now=NOW)
        assert self.archive(ana, mara).status_code == 302

    def test_only_who_books_for_the_client_ends_it(self, mara):
        with pytest.raises(Denied):
            actions.end_all(by=Colleague().account, client=mara, now=NOW)
