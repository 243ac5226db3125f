"""Finding scores that do not follow from their answers, and alerts that answers call for."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ObjectDoesNotExist

from rapport.core.library import NotInLibrary
from rapport.core.vault import Destroyed, Tampered
from rapport.core.verify import Problem, verifies

from . import instruments, scored
from .models import Sheet

CHUNK = 200


@verifies("scores")
def every_score_follows_from_its_answers() -> Iterator[Problem]:
    """Every sheet has the score its answers make, and the alerts its answers call for.

    Where the library has another version by now, only that there is a score.
    """
    near = Sheet.objects.select_related("score").prefetch_related("client__data_key", "alerts")
    ordered = near.order_by("pk")
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
    content = _content(sheet)
    if content is None:
        return
    try:
        expected = scored.columns(content, sheet.answers, sheet.facts)
        called = {risk.raise_ for risk in content.risks if risk.rule.holds(sheet.answers)}
    except (Destroyed, Tampered, ObjectDoesNotExist, ValueError):
        return  # the checks of data keys and of sealed fields say so
    for name, value in expected.items():
        if getattr(score, name) != value:
            yield Problem("changed", f"progress.score {score.pk}", f"{name} of {where}")
    for rule in sorted(called - {alert.rule for alert in sheet.alerts.all()}):
        yield Problem("alert removed", where, rule)


def _content(sheet: Sheet) -> Any:
    """What the library says of the form in the version that was answered, or None."""
    try:
        content = instruments.find(sheet.instrument, sheet.version).content
    except NotInLibrary:
        return None
    return content if content.version == sheet.version else None
