"""A library file as an FHIR R4 ``Questionnaire`` that scores itself."""

from django.utils.translation import gettext as _

from rapport.core.library import Item as Filed
from rapport.progress.fhir import codes
from rapport.progress.fhir.codes import Json
from rapport.progress.fhir.formulas import Formulas
from rapport.progress.measures.questionnaire import Instrument, InstrumentWords, Item
from rapport.progress.measures.scales import GateOf, Scale
from rapport.science.key import YES_OR_NO

RADIO = {"system": "http://hl7.org/fhir/questionnaire-item-control", "code": "radio-button"}


def questionnaire(filed: Filed[Instrument], language: str = "en") -> Json:
    """The form itself: questions, answers with their points, skipping, totals.

    Where nobody but the holder of the rights may pass the words on, the questions stand
    without any: their numbers, answers as numbers, and the scoring, which is a fact.

    Args:
        language: of the words, where they are there in several.
    """
    one = filed.content
    spoken, words = codes.words_of(filed, language)
    formulas = Formulas(one)
    items = [_question(formulas, item, words) for item in one.items]
    known = _facts(one)
    made: Json = {
        "resourceType": "Questionnaire",
        "id": codes.id_of(one.id, f"v{one.version}", *([spoken] if spoken else [])),
        "url": codes.url(one.id),
        "version": str(one.version),
        "name": _name(one.id),
        "title": words.title if words else f"{one.title} ({one.short})",
        "status": "active",
        "subjectType": ["Patient"],
        "publisher": one.licence.rights_holder,
        "purpose": f"{one.measures}, {one.period}",
        "copyright": " ".join(filter(None, (one.licence.attribution, one.licence.text))),
        "item": [*_intro(words), *known, *items, *_totals(formulas, words)],
    }
    if one.loinc:
        made["code"] = [codes.loinc(one.loinc, one.title)]
    if spoken:
        made["language"] = spoken
    return made


def _name(id: str) -> str:
    """A name that a program can use: Phq9."""
    letters = "".join(part.capitalize() for part in id.replace(".", "-").split("-"))
    return letters if letters[:1].isalpha() else f"Q{letters}"


def _intro(words: InstrumentWords | None) -> list[Json]:
    return [{"linkId": "intro", "type": "display", "text": words.intro}] if words else []


def _facts(one: Instrument) -> list[Json]:
    """What decides whether a question is for somebody, asked first."""
    return [
        {"linkId": f"{codes.FACT}-{gate.fact}", "type": "choice", "text": gate.fact,
         "answerOption": [{"valueCoding": fact_coding(gate.fact, said)} for said in _said(gate)]}
        for gate in {gate.fact: gate for gate in one.gates}.values()
    ]  # fmt: skip


def _said(gate: GateOf) -> list[str]:
    opposite = [one for one in YES_OR_NO.values() if gate.is_ in YES_OR_NO.values()]
    return list(dict.fromkeys([gate.is_, *gate.otherwise, *opposite]))


def fact_coding(fact: str, said: str) -> Json:
    """A fact's value."""
    return {"system": f"{codes.OURS}fact:{fact}", "code": said, "display": said}


def _question(formulas: Formulas, item: Item, words: InstrumentWords | None) -> Json:
    one = formulas.one
    made: Json = {"linkId": item.key, "prefix": item.key}
    if words:
        made["text"] = words.items[item.key]
    if item.loinc:
        made["code"] = [codes.loinc(item.loinc)]
    if codes.counted(item):
        made |= {"type": "integer", "extension": [
            {"url": f"{codes.STRUCTURES}minValue", "valueInteger": 0},
            {"url": f"{codes.STRUCTURES}maxValue", "valueInteger": item.up_to},
        ]}  # fmt: skip
    else:
        made |= {"type": "choice", "answerOption": _options(one, item, words)}
        made["extension"] = [{"url": f"{codes.STRUCTURES}questionnaire-itemControl",
                              "valueCodeableConcept": {"coding": [RADIO]}}]  # fmt: skip
    when = _asked_when(formulas, item.key)
    both = [*made.get("extension", []), *when.get("extension", [])]
    return made | when | ({"extension": both} if both else {})


def _options(one: Instrument, item: Item, words: InstrumentWords | None) -> list[Json]:
    """Answers with their points as they count: a reversed question's are turned already."""
    points = one.key.points[item.key]
    found = []
    for value in one.values_of(item):
        coding = codes.coding(one, item, value, words)
        weight = {"url": f"{codes.STRUCTURES}ordinalValue", "valueDecimal": points[value]}
        found.append({"valueCoding": {"extension": [weight], **coding}})
    if item.may_not_apply:
        found.append({"valueCoding": codes.coding(one, item, codes.NOT_APPLICABLE, words)})
    return found


def _asked_when(formulas: Formulas, key: str) -> Json:
    """The condition on a question: in plain FHIR where that can say it, else as FHIRPath."""
    one = formulas.one
    skips = [skip for skip in one.skips if key in skip.items]
    gates = [gate for gate in one.gates if key in gate.items]
    if not skips and not gates:
        return {}
    fails = [[(rule.item, rule) for rule in skip.rules] for skip in skips]
    if len(skips) + len(gates) > 1 or any(len(one) > 1 for one in fails):
        url = f"{codes.SDC}enableWhenExpression"
        said = {"language": "text/fhirpath", "expression": formulas.shown(key)}
        return {"extension": [{"url": url, "valueExpression": said}]}
    if gates:
        gate = gates[0]
        unless = [(f"{codes.FACT}-{gate.fact}", fact_coding(gate.fact, gate.is_))]
    else:
        item, rule = fails[0][0]
        question = formulas.items[item]
        values = [v for v in one.values_of(question) if rule.holds({item: v})]
        unless = [(item, codes.coding(one, question, value, None)) for value in values]
    when: Json = {
        "enableWhen": [
            {"question": question, "operator": "!=", "answerCoding": coding}
            for question, coding in unless
        ]
    }
    return when | ({"enableBehavior": "all"} if len(unless) > 1 else {})


def _totals(formulas: Formulas, words: InstrumentWords | None) -> list[Json]:
    one = formulas.one
    found = []
    for name, part in one.score.subscales.items():
        text = words.subscales.get(name, name) if words else name
        found.append(_total(formulas, codes.score_link(name), text, part))
    if one.key.total.items:
        text = _("Total") if words else one.short
        found.append(_total(formulas, codes.score_link(), text, one.score.total))
    return found


def _total(formulas: Formulas, link: str, text: str, part: Scale) -> Json:
    expression = formulas.total(formulas.one.score.sum_of(part))
    url = f"{codes.SDC}calculatedExpression"
    said = {"language": "text/fhirpath", "expression": expression}
    made: Json = {
        "linkId": link, "type": "decimal", "text": text, "readOnly": True,
        "extension": [{"url": url, "valueExpression": said}],
    }  # fmt: skip
    return made | ({"code": [codes.loinc(part.loinc)]} if part.loinc else {})
