"""When one way fails the next one is tried; what may have gone out is not sent another way."""

import json
import shutil

import pytest

from rapport.contact.channels import folder
from rapport.contact.gateways import actions as gateways
from rapport.contact.models import Delivery, Gateway
from rapport.contact.reminders.jobs import look
from rapport.core import jobs, time
from rapport.core.jobs import Job
from tests.contact.channels.conftest import gateway, set_gateway

from .conftest import BY, DAY, HOUR, NOW, at, states

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trusted")]

__all__ = ["gateway"]
FRIDAY = NOW + 4 * DAY
BOTH = ["mail", "text"]


@pytest.fixture
def mails(box, listen, setup_mail):
    setup_mail(listen(box))
    return box


@pytest.fixture
def both(house, mails, gateway):
    """Mara has an address and a number; mail is tried first, then a text."""
    house.reminds(order=BOTH, links=["CONFIRM"])
    set_gateway(gateway.url)
    house.reached()
    house.called(safe_to_text=True)
    house.books(FRIDAY)
    return house


def test_the_first_way_that_works_is_the_only_one(both, mails, gateway):
    for hours in (-24, -23, -1):
        at(FRIDAY + hours * HOUR, loud=True)
    assert (len(mails.mails), gateway.asked) == (1, [])


def test_a_refused_address_leads_to_a_text(both, mails, gateway):
    mails.mood = "unknown"
    at(FRIDAY - DAY, loud=True)
    at(FRIDAY - DAY + HOUR, loud=True)
    at(FRIDAY - HOUR, loud=True)

    ((_path, _heads, body),) = gateway.asked
    said = json.loads(body)
    assert said["to"] == "+4930901820"
    assert said["text"].startswith("Reminder: Friday, 11 January, 9 a.m.\nConfirm: http")
    assert states() == [("REMINDER", "mail", "FAILED"), ("REMINDER", "text", "SENT")]


def test_a_server_that_stays_away_gives_the_rest_of_the_time_to_the_next(both, mails, gateway):
    mails.mood = "busy"
    sent = None
    for hours in range(-24, 0):
        at(FRIDAY + hours * HOUR)
        if gateway.asked and sent is None:
            sent = hours
    assert -12 <= sent <= -10
    assert (mails.mails, len(gateway.asked)) == ([], 1)


def test_an_unsafe_number_is_not_texted_even_as_the_last_way(house, mails, gateway):
    house.reminds(order=BOTH)
    set_gateway(gateway.url)
    house.reached()
    house.called(safe_to_message=True)
    house.books(FRIDAY)
    mails.mood = "unknown"
    for hours in (-24, -23, -1):
        at(FRIDAY + hours * HOUR, loud=True)
    assert gateway.asked == []
    assert states() == [("REMINDER", "mail", "FAILED")]


def test_texts_and_calls_go_by_their_own_gateways(house, gateway):
    house.reminds(order=["call", "text"])
    set_gateway(gateway.url, fields={"msisdn": "{to}", "text": "{text}"})
    set_gateway(gateway.url, reaches="CALL", fields={"dial": "{to}", "say": "{words}"})
    house.called(safe_to_text=True)
    house.books(FRIDAY)
    at(FRIDAY - DAY, loud=True)
    ((_path, _heads, body),) = gateway.asked
    assert set(json.loads(body)) == {"msisdn", "text"}

    house.called(safe_to_message=True)
    house.books(FRIDAY + DAY)
    at(FRIDAY, loud=True)
    assert set(json.loads(gateway.asked[-1][2])) == {"dial", "say"}


def test_the_client_may_choose_another_order(both, mails, gateway):
    both.chooses(order=["text", "mail"])
    at(FRIDAY - DAY, loud=True)
    assert (mails.mails, len(gateway.asked)) == ([], 1)


def test_a_gateway_that_may_have_taken_it_is_not_asked_again_nor_another_way(both, mails, gateway):
    both.chooses(order=["text", "mail"])
    Gateway.objects.update(knows_again=False)
    gateway.mood = "hangs up"
    for hours in (-24, -23, -1):
        at(FRIDAY + hours * HOUR)
    assert (len(gateway.asked), mails.mails) == (1, [])
    assert states() == [("REMINDER", "text", "UNSURE")]


def test_a_gateway_that_knows_its_messages_is_asked_again_under_the_same_key(both, gateway):
    both.chooses(order=["text"])
    gateway.mood = "hangs up"
    at(FRIDAY - DAY)
    gateway.mood = 200
    at(FRIDAY - DAY + HOUR, loud=True)
    assert len({heads["Idempotency-Key"] for _path, heads, _body in gateway.asked}) == 1
    row = Delivery.objects.get()
    assert (row.state, row.again) == ("SENT", 1)


@pytest.mark.parametrize("knows, times, end", [(True, 1, "SENT"), (False, 0, "UNSURE")])
def test_a_run_that_did_not_come_back(both, gateway, knows, times, end):
    """The row says that it is on its way, and the worker that wrote so is gone."""
    both.chooses(order=["text"])
    Gateway.objects.update(knows_again=knows)
    with time.at(FRIDAY - DAY):
        look(now=FRIDAY - DAY)
        Delivery.objects.update(state="SENDING", attempts=1)
        jobs.run_due(FRIDAY - DAY, loud=True)
    row = Delivery.objects.get()
    assert (len(gateway.asked), row.state, row.again) == (times, end, times)
    assert not Job.objects.filter(state="QUEUED").exists()


def test_a_notice_goes_another_way_too(both, mails, gateway):
    both.reminds(order=BOTH, notices=["BOOKED"])
    mails.mood = "unknown"
    both.books(FRIDAY + DAY)
    jobs.run_due(NOW, loud=True)
    at(NOW + HOUR, loud=True)
    at(NOW + 2 * HOUR, loud=True)
    texts = sorted(json.loads(body)["text"] for _path, _heads, body in gateway.asked)
    assert [text.partition(",")[0] for text in texts] == [
        "Noted for you: Friday", "Noted for you: Saturday",
    ]  # fmt: skip


def test_a_gateway_without_agreement_is_not_used(house, mails, gateway):
    house.reminds(order=["text", "mail"])
    set_gateway(gateway.url, agreed_with="", agreed_on=None)
    house.reached()
    house.called(safe_to_text=True)
    house.books(FRIDAY)
    at(FRIDAY - DAY, loud=True)
    assert (gateway.asked, len(mails.mails)) == ([], 1)


def test_a_folder_gets_one_file_a_message(house):
    shutil.rmtree(folder.where(), ignore_errors=True)
    house.reminds(order=["folder"])
    gateways.use_outbox(by=BY, reaches="TEXT", agreed_with="Hospital", agreed_on=NOW.date(),
                        now=NOW)  # fmt: skip
    house.called(safe_to_text=True)
    house.books(FRIDAY)
    at(FRIDAY - DAY, loud=True)
    (file,) = folder.where().iterdir()
    assert json.loads(file.read_text())["to"] == "+4930901820"
    assert file.stat().st_mode & 0o777 == 0o600
    shutil.rmtree(folder.where())
