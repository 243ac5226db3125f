"""In which language the practice's plan asks: each client's own, the practice's, or one for all."""

import pytest

from rapport.core import jobs
from rapport.core.policy import System
from rapport.people.episodes import actions as episodes
from rapport.people.models import Practice
from rapport.progress.measures import actions as measures
from rapport.progress.measures import asking, calendar, rules
from rapport.progress.models import Ask, PlanLine
from rapport.progress.schedules import actions as schedules
from tests.factories import NOW, APractice, ClientOf

BY = System("test")


@pytest.mark.parametrize(
    ("wanted", "languages", "there", "asked"),
    [
        ("de", ["en"], ["en", "de"], "de"),
        ("ar", ["de"], ["en", "de"], "de"),
        ("", ["tr", "de"], ["en", "de"], "de"),
        ("", ["de-AT"], ["en", "de"], "de"),
        ("", ["tr"], ["de", "en"], "en"),
        ("", [], ["de"], "de"),
        ("", [], [], "en"),
    ],
)
def test_it_is_asked_in_the_first_language_there_are_words_in(wanted, languages, there, asked):
    assert rules.asked_in(wanted, languages, there) == asked


def plan(*names, **given):
    return schedules.plan(by=BY, instruments=names, occasion="INTAKE", now=NOW, **given)


def asked(ana, **given):
    """In which language somebody new is asked each."""
    client = ClientOf(care_team=[ana], **given)
    episodes.open_(by=BY, client=client, responsible=ana, on=NOW.date())
    jobs.run_due(now=NOW)
    rows = calendar.ask_due(by=BY, client_id=client.pk, now=NOW)
    return {one.instrument: one.language for one in rows}


def test_a_plan_asks_in_the_clients_language_and_else_in_the_practices(ana):
    Practice.objects.all().delete()
    APractice(locale="de")
    plan("phq-9", "phq-15")

    assert asked(ana, languages=["en"]) == {"phq-9": "en", "phq-15": "en"}
    assert asked(ana, languages=["tr", "en-GB"]) == {"phq-9": "en", "phq-15": "en"}
    for languages in (["de"], ["tr"], []):  # PHQ-15 has English words alone
        assert asked(ana, languages=languages) == {"phq-9": "de", "phq-15": "en"}
    client = ClientOf(care_team=[ana])
    sheet = measures.enter(by=ana.account, client=client, instrument="phq-9", version=1, now=NOW,
                           answers={str(n): 0 for n in range(1, 10)}, source="PAPER",
                           answered_on=NOW.date())  # fmt: skip
    assert sheet.language == "de"


def test_a_plan_may_ask_everybody_in_one_language(ana):
    plan("phq-9", language="de")

    assert asked(ana, languages=["en"]) == {"phq-9": "de"}
    assert Ask.objects.get().language == "de"


def test_what_is_planned_anew_is_set_to_the_language_chosen_then():
    for language in ("de", ""):
        (line,) = plan("phq-9", language=language)
        assert line.language == language
    assert PlanLine.objects.count() == 1


def test_a_language_without_words_is_planned_for_nobody():
    with pytest.raises(asking.CannotAsk, match="no words of PHQ-15") as refused:
        plan("phq-9", "phq-15", language="de")
    assert refused.value.field == "language"
    assert not PlanLine.objects.exists()
