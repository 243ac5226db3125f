"""A client is told that questions wait: by mail, where that is safe, and never what about."""

import re

import pytest

from rapport.contact.models import Notice
from rapport.core import jobs, time
from rapport.people.circle import actions as circle
from rapport.progress.measures import asking, queries
from rapport.progress.models import Asked
from tests.factories import AnAccount, APractice, ClientOf, Colleague

from .conftest import NOW
from .test_sending import parsed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trusted")]


@pytest.fixture(autouse=True)
def nine_o_clock(db):
    with time.at(NOW):
        yield


@pytest.fixture
def ana():
    APractice(name="Praxis Dr. Seelenheil, Psychotherapie", discreet_name="", locale="en")
    return Colleague()


@pytest.fixture
def client(ana):
    return ClientOf(legal_name="Mara Lindgren", care_team=[ana])


def write_to(ana, client, mail="mara@home.example", safe=True):
    return circle.add_contact(
        by=ana.account, client=client, kind="MAIL", value=mail, safe_to_write=safe
    )


def ask(ana, client, way="LINK", **given):
    return asking.ask(
        by=ana.account, client=client, instruments=["phq-9"], way=way, now=NOW,
        **{"send": True} | given,
    )  # fmt: skip


def test_the_mail_says_only_that_there_are_questions_and_its_link_opens_them(
    ana, client, box, listen, setup_mail
):
    setup_mail(listen(box))
    write_to(ana, client)
    ask(ana, client)
    jobs.run_due(NOW, loud=True)

    (envelope,) = box.mails
    mail = parsed(envelope)
    plain = mail.get_body(("plain",)).get_content()
    assert (envelope.rcpt_tos, mail["Subject"]) == (["mara@home.example"], "A few questions")
    token = re.search(r"/m/([^/]+)/", plain)[1]
    assert queries.by_token(token=token) == Asked.objects.get()
    everything = envelope.content.decode().lower()
    for word in ("seelenheil", "therap", "mara lind", "phq", "depress", "health", "measure"):
        assert word not in everything
    assert Notice.objects.get().enclosed is None


def test_it_is_written_in_the_clients_language(ana, client, box, listen, setup_mail):
    setup_mail(listen(box))
    client.languages = ["de"]
    client.save()
    write_to(ana, client)
    ask(ana, client)
    jobs.run_due(NOW, loud=True)
    assert '<html lang="de"' in parsed(box.mails[0]).get_body(("html",)).get_content()


@pytest.mark.parametrize("safe", [False, None])
def test_without_an_address_that_is_safe_nothing_is_sent_and_the_link_stays(
    ana, client, box, listen, setup_mail, safe
):
    setup_mail(listen(box))
    if safe is False:
        write_to(ana, client, safe=False)
    (put,) = ask(ana, client)
    jobs.run_due(NOW, loud=True)

    assert box.mails == [] and not Notice.objects.exists()
    assert queries.by_token(token=put.path.split("/")[2]) is not None


def test_an_address_that_is_no_longer_safe_when_it_goes_out_gets_nothing(
    ana, client, box, listen, setup_mail
):
    setup_mail(listen(box))
    contact = write_to(ana, client)
    ask(ana, client)
    box.mood = "busy"
    jobs.run_due(NOW)
    contact.safe_to_write, box.mood = False, "kind"
    contact.save()
    with time.at(NOW + time.timedelta(hours=1)):
        jobs.run_due(time.now())

    assert box.mails == []
    assert [(n.state, n.error) for n in Notice.objects.all()] == [("FAILED", "NoAddress")]


def test_in_the_portal_the_mail_leads_to_the_portal(ana, client, box, listen, setup_mail):
    setup_mail(listen(box))
    client.account = AnAccount(realm="PORTAL", last_login=NOW)
    client.save()
    write_to(ana, client)
    ask(ana, client, way="PORTAL")
    jobs.run_due(NOW, loud=True)
    assert "/portal/measures/" in parsed(box.mails[0]).get_body(("plain",)).get_content()


def test_what_is_shown_to_be_handed_over_is_not_mailed(ana, client, box, listen, setup_mail):
    setup_mail(listen(box))
    write_to(ana, client)
    ask(ana, client, send=False)
    ask(ana, ClientOf(care_team=[ana]), way="DESK")
    jobs.run_due(NOW, loud=True)
    assert box.mails == []
