"""The names FHIR gives to things, and ours for what has none there."""

from typing import Any

from rapport.core.library import Item as Filed
from rapport.progress.measures.questionnaire import Instrument, InstrumentWords, Item

LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
STRUCTURES = "http://hl7.org/fhir/StructureDefinition/"
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"
TERMS = "http://terminology.hl7.org/CodeSystem/"
OURS = "urn:rapport:"
FREE = ("A", "OWN", "FACTS")
"""Licence classes whose words anybody may pass on."""

NOT_APPLICABLE = "n/a"
SCORE = "score"  # begins the linkId of a total
FACT = "fact"  # begins the linkId of what is known besides the answers

Json = dict[str, Any]


def url(id: str) -> str:
    """What a questionnaire is called in every practice."""
    return f"{OURS}questionnaire:{id}"


def canonical(id: str, version: int) -> str:
    """The same of one version, as a response names it."""
    return f"{url(id)}|{version}"


def id_of(*parts: str) -> str:
    """An id as FHIR takes them: 64 characters at most."""
    return "-".join(parts)[:64]


def score_link(part: str = "") -> str:
    """The linkId of the total, or of the part of this name."""
    return f"{SCORE}-{part}" if part else SCORE


def loinc(code: str, display: str = "") -> Json:
    """A LOINC coding."""
    return {"system": LOINC, "code": code} | ({"display": display} if display else {})


def words_of(filed: Filed[Instrument], language: str = "en") -> tuple[str, InstrumentWords | None]:
    """Language and words that may leave, ``language`` if there is a choice; else nothing."""
    every = {
        name: words
        for name, words in filed.words.items()
        if words.licence.class_ in FREE and filed.content.licence.class_ in FREE
    }
    for name in (language, language.split("-")[0], "en", *every):
        if name in every:
            return name, every[name]
    return "", None


def coding(one: Instrument, item: Item, value: int | str, words: InstrumentWords | None) -> Json:
    """An answer: by LOINC where the file knows its code, else by its number on the form."""
    if value == NOT_APPLICABLE:
        return {"system": f"{TERMS}data-absent-reason", "code": "not-applicable",
                "display": "Not Applicable"}  # fmt: skip
    text = words.labels.get(item.labels, {}).get(str(value), "") if words else ""
    code = code_of(one, item, value)
    if code != str(value):
        return loinc(code, text)
    system = f"{OURS}answers:{one.id}:{item.labels}"
    return {"system": system, "code": code} | ({"display": text} if text else {})


def code_of(one: Instrument, item: Item, value: int | str) -> str:
    """The code alone."""
    if value == NOT_APPLICABLE:
        return "not-applicable"
    scale = not item.values and not item.up_to and item.labels == "scale"
    if scale and one.loinc_answers and value in one.values:
        return one.loinc_answers[one.values.index(int(value))]
    return str(value)


def counted(item: Item) -> bool:
    """Whether it is answered with a number of its own, not by choosing."""
    return bool(item.up_to) and not item.counts and not item.reverse
