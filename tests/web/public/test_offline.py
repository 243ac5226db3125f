"""Answers that waited on a phone: taken once, judged by the server, refused with a way on."""

import re
import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client as Browser

from rapport.core import time
from rapport.people.models import Practice
from rapport.progress.measures import asking
from rapport.progress.models import Alert, Asked, Sheet
from tests.factories import APractice, ClientOf, Colleague
from tests.progress.held_here import built, question

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    APractice(country="DE")
    return Colleague()


def link(ana, *instruments):
    mara = ClientOf(legal_name="Mara Lindgren", care_team=[ana])
    put = asking.ask(
        by=ana.account, client=mara, instruments=instruments, way="LINK", now=time.now()
    )
    return put[0].path


def body(answers, *, done=True, version=1, **more):
    return {"version": version, "answers": answers, "facts": {}, "done": done} | more


def send(path, given, part=1, browser=None):
    where = f"{path}{part}/send/"
    return (browser or Browser()).post(where, given, content_type="application/json")


RISKY = {str(n): "0" for n in range(1, 9)} | {"9": "2"}


def test_the_pack_has_what_a_phone_needs_and_no_name(ana):
    pack = Browser().get(link(ana, "phq-9", "gad-2") + "pack/")

    parts = pack.json()["parts"]
    assert [one["part"] for one in parts] == [1, 2]
    assert parts[0]["risks"] == [{"item": "9", "sign": ">=", "number": 1}]
    assert len(parts[0]["steps"]) == 10 and parts[0]["steps"][0]["choices"][3][0] == "3"
    assert "Mara" not in pack.content.decode() and "no-store" in pack.headers["Cache-Control"]
    assert Asked.objects.filter(opened_at=None).count() == 2  # looking changes nothing


def test_a_part_is_taken_once_however_often_it_comes(ana):
    path = link(ana, "phq-9", "gad-2")
    for given in (RISKY, RISKY, {**RISKY, "9": "0"}):
        answer = send(path, body(given))
        assert (answer.status_code, answer.json()) == (200, {"state": "answered", "help": True})

    sheet = Sheet.objects.get()
    assert sheet.answers["9"] == 2 and sheet.source == "CLIENT"
    assert Alert.objects.count() == 1
    assert send(path, body({"1": "1", "2": "1"}), part=2).json()["state"] == "answered"
    assert {one["state"] for one in Browser().get(path + "pack/").json()["parts"]} == {"closed"}


def test_what_was_answered_before_with_a_network_goes_along(ana):
    path = link(ana, "gad-2")
    Browser().post(f"{path}1/1/", {"answer": "3", "version": "1"})
    assert send(path, body({"2": "2"}, done=False)).json() == {"state": "kept", "help": False}
    assert not Sheet.objects.exists()
    send(path, body({}))
    assert Sheet.objects.get().answers == {"1": 3, "2": 2}


def diary(ana):
    """A questionnaire of the practice's own: a number, words, a day."""
    olga = Colleague(roles=["OWNER", "CLINICIAN"])
    form = built(
        olga.account, question(), question(kind="text", counts=False, section="Last night"),
        question(kind="date", counts=False), now=time.now(),
    )  # fmt: skip
    return link(ana, form.code)


def test_what_is_answered_in_words_waits_and_arrives_like_the_rest(ana):
    path = diary(ana)
    (part,) = Browser().get(path + "pack/").json()["parts"]
    assert [one["kind"] for one in part["steps"]] == ["", "text", "date"]
    assert [one["section"] for one in part["steps"]] == ["", "Last night", ""]
    long = "Ich lag wach. " * 285
    assert send(path, body({"2": long}, done=False)).json() == {"state": "kept", "help": False}
    given = body({"1": "3", "2": long, "3": "2026-02-03"})
    assert send(path, given).json() == {"state": "answered", "help": False}
    assert Sheet.objects.get().answers == {"1": 3, "2": long.strip(), "3": "2026-02-03"}


@pytest.mark.parametrize("given", [{"2": "x" * 4001}, {"3": "the day before"}])
def test_words_that_cannot_stand_are_refused_and_say_why(ana, given):
    answer = send(diary(ana), body({"1": "3", **given}))
    assert answer.status_code == 422 and answer.json()["why"]
    assert not Sheet.objects.exists()


def test_the_pack_says_which_questions_are_not_for_somebody(ana):
    (part,) = Browser().get(link(ana, "phq-15") + "pack/").json()["parts"]
    assert part["gates"] == [{"fact": "sex", "is": "male", "items": ["4"]}]


def test_it_counts_from_when_it_arrives_whatever_the_phone_says(ana):
    path, arrives = link(ana, "gad-2"), time.now() + timedelta(days=2)
    with time.at(arrives):
        send(path, body({"1": "1", "2": "1"}, answered_at="1999-01-01T00:00:00Z"))
    assert Sheet.objects.get().answered_at == arrives


def test_another_version_is_refused_and_says_what_to_do(ana):
    path = link(ana, "gad-2")
    answer = send(path, body({"1": "1", "2": "1"}, version=7))
    assert answer.status_code == 409 and "Ask for it anew" in answer.json()["why"]
    Asked.objects.update(version=7)  # the library moved on after it was asked
    answer = send(path, body({"1": "1", "2": "1"}, version=7))
    assert answer.status_code == 409 and "Ask for it anew" in answer.json()["why"]
    assert not Sheet.objects.exists()


def test_too_late_is_refused_in_words(ana):
    path = link(ana, "gad-2")
    with time.at(time.now() + timedelta(days=30)):
        answer = send(path, body({"1": "1", "2": "1"}))
    assert (answer.status_code, answer.json()["why"]) == (
        409, "The time for these questions is over."
    )  # fmt: skip


@pytest.mark.parametrize(
    "given",
    [
        "[]", "{", "null", "[" * 5000, '{"version": true, "answers": {}, "facts": {}}',
        '{"version": 1, "answers": {"1": 1}, "facts": {}}',
        '{"version": 1, "answers": {"1": "7"}, "facts": {}, "done": true}',
        '{"version": 1, "answers": {"99": "1"}, "facts": {}, "done": true}',
        '{"version": 1, "answers": {"1": "NaN"}, "facts": {}, "done": true}',
        '{"version": 1, "answers": {"1": "' + "1" * 30_000 + '"}, "facts": {}}',
    ],
)  # fmt: skip
def test_nonsense_is_refused_and_writes_nothing(ana, given):
    answer = send(link(ana, "gad-2"), given)
    assert answer.status_code == 422 and answer.json()["why"]
    assert not Sheet.objects.exists() and Asked.objects.get().draft == {}


def test_a_forged_request_and_an_unknown_link_get_nothing(ana):
    path = link(ana, "gad-2")
    strict = Browser(enforce_csrf_checks=True)
    assert send(path, body({"1": "1"}), browser=strict).status_code == 403
    token = strict.get(path + "pack/").json()["csrf"]
    sent = strict.post(
        f"{path}1/send/", body({"1": "1"}), content_type="application/json",
        headers={"X-CSRFToken": token},
    )  # fmt: skip
    assert sent.status_code == 200
    for rest in ("pack/", "offline/", "worker.js"):
        assert Browser().get(f"/m/nothing/{rest}").status_code == 404
    assert send("/m/nothing/", body({"1": "1"})).status_code == 404
    assert send(path, body({"1": "1"}), part=9).status_code == 404


def test_the_worker_and_its_page_hold_no_question(ana):
    path = link(ana, "gad-2")
    worker, page = Browser().get(path + "worker.js"), Browser().get(path + "offline/")
    assert worker.headers["Content-Type"] == "text/javascript"
    assert worker.headers["Cache-Control"] == "no-cache"
    assert "Service-Worker-Allowed" not in worker.headers  # no wider than its own folder
    words = page.content.decode()
    assert "tel:112" in words
    assert not re.search(r"nervous|\bGAD\b|Mara", words)


def test_a_browser_takes_the_page_anew_when_it_says_something_else(ana):
    path = link(ana, "gad-2")
    before = Browser().get(path + "worker.js").content
    assert Browser().get(path + "worker.js").content == before
    client = Asked.objects.get().client
    client.languages = ["de"]
    client.save()
    in_german = Browser().get(path + "worker.js").content
    assert in_german != before
    Practice.objects.update(hours="Mo-Fr 9-17")
    assert Browser().get(path + "worker.js").content != in_german


@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_send_at_the_same_moment_make_one_sheet_and_one_alert(ana):
    path, said = link(ana, "phq-9"), []
    start = threading.Barrier(4)

    def tab():
        start.wait()
        said.append(send(path, body(RISKY)).status_code)
        connections.close_all()

    tabs = [threading.Thread(target=tab) for _ in range(4)]
    for one in tabs:
        one.start()
    for one in tabs:
        one.join()
    assert said == [200] * 4
    assert (Sheet.objects.count(), Alert.objects.count()) == (1, 1)
