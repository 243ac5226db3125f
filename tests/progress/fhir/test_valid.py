"""FHIR's own models take every form, and what is made of every worked example in the library."""

import json
import uuid

import pytest
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.observation import Observation
from fhir.resources.R4B.questionnaire import Questionnaire
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse

from rapport.core.policy import Denied
from rapport.progress.chosen import actions as choosing
from rapport.progress.fhir import bundle, codes
from rapport.progress.fhir.observation import Scored, observations
from rapport.progress.fhir.questionnaire import questionnaire
from rapport.progress.fhir.response import Filled, response
from rapport.progress.measures import instruments, scored
from rapport.progress.measures.judging import Way
from tests.factories import NOW, AnInformant, ARelatedPerson, AScore, ASheet, Colleague

EVERY = instruments.INSTRUMENTS.find()
PATIENT, SHEET = f"urn:uuid:{uuid.UUID(int=1)}", f"urn:uuid:{uuid.UUID(int=2)}"


def given(one, example):
    every = [item.key for item in one.items]
    keys = every if len(example.answers) == len(every) else [i.key for i in one.items if i.scored]
    answers = zip(keys, example.answers, strict=True)
    return {key: None if said == "" else said for key, said in answers}


@pytest.mark.parametrize("id", EVERY)
def test_fhir_takes_every_form_and_every_worked_example(id):
    filed = EVERY[id]
    one = filed.content
    form = questionnaire(filed)
    Questionnaire.model_validate(form)
    links = [item["linkId"] for item in form["item"]]
    assert [key for key in links if key in one.key.values] == list(one.key.values)
    offered = {item["linkId"]: item.get("answerOption", []) for item in form["item"]}
    for example in one.examples:
        answers = given(one, example)
        said = response(Filled(
            id="1", instrument=id, version=one.version, language="en", answers=answers,
            facts=example.facts, answered_at=NOW, patient=PATIENT, by_client=True, filed=filed,
        ))  # fmt: skip
        QuestionnaireResponse.model_validate(said)
        for line in said.get("item", []):
            if coding := line["answer"][0].get("valueCoding"):
                known = [option["valueCoding"] for option in offered[line["linkId"]]]
                known = [{k: v for k, v in each.items() if k != "extension"} for each in known]
                assert coding in known
        there = [line["linkId"] for line in said.get("item", []) if line["linkId"] in answers]
        assert there == [key for key in answers if answers[key] is not None]
        columns = scored.columns(one, answers, example.facts)
        for found in observations(Scored(
            id=str(uuid.uuid4()), instrument=id, version=one.version, state="completed",
            status=columns["status"], total=columns["total"], band=columns["band"],
            above=columns["above_cutoff"], parts=columns["subscales"], at=NOW, patient=PATIENT,
            sheet=SHEET, content=one,
        )):  # fmt: skip
            Observation.model_validate(found)
            assert ("valueQuantity" in found) != ("dataAbsentReason" in found)


def test_words_leave_only_where_anybody_may_pass_them_on():
    for id, filed in EVERY.items():
        form = questionnaire(filed)
        questions = [item for item in form["item"] if item["linkId"] in filed.content.key.values]
        free = filed.content.licence.class_ == "A" and filed.words
        assert all(("text" in item) == bool(free) for item in questions), id
        assert form["copyright"]
    german = questionnaire(EVERY["phq-9"], "de-AT")
    assert german["language"] == "de"
    assert german["item"][1]["text"] == EVERY["phq-9"].words["de"].items["1"]


def test_loinc_and_points_stand_at_questions_and_answers():
    form = questionnaire(EVERY["phq-9"])
    items = {item["linkId"]: item for item in form["item"]}
    assert form["code"][0]["code"] == "44249-1"
    assert items["9"]["code"] == [{"system": codes.LOINC, "code": "44260-8"}]
    assert items["score"]["code"] == [{"system": codes.LOINC, "code": "44261-6"}]
    last = items["1"]["answerOption"][3]["valueCoding"]
    assert (last["code"], last["extension"][0]["valueDecimal"]) == ("LA6571-9", 3)
    turned = {item["linkId"]: item for item in questionnaire(EVERY["ces-d"])["item"]}
    reversed_ = next(item.key for item in EVERY["ces-d"].content.items if item.reverse)
    first = turned[reversed_]["answerOption"][0]["valueCoding"]
    assert first["extension"][0]["valueDecimal"] == 3


def test_a_client_leaves_as_one_bundle_without_a_name(mara, ana):
    wrong = ASheet(client=mara, answers={"1": 3, "2": 3})
    right = ASheet(client=mara, answers={str(n): 1 for n in range(1, 9)}, source="PAPER")
    wrong.replaced_by = right
    wrong.save()
    ASheet(client=mara, version=9, answers={"1": 2, "x": "n/a"})  # the library has no such version
    AScore(sheet=wrong, status="NOT_SCORABLE", total=None, total_rounded=None, band="",
           above_cutoff=None)  # fmt: skip
    AScore(sheet=right, status="PRORATED", total=9.0)

    made = bundle.hand_over(by=ana.account, client=mara, now=NOW)

    assert "Kern" not in made.content.decode() and "Mara" not in made.name
    said = json.loads(made.content)
    Bundle.model_validate(said)
    assert len({entry["fullUrl"] for entry in said["entry"]}) == len(said["entry"])
    found = {}
    for entry in said["entry"]:
        found.setdefault(entry["resource"]["resourceType"], []).append(entry["resource"])
    assert [one["status"] for one in found["QuestionnaireResponse"]].count("completed") == 1
    old, new = ({r["id"]: r for r in found["QuestionnaireResponse"]}[str(s.pk)]
                for s in (wrong, right))  # fmt: skip
    assert (old["status"], new["status"]) == ("entered-in-error", "amended")
    assert "source" not in new and old["source"] == new["subject"]
    scores = {one["derivedFrom"][0]["reference"]: one for one in found["Observation"]}
    before, after = scores[f"urn:uuid:{wrong.pk}"], scores[f"urn:uuid:{right.pk}"]
    assert (before["status"], after["status"]) == ("entered-in-error", "amended")
    assert before["dataAbsentReason"] and after["valueQuantity"]["value"] == 9
    assert after["note"] and "prorated" in after["method"]["text"]
    assert after["code"]["coding"][0]["code"] == "44261-6"
    assert [one["url"] for one in found["Questionnaire"]] == [codes.url("phq-9")]


def test_the_cut_off_in_use_says_whether_a_score_is_clinical_and_is_named(mara, ana):
    AScore(sheet=ASheet(client=mara), total=9.0, total_rounded=9, above_cutoff=False)
    choosing.choose(by=Colleague(roles=["OWNER"]).account, instrument="phq-9", now=NOW,
                    what="change:nhs", way=Way("published", cutoff="sensitive"))  # fmt: skip

    said = json.loads(bundle.hand_over(by=ana.account, client=mara, now=NOW).content)

    (score,) = (one["resource"] for one in said["entry"]
                if one["resource"]["resourceType"] == "Observation")  # fmt: skip
    texts = [one["text"] for one in score["interpretation"]]
    assert texts[-1].startswith("in the clinical range (>= 8; settings that")


def test_whoever_else_answered_is_the_source_without_a_name(mara, ana):
    mother = ARelatedPerson(client=mara, relation="PARENT", name="Edda Kern")
    parent = AnInformant(client=mara, person=mother, by_role=False)
    teacher = AnInformant(client=mara, kind="TEACHER")
    rater = AnInformant(client=mara, kind="CLINICIAN", rater=ana, by_role=False)
    sheets = {}
    for who, source in ((parent, "INFORMANT"), (parent, "PAPER"), (teacher, "INTERVIEW"),
                        (rater, "CLINICIAN"), (None, "CLIENT")):  # fmt: skip
        sheet = ASheet(client=mara, informant=who, source=source)
        AScore(sheet=sheet)
        sheets[str(sheet.pk)] = who
    made = bundle.hand_over(by=ana.account, client=mara, now=NOW)
    assert "Edda" not in made.content.decode()
    said = json.loads(made.content)
    Bundle.model_validate(said)
    every = [entry["resource"] for entry in said["entry"]]
    there = {entry["fullUrl"]: entry["resource"]["resourceType"] for entry in said["entry"]}
    assert sorted(there.values()).count("RelatedPerson") == 2
    for one in every:
        if one["resourceType"] == "QuestionnaireResponse":
            who = sheets[one["id"]]
            kind = {parent: "RelatedPerson", teacher: "RelatedPerson", rater: "Practitioner",
                    None: "Patient"}[who]  # fmt: skip
            assert there[one["source"]["reference"]] == kind
            assert ("author" in one) is (who is rater)
        if one["resourceType"] == "Observation":
            whose = sheets[one["derivedFrom"][0]["reference"].removeprefix("urn:uuid:")]
            assert ("performer" in one) is (whose is not None)
    relations = {
        r["relationship"][0]["text"] for r in every if r["resourceType"] == "RelatedPerson"
    }
    assert relations == {"parent", "teacher"}


def test_a_relation_that_was_put_right_is_the_one_that_is_said(mara, ana):
    father = ARelatedPerson(client=mara, relation="OTHER")
    sheet = ASheet(
        client=mara,
        source="INFORMANT",
        informant=AnInformant(client=mara, kind="OTHER", person=father, by_role=False),
    )
    AScore(sheet=sheet)
    father.relation = "GUARDIAN"
    father.save()
    said = json.loads(bundle.hand_over(by=ana.account, client=mara, now=NOW).content)
    (who,) = (
        e["resource"] for e in said["entry"] if e["fullUrl"].endswith(str(sheet.informant_id))
    )
    assert who["relationship"][0]["text"] == "guardian"


def test_only_the_care_team_hands_a_client_s_measures_over(mara, ben):
    with pytest.raises(Denied):
        bundle.hand_over(by=ben.account, client=mara, now=NOW)


@pytest.mark.parametrize(
    ("id", "answer", "said"),
    [("who-5", 5, "not in the clinical range"), ("who-5", 0, "in the clinical range"),
     ("phq-9", 3, "in the clinical range"), ("phq-9", 0, "not in the clinical range")],
)  # fmt: skip
def test_the_verdict_is_the_right_way_round_also_where_much_is_good(id, answer, said):
    one = EVERY[id].content
    columns = scored.columns(one, {item.key: answer for item in one.items if item.scored}, {})
    total = observations(Scored(
        id="1", instrument=id, version=one.version, state="completed", status=columns["status"],
        total=columns["total"], band=columns["band"], above=columns["above_cutoff"],
        parts=columns["subscales"], at=NOW, patient=PATIENT, sheet=SHEET, content=one,
    ))[0]  # fmt: skip

    words, _, cutoff = total["interpretation"][-1]["text"].partition(" (")
    assert words == said and cutoff.startswith(one.cutoffs[0].signs)


@pytest.mark.parametrize(
    ("answer", "said"), [(50, "in the clinical range"), (0, "not in the clinical range")]
)
def test_a_part_has_a_verdict_by_a_cut_off_of_its_own(answer, said):
    one = EVERY["cbi"].content
    columns = scored.columns(one, {item.key: answer for item in one.items}, {})
    made = observations(Scored(
        id=str(uuid.UUID(int=1)), instrument="cbi", version=one.version, state="completed",
        status=columns["status"], total=None, band="", above=None, parts=columns["subscales"],
        at=NOW, patient=PATIENT, sheet=SHEET, content=one,
    ))  # fmt: skip

    texts = [each["interpretation"][-1]["text"] for each in made]
    assert [text.partition(" (")[0] for text in texts] == [said] * 3
    assert all("(>= 50; human service workers" in text for text in texts)


def test_a_response_says_in_which_language_it_was_given():
    said = response(Filled(
        id="1", instrument="phq-9", version=1, language="de", answers={"1": 1}, facts={},
        answered_at=NOW, patient=PATIENT, by_client=True, filed=EVERY["phq-9"],
    ))  # fmt: skip

    assert QuestionnaireResponse.model_validate(said).language == "de"
