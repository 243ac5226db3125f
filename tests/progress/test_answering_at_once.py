"""Several at the same moment: one sheet, one alert, one asking, and nothing lost."""

import pytest
from django.test import Client as Browser

from rapport.core import time
from rapport.core.policy import System
from rapport.progress.measures import actions, asking, links, sessions
from rapport.progress.models import Alert, Asked, Score, Sheet
from tests.factories import AnAppointment, AnAsk, APractice, ClientOf, Colleague
from tests.web.signin.test_races import together

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 6


@pytest.fixture
def ana():
    APractice()
    return Colleague()


@pytest.fixture
def path(ana):
    mara = ClientOf(care_team=[ana])
    (put,) = asking.ask(
        by=ana.account, client=mara, instruments=["phq-9"], way="LINK", now=time.now()
    )
    return put.path


def test_handed_in_from_many_tabs_it_is_one_sheet_with_one_alert(path):
    browsers = [Browser() for _n in range(AT_ONCE)]
    for number in range(1, 11):
        browsers[0].post(f"{path}1/{number}/", {"answer": "1", "version": "1"})
    answers = together(
        [lambda b=b: b.post(f"{path}1/check/", {"version": "1"}) for b in browsers]
    )  # fmt: skip

    assert [answer.status_code for answer in answers] == [200] * AT_ONCE
    assert all("risk-box" in answer.content.decode() for answer in answers)
    assert (Sheet.objects.count(), Score.objects.count(), Alert.objects.count()) == (1, 1, 1)


def test_answers_kept_from_many_tabs_are_all_there(path):
    together([
        lambda n=n: Browser().post(f"{path}1/{n}/", {"answer": "2", "version": "1"})
        for n in range(1, AT_ONCE + 1)
    ])  # fmt: skip
    assert Asked.objects.get().draft["answers"] == {str(n): 2 for n in range(1, AT_ONCE + 1)}


def test_withdrawn_and_handed_in_together_it_is_one_of_both_and_whole(ana, path):
    asked = Asked.objects.select_related("client__data_key").get()
    by, now = links.Holder(asked.pk), time.now()

    def hand_in():
        try:
            actions.answer(by=by, asked=asked, answers={"1": 1}, version=1, now=now)
        except actions.Closed:
            return "closed"
        return "handed in"

    def withdraw():
        try:
            asking.withdraw(by=ana.account, client=asked.client, asked=asked, now=now)
        except asking.CannotAsk:
            return "too late"
        return "withdrawn"

    said = set(together([hand_in, withdraw]))
    asked.refresh_from_db()
    assert said in ({"handed in", "too late"}, {"closed", "withdrawn"})
    assert (asked.state == "ANSWERED") == Sheet.objects.exists() == ("handed in" in said)


def test_clocks_that_strike_together_ask_once(ana):
    mara, now = ClientOf(care_team=[ana]), time.now()
    AnAsk(client=mara)
    AnAppointment(client=mara, clinician=ana, starts_at=now + time.timedelta(hours=3))
    together([lambda: sessions.ask_due(by=System("cron"), now=now) for _n in range(4)])
    assert Asked.objects.count() == 1
