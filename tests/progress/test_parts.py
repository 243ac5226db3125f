"""Parts of a questionnaire that has no total are measures of their own, from the answers on."""

import pkgutil
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.utils import translation

from rapport.core import time as clock
from rapport.core.jobs import run_due
from rapport.core.library import NotInLibrary
from rapport.core.policy import System
from rapport.core.verify import everything
from rapport.progress import migrations
from rapport.progress.expected import actions as expected
from rapport.progress.expected import fitting
from rapport.progress.expected import queries as signals
from rapport.progress.measures import actions as measures
from rapport.progress.measures import alone, asking, course, instruments, parts, scored
from rapport.progress.models import Score, Signal
from rapport.progress.packs import actions as packs
from rapport.record.notes import queries as notes
from tests.factories import NOW, AFit, AScore, ASheet, ClientOf, Colleague

PARTS = ["dass-21_anxiety", "dass-21_depression", "dass-21_stress"]
DEPRESSION = ("3", "5", "10", "13", "16", "17", "21")
WEEK = timedelta(weeks=1)


@pytest.fixture(autouse=True)
def allowed(nine_o_clock):
    owner = Colleague(roles=["OWNER"])
    packs.accept(by=owner.account, pack="dass", version=1, use="FREE", now=NOW)


def enter(ana, client, weeks, answer=1, **given):
    """The DASS-21 of so many weeks ago, all answered alike but what is given of depression."""
    answers = {str(n): answer for n in range(1, 22)}
    if given:
        answers |= dict.fromkeys(DEPRESSION, given["low"])
    with clock.at(NOW - weeks * WEEK):
        sheet = measures.enter(
            by=ana.account, client=client, instrument="dass-21", version=1, source="PAPER",
            answers=answers, answered_on=clock.today(), now=clock.now(),
        )  # fmt: skip
        run_due()
    return sheet


def test_a_sheet_has_a_score_of_its_own_and_one_of_each_part(ana, mara):
    sheet = enter(ana, mara, 0, low=3)

    rows = Score.objects.filter(sheet=sheet, whole=None).order_by("instrument")
    found = [(one.instrument, one.total_rounded, one.band) for one in rows]
    assert found == [
        ("dass-21_anxiety", 14, "moderate"), ("dass-21_depression", 42, "extremely-severe"),
        ("dass-21_stress", 14, "normal"),
    ]  # fmt: skip
    assert (sheet.score.instrument, sheet.score.total) == ("dass-21", None)
    assert sheet.score.subscales["depression"]["total_rounded"] == 42


def test_a_part_with_too_much_open_is_a_score_without_a_number(ana, mara):
    sheet = enter(ana, mara, 0, low=None)

    part = Score.objects.get(sheet=sheet, instrument="dass-21_depression")
    assert (part.status, part.total, part.band) == ("NOT_SCORABLE", None, "")


def test_one_with_a_total_has_no_measures_in_it(ana, mara):
    form = instruments.get("pcl-5").content

    assert form.score.subscales
    assert alone.names(form) == {}
    assert not instruments.is_in_library("pcl-5_mood")
    with pytest.raises(NotInLibrary):
        instruments.find("pcl-5_mood")
    assert instruments.these(["pcl-5_mood", "phq-9"]).keys() == {"phq-9"}


def test_a_part_is_called_in_the_readers_language_and_by_its_code_without_words():
    form = instruments.get("phq-sads")
    german = replace(form.words["en"], subscales={"somatic": "Körper (Teil A)"})
    both = replace(form, words={"en": form.words["en"], "de": german})

    with translation.override("de"):
        part = alone.by_itself(both, "somatic")
        assert part.content.short == "PHQ-SADS Körper"
        assert part.words["de"].title == "Körper (PHQ-SADS)"
    with translation.override("ar"):
        assert alone.by_itself(both, "somatic").content.short == "PHQ-SADS Physical symptoms"
    assert instruments.get("itq_self-organisation").content.short == "ITQ self organisation"


def test_health_lies_another_way_on_one_part_of_a_whole():
    better = {name: instruments.get(name).content.better
              for name in alone.names(instruments.get("proqol-5").content)}  # fmt: skip

    assert better == {
        "proqol-5_satisfaction": "higher", "proqol-5_burnout": "lower",
        "proqol-5_secondary-trauma": "lower",
    }  # fmt: skip


@pytest.mark.parametrize(("answer", "above"), [(50, True), (25, False)])
def test_a_part_is_in_the_clinical_range_by_a_cut_off_of_its_own(ana, mara, answer, above):
    """The Copenhagen inventory: 50 or more of 100."""
    form = instruments.get("cbi").content
    whole = scored.columns(form, {item.key: answer for item in form.items}, {})
    rows = {one["instrument"]: one["above_cutoff"] for one in scored.parts(form, whole)}
    assert rows == {"cbi_personal": above, "cbi_work": above, "cbi_client": above}

    sheet = ASheet(client=mara, instrument="cbi")
    AScore(sheet=sheet, total=None, total_rounded=None, subscales=whole["subscales"])
    shown = parts.of(
        by=ana.account, client=mara, since=None,
        course=course.of(by=ana.account, client=mara, instrument="cbi"),
    )  # fmt: skip
    assert [one.last.above_cutoff for one in shown.values()] == [above] * 3


def test_what_is_asked_is_the_whole(ana, mara):
    with pytest.raises(asking.CannotAsk):
        asking.known("dass-21_depression", mara)
    with pytest.raises(measures.CannotAnswer):
        measures.enterable(mara, "dass-21_depression", 1)
    assert "dass-21_depression" in instruments.measured()
    assert "dass-21" not in instruments.measured()


def test_each_part_may_raise_a_signal_by_rules_and_the_whole_none(ana, mara):
    enter(ana, mara, 2)
    enter(ana, mara, 1, low=3)
    latest = enter(ana, mara, 0, low=3)

    raised = list(Signal.objects.filter(state="OPEN"))
    assert [(one.instrument, one.level) for one in raised] == [("dass-21_depression", "RED")]
    assert {one["ground"] for one in raised[0].reasons} == {"change"}  # nothing was learned
    assert expected.look(by=System("test"), sheet_id=latest.pk, now=NOW) == raised
    (shown,) = signals.open_of(by=ana.account, client=mara)
    assert shown.score.sheet_id == latest.pk


def test_a_corrected_sheet_takes_the_signals_of_its_parts_along(ana, mara):
    enter(ana, mara, 2)
    wrong = enter(ana, mara, 1, low=3)
    with clock.at(NOW):
        measures.correct(
            by=ana.account, client=mara, sheet=wrong, now=clock.now(),
            answers={str(n): 1 for n in range(1, 22)},
        )  # fmt: skip
        run_due()

    assert {one.state for one in Signal.objects.all()} == {"WITHDRAWN"}


def test_a_night_learns_of_parts_and_the_page_of_what_was_learned_has_them(ana, mara):
    enter(ana, mara, 0)
    fit = AFit(instrument="dass-21_stress")

    assert set(PARTS) <= set(fitting.names())
    assert "dass-21" not in fitting.names()
    assert fit in signals.fits(by=ana.account)


def test_notes_draw_in_the_parts_and_not_a_whole_that_says_nothing(ana, mara):
    enter(ana, mara, 0)

    offered = notes.scores(by=ana.account, client=mara)
    assert [one.instrument for one in offered] == PARTS


@pytest.mark.parametrize(
    ("broken", "kind"),
    [("removed", "score removed"), ("changed", "changed"), ("moved", "exchanged"),
     ("renamed", "score added"), ("earlier", "changed")],
)  # fmt: skip
def test_verify_names_a_part_that_does_not_follow_from_the_answers(ana, mara, broken, kind):
    enter(ana, mara, 0)
    part = Score.objects.filter(instrument="dass-21_stress")
    if broken == "removed":
        part.delete()
    elif broken == "changed":
        part.update(total_rounded=3)
    elif broken == "earlier":
        part.update(at=NOW - WEEK)
    elif broken == "renamed":  # a score of another measure, which nobody answered
        Score.objects.filter(pk=part.get().pk).update(instrument="phq-9")
        part = Score.objects.get(instrument="phq-9")
        Score.objects.create(
            client=mara, sheet=part.sheet, instrument="dass-21_stress", at=part.at,
            status=part.status, total=part.total, total_rounded=part.total_rounded,
            band=part.band, above_cutoff=part.above_cutoff, risk=part.risk,
            subscales=part.subscales, findings=part.findings,
        )  # fmt: skip
    else:
        part.update(client=ClientOf())

    found = [problem.kind for name, problem in everything() if problem and name == "scores"]
    assert found == [kind]


def test_what_was_answered_before_gets_its_parts_when_the_practice_is_brought_up(ana, mara):
    enter(ana, mara, 1, low=3)
    enter(ana, mara, 0, low=None)
    columns = ("instrument", "sheet", "at", "client", "status", "total", "total_rounded", "band",
               "above_cutoff", "risk", "subscales")  # fmt: skip
    rows = Score.of_all.filter(whole=None).order_by("instrument", "at")
    before = list(rows.values_list(*columns))
    names = [one.name for one in pkgutil.iter_modules(migrations.__path__)]
    (name,) = [one for one in names if one.endswith("_parts_as_measures")]
    written = import_module(f"{migrations.__name__}.{name}")
    editor = SimpleNamespace(connection=connection, execute=connection.cursor().execute)
    written.without_parts(apps, editor)
    assert not rows.exists()
    written.parts(apps, editor)

    assert list(rows.values_list(*columns)) == before
    assert len(before) == 6
