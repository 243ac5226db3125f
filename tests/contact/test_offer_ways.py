"""An hour on offer reaches people by ways that are safe for them; nobody's time runs unheard."""

import json
import re
from datetime import time, timedelta

import pytest

from rapport.contact.channels import folder
from rapport.contact.gateways import actions as gateways
from rapport.contact.models import WaitingMessage
from rapport.contact.reminders import actions as reminders
from rapport.contact.reminders.bounces import Report
from rapport.contact.waitlist import actions as waitlist
from rapport.contact.waitlist import jobs as round_
from rapport.contact.waitlist import queries as ways
from rapport.core import jobs
from rapport.core import time as clock
from rapport.meeting.models import Hold, Offer, WaitingEntry
from rapport.meeting.waiting import answering, links, offering, queries
from rapport.meeting.waiting import jobs as clocks
from rapport.people.circle import actions as circle
from rapport.people.models import Client, Contact, GroupMember
from tests.factories import AFreedHour, APractice, AWaitingEntry, ClientOf, Colleague
from tests.web.stepping import inside

from .channels.conftest import gateway, set_gateway
from .conftest import NOW
from .test_offers import BY, GIVE_AWAY
from .test_sending import parsed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trusted")]

__all__ = ["gateway"]
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def nine_o_clock(db):
    with clock.at(NOW):
        yield


@pytest.fixture
def ana():
    APractice(name="Praxis Dr. Seelenheil, Psychotherapie", discreet_name="", locale="en")
    return Colleague(legal_name="Ana Roth")


@pytest.fixture
def mails(box, listen, setup_mail):
    setup_mail(listen(box))
    return box


def waits(ana, name="Mara Lindgren", number="+49 30 901820", mail="", **safe):
    client = ClientOf(legal_name=name, care_team=[ana])
    circle.add_contact(by=BY, client=client, kind="PHONE", value=number, **safe)
    if mail:
        circle.add_contact(by=BY, client=client, kind="MAIL", value=mail, safe_to_write=True)
    return AWaitingEntry(client=client)


def reminds(order=("mail", "text"), quiet=(None, None)):
    reminders.set_reminding(
        by=BY, offsets=[1440], order=list(order), notices=[], links=[], quiet_from=quiet[0],
        quiet_until=quiet[1], quiet_before=False, now=NOW,
    )  # fmt: skip


def offers(ana, how="IN_TURN", now=NOW, **given):
    hour = AFreedHour(clinician=ana, **given)
    offering.offer(by=BY, hour=hour, now=now, how=how)
    jobs.run_due(now)
    return hour


def later(minutes):
    with clock.at(NOW + minutes * MINUTE):
        jobs.run_due(clock.now())
        clocks.watch(now=clock.now())
        jobs.run_due(clock.now())


def texted(gateway):
    return [json.loads(body) for _path, _heads, body in gateway.asked]


def tried():
    rows = WaitingMessage.objects.order_by("planned_at", "channel")
    return [(one.kind, one.channel, one.state) for one in rows]


def test_who_is_safe_to_text_is_texted_once_and_the_link_takes_the_hour(ana, gateway):
    set_gateway(gateway.url)
    waits(ana, safe_to_text=True)
    offers(ana)
    later(1)

    (said,) = texted(gateway)
    assert said["to"] == "+4930901820"
    token = re.search(r"/o/([^/]+)/", said["text"])[1]
    words = said["text"].replace(token, "").lower()
    assert [word for word in GIVE_AWAY if word in words] == []
    offer = Offer.objects.get()
    assert (offer.told, queries.offer_by_token(token=token)) == ("SENT", offer)
    answering.accept(by=links.Holder(offer.pk), offer=offer, now=NOW)
    assert Offer.objects.get().state == "ACCEPTED"


def test_that_the_hour_is_gone_and_the_question_go_the_same_way(ana, gateway):
    set_gateway(gateway.url)
    entry = waits(ana, safe_to_text=True)
    hour = offers(ana)
    offering.keep(by=BY, hour=hour, now=NOW)
    jobs.run_due(NOW)
    WaitingEntry.objects.filter(pk=entry.pk).update(confirm_on=NOW.date())
    clocks.still_looking(now=NOW)
    jobs.run_due(NOW)

    said = [one["text"] for one in texted(gateway)]
    assert "is not free any more" in said[1]
    assert "/w/" in said[2]
    assert WaitingEntry.objects.get().asked_how == "SENT"


def test_the_client_chooses_which_way_comes_first(ana, mails, gateway):
    set_gateway(gateway.url)
    reminds()
    entry = waits(ana, mail="mara@home.example", safe_to_text=True)
    reminders.choose(by=BY, client=entry.client, offsets=None, order=["text"], notices=[],
                     says="NEUTRAL", zone="", now=NOW)  # fmt: skip
    offers(ana)

    assert (len(gateway.asked), mails.mails) == (1, [])


def test_a_number_that_is_not_safe_is_not_texted(ana, gateway):
    set_gateway(gateway.url)
    waits(ana, safe_to_text=False)
    offers(ana)

    assert (gateway.asked, Offer.objects.get().told) == ([], "PAGE")


def test_into_the_folder_where_that_is_how_texts_go(ana):
    gateways.use_outbox(by=BY, reaches="TEXT", agreed_with="Texts Ltd", agreed_on=NOW.date(),
                        now=NOW)  # fmt: skip
    waits(ana, safe_to_text=True)
    offers(ana)

    row = WaitingMessage.objects.get()
    said = json.loads((folder.where() / f"{row.pk}.text.json").read_text("utf-8"))
    (folder.where() / f"{row.pk}.text.json").unlink()
    assert said["to"] == "+4930901820" and "/o/" in said["text"]


def test_a_refused_address_leads_to_a_text(ana, mails, gateway):
    set_gateway(gateway.url)
    mails.mood = "unknown"
    waits(ana, mail="mara@home.example", safe_to_text=True)
    offers(ana)
    later(0)

    assert tried() == [("OFFER", "mail", "FAILED"), ("OFFER", "text", "SENT")]
    assert Offer.objects.get().told == "SENT"


def test_a_mail_that_comes_back_leads_to_a_text_or_to_a_call(ana, mails, gateway):
    waits(ana, mail="mara@home.example", safe_to_text=True)
    offers(ana)
    first = WaitingMessage.objects.get()
    set_gateway(gateway.url)
    report = Report(first.pk, "5.1.1")
    assert waitlist.came_back(by=BY, report=report, now=NOW)
    assert not waitlist.came_back(by=BY, report=report, now=NOW)
    assert Offer.objects.get().told == "PAGE"
    later(0)

    assert tried() == [("OFFER", "mail", "BOUNCED"), ("OFFER", "text", "SENT")]
    assert Offer.objects.get().told == "SENT"


class TestTheClock:
    def test_it_does_not_run_for_whom_nothing_reached_and_nobody_else_is_asked(self, ana):
        waits(ana)
        waits(ana, "Noa Falk")
        hour = offers(ana)
        for minutes in (61, 60 * 5, 60 * 24):
            later(minutes)

        assert list(hour.offers.order_by("position").values_list("state", "told")) == [
            ("OFFERED", "PAGE"), ("IN_LINE", ""),
        ]  # fmt: skip
        assert Hold.objects.get().expires_at == hour.starts_at

    def test_from_the_call_on_it_does(self, ana):
        waits(ana)
        waits(ana, "Noa Falk")
        hour = offers(ana)
        first = hour.offers.get(position=1)
        called = NOW + 3 * HOUR
        answering.called(by=ana.account, offer=first, now=called)
        answering.called(by=ana.account, offer=first, now=called + 30 * MINUTE)
        first.refresh_from_db()
        assert (first.told, first.answer_by) == ("CALL", called + HOUR)
        later(60 * 4 - 1)
        assert hour.offers.get(position=1).state == "OFFERED"
        later(60 * 4)

        assert list(hour.offers.order_by("position").values_list("state", flat=True)) == [
            "LAPSED", "OFFERED",
        ]  # fmt: skip

    def test_while_the_server_is_away_it_stands_and_begins_when_the_mail_went(self, ana, mails):
        mails.mood = "busy"
        waits(ana, mail="mara@home.example")
        offers(ana)
        assert Offer.objects.get().told == "PAGE"
        mails.mood = "kind"
        later(20)

        offer = Offer.objects.get()
        assert (len(mails.mails), offer.told) == (1, "SENT")
        assert offer.answer_by == NOW + 80 * MINUTE

    def test_what_may_have_gone_out_by_text_is_not_sent_twice_and_somebody_calls(
        self, ana, gateway
    ):
        set_gateway(gateway.url, knows_again=False)
        gateway.mood = "hangs up"
        waits(ana, safe_to_text=True)
        offers(ana)
        later(30)

        assert (len(gateway.asked), tried()) == (1, [("OFFER", "text", "UNSURE")])
        assert Offer.objects.get().told == "PAGE"

    def test_who_was_called_before_the_mail_went_is_not_written_to_as_well(self, ana, mails):
        mails.mood = "busy"
        waits(ana, mail="mara@home.example")
        offers(ana)
        answering.called(by=ana.account, offer=Offer.objects.get(), now=NOW)
        mails.mood = "kind"
        later(20)

        assert (mails.mails, tried()) == ([], [("OFFER", "mail", "DROPPED")])

    def test_the_question_nobody_got_lapses_for_nobody(self, ana):
        waits(ana)
        WaitingEntry.objects.update(confirm_on=NOW.date())
        clocks.still_looking(now=NOW)
        jobs.run_due(NOW)
        clocks.still_looking(now=NOW + timedelta(days=20))

        assert WaitingEntry.objects.get().state == "WAITING"


def test_nobody_is_woken_and_the_time_begins_in_the_morning(ana, gateway):
    set_gateway(gateway.url)
    reminds(["text"], quiet=(time(21), time(8)))
    waits(ana, safe_to_text=True)
    night = NOW + 13 * HOUR
    with clock.at(night):
        offers(ana, now=night)
        assert gateway.asked == []
    later(23 * 60)

    assert len(gateway.asked) == 1
    assert Offer.objects.get().answer_by == NOW + 24 * HOUR


def test_an_hour_that_begins_before_the_night_is_over_is_told_all_the_same(ana, gateway):
    set_gateway(gateway.url)
    reminds(["text"], quiet=(time(21), time(8)))
    waits(ana, safe_to_text=True)
    WaitingEntry.objects.update(notice_hours=0)
    night = NOW + 13 * HOUR
    with clock.at(night):
        offers(ana, now=night, starts_at=NOW + 22 * HOUR)

    assert len(gateway.asked) == 1


def test_a_message_whose_job_was_lost_is_picked_up_and_a_year_later_forgotten(ana, mails):
    waits(ana, mail="mara@home.example")
    hour = AFreedHour(clinician=ana)
    offering.offer(by=BY, hour=hour, now=NOW, how="IN_TURN")
    offer = Offer.objects.get()
    (row,) = waitlist.tell(by=BY, client=offer.client, kind="OFFER", offer=offer, now=NOW)
    jobs.Job.objects.all().delete()
    with clock.at(NOW + 20 * MINUTE):
        round_.pick_up(now=clock.now())
        jobs.run_due(clock.now())
    assert (len(mails.mails), tried()) == (1, [("OFFER", "mail", "SENT")])
    round_.forget(now=NOW + timedelta(days=366))

    assert not WaitingMessage.objects.filter(pk=row.pk).exists()


def test_who_can_be_reached_says_so_where_the_hour_is_offered(ana, gateway):
    set_gateway(gateway.url)
    safe, other = waits(ana, safe_to_text=True), waits(ana, "Noa Falk")
    clients = [safe.client, other.client]

    assert ways.reachable(by=ana.account, clients=clients) == {safe.client_id}
    hour = AFreedHour(clinician=ana)
    page = inside(ana.account).get(f"/desk/waiting/hours/{hour.pk}/").content.decode()
    assert page.count("no number or address that is safe to write to") == 1


# Couples and families ---------------------------------------------------------------------


def pair(ana, *mails, own=""):
    """A couple on the list, each half with an address that is safe, or "" for none."""
    both = ClientOf(kind="COUPLE", legal_name="Lindgren and Falk", care_team=[ana])
    for n, mail in enumerate(mails):
        one = ClientOf(legal_name=f"Half {n}", care_team=[ana])
        GroupMember.objects.create(client=both, member=one)
        if mail:
            circle.add_contact(by=BY, client=one, kind="MAIL", value=mail, safe_to_write=True)
    if own:
        circle.add_contact(by=BY, client=both, kind="MAIL", value=own, safe_to_write=True)
    return AWaitingEntry(client=both)


def sent_to(box):
    return sorted(one.rcpt_tos[0] for one in box.mails)


def links_in(box):
    return {re.search(r"/[ow]/[^/]+/", one.content.decode())[0] for one in box.mails}


def test_a_couple_without_an_address_is_written_to_by_its_members_with_one_link(ana, mails):
    entry = pair(ana, "one@home.example", "two@home.example")
    assert ways.reachable(by=ana.account, clients=[entry.client]) == {entry.client_id}
    offers(ana)

    assert sent_to(mails) == ["one@home.example", "two@home.example"]
    (path,) = links_in(mails)
    offer = Offer.objects.get()
    assert (offer.told, queries.offer_by_token(token=path.split("/")[2])) == ("SENT", offer)
    answering.accept(by=links.Holder(offer.pk), offer=offer, now=NOW)
    assert offer.client.kind == "COUPLE" and Offer.objects.get().state == "ACCEPTED"


def test_one_with_an_address_of_its_own_is_written_to_there_alone(ana, mails):
    pair(ana, "one@home.example", own="both@home.example")
    offers(ana)

    assert sent_to(mails) == ["both@home.example"]


def test_one_half_alone_is_enough_and_nobody_has_to_call(ana, mails):
    pair(ana, "", "two@home.example")
    offers(ana)

    assert sent_to(mails) == ["two@home.example"]
    assert Offer.objects.get().told == "SENT"


def test_where_neither_half_can_be_written_to_somebody_calls(ana, mails):
    entry = pair(ana, "", "")
    offers(ana)

    assert Offer.objects.get().told == "PAGE" and mails.mails == []
    assert ways.reachable(by=ana.account, clients=[entry.client]) == set()


def test_each_half_reads_it_in_their_own_language(ana, mails):
    entry = pair(ana, "one@home.example", "two@home.example")
    Client.objects.filter(legal_name="Half 1").update(languages=["de"])
    offers(ana)

    subjects = {one.rcpt_tos[0]: parsed(one)["subject"] for one in mails.mails}
    assert subjects["one@home.example"] == "A time has become free"
    assert subjects["two@home.example"] != subjects["one@home.example"]
    assert entry.client.languages == []


def test_a_mail_that_came_back_from_one_half_leaves_the_others_link_alone(ana, mails, gateway):
    set_gateway(gateway.url)
    reminds()
    pair(ana, "one@home.example", "two@home.example")
    one = Client.objects.get(legal_name="Half 0")
    circle.add_contact(by=BY, client=one, kind="PHONE", value="+49 30 901820", safe_to_text=True)
    offers(ana)
    (path,) = links_in(mails)
    row = WaitingMessage.objects.get(client__legal_name="Half 0")
    waitlist.came_back(by=BY, report=Report(row.pk, "5.1.1"), now=NOW)

    offer = Offer.objects.get()
    assert offer.told == "SENT"
    assert queries.offer_by_token(token=path.split("/")[2]) == offer


def test_a_mail_that_came_back_from_both_halves_has_somebody_call(ana, mails):
    pair(ana, "one@home.example", "two@home.example")
    offers(ana)
    for row in WaitingMessage.objects.order_by("pk"):
        waitlist.came_back(by=BY, report=Report(row.pk, "5.1.1"), now=NOW)

    assert Offer.objects.get().told == "PAGE"


def test_a_half_that_mail_does_not_reach_is_texted_with_the_same_link(ana, mails, gateway):
    set_gateway(gateway.url)
    reminds()
    pair(ana, "one@home.example", "two@home.example")
    one = Client.objects.get(legal_name="Half 0")
    circle.add_contact(by=BY, client=one, kind="PHONE", value="+49 30 901820", safe_to_text=True)
    hour = AFreedHour(clinician=ana)
    offering.offer(by=BY, hour=hour, now=NOW, how="IN_TURN")
    waitlist.tell(by=BY, client=Offer.objects.get().client, kind="OFFER", now=NOW,
                  offer=Offer.objects.get())  # fmt: skip
    jobs.Job.objects.exclude(name=waitlist.SEND).delete()
    Contact.objects.filter(client=one, kind="MAIL").update(safe_to_write=False)
    jobs.run_due(NOW)

    (path,) = links_in(mails)
    assert [path in said["text"] for said in texted(gateway)] == [True]


def test_the_question_and_that_it_is_gone_go_to_both_halves(ana, mails):
    entry = pair(ana, "one@home.example", "two@home.example")
    hour = offers(ana)
    offering.keep(by=BY, hour=hour, now=NOW)
    WaitingEntry.objects.filter(pk=entry.pk).update(confirm_on=NOW.date())
    clocks.still_looking(now=NOW)
    jobs.run_due(NOW)

    assert len(mails.mails) == 6
    assert WaitingEntry.objects.get().asked_how == "SENT"
