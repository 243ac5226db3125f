"""Answers, scores and alerts that were changed or removed by direct SQL are named by verify."""

from datetime import timedelta

import pytest

from rapport.core import time as clock
from rapport.core import vault
from rapport.core.policy import System
from rapport.core.verify import everything
from rapport.people.consents import actions as consents
from rapport.people.models import Consent
from rapport.progress.alerts import actions as alerts
from rapport.progress.informants import actions as informants
from rapport.progress.measures import actions
from rapport.progress.measures.links import Holder
from rapport.progress.models import Alert, AlertStep, Score, Sheet
from tests.factories import AConsent, AnInformant, APractice, ClientOf, Colleague

pytestmark = pytest.mark.django_db


def found():
    """Of every check; the chain's end is noted beside the keys at a commit, and here is none."""
    return [str(problem) for name, problem in everything() if problem and name != "audit"]


@pytest.fixture
def ana():
    APractice()
    return Colleague()


@pytest.fixture
def sheets(ana):
    """Mara's and Timo's answers; Mara's raise an alert."""
    made = []
    for last in (2, 0):
        client = ClientOf(care_team=[ana])
        answers = {str(n): 1 for n in range(1, 9)} | {"9": last}
        made.append(actions.enter(
            by=ana.account, client=client, instrument="phq-9", version=1, answers=answers,
            source="PAPER", answered_on=clock.today(), now=clock.now(),
        ))  # fmt: skip
    assert found() == []
    return made


def names(row):
    """Whether verify names the row."""
    return any(str(row.pk) in one for one in found())


def test_an_alert_that_was_removed(sheets):
    alert = Alert.objects.get()
    AlertStep.objects.all().delete()
    Alert.objects.all().delete()

    assert names(alert) and names(sheets[0])


def test_an_alert_that_was_silenced(sheets, ana):
    alert = Alert.objects.get()
    for silenced in (
        {"acknowledged_at": clock.now(), "acknowledged_by": ana}, {"stage": "TEAM"},
        {"answer_by": clock.now() + timedelta(days=900)}, {"rule": "nothing"},
    ):  # fmt: skip
        Alert.objects.update(**silenced)
        assert names(alert) or names(sheets[0]), silenced
        alert.save()
    assert found() == []


def test_an_alert_whose_steps_were_changed(sheets):
    alert = Alert.objects.get()
    AlertStep.objects.update(what="NOTED")
    assert names(alert)
    AlertStep.objects.all().delete()
    assert names(alert)


def test_what_the_clock_and_people_did_is_as_it_was_written(sheets, ana):
    alert = Alert.objects.get()
    late = clock.now() + timedelta(hours=1)
    alerts.pass_on(by=System("clock"), alert=alert, now=late)
    alerts.note(by=ana.account, alert=alert, how="NOTE", done="Rang.", now=late)
    assert found() == []
    alerts.acknowledge(by=ana.account, alert=alert, how="SPOKE", done="", now=late)
    assert found() == []
    Alert.objects.update(acknowledged_at=None, acknowledged_by=None)
    assert names(alert)


@pytest.mark.parametrize(
    ("name", "value"),
    [("total_rounded", 3), ("risk", False), ("band", "minimal"), ("total", 3.0),
     ("above_cutoff", None), ("status", "PRORATED"), ("subscales", {"x": 1})],
)  # fmt: skip
def test_a_score_that_was_changed(sheets, name, value):
    score = Score.objects.get(sheet=sheets[0])
    Score.objects.filter(pk=score.pk).update(**{name: value})

    assert names(score)


def test_a_score_that_was_moved_to_somebody_else(sheets):
    score = Score.objects.get(sheet=sheets[0])
    Score.objects.filter(pk=score.pk).update(client=sheets[1].client)

    assert names(score)


def test_a_score_that_was_removed(sheets):
    Score.objects.filter(sheet=sheets[0]).delete()

    assert names(sheets[0])


def test_answers_that_were_exchanged(sheets):
    one, two = (Sheet.objects.get(pk=s.pk) for s in sheets)
    Sheet.objects.filter(pk=one.pk).update(client=two.client_id)
    Sheet.objects.filter(pk=two.pk).update(client=one.client_id)

    assert names(one) and names(two)


@pytest.mark.parametrize("becomes", ["the client's", "another's", "of another client"])
def test_what_somebody_else_answered_that_was_moved_into_another_series(sheets, ana, becomes):
    mara, timo = sheets[0].client, sheets[1].client
    AConsent(client=mara, kind="OTHERS")
    now = clock.now()
    (put,) = informants.ask(by=ana.account, client=mara, forms=["phq-9"], role="PARENT", now=now)
    sheet = actions.answer(by=Holder(put.asked.pk), asked=put.asked,
                           answers={"1": 3}, version=1, now=now)  # fmt: skip
    assert found() == []
    others = {"the client's": None, "another's": AnInformant(client=mara, kind="TEACHER"),
              "of another client": AnInformant(client=timo)}  # fmt: skip
    Sheet.objects.filter(pk=sheet.pk).update(informant=others[becomes])
    Score.of_all.filter(sheet=sheet).update(informant=others[becomes])
    assert names(sheet)


def test_a_rating_that_was_made_the_client_s(sheets, ana):
    sheet = informants.rate(
        by=ana.account, client=sheets[0].client, instrument="phq-9", version=1,
        answers={"1": 1}, answered_on=clock.today(), now=clock.now(),
    )  # fmt: skip
    assert found() == []
    Sheet.objects.filter(pk=sheet.pk).update(informant=None)
    Score.of_all.filter(sheet=sheet).update(informant=None)
    assert names(sheet)


def test_a_sheet_that_was_removed(sheets):
    Score.objects.filter(sheet=sheets[1]).delete()
    Sheet.objects.filter(pk=sheets[1].pk).delete()

    assert names(sheets[1])


def test_a_client_whose_key_was_destroyed_rightly_raises_no_second_voice(sheets, ana):
    key = Sheet.objects.select_related("client__data_key").get(pk=sheets[0].pk).client.data_key
    vault.destroy(key, by=ana.account, now=clock.now())

    assert found() == []


def test_a_consent_that_was_removed(sheets, ana):
    consent = consents.note(
        by=ana.account, client=sheets[0].client, kind="TREATMENT", version="1",
        given_on=clock.today(), how="PAPER", now=clock.now(),
    )  # fmt: skip
    assert found() == []
    Consent.objects.all().delete()

    assert names(consent)
