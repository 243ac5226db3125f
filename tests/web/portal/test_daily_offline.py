"""What waited on a phone: taken once, for its day, and told; never for somebody else."""

import json
import uuid
from datetime import timedelta

import pytest

from rapport.core import time
from rapport.people.models import Account
from rapport.progress.models import DailyEntry, DailyPause, DailyPlan
from tests.factories import (
    NOW,
    ADailyEntry,
    ADailyPause,
    ADailyPlan,
    ADailyQuestion,
    AnAccount,
    APractice,
    ClientOf,
    Colleague,
)
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db

TODAY, DAY = NOW.date(), timedelta(days=1)
PORTAL = "/portal/diary/"


@pytest.fixture(autouse=True)
def nine_o_clock(db):
    APractice(time_zone="UTC")
    with time.at(NOW):
        yield


@pytest.fixture
def mara():
    return ClientOf(care_team=[Colleague()], account=AnAccount(realm="PORTAL"))


@pytest.fixture
def mood(mara):
    return ADailyQuestion(plan=ADailyPlan(client=mara, from_on=TODAY - 40 * DAY))


@pytest.fixture
def phone(mara):
    return inside(Account.objects.get(pk=mara.account.pk), "portal")


def entry(question, value=5, on=TODAY, **more):
    return {
        "plan": str(question.plan_id), "on": on.isoformat(), "slot": 0,
        "answers": {str(question.pk): str(value)}, "sent": str(uuid.uuid4()), "knows": [],
    } | more  # fmt: skip


def send(phone, given):
    return phone.post(f"{PORTAL}send/", json.dumps(given), content_type="application/json")


def refused(answer, words, status=409):
    said = answer.json()
    assert (answer.status_code, said["state"]) == (status, "refused")
    assert words in said["why"]


def standing():
    rows = DailyEntry.objects.filter(replaced_by=None).order_by("on")
    return [(one.on, list(one.answers.values())) for one in rows]


def test_a_pack_has_what_is_needed_and_nothing_once_it_is_over(phone, mood):
    gone = ADailyQuestion(plan=mood.plan, ended_on=TODAY - DAY, words={"title": "Gone", "low": "",
                                                                       "high": ""})  # fmt: skip
    kept = ADailyEntry(plan=mood.plan, on=TODAY, answers={str(mood.pk): 3})
    ADailyPause(plan=mood.plan, from_on=TODAY - 9 * DAY, back_on=TODAY - 7 * DAY)
    ADailyPause(plan=mood.plan, from_on=TODAY + DAY)
    pack = phone.get(f"{PORTAL}pack/").json()
    assert (pack["plan"], pack["zone"], pack["until"]) == (str(mood.plan_id), "UTC", 12)
    assert (pack["first"], pack["last"], pack["times"]) == ("2029-11-28", None, [""])
    assert pack["pauses"] == [["2030-01-08", None]]
    assert pack["standing"] == {
        "2030-01-07/0": {"sent": str(kept.sent), "answers": {str(mood.pk): 3}}
    }
    assert "Tension" in pack["fields"] and gone.words["title"] not in pack["fields"]
    DailyPlan.objects.update(until_on=TODAY)
    assert phone.get(f"{PORTAL}pack/").json()["last"] == "2030-01-07"
    DailyPlan.objects.update(ended_at=NOW)
    assert phone.get(f"{PORTAL}pack/").json()["plan"] is None


def test_it_is_kept_for_its_day_and_the_next_page_says_so(phone, mood):
    assert send(phone, entry(mood, on=TODAY - 5 * DAY)).json() == {"state": "kept"}
    assert standing() == [(TODAY - 5 * DAY, [5])]
    assert "What waited on this device was kept for 2 January." in phone.get(PORTAL).text


def test_sent_twice_it_is_kept_and_told_once(phone, mood):
    given = entry(mood)
    for _ in range(3):
        assert send(phone, given).status_code == 200
    assert DailyEntry.objects.count() == 1
    assert phone.get(PORTAL).text.count("What waited on this device") == 1


def test_the_last_to_arrive_stands_what_stood_is_kept_beside_and_told(phone, mood):
    other = ADailyEntry(plan=mood.plan, on=TODAY, answers={str(mood.pk): 9})
    send(phone, entry(mood, 3))
    assert standing() == [(TODAY, [3])]
    other.refresh_from_db()
    assert other.replaced_by is not None and list(other.answers.values()) == [9]
    assert "Other answers had been kept for 7 January meanwhile." in phone.get(PORTAL).text


def test_what_the_device_knew_of_is_a_correction_and_no_surprise(phone, mood):
    known = ADailyEntry(plan=mood.plan, on=TODAY, answers={str(mood.pk): 9})
    send(phone, entry(mood, 3, knows=[str(known.sent)]))
    assert standing() == [(TODAY, [3])]
    send(phone, entry(mood, 3))  # the same from another device
    assert DailyEntry.objects.count() == 2
    assert "Other answers" not in phone.get(PORTAL).text


def test_an_answer_to_what_is_asked_no_more_is_left_out_and_told(phone, mood):
    gone = ADailyQuestion(plan=mood.plan, ended_on=TODAY)
    send(phone, entry(mood, answers={str(mood.pk): 2, str(gone.pk): 7, str(uuid.uuid4()): 1}))
    assert standing() == [(TODAY, [2])]
    assert "2 answers were left out" in phone.get(PORTAL).text
    send(phone, entry(mood, answers={str(mood.pk): 4, str(gone.pk): 7}))
    assert "One answer was left out" in phone.get(PORTAL).text


def test_not_this_time_is_an_answer(phone, mood):
    send(phone, entry(mood, answers={}))
    assert standing() == [(TODAY, [])]


def test_what_was_ended_or_paused_meanwhile_takes_what_was_given_before(phone, mood):
    DailyPlan.objects.update(ended_at=NOW, ended_on=TODAY - DAY)
    DailyPause.objects.create(client=mood.client, plan=mood.plan, from_on=TODAY - 3 * DAY,
                              set_at=NOW)  # fmt: skip
    assert send(phone, entry(mood, on=TODAY - 2 * DAY)).status_code == 200
    refused(send(phone, entry(mood)), "This day cannot be answered any more, or not yet.")


@pytest.mark.parametrize("days", [1, -31, -41])
def test_a_day_that_cannot_be_is_refused(phone, mood, days):
    refused(send(phone, entry(mood, on=TODAY + days * DAY)), "This day cannot be answered")
    assert not DailyEntry.objects.exists()


def test_an_answer_off_its_scale_or_at_a_time_there_is_not_is_refused(phone, mood):
    refused(send(phone, entry(mood, 11)), "Use a number from 0 to 10.")
    refused(send(phone, entry(mood, slot=1)), "Choose one of the times of the day.")
    assert not DailyEntry.objects.exists()


def test_nobody_sends_into_the_plan_of_somebody_else(phone, mood):
    theirs = ADailyQuestion(plan=ADailyPlan(client=ClientOf()))
    refused(send(phone, entry(theirs)), "They belong to somebody else who signs in here.")
    assert not DailyEntry.objects.exists()


@pytest.mark.parametrize(
    "spoilt",
    [{"plan": "x"}, {"on": "31"}, {"slot": None}, {"answers": [1]}, {"answers": {"a": 1}},
     {"sent": 4}, {"knows": 3}, {"knows": ["x"]}, {"slot": 1e400}, {"pad": "a" * 20_000}],
    ids=lambda given: next(iter(given)),
)  # fmt: skip
def test_what_makes_no_sense_is_refused_and_stays_on_the_device(phone, mood, spoilt):
    refused(send(phone, entry(mood) | spoilt), "could not be read", 422)
    for body in ("", "[]", "{", "[" * 9000):
        answer = phone.post(f"{PORTAL}send/", body, content_type="application/json")
        refused(answer, "could not be read", 422)


def test_the_page_for_no_network_has_no_question_and_the_worker_its_furniture(phone, mood):
    shell = phone.get(f"{PORTAL}offline/").text
    assert "Tension" not in shell and "data-daily-offline" in shell
    worker = phone.get(f"{PORTAL}worker.js")
    assert worker.headers["Content-Type"].startswith("text/javascript")
    assert "portal.js" in worker.text and "Tension" not in worker.text


def test_in_a_pause_what_is_sent_by_an_old_page_is_not_kept(phone, mood):
    ADailyPause(plan=mood.plan, from_on=TODAY - DAY)
    given = {"on": TODAY.isoformat(), "slot": 0, "sent": str(uuid.uuid4()), str(mood.pk): 4}
    assert "This is paused. Nothing was kept." in phone.post(PORTAL, given).text
    assert not DailyEntry.objects.exists()
