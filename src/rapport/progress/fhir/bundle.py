"""Everything a client answered, as one FHIR R4 ``Bundle``. No name stands in it."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rapport.core.action import action
from rapport.core.library import Item as Filed
from rapport.core.library import NotInLibrary
from rapport.people.clients.models import Client
from rapport.progress.chosen import queries as chosen
from rapport.progress.chosen.rules import Chosen
from rapport.progress.fhir import codes
from rapport.progress.fhir.codes import Json
from rapport.progress.fhir.informant import informant, reference
from rapport.progress.fhir.observation import Scored, observations
from rapport.progress.fhir.questionnaire import questionnaire
from rapport.progress.fhir.response import Filled, response
from rapport.progress.measures import instruments
from rapport.progress.measures.judging import clinical_of
from rapport.progress.measures.models import Sheet
from rapport.progress.measures.questionnaire import Instrument

CHUNK = 200


@dataclass(frozen=True)
class Taken:
    """A file, and a name for it that says nothing of the client."""

    name: str
    content: bytes


@action("measure.export")
def hand_over(*, by: Any, client: Client, now: datetime) -> Taken:
    """The measures of ``client`` for another program, by care team and system.

    Raises:
        Destroyed: the client's key was destroyed; there is nothing left to read.
    """
    made = json.dumps(bundle(client=client, now=now), ensure_ascii=False, indent=1)
    return Taken(f"rapport-fhir-{secrets.token_hex(8)}.json", made.encode())


def bundle(*, client: Client, now: datetime) -> Json:
    """Patient without a name, who answered about them, the questionnaires, each sheet, each
    score."""
    patient = f"urn:uuid:{client.pk}"
    entries = [{"resourceType": "Patient", "id": str(client.pk), "active": True}]
    forms: dict[tuple[str, int], str] = {}
    others: dict[str, Json] = {}
    near = ("score", "replaces", "informant__person")
    rows = Sheet.objects.filter(client=client).select_related(*near)
    judges = chosen.every()
    for sheet in rows.order_by("answered_at", "pk").iterator(CHUNK):
        sheet.client = client  # its data key is loaded already
        filed = form_of(sheet, judges)
        if filed is not None:
            forms.setdefault((sheet.instrument, sheet.version), sheet.language)
        if sheet.informant is not None:
            others.setdefault(reference(sheet.informant), informant(sheet.informant, patient))
        entries.append(response(_filled(sheet, filed, patient)))
        if hasattr(sheet, "score"):
            entries += observations(_scored(sheet, filed, patient))
    shown = [
        questionnaire(instruments.get(id), language) for (id, _), language in sorted(forms.items())
    ]
    entries[1:1] = [*others.values(), *shown]
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": now.isoformat(timespec="seconds"),
        "entry": [{"fullUrl": _full_url(one), "resource": one} for one in entries],
    }


def form_of(sheet: Any, judges: Mapping[str, Chosen]) -> Filed[Instrument] | None:
    """The library's file as the practice judges by it, where it still has that version."""
    try:
        found = chosen.judged(instruments.get(sheet.instrument), judges)
    except NotInLibrary:
        return None
    return found if found.content.version == sheet.version else None


def _full_url(one: Json) -> str:
    if one["resourceType"] == "Questionnaire":
        return str(one["url"])
    return f"urn:uuid:{one['id']}"


def _state(sheet: Any) -> str:
    if sheet.replaced_by_id is not None:
        return "entered-in-error"
    return "amended" if hasattr(sheet, "replaces") else "completed"


def _filled(sheet: Any, filed: Filed[Instrument] | None, patient: str) -> Filled:
    return Filled(
        id=str(sheet.pk), instrument=sheet.instrument, version=sheet.version,
        language=sheet.language, answers=sheet.answers, facts=sheet.facts,
        answered_at=sheet.answered_at, patient=patient, state=_state(sheet), filed=filed,
        by_client=sheet.source == Sheet.Source.CLIENT, source=_informant(sheet),
        rated=sheet.source == Sheet.Source.CLINICIAN,
    )  # fmt: skip


def _informant(sheet: Any) -> str:
    return reference(sheet.informant) if sheet.informant is not None else ""


def _scored(sheet: Any, filed: Filed[Instrument] | None, patient: str) -> Scored:
    score = sheet.score
    _, words = codes.words_of(filed, sheet.language) if filed else ("", None)
    return Scored(
        id=str(score.pk), instrument=sheet.instrument, version=sheet.version,
        state=_state(sheet), status=score.status, total=score.total, band=score.band,
        above=clinical_of(filed.content, score, sheet.version) if filed else score.above_cutoff,
        parts=score.subscales, at=score.at, patient=patient,
        sheet=f"urn:uuid:{sheet.pk}", informant=_informant(sheet),
        content=filed.content if filed else None, named=words.bands if words else {},
    )  # fmt: skip
