"""The desk's pages about clients who may not be on track, as people use them."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.core import time
from rapport.progress.models import Signal, SignalStep
from tests.factories import (
    NOW,
    AFit,
    APlace,
    APractice,
    AScore,
    ASheet,
    ASignal,
    ASignalStep,
    ClientOf,
    Colleague,
)
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db

QUALITY = "/desk/outcomes/signals/"
FIGURES = {
    "found": 12, "alarmed": 60, "lead": [2.0, 4.0, 5.0], "weeks": 4.0, "false": 150,
    "looks": 3000, "low": 0.041, "high": 0.059,
}  # fmt: skip
COUNTS = {
    "ground": "MODEL", "clients": 380, "worse": 16, "amber": FIGURES,
    "red": FIGURES | {"found": 9, "false": 30, "low": 0.006, "high": 0.014},
    "band": {"hits": 2400, "of": 3000, "low": 0.785, "high": 0.815},
}  # fmt: skip


@pytest.fixture(autouse=True)
def nine_o_clock(db):
    APractice(time_zone="UTC")
    with time.at(NOW):
        yield


@pytest.fixture
def house():
    return APlace()


@pytest.fixture
def ana(house):
    return Colleague(display_name="Ana Brandt", at=[house])


@pytest.fixture
def mara(ana, house):
    return ClientOf(legal_name="Mara Kern", care_team=[ana], place=house)


@pytest.fixture
def signal(mara, ana):
    score = AScore(sheet=ASheet(client=mara), total=21, total_rounded=21)
    return ASignal(score=score, owner=ana, prorated=True)


def text(answer):
    return " ".join(answer.content.decode().split())


def test_from_today_to_the_recorded_step_and_back(ana, mara, signal):
    browser, page = inside(ana.account), f"/desk/signals/{signal.pk}/"
    also = text(browser.get("/desk/also/"))
    assert "Not on track" in also and page in also and "Mara Kern" in also
    assert page in text(browser.get(f"/desk/clients/{mara.pk}/"))
    assert page in text(browser.get("/desk/signals/"))

    shown = text(browser.get(page))
    for words in ("First sign of not being on track", "Worse than at first",
                  "21 now, 14 at first. A change of 6 points is more than the measure errs.",
                  "reliable change", "filled up", f"/desk/measures/{signal.score.sheet_id}/",
                  f"/desk/clients/{mara.pk}/course/phq-9/"):  # fmt: skip
        assert words in shown

    wrong = browser.post(f"{page}record/", {"what": "NOTHING", "words": ""})
    assert wrong.status_code == 422
    assert "Write in a sentence why nothing changes." in text(wrong)
    wrong = browser.post(f"{page}record/", {"words": "She was ill that week."})
    assert wrong.status_code == 422
    assert "She was ill that week." in text(wrong)

    browser.post(f"{page}record/", {"what": "NOTHING", "words": "She was ill that week."})
    shown = text(browser.get(page))
    assert "She was ill that week." in shown and "Take back" in shown
    assert page not in text(browser.get("/desk/also/"))

    step = SignalStep.objects.get()
    assert step.once is None
    answer = browser.post(f"{page}steps/{step.pk}/undo/", follow=True)
    assert "taken back at" in text(answer)
    assert page in text(browser.get("/desk/signals/"))

    other = ASignalStep(signal=ASignal(score=AScore(sheet=ASheet(client=mara))), staff=ana)
    assert browser.post(f"{page}steps/{other.pk}/undo/").status_code == 404


def test_a_form_that_is_sent_twice_records_one_step(ana, signal):
    browser, page = inside(ana.account), f"/desk/signals/{signal.pk}/"

    def once(answer):
        return re.search(r'name="once" value="([^"]+)"', text(answer))[1]

    wrong = browser.post(f"{page}record/", {"once": once(browser.get(page)), "words": "Spoken."})
    sent = {"what": "ALLIANCE", "words": "Spoken.", "once": once(wrong)}  # as it was typed into
    for _click in range(2):
        assert browser.post(f"{page}record/", sent).status_code == 302

    step = SignalStep.objects.get()
    assert once(browser.get(page)) != str(step.once)  # the next form is another one


def test_a_reason_by_the_band_and_one_by_a_rule_say_so(ana, signal):
    signal.learned_at = NOW
    signal.reasons = [
        {"kind": "beyond the expected range", "ground": "model", "again": True,
         "numbers": {"score": 21, "time": 5.2, "bound": 17.64, "expected": 10.9}},
        {"kind": "improvement unlikely", "ground": "model", "again": False, "numbers": {
            "probability": 0.914, "limit": 0.8, "planned": 20, "points": 6, "expected": 13.3}},
        {"kind": "no improvement by session", "ground": "rule", "again": False,
         "numbers": {"score": 21, "intake": 22, "points": 6, "session": 7}},
        {"kind": "still a case at session", "ground": "rule", "again": False,
         "numbers": {"score": 21, "caseness": 10, "session": 11}},
        {"kind": "worse than at best", "ground": "change", "again": False,
         "numbers": {"score": 21, "best": 12, "points": 6}},
    ]  # fmt: skip
    signal.level = "RED"
    signal.save()

    shown = text(inside(ana.account).get(f"/desk/signals/{signal.pk}/"))

    for words in ("<h1>Not on track</h1>", "nine in ten are at 17.6 or lower by then",
                  "has a chance of 91 %", "second time in succession", "7 scores since",
                  "The clinical range begins at 10", "12 at best", ">rule<"):  # fmt: skip
        assert words in shown


def test_how_good_the_signals_are_stands_with_counts_and_intervals(ana):
    AFit(quality=COUNTS, singular=["slope variance is 0"])
    AFit(instrument="gad-7", verdict="TOO_FEW", course=None, episodes=41, failed_at=NOW,
         failed_as="STOPPED", quality=COUNTS | {"clients": 41, "worse": 3})  # fmt: skip

    shown = text(inside(ana.account).get(QUALITY))

    for words in ("from 400 ended episodes with 2400 scores", "Clients do not differ in how fast",
                  "2400 lay within the 80 % range: 80.0 % (78.5 to 81.5)",
                  "12 of 16: 75 % (51 to 90)", "9 of 16: 56 %", "60 of 364",
                  "5.0 (4.1 to 5.9); 150 at 3000 scores",
                  "4 scores before the last (half of them 2 to 5), 4 weeks",
                  "41 ended episodes with two scores. An expected range takes 300, 259 more",
                  "The night of", "Fewer than 10 of the clients ended worse"):  # fmt: skip
        assert words in shown
    assert "3 ended reliably worse" not in shown


@pytest.mark.parametrize("quality", [None, COUNTS | {"clients": 9, "worse": 2}])
def test_few_are_told_as_few(ana, quality):
    browser = inside(ana.account)
    assert "Nothing was learned yet." in text(browser.get(QUALITY))
    AFit(verdict="TOO_FEW", course=None, episodes=9, quality=quality)

    shown = text(browser.get(QUALITY))

    assert "<table" not in shown
    assert ("Fewer than 10 ended episodes" if quality else "No ended episode") in shown


def test_the_pages_take_as_many_statements_whatever_waits(ana, mara, house):
    browser = inside(ana.account)

    def counted(address):
        with CaptureQueriesContext(connection) as said:
            assert browser.get(address).status_code == 200
        return len([q for q in said if not q["sql"].startswith(("BEGIN", "COMMIT", "SAVE", "REL"))])

    def grown(by):
        for n in range(by):
            client = ClientOf(care_team=[ana], place=house)
            score = AScore(sheet=ASheet(client=client, answered_at=NOW - timedelta(days=n)))
            signal = ASignal(score=score, owner=ana)
        for _ in range(by):
            ASignalStep(signal=signal, staff=ana)
        pages = ("/desk/also/", "/desk/signals/", f"/desk/signals/{signal.pk}/")
        return [counted(page) for page in pages]

    browser.get("/desk/signals/")
    few = grown(2)
    assert grown(60) == few
    assert few[1] <= 9 and few[2] <= 9
    assert "All 62" in text(browser.get("/desk/also/"))
    assert "Page 1 of 2" in text(browser.get("/desk/signals/"))
    assert Signal.objects.count() == 62
