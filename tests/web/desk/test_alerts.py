"""The desk's pages about alerts, as people use them."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.core import time
from rapport.progress.alerts import actions
from rapport.progress.alerts.jobs import watch
from rapport.progress.measures import actions as actions_of
from rapport.progress.measures import links
from rapport.progress.measures.jobs import look_after_left
from rapport.progress.models import Alert
from tests.factories import (
    NOW,
    AContact,
    AnAlert,
    AnAsked,
    APlace,
    APractice,
    ARelatedPerson,
    ASheet,
    ATimeOff,
    ClientOf,
    Colleague,
)
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db

TWELVE = NOW - timedelta(minutes=48)  # 8:12
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


@pytest.mark.parametrize("address", ["/desk/", "/desk/staff/", "/desk/clients/{mara}/"])
def test_a_page_comes_with_what_waits_and_needs_no_script_for_it(alert, ana, mara, address):
    browser, address = inside(ana.account), address.format(mara=mara.pk)

    def strip():
        page = browser.get(address).content.decode()
        (bar,) = re.findall(r'<div class="bar__waits" role="status"[^>]*>(.*?)</div>', page)
        return bar

    assert f'<a href="/desk/alerts/{alert.pk}/" class="risk">' in strip()
    assert "An alert waits for you" in strip() and "Mara" not in strip()
    other = AnAlert(sheet=ASheet(client=mara), owner=ana)
    assert '<a href="/desk/" class="risk">' in strip() and "2 alerts wait for you" in strip()
    for one in (alert, other):
        actions.acknowledge(by=ana.account, alert=one, how="SPOKE", done="", now=NOW)
    assert strip() == ""


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
    assert len(many) <= 11, "\n".join(many)


def test_asking_quietly_takes_three_statements(alert, ana, mara):
    browser = inside(ana.account)
    for _ in range(30):
        AnAlert(sheet=ASheet(client=mara), owner=ana)
    said = statements(browser, "/desk/alerts/waiting/")
    assert len(said) <= 3, "\n".join(said)


# Answers that were not handed in ----------------------------------------------------------


@pytest.fixture
def left_alone(mara):
    """PHQ-9 with item 9 answered at 8:12 and nothing handed in; its alert."""
    asked = AnAsked(client=mara)
    say(asked, {"9": 3}, at=TWELVE)
    look_after_left(now=NOW)
    return Alert.objects.get()


def say(asked, answers, at):
    actions_of.keep(
        by=links.Holder(asked.pk), asked=asked, answers=answers, version=1, now=at
    )  # fmt: skip


def test_what_was_not_handed_in_says_which_question_and_when(left_alone, ana):
    page = shown(inside(ana.account), left_alone)
    assert "Thoughts that you would be better off dead" in page
    assert "3 · Nearly every day" in page
    assert "Answered at 8:12 a.m., not handed in." in page
    assert "Handed in" not in page


def test_what_is_taken_back_when_it_is_handed_in_stands_beside_it(left_alone, ana):
    asked = left_alone.asked
    actions_of.answer(
        by=links.Holder(asked.pk), asked=asked, version=1, now=NOW + timedelta(minutes=5),
        answers={str(n): 0 for n in range(1, 10)},
    )  # fmt: skip
    page = shown(inside(ana.account), left_alone)
    assert "3 · Nearly every day" in page
    assert "Handed in 7 Jan 2030, 9:05 a.m." in page
    assert "0 · Not at all" in page
    assert "not handed in" not in page
    assert "This was done" in page


def test_without_a_sheet_it_stands_on_today_and_in_the_line_of_time(left_alone, ana, mara):
    browser = inside(ana.account)
    assert f"/desk/alerts/{left_alone.pk}/" in browser.get("/desk/").content.decode()
    time_line = browser.get(f"/desk/clients/{mara.pk}/").content.decode()
    assert "An answer to look at" in time_line
    assert f"/desk/alerts/{left_alone.pk}/" in time_line


def test_its_page_takes_as_many_statements_as_any_other(left_alone, ana):
    browser, address = inside(ana.account), f"/desk/alerts/{left_alone.pk}/"
    browser.get(address)
    assert len(statements(browser, address)) <= 11


def test_a_form_that_has_changed_since_is_not_read_with_todays_words(left_alone, ana):
    left_alone.asked.version = 99
    left_alone.asked.save()
    page = shown(inside(ana.account), left_alone)
    assert "not in the library any more" in page
    assert "The answer is on the sheet" not in page


# Where somebody is away -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        (NOW.replace(hour=0) + timedelta(days=5), "away until the end of 11 Jan 2030"),
        (NOW + timedelta(hours=2), "away until 11 a.m."),
        (NOW + timedelta(days=1), "away until 8 Jan 2030, 9 a.m."),
    ],
    ids=["days", "hours", "tomorrow"],
)
def test_its_page_says_until_when_its_owner_is_away(alert, ana, ends, said):
    ATimeOff(staff=ana, starts_at=NOW - timedelta(hours=1), ends_at=ends)
    ATimeOff(staff=Colleague())
    page = inside(ana.account).get(f"/desk/alerts/{alert.pk}/")
    assert said in page.content.decode()
    assert page.context["deputy_away"] == ""


# Where nobody is responsible --------------------------------------------------------------

NOBODY = "An answer waits and nobody is there to look: add somebody to the care team"


@pytest.fixture
def nobodys(alert, ana):
    ana.ended_on = NOW.date()
    ana.save()
    watch(now=NOW)
    return alert


@pytest.mark.parametrize("address", ["/desk/", "/desk/staff/", "/desk/alerts/waiting/"])
def test_an_owner_sees_that_nobody_is_responsible_and_nothing_else(nobodys, mara, address):
    olga = inside(Colleague(roles=["OWNER"]).account)
    page = olga.get(address).content.decode()
    assert NOBODY in page
    assert 'href="/desk/staff/" class="risk"' in page or 'class="bare" href="/desk/staff/"' in page
    assert "Mara" not in page and str(mara.pk) not in page and str(nobodys.pk) not in page
    assert olga.get(f"/desk/alerts/{nobodys.pk}/").status_code == 404


@pytest.mark.parametrize("address", ["/desk/", "/desk/alerts/waiting/"])
def test_an_owner_who_may_open_the_client_is_led_to_the_care_team(nobodys, mara, address):
    mara.place = APlace()
    mara.save()
    olga = inside(Colleague(roles=["OWNER", "FRONT_DESK"], at=[mara.place]).account)
    where = f"/desk/clients/{mara.pk}/assign/"
    page = olga.get(address).content.decode()
    assert NOBODY in page and where in page
    ben = Colleague()
    assert olga.get(where).status_code == 200
    olga.post(where, {"staff": str(ben.pk), "part": "RESPONSIBLE"})
    assert NOBODY not in olga.get(address).content.decode()
    told = inside(ben.account).get("/desk/alerts/waiting/").content.decode()
    assert "An alert waits for you" in told


@pytest.mark.parametrize("role", ["CLINICIAN", "FRONT_DESK", "SUPERVISOR"])
def test_nobody_else_hears_of_it(nobodys, role):
    browser = inside(Colleague(roles=[role]).account)
    for address in ("/desk/", "/desk/alerts/waiting/"):
        assert NOBODY not in browser.get(address).content.decode()


def test_an_owner_is_asked_quietly_in_four_statements_however_many_wait(nobodys, mara):
    browser = inside(Colleague(roles=["OWNER"]).account)
    for _ in range(30):
        AnAlert(sheet=ASheet(client=mara))
    said = statements(browser, "/desk/alerts/waiting/")
    assert len(said) <= 4, "\n".join(said)
