"""A sheet as an FHIR R4 ``QuestionnaireResponse``: what was answered, as it was answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rapport.core.library import Item as Filed
from rapport.progress.fhir import codes
from rapport.progress.fhir.codes import Json
from rapport.progress.fhir.questionnaire import fact_coding
from rapport.progress.measures.questionnaire import Instrument, Item
from rapport.science.key import YES_OR_NO


@dataclass(frozen=True, kw_only=True)
class Filled:
    """What a response is made of.

    Attributes:
        filed: the library's file of this version; None where there is none any more.
        patient: a reference to the client, such as ``urn:uuid:...``.
        state: ``completed``, ``amended`` for a correction, ``entered-in-error`` for what
            was corrected.
        by_client: the client answered.
        source: a reference to whoever else answered; empty where nobody did.
        rated: that one is a clinician who rated, and so wrote it, too.
    """

    id: str
    instrument: str
    version: int
    language: str
    answers: Mapping[str, Any]
    answered_at: datetime
    patient: str
    by_client: bool
    source: str = ""
    rated: bool = False
    state: str = "completed"
    facts: Mapping[str, Any] = field(default_factory=dict)
    filed: Filed[Instrument] | None = None


def response(one: Filled) -> Json:
    """The response. What was not answered is not in it: it is no zero."""
    made: Json = {
        "resourceType": "QuestionnaireResponse",
        "id": one.id,
        "questionnaire": codes.canonical(one.instrument, one.version),
        "language": one.language,
        "status": one.state,
        "subject": {"reference": one.patient},
        "authored": one.answered_at.isoformat(timespec="seconds"),
    }
    if source := one.source or (one.patient if one.by_client else ""):
        made["source"] = {"reference": source}
    if one.rated:
        made["author"] = {"reference": one.source}
    items = _known(one) + _answered(one)
    return made | ({"item": items} if items else {})


def _known(one: Filled) -> list[Json]:
    """The facts that questions hang on."""
    gates = {gate.fact: gate for gate in one.filed.content.gates} if one.filed else {}
    found = []
    for fact in gates:
        said = one.facts.get(fact)
        if said is not None:
            text = YES_OR_NO[said] if isinstance(said, bool) else str(said)
            answer = {"valueCoding": fact_coding(fact, text)}
            found.append({"linkId": f"{codes.FACT}-{fact}", "answer": [answer]})
    return found


def _answered(one: Filled) -> list[Json]:
    if one.filed is None:  # a form the library no longer has: numbers are all that is known
        given = {key: value for key, value in one.answers.items() if value is not None}
        return [{"linkId": key, "answer": [_bare(value)]} for key, value in given.items()]
    _, words = codes.words_of(one.filed, one.language)
    found = []
    for item in one.filed.content.items:
        value = one.answers.get(item.key)
        if value is not None:
            line: Json = {"linkId": item.key}
            line |= {"text": words.items[item.key]} if words else {}
            found.append(line | {"answer": [_answer(one.filed.content, item, value, words)]})
    return found


def _answer(one: Instrument, item: Item, value: Any, words: Any) -> Json:
    if codes.counted(item) and value != codes.NOT_APPLICABLE:
        return {"valueInteger": value}
    return {"valueCoding": codes.coding(one, item, value, words)}


def _bare(value: Any) -> Json:
    return {"valueInteger": value} if isinstance(value, int) else {"valueString": str(value)}
