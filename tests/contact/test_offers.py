"""Who is offered an hour hears of it: discreetly, once, and only where that is safe."""

import re
from datetime import timedelta

import pytest

from rapport.contact.models import WaitingMessage
from rapport.core import jobs, time
from rapport.core.policy import System
from rapport.meeting.models import Offer, WaitingEntry
from rapport.meeting.waiting import actions, answering, links, offering, queries
from rapport.meeting.waiting import jobs as clocks
from rapport.people.circle import actions as circle
from tests.factories import AFreedHour, APractice, AWaitingEntry, ClientOf, Colleague

from .conftest import NOW
from .test_sending import parsed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trusted")]

BY = System("test")
GIVE_AWAY = ("seelenheil", "therap", "mara", "lindgren", "session", "appointment", "treat",
             "clinic", "patient", "client", "ana", "10:00", "health")  # fmt: skip


@pytest.fixture(autouse=True)
def nine_o_clock(db):
    with time.at(NOW):
        yield


@pytest.fixture
def ana():
    APractice(name="Praxis Dr. Seelenheil, Psychotherapie", discreet_name="", locale="en")
    return Colleague(legal_name="Ana Roth")


def waiting(ana, name="Mara Lindgren", safe=True, **given):
    client = ClientOf(legal_name=name, care_team=[ana])
    mail = f"{name.split()[0].lower()}@home.example"
    circle.add_contact(by=ana.account, client=client, kind="MAIL", value=mail, safe_to_write=safe)
    return AWaitingEntry(client=client, **given)


def offer(ana, how="IN_TURN"):
    hour = AFreedHour(clinician=ana)
    offering.offer(by=BY, hour=hour, now=NOW, how=how)
    jobs.run_due(NOW, loud=True)
    return hour


def plain(envelope):
    return parsed(envelope).get_body(("plain",)).get_content()


def test_the_mail_says_only_that_a_time_is_free_and_its_link_opens_it(ana, box, listen, setup_mail):
    setup_mail(listen(box))
    waiting(ana)
    offer(ana)

    (envelope,) = box.mails
    assert envelope.rcpt_tos == ["mara@home.example"]
    assert parsed(envelope)["Subject"] == "A time has become free"
    token = re.search(r"/o/([^/]+)/", plain(envelope))[1]
    assert queries.offer_by_token(token=token) == Offer.objects.get()
    said = plain(envelope).replace(token, "").lower()
    assert [word for word in GIVE_AWAY if word in said] == []
    assert Offer.objects.get().told == "SENT"
    assert [(one.state, one.path) for one in WaitingMessage.objects.all()] == [("SENT", "")]


@pytest.mark.parametrize("safe", [True, False])
def test_whoever_cannot_be_written_to_is_called_by_the_desk(ana, box, listen, setup_mail, safe):
    if not safe:
        setup_mail(listen(box))
    waiting(ana, safe=safe)
    offer(ana)

    assert box.mails == []
    assert (Offer.objects.get().told, Offer.objects.get().state) == ("PAGE", "OFFERED")


def test_of_several_only_who_was_asked_and_lost_is_told_and_kindly(ana, box, listen, setup_mail):
    setup_mail(listen(box))
    for name in ("Mara Lindgren", "Noa Falk", "Ole Berg"):
        waiting(ana, name)
    hour = offer(ana, "AT_ONCE")
    asked = list(hour.offers.order_by("position"))
    answering.decline(by=BY, offer=asked[0], now=NOW)
    answering.accept(by=BY, offer=asked[1], now=NOW)
    jobs.run_due(NOW, loud=True)

    gone = [one for one in box.mails if parsed(one)["Subject"] == "The time is taken"]
    lost = asked[2].client.legal_name.split()[0].lower()
    assert [one.rcpt_tos for one in gone] == [[f"{lost}@home.example"]]
    assert "There will be another." in plain(gone[0])
    assert [word for word in GIVE_AWAY if word in plain(gone[0]).lower()] == []


def test_whoever_was_in_line_never_hears_of_it(ana, box, listen, setup_mail):
    setup_mail(listen(box))
    waiting(ana, since=NOW - timedelta(3))
    waiting(ana, "Noa Falk")
    hour = offer(ana)
    answering.accept(by=BY, offer=hour.offers.get(state="OFFERED"), now=NOW)
    jobs.run_due(NOW, loud=True)

    assert [one.rcpt_tos for one in box.mails] == [["mara@home.example"]]


def test_an_offer_that_ran_out_before_it_was_mailed_is_not_mailed(ana, box, listen, setup_mail):
    setup_mail(listen(box))
    waiting(ana)
    hour = AFreedHour(clinician=ana)
    offering.offer(by=BY, hour=hour, now=NOW, how="IN_TURN")
    with time.at(NOW + timedelta(hours=2)):
        jobs.run_due(time.now(), loud=True)

    assert box.mails == []


def test_the_question_whether_one_still_looks_is_mailed_and_its_link_answers_it(
    ana, box, listen, setup_mail
):
    setup_mail(listen(box))
    waiting(ana, confirm_on=NOW.date())
    clocks.still_looking(now=NOW)
    jobs.run_due(NOW, loud=True)

    (envelope,) = box.mails
    assert parsed(envelope)["Subject"] == "A short question"
    token = re.search(r"/w/([^/]+)/", plain(envelope))[1]
    said = plain(envelope).replace(token, "").lower()
    assert [word for word in GIVE_AWAY if word in said] == []
    entry = queries.by_token(token=token)
    actions.confirm(by=links.Holder(entry.pk), client=entry.client, entry=entry, now=NOW)
    assert WaitingEntry.objects.get().asked_at is None


def test_whoever_cannot_be_asked_by_mail_stands_on_the_desks_list(ana):
    waiting(ana, safe=False, confirm_on=NOW.date())
    clocks.still_looking(now=NOW)
    jobs.run_due(NOW, loud=True)

    entry = WaitingEntry.objects.get()
    assert (entry.state, entry.asked_how, entry.token) == ("WAITING", "PAGE", None)
