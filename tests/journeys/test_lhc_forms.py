"""Our forms in the National Library of Medicine's own viewer: shown, answered, the same total.

It adds up by the FHIRPath in the form; what it must come to is our score of the same answers.
The library's worked examples are put through the viewer's own FHIRPath, every form of it.
"""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from rapport.progress.fhir import codes
from rapport.progress.fhir.questionnaire import questionnaire
from rapport.progress.fhir.response import Filled, response
from rapport.progress.measures import instruments
from rapport.science.scoring import score
from tests.factories import NOW

pytestmark = pytest.mark.journey
FORMS = Path(__file__).resolve().parents[2] / "node_modules/lforms/dist/lforms"
SCRIPTS = "webcomponent/assets/lib/zone.min.js webcomponent/lhc-forms.js fhir/R4/lformsFHIR.min.js"
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>form</title>
<div id="form"></div>""" + "".join(
    f"<script src='{(FORMS / name).as_uri()}'></script>" for name in SCRIPTS.split()
)
SHOW = """(form) => LForms.Util.addFormToPage(form, "form", {fhirVersion: "R4"})"""
SCORES = """() => {
  const said = LForms.Util.getFormFHIRData("QuestionnaireResponse", "R4");
  const totals = (said.item || []).filter((one) => one.linkId.startsWith("score"));
  return Object.fromEntries(totals.map((one) => [one.linkId, one.answer[0].valueDecimal]));
}"""
AGREES = f"""(wanted) => {{
  const said = ({SCORES})();
  return Object.keys(wanted).length === Object.keys(said).length
    && Object.entries(wanted).every(([name, n]) => Math.abs(said[name] - n) < 1e-3);
}}"""
WORKED = """([formulas, responses]) => {
  const {fhirpath, fhirpathModel} = LForms.FHIR.R4;
  const ready = Object.entries(formulas).map(
    ([name, one]) => [name, fhirpath.compile(one, fhirpathModel)]);
  const worked = (resource) => ready.map(([name, work]) => [name, work(resource, {resource})[0]]);
  return responses.map((resource) => Object.fromEntries(
    worked(resource).filter(([, n]) => n !== undefined)));
}"""
EVERY = instruments.INSTRUMENTS.find()


@pytest.fixture(scope="module")
def viewer(chromium, tmp_path_factory):
    """The viewer without a form, from files alone and without a network."""
    home = tmp_path_factory.mktemp("forms") / "form.html"
    home.write_text(PAGE)
    context = chromium.new_context(offline=True)
    page = context.new_page()
    page.goto(home.as_uri())
    page.wait_for_function("window.LForms && LForms.FHIR && LForms.FHIR.R4")
    yield page
    context.close()


def _expected(one, answers, facts):
    """Totals by linkId, rounded as the form rounds them; those that cannot be are left out."""
    result = score(one.key, answers, facts)
    parts = {"": result, **result.subscales} if one.key.total.items else result.subscales
    return {
        codes.score_link(name): round(part.total, 4)
        for name, part in parts.items()
        if part.total is not None
    }


def _given(one, example):
    """Answers as a form can hold them: none to a question that is not for somebody."""
    every = [item.key for item in one.items]
    scored = [item.key for item in one.items if item.scored]
    keys = every if len(example.answers) == len(every) else scored
    answers = dict(zip(keys, example.answers, strict=True))
    if example.facts.get("work_item_applicable") is False:
        answers["1"] = None
    return {key: None if said == "" else said for key, said in answers.items()}


def _click(viewer, one, item, said):
    coding = codes.coding(one, item, said, None)
    viewer.locator(f'label[id="{item.key}/1|{coding["system"]}|{coding["code"]}"]').click()


@pytest.mark.parametrize("id", ["phq-9", "gad-7", "pcl-5", "audit-c"])
def test_answers_clicked_in_the_viewer_come_to_our_score(viewer, id):
    filed = EVERY[id]
    one = filed.content
    viewer.evaluate(SHOW, questionnaire(filed))
    expect(viewer.locator("#form")).to_contain_text(filed.words["en"].items["1"])
    answers = {}
    for number, item in enumerate(one.items):
        values = list(one.values_of(item))
        answers[item.key] = values[-1 - number % (len(values) - 1)]
        _click(viewer, one, item, answers[item.key])
    viewer.wait_for_function(AGREES, arg=_expected(one, answers, {}))
    answers["2"] = next(v for v in one.values_of(one.items[1]) if v != answers["2"])
    _click(viewer, one, one.items[1], answers["2"])
    viewer.wait_for_function(AGREES, arg=_expected(one, answers, {}))
    total = viewer.locator('[id="score/1"]').input_value()
    assert float(total) == _expected(one, answers, {})["score"]


def test_every_formula_comes_to_our_score_of_every_worked_example(viewer):
    for id, filed in EVERY.items():
        one = filed.content
        totals = [
            item for item in questionnaire(filed)["item"] if item["linkId"].startswith("score")
        ]
        formulas = {
            item["linkId"]: item["extension"][0]["valueExpression"]["expression"] for item in totals
        }
        sheets = [(_given(one, example), example.facts) for example in one.examples]
        responses = [
            response(Filled(
                id="1", instrument=id, version=one.version, language="en", answers=answers,
                facts=facts, answered_at=NOW, patient="urn:uuid:1", by_client=True, filed=filed,
            ))
            for answers, facts in sheets
        ]  # fmt: skip
        for sheet, found in zip(
            sheets, viewer.evaluate(WORKED, [formulas, responses]), strict=True
        ):
            assert found == pytest.approx(_expected(one, *sheet), abs=1e-3), id
