"""Who hears of what clients book themselves, and of the answer; in words that tell nothing."""

import re
import uuid
from datetime import timedelta

import pytest

from rapport.contact.models import Notice
from rapport.contact.reminders import actions as reminders
from rapport.core import jobs, time
from rapport.core.policy import System
from rapport.meeting.appointments import actions, answers
from rapport.meeting.appointments.rules import lasting
from rapport.meeting.models import Introduction
from rapport.meeting.requests import actions as own
from rapport.meeting.requests.queries import Choice
from rapport.meeting.waiting import answering, links, offering
from rapport.people.circle import actions as circle
from rapport.people.models import Account
from tests.factories import (
    AFreedHour,
    AnAccount,
    APractice,
    AStretch,
    AType,
    AWaitingEntry,
    ClientOf,
    Colleague,
)

from .conftest import NOW
from .test_sending import parsed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trusted")]

LINK = re.compile(r"http://localhost:8000(/[^\s\"<]*)")
SOON = lasting(NOW + timedelta(days=3), 50)


@pytest.fixture(autouse=True)
def nine_o_clock(db):
    with time.at(NOW):
        yield


@pytest.fixture
def ana():
    APractice(name="Praxis Dr. Seelenheil, Psychotherapie", discreet_name="", locale="en")
    return Colleague(account=AnAccount(email="ana@practice.example"))


@pytest.fixture
def mara(ana):
    account = AnAccount(realm=Account.Realm.PORTAL)
    return ClientOf(legal_name="Mara Lindgren", care_team=[ana], account=account)


@pytest.fixture
def me(mara):
    return Account.objects.loaded().get(pk=mara.account_id)


@pytest.fixture
def mails(box, listen, setup_mail):
    setup_mail(listen(box))

    def sent():
        jobs.run_due(NOW, loud=True)
        sent.paths = [path for one in box.mails for path in LINK.findall(one.content.decode())]
        found = [(one.rcpt_tos[0], parsed(one)["Subject"]) for one in box.mails]
        said = "".join(one.content.decode().lower() for one in box.mails)
        words = ("seelenheil", "lindgren", "therap", "ana roth", "session", "meeting")
        assert not any(word in said for word in words)
        box.mails.clear()
        return found

    return sent


def book(by, client, ana, asked_for=False):
    return actions.book(by=by, client=client, clinician=ana, slot=SOON, now=NOW,
                        asked_for=asked_for)  # fmt: skip


@pytest.mark.parametrize("ends", ["declined", "expired"])
def test_who_asked_in_vain_finds_other_times_by_a_link(ana, mails, ends):
    jo = ClientOf(status="INQUIRY", care_team=[ana])
    circle.add_contact(by=ana.account, client=jo, kind="MAIL", value="jo@home.example",
                       safe_to_write=True)  # fmt: skip
    made = book(System("public"), jo, ana, asked_for=True)
    mails()

    if ends == "declined":
        answers.decline(by=ana.account, appointment=made, words="", revision=1, now=NOW)
    else:
        answers.expire(by=System("clock"), appointment=made, now=SOON.start)

    assert mails() == [("jo@home.example", "About your request")]
    assert set(mails.paths) == {"/first/"}


ATTENTION = ("ana@practice.example", "Something for you")


def test_the_clinician_hears_that_a_client_booked_moved_and_called_off(ana, mara, me, mails):
    AStretch(staff=ana, weekday=SOON.start.isoweekday())
    talk, later = AType(bookers=["ACTIVE"]), lasting(SOON.start + timedelta(hours=2), 50)
    wanted = [Choice(talk, "HERE", ana, slot) for slot in (SOON, later)]
    made = own.book_own(by=me, client=mara, choice=wanted[0], hold=None, terms=None, language="",
                        once=uuid.uuid4(), now=NOW)  # fmt: skip
    assert mails() == [ATTENTION]

    own.move_own(by=me, appointment=made, choice=wanted[1], hold=None, revision=1, now=NOW)
    assert mails() == [ATTENTION]

    own.cancel_own(by=me, appointment=made, knows_late=False, revision=2, now=NOW)
    assert mails() == [ATTENTION]


def test_nobody_is_told_of_what_the_practice_did_itself(ana, mara, mails):
    made = book(ana.account, mara, ana)
    actions.cancel(by=ana.account, appointment=made, side="CLIENT", revision=1, now=NOW)

    assert mails() == []


def test_who_asked_hears_of_the_answer_where_that_is_safe(ana, mara, me, mails):
    circle.add_contact(by=ana.account, client=mara, kind="MAIL", value="mara@home.example",
                       safe_to_write=True)  # fmt: skip
    made = book(me, mara, ana, asked_for=True)
    assert mails() == [ATTENTION]

    answers.approve(by=ana.account, appointment=made, revision=1, now=NOW)

    assert mails() == [("mara@home.example", "An answer")]


@pytest.mark.parametrize(
    ("notices", "heard"),
    [(["BOOKED"], ("mara@home.example", "A time for you")),
     (["MOVED"], ("mara@home.example", "An answer"))],
)  # fmt: skip
def test_who_is_told_of_bookings_hears_of_the_answer_once(ana, mara, me, mails, notices, heard):
    reminders.set_reminding(by=System("test"), offsets=[], order=["mail"], notices=notices,
                            links=[], quiet_from=None, quiet_until=None, quiet_before=False,
                            now=NOW)  # fmt: skip
    circle.add_contact(by=ana.account, client=mara, kind="MAIL", value="mara@home.example",
                       safe_to_write=True)  # fmt: skip
    made = book(me, mara, ana, asked_for=True)
    assert mails() == [ATTENTION]

    answers.approve(by=ana.account, appointment=made, revision=1, now=NOW)

    assert mails() == [heard]
    assert mails() == []


@pytest.mark.parametrize("safe", [True, False])
def test_a_stranger_is_written_to_only_where_they_said_it_is_safe(ana, mails, safe):
    jo = ClientOf(legal_name="Jo Quiet", status="INQUIRY", care_team=[ana])
    circle.add_contact(by=ana.account, client=jo, kind="MAIL", value="jo@home.example",
                       safe_to_write=safe)  # fmt: skip
    made = book(System("public"), jo, ana, asked_for=True)
    Introduction.objects.create(client=jo, appointment=made, zone="UTC", may_contact_at=NOW)
    assert mails() == [ATTENTION]

    answers.decline(by=ana.account, appointment=made, words="No.", revision=1, now=NOW)

    told = mails()
    assert told == ([("jo@home.example", "About your request")] if safe else [])
    assert mails() == []
    assert not Notice.objects.exclude(enclosed=None).exists()


@pytest.mark.parametrize("by_link", [True, False])
def test_the_clinician_hears_that_a_client_took_an_hour_that_was_offered(
    ana, mara, me, mails, by_link
):
    AWaitingEntry(client=mara)
    hour = AFreedHour(clinician=ana)
    offering.offer(by=ana.account, hour=hour, now=NOW, how="IN_TURN")
    mails()
    one = hour.offers.get()
    answering.accept(by=links.Holder(one.pk) if by_link else me, offer=one, now=NOW)

    assert mails() == [ATTENTION]


def test_what_the_desk_takes_for_a_client_is_no_news(ana, mara, mails):
    AWaitingEntry(client=mara)
    hour = AFreedHour(clinician=ana)
    offering.offer(by=ana.account, hour=hour, now=NOW, how="IN_TURN")
    mails()
    answering.accept(by=ana.account, offer=hour.offers.get(), now=NOW)

    assert mails() == []
