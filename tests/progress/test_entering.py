"""Answers from paper or an interview, and corrections that keep what was there."""

from datetime import date, timedelta

import pytest

from rapport.core import policy
from rapport.core import time as clock
from rapport.progress.measures import actions
from rapport.progress.models import Alert, Score, Sheet
from tests.factories import AScore, ASheet, ClientOf, Colleague

pytestmark = pytest.mark.django_db

CALM = {str(n): 0 for n in range(1, 10)}


@pytest.fixture
def ana():
    return Colleague()


@pytest.fixture
def mara(ana):
    return ClientOf(care_team=[ana])


def enter(ana, mara, answers=CALM, **given):
    said = {
        "instrument": "phq-9", "version": 1, "source": "PAPER", "answered_on": clock.today(),
        "now": clock.now(),
    } | given  # fmt: skip
    return actions.enter(by=ana.account, client=mara, answers=answers, **said)


def test_paper_of_last_week_stands_on_the_day_it_was_answered(ana, mara):
    last_week = clock.today() - timedelta(days=7)
    sheet = enter(ana, mara, CALM | {"1": 3}, answered_on=last_week)

    assert clock.local(sheet.answered_at).date() == last_week
    assert (sheet.source, sheet.entered_by, sheet.score.total_rounded) == ("PAPER", ana.account, 3)
    assert sheet.score.at == sheet.answered_at


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"answered_on": date(2199, 1, 1)}, "answered_on"),
        ({"answered_on": date(9999, 12, 31)}, "answered_on"),
        ({"answered_on": date(1, 1, 1)}, "answered_on"),
        ({"source": "CLIENT"}, "source"),
        ({"source": "DREAM"}, "source"),
        ({"instrument": "no-such"}, ""),
        ({"version": 2}, ""),
        ({"answers": {"1": 9}}, "1"),
        ({"answers": {}}, ""),
    ],
)
def test_what_cannot_be_entered_is_said_at_its_place(ana, mara, given, field):
    with pytest.raises(actions.CannotAnswer) as refusal:
        enter(ana, mara, **given)
    assert list(refusal.value.items) == [field]
    assert not Sheet.objects.exists()


def test_a_risky_answer_from_paper_raises_its_alert_too(ana, mara):
    enter(ana, mara, CALM | {"9": 2})
    assert Alert.objects.get().rule == "self-harm"


def test_nobody_enters_for_a_client_they_do_not_treat(mara):
    for somebody in (Colleague(), Colleague(roles=["FRONT_DESK"], at=[mara.place])):
        with pytest.raises(policy.Denied):
            enter(somebody, mara)


def correct(ana, mara, sheet, answers):
    return actions.correct(
        by=ana.account, client=mara, sheet=sheet, answers=answers, now=clock.now()
    )


def test_a_correction_replaces_and_both_are_kept(ana, mara):
    first = enter(ana, mara, CALM | {"1": 3})
    second = correct(ana, mara, first, CALM | {"1": 1})

    first.refresh_from_db()
    assert first.replaced_by_id == second.pk
    assert (first.answers["1"], second.answers["1"]) == (3, 1)
    assert second.answered_at == first.answered_at and second.source == first.source
    assert Score.objects.count() == 2


def test_what_was_corrected_is_corrected_at_its_newest(ana, mara):
    first = enter(ana, mara)
    correct(ana, mara, first, CALM | {"1": 1})
    with pytest.raises(actions.CannotAnswer, match="corrected already"):
        correct(ana, mara, first, CALM | {"1": 2})
    assert Sheet.objects.count() == 2


def test_a_sheet_of_another_version_or_client_is_not_corrected(ana, mara):
    old = AScore(sheet=ASheet(client=mara, version=9)).sheet
    with pytest.raises(actions.CannotAnswer, match="has changed"):
        correct(ana, mara, old, CALM)
    theirs = AScore(sheet=ASheet(client=ClientOf())).sheet
    with pytest.raises(Sheet.DoesNotExist):
        correct(ana, mara, theirs, CALM)


def test_a_correction_that_shows_a_risk_raises_its_alert(ana, mara):
    first = enter(ana, mara)
    correct(ana, mara, first, CALM | {"9": 1})
    assert Alert.objects.count() == 1
