"""A score as FHIR R4 ``Observation``: the total, and each part by itself."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rapport.progress.fhir import codes
from rapport.progress.fhir.codes import Json
from rapport.progress.measures import scored
from rapport.progress.measures.published import signs_of
from rapport.progress.measures.questionnaire import Instrument
from rapport.progress.measures.scales import Scale

STATUS = {"completed": "final", "amended": "amended", "entered-in-error": "entered-in-error"}
PRORATED = "prorated"
WAYS = {"sum": "Sum", "mean": "Mean", "count": "Number of items that count",
        "mean-of-parts": "Mean of the means of the parts"}  # fmt: skip
SURVEY = {"system": f"{codes.TERMS}observation-category", "code": "survey", "display": "Survey"}
POINTS = {"unit": "{score}", "system": codes.UCUM, "code": "{score}"}


@dataclass(frozen=True, kw_only=True)
class Scored:
    """What observations are made of.

    Attributes:
        state: of the response, see ``response.Filled``.
        status, total, band, above: as the score has them.
        parts: by subscale, each with ``status``, ``total``, ``total_rounded`` and
            ``band``.
        patient, sheet: references. informant: one to whoever answered, if not the client.
    """

    id: str
    instrument: str
    version: int
    state: str
    status: str
    total: float | None
    band: str
    above: bool | None
    parts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    at: datetime
    patient: str
    sheet: str
    informant: str = ""
    content: Instrument | None = None
    named: Mapping[str, str] = field(default_factory=dict)  # bands in words that may leave


def observations(one: Scored) -> list[Json]:
    """The total first, where the form has one, then its parts."""
    scale = one.content.score.total if one.content else None
    found = []
    if one.content is None or one.content.key.total.items:
        found.append(_observation(one, "", scale, one.status, one.total, one.band))
    for name, part in one.parts.items():
        of = one.content.score.subscales.get(name) if one.content else None
        found.append(_observation(one, name, of, part["status"], part["total"], part["band"]))
    return found


def id_of(one: Scored, part: str) -> str:
    """The observation's id: the score's own, and one made of it for each part."""
    return str(uuid.uuid5(uuid.UUID(one.id), part)) if part else one.id


def _observation(
    one: Scored, part: str, scale: Scale | None, status: str, total: float | None, band: str
) -> Json:
    made: Json = {
        "resourceType": "Observation",
        "id": id_of(one, part),
        "status": STATUS[one.state],
        "category": [{"coding": [SURVEY]}],
        "code": _code(one, part, scale),
        "subject": {"reference": one.patient},
        "effectiveDateTime": one.at.isoformat(timespec="seconds"),
        "derivedFrom": [{"reference": one.sheet}],
        "method": {"text": _method(one, scale, status)},
    }
    if one.informant:
        made["performer"] = [{"reference": one.informant}]
    if total is None:
        reason = {"system": f"{codes.TERMS}data-absent-reason", "code": "unknown",
                  "display": "Unknown"}  # fmt: skip
        made["dataAbsentReason"] = {"coding": [reason], "text": "too many items have no answer"}
    else:
        made["valueQuantity"] = {"value": round(total, 10), **POINTS}
    if said := _interpretation(one, part, scale, band):
        made["interpretation"] = said
    if status.lower() == PRORATED:
        made["note"] = [{"text": "Prorated: filled up from the items that were answered."}]
    return made


def _code(one: Scored, part: str, scale: Scale | None) -> Json:
    short = one.content.short if one.content else one.instrument
    ours = {"system": codes.url(one.instrument), "code": codes.score_link(part)}
    known = [codes.loinc(scale.loinc)] if scale and scale.loinc else []
    return {"coding": [*known, ours], "text": f"{short}: {part}" if part else f"{short} total"}


def _method(one: Scored, scale: Scale | None, status: str) -> str:
    """How the number came about, so that nobody need guess."""
    said = f"{one.instrument}, version {one.version}"
    if scale is not None and one.content is not None:
        part = one.content.score.sum_of(scale)
        least, most = one.content.key.span(part)
        said += f": {WAYS[scale.method]} of {len(part.items)} items"
        said += f" times {scale.times}" if scale.times != 1 else ""
        said += f", {least} to {most}"
    return f"{said}; {status.lower().replace('_', ' ')}"


def _interpretation(one: Scored, part: str, scale: Scale | None, band: str) -> list[Json]:
    found: list[Json] = []
    of: Instrument | Scale | None
    if band:
        coding = {"system": f"{codes.url(one.instrument)}:bands", "code": band}
        found.append({"coding": [coding], "text": one.named.get(band, band)})
    above, of = one.above, one.content
    if part:
        known = one.content is not None and scale is not None
        above = scored.above(one.content, part, one.parts[part]["total_rounded"]) if known else None
        of = scale
    if above is not None:
        inside, outside = "in the clinical range", "not in the clinical range"
        by = signs_of(of.cutoffs) if of else ""
        said = inside if above else outside
        found.append({"text": f"{said} ({by})" if by else said})
    return found
