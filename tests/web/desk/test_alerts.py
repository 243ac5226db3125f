"""The desk's pages about alerts, as people use them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.core import time
from rapport.progress.alerts import actions
from rapport.progress.models import Alert
from tests.factories import (
    NOW,
    AContact,
    AnAlert,
    APractice,
    ARelatedPerson,
    ASheet,
    ClientOf,
    Colleague,
)
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db

RISKY = {**{str(n): 1 for n in range(1, 9)}, "9": 2}


@pytest.fixture(autouse=True)
def nine_o_clock(db):
    APractice(country="DE", time_zone="UTC")
    with time.at(NOW):
        yield


@pytest.fixture
def ana(db):
    return Colleague(display_name="Ana Brandt")


@pytest.fixture
def mara(ana):
    return ClientOf(legal_name="Mara Kern", care_team=[ana])


@pytest.fixture
def alert(mara, ana):
    sheet = ASheet(client=mara, answers=RISKY, language="en")
    return AnAlert(sheet=sheet, rule="self-harm", owner=ana)


def shown(browser, alert):
    answer = browser.get(f"/desk/alerts/{alert.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


def send(browser, alert, what, **given):
    return browser.post(f"/desk/alerts/{alert.pk}/{what}/", given)


def test_the_page_says_what_was_answered_until_when_and_whom_to_call(alert, ana, mara):
    AContact(client=mara, value="+49 30 901820", plain="+4930901820", safe_to_message=True)
    ARelatedPerson(client=mara, name="Jo Kern", reach="+49 30 901821", emergency=True)
    with time.at(NOW + timedelta(minutes=26)):
        page = shown(inside(ana.account), alert)
    assert "Thoughts that you would be better off dead" in page
    assert "2 · More than half the days" in page
    assert "answer by 10 a.m., in 34 minutes" in page
    assert "tel:+4930901820" in page
    assert "Jo Kern" in page
    assert "emergency contact" in page
    assert 'href="tel:112"' in page


@pytest.mark.parametrize(
    ("later", "words"),
    [
        (timedelta(minutes=59), "in 1 minute"),
        (timedelta(minutes=59, seconds=30), "within a minute"),
        (timedelta(minutes=61), "was to be answered by 10 a.m."),
    ],
)
def test_the_clock_is_words(alert, ana, later, words):
    with time.at(NOW + later):
        assert words in shown(inside(ana.account), alert)


def test_an_answered_alert_says_who_and_what(alert, ana):
    browser = inside(ana.account)
    answer = send(browser, alert, "acknowledge", **{"done-how": "SPOKE", "done-done": "Safe."})
    assert (answer.status_code, answer.url) == (302, f"/desk/alerts/{alert.pk}/")
    page = shown(browser, alert)
    assert "spoke with the client" in page
    assert "Safe." in page
    assert "This was done" not in page


@pytest.mark.parametrize(
    ("what", "given", "words"),
    [
        ("acknowledge", {}, "Choose what was done."),
        ("acknowledge", {"done-how": "NOT_REACHED"}, "not one of the available"),
        ("acknowledge", {"done-how": "OTHER", "done-done": " "}, "Write in a sentence"),
        ("note", {}, "Choose what happened."),
        ("note", {"tried-how": "NOTE"}, "Write the note."),
    ],
)
def test_a_form_that_says_too_little_comes_back_whole(alert, ana, what, given, words):
    given = {"done-done": "My words.", "tried-done": ""} | given
    answer = send(inside(ana.account), alert, what, **given)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert what == "note" or "done-done" not in given or given["done-done"] in page
    assert Alert.objects.get().acknowledged_at is None


def test_a_note_leaves_it_waiting_and_says_so(alert, ana):
    browser = inside(ana.account)
    answer = send(browser, alert, "note", **{"tried-how": "NOT_REACHED"})
    assert answer.status_code == 302
    page = shown(browser, alert)
    assert "The alert goes on waiting." in page
    assert "could not reach the client" in page


def test_who_comes_second_keeps_the_words(alert, ana, mara):
    ben = Colleague(display_name="Ben Adler")
    mara.care_team.create(staff=ben, from_on=NOW.date())
    actions.acknowledge(by=ben.account, alert=alert, how="SPOKE", done="", now=NOW)
    answer = send(
        inside(ana.account), alert, "acknowledge",
        **{"done-how": "SPOKE", "done-done": "She is with her sister."},
    )  # fmt: skip
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Ben Adler was first" in page
    assert "She is with her sister." in page
    assert Alert.objects.get().acknowledged_by == ben


def test_an_open_page_asks_quietly(alert, ana):
    browser = inside(ana.account)
    before = ana.account.sessions.get().last_seen_at
    with time.at(NOW + timedelta(minutes=5)):
        asked = browser.get("/desk/alerts/waiting/", headers={"X-Rapport-Poll": "on"})
    assert "An alert waits for you" in asked.content.decode()
    assert "Mara" not in asked.content.decode()
    assert ana.account.sessions.get().last_seen_at == before
    actions.acknowledge(by=ana.account, alert=alert, how="SPOKE", done="", now=NOW)
    assert browser.get("/desk/alerts/waiting/").content.decode().strip() == ""


def test_a_form_of_another_version_is_not_read_with_todays_words(alert, ana):
    alert.sheet.version = 99
    alert.sheet.save()
    page = shown(inside(ana.account), alert)
    assert "not in the library any more" in page


def test_the_clock_is_set_by_an_owner(ana):
    olga = inside(Colleague(roles=["OWNER"]).account)
    answer = olga.post(
        "/desk/practice/alerts/",
        {"minutes": "30", "deputy_minutes": "15", "deputy": str(ana.pk)},
    )
    assert answer.status_code == 302
    page = olga.get("/desk/practice/alerts/").content.decode()
    assert 'value="30"' in page
    assert f'value="{ana.pk}" selected' in page
    wrong = olga.post("/desk/practice/alerts/", {"minutes": "1", "deputy_minutes": "15"})
    assert wrong.status_code == 422
    assert "Choose from 5 minutes to 1440." in wrong.content.decode()
    assert inside(ana.account).get("/desk/practice/alerts/").status_code == 404


def statements(browser, address):
    with CaptureQueriesContext(connection) as said:
        assert browser.get(address).status_code == 200
    marks = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    return [q["sql"] for q in said if not q["sql"].startswith(marks)]


def test_a_page_takes_as_many_statements_for_many_steps_as_for_one(alert, ana, mara):
    browser, address = inside(ana.account), f"/desk/alerts/{alert.pk}/"
    browser.get(address)
    few = statements(browser, address)
    for _ in range(10):
        AContact(client=mara)
        ARelatedPerson(client=mara)
        actions.note(by=ana.account, alert=alert, how="NOT_REACHED", done="", now=NOW)
    many = statements(browser, address)
    assert len(many) == len(few), "\n".join(many)
    assert len(many) <= 10, "\n".join(many)


def test_asking_quietly_takes_three_statements(alert, ana, mara):
    browser = inside(ana.account)
    for _ in range(30):
        AnAlert(sheet=ASheet(client=mara), owner=ana)
    said = statements(browser, "/desk/alerts/waiting/")
    assert len(said) <= 3, "\n".join(said)
