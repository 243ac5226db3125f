"""Our forms in the National Library of Medicine's own viewer: shown, answered, the same total.

It adds up by the FHIRPath in the form, of the weights at the answers; what it must come to
stands in the library's examples, which were worked by hand.
"""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from rapport.progress.fhir import codes
from rapport.progress.fhir.questionnaire import questionnaire
from rapport.progress.fhir.response import Filled, response
from rapport.progress.measures import instruments
from rapport.science.scoring import score

pytestmark = pytest.mark.journey
FORMS = Path(__file__).resolve().parents[2] / "node_modules/lforms/dist/lforms"
HOME = "http://forms.invalid/"
SCRIPTS = "webcomponent/assets/lib/zone.min.js webcomponent/lhc-forms.js fhir/R4/lformsFHIR.min.js"
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>form</title>
<div id="form"></div>""" + "".join(f"<script src='/{name}'></script>" for name in SCRIPTS.split())
SHOW = """async ([form, said]) => {
  const options = {fhirVersion: "R4"};
  if (said) {
    const parsed = LForms.Util.convertFHIRQuestionnaireToLForms(form, "R4");
    const merged = LForms.Util.mergeFHIRDataIntoLForms(said, parsed, "R4");
    await LForms.Util.addFormToPage(merged, "form", options);
  } else await LForms.Util.addFormToPage(form, "form", options);
}"""
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
ANSWERED = ("phq-9", "gad-7", "pcl-5", "audit-c")
SCORED = ("audit", "ces-d", "core-10", "core-om", "k10", "phq-15", "wsas", "asrs-v1.1-screener",
          "ede-q", "des-ii", "who-5", "dass-21", "pc-ptsd-5")  # fmt: skip


@pytest.fixture(scope="module")
def viewer(chromium):
    page = chromium.new_page()
    page.set_default_timeout(240_000)

    def serve(route):
        name = route.request.url.removeprefix(HOME)
        found = FORMS / name
        if not name:
            route.fulfill(body=PAGE, content_type="text/html")
        elif route.request.url.startswith(HOME) and found.is_file():
            route.fulfill(path=found)
        else:
            route.abort()

    page.route("**/*", serve)
    page.goto(HOME)
    page.wait_for_function("window.LForms && LForms.Util && LForms.FHIR")
    yield page
    page.close()


def _expected(one, example):
    """Totals by linkId, rounded as the form rounds them; those that cannot be are left out."""
    result = score(one.key, *_given(one, example))
    parts = {"": result, **result.subscales} if one.key.total.items else result.subscales
    return {
        codes.score_link(name): round(part.total, 4)
        for name, part in parts.items()
        if part.total is not None
    }


def _given(one, example):
    every = [item.key for item in one.items]
    scored = [item.key for item in one.items if item.scored]
    keys = every if len(example.answers) == len(every) else scored
    answers = dict(zip(keys, example.answers, strict=True))
    return {key: None if said == "" else said for key, said in answers.items()}, example.facts


def _comes_to(viewer, expected):
    viewer.wait_for_function(AGREES, arg=expected, timeout=120_000)


@pytest.mark.parametrize("id", ANSWERED)
def test_answers_clicked_in_the_viewer_come_to_what_was_worked_by_hand(viewer, id):
    filed = instruments.get(id)
    one = filed.content
    scored = [example for example in one.examples if example.total is not None]
    for example in sorted(scored, key=lambda each: len(set(each.answers)))[-2:]:
        viewer.evaluate(SHOW, [questionnaire(filed), None])
        answers, _ = _given(one, example)
        assert filed.words["en"].items["1"] in viewer.locator("#form").inner_text()
        for item in one.items:
            if (said := answers.get(item.key)) is None:
                continue
            coding = codes.coding(one, item, said, None)
            label = f"{item.key}/1|{coding['system']}|{coding['code']}"
            viewer.locator(f'label[id="{label}"]').click()
        assert _expected(one, example)["score"] == pytest.approx(example.total, abs=1e-4)
        _comes_to(viewer, _expected(one, example))


def test_who_never_drinks_is_not_asked_how_much(viewer):
    filed = instruments.get("audit-c")
    viewer.evaluate(SHOW, [questionnaire(filed), None])
    never = codes.coding(filed.content, filed.content.items[0], 0, None)
    viewer.locator(f'label[id="1/1|{never["system"]}|0"]').click()
    viewer.locator('[id="label-2/1"]').wait_for(state="detached")
    _comes_to(viewer, {"score": 0})


@pytest.mark.parametrize("id", SCORED)
def test_our_responses_come_to_the_same_there(viewer, id):
    """Reversed, skipped, prorated, means, counts, and questions that are not for everybody."""
    filed = instruments.get(id)
    one = filed.content
    kinds = {}
    for example in one.examples:
        kinds.setdefault((example.status, len({str(a) for a in example.answers}) > 2), example)
    for example in kinds.values():
        answers, facts = _given(one, example)
        said = response(Filled(
            id="1", instrument=id, version=one.version, language="en", answers=answers,
            facts=facts, answered_at=datetime(2030, 1, 7, tzinfo=UTC), patient="urn:uuid:1",
            by_client=True, filed=filed,
        ))  # fmt: skip
        viewer.evaluate(SHOW, [questionnaire(filed), said])
        _comes_to(viewer, _expected(one, example))


def test_a_weight_that_is_wrong_is_noticed(viewer):
    filed = instruments.get("phq-9")
    form = questionnaire(filed)
    first = next(item for item in form["item"] if item["linkId"] == "1")
    first["answerOption"][3]["valueCoding"]["extension"][0]["valueDecimal"] = 2
    viewer.evaluate(SHOW, [form, None])
    for item in filed.content.items[:9]:
        code = codes.coding(filed.content, item, 3, None)
        viewer.locator(f'label[id="{item.key}/1|{code["system"]}|{code["code"]}"]').click()
    _comes_to(viewer, {"score": 26})
