"""Finding scores that do not follow from their answers, and alerts that answers call for."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.core.exceptions import ObjectDoesNotExist

from rapport.core.library import NotInLibrary
from rapport.core.vault import Destroyed, Tampered
from rapport.core.verify import Problem, verifies

from . import instruments, scored
from .models import Score, Sheet

BY_OTHERS = (Sheet.Source.INFORMANT, Sheet.Source.CLINICIAN)

CHUNK = 200


@verifies("scores")
def every_score_follows_from_its_answers() -> Iterator[Problem]:
    """Every sheet has the score its answers make, and the alerts its answers call for.

    Where the library has another version by now, only that there is a score.
    """
    near = Sheet.objects.select_related("score", "informant", "asked")
    rows = near.defer("asked__draft", "asked__calls")
    ordered = rows.prefetch_related("client__data_key", "alerts", "scores").order_by("pk")
    chunk = list(ordered[:CHUNK])
    while chunk:
        for sheet in chunk:
            yield from _wrong(sheet)
        chunk = list(ordered.filter(pk__gt=chunk[-1].pk)[:CHUNK])


def _wrong(sheet: Sheet) -> Iterator[Problem]:
    where = f"progress.sheet {sheet.pk}"
    try:
        score = sheet.score
    except ObjectDoesNotExist:
        yield Problem("score removed", where)
        return
    about = ("client_id", "instrument", "informant_id")
    if any(getattr(score, name) != getattr(sheet, name) for name in about):
        yield Problem("exchanged", f"progress.score {score.pk}", f"it is of {where}")
    if _is_anothers(sheet):
        yield Problem("exchanged", where, "whoever answered is another")
    content = _content(sheet)
    if content is None:
        return
    try:
        expected = scored.columns(content, sheet.answers, sheet.facts)
        called = {risk.raise_ for risk in content.risks if risk.rule.holds(sheet.answers)}
    except (Destroyed, Tampered, ObjectDoesNotExist, ValueError):
        return  # the checks of data keys and of sealed fields say so
    yield from _differing(score, expected | {"at": sheet.answered_at}, where)
    yield from _wrong_parts(sheet, scored.parts(content, expected), where)
    for rule in sorted(called - {alert.rule for alert in sheet.alerts.all()}):
        yield Problem("alert removed", where, rule)


def _differing(score: Score, expected: Mapping[str, Any], where: str) -> Iterator[Problem]:
    for name, value in expected.items():
        if getattr(score, name) != value and not (name == "findings" and score.findings is None):
            yield Problem("changed", f"progress.score {score.pk}", f"{name} of {where}")


def _wrong_parts(
    sheet: Sheet, expected: Iterable[Mapping[str, Any]], where: str
) -> Iterator[Problem]:
    there = {one.instrument: one for one in sheet.scores.all() if one.whole_id is None}
    for part in expected:
        score = there.pop(part["instrument"], None)
        if score is None:
            yield Problem("score removed", where, part["instrument"])
            continue
        if (score.client_id, score.informant_id) != (sheet.client_id, sheet.informant_id):
            yield Problem("exchanged", f"progress.score {score.pk}", f"it is of {where}")
        yield from _differing(score, {**part, "at": sheet.answered_at}, where)
    for score in there.values():
        yield Problem("score added", f"progress.score {score.pk}", f"{score.instrument} of {where}")


def _is_anothers(sheet: Sheet) -> bool:
    """Whether a sheet stands in a series in which it was not answered."""
    who, source = sheet.informant, sheet.source
    if sheet.asked is not None and sheet.asked.informant_id != sheet.informant_id:
        return True
    if who is None:
        return source in BY_OTHERS
    if source == Sheet.Source.CLIENT or who.client_id != sheet.client_id:
        return True
    return (who.rater_id is not None) is not (source == Sheet.Source.CLINICIAN)


def _content(sheet: Sheet) -> Any:
    """What the library says of the form in the version that was answered, or None."""
    try:
        content = instruments.find(sheet.instrument, sheet.version).content
    except NotInLibrary:
        return None
    return content if content.version == sheet.version else None
