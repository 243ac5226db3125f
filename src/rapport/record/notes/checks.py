"""Finding signed notes that were changed, exchanged, unsigned or removed behind our back."""

import hmac
from collections.abc import Callable, Iterator
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import QuerySet

from rapport.core.audit.models import AuditEntry
from rapport.core.vault import Destroyed, Tampered
from rapport.core.verify import Problem, verifies

from . import seals
from .models import Addendum, Note

CHUNK = 200
REMOVED = ".removed"
SEALS = {seals.NOTE_SEALED: "record.note", seals.ADDENDUM_SEALED: "record.addendum"}
Row = Note | Addendum


@verifies("notes")
def signed_notes() -> Iterator[Problem]:
    """Every signed note and every addition to one says what was signed, and none is missing."""
    told = _told()
    yield from _each("record.note", Note.objects.all(), told["record.note"], seals.of_note)
    rows = Addendum.objects.prefetch_related("note")
    yield from _each("record.addendum", rows, told["record.addendum"], seals.of_addendum)


def _told() -> dict[str, dict[str, str]]:
    """The digest of each seal by the trail's last word, without what was rightly removed."""
    found: dict[str, dict[str, str]] = {label: {} for label in SEALS.values()}
    verbs = [*SEALS, *(f"{label}{REMOVED}" for label in found)]
    entries = AuditEntry.objects.filter(allowed=True, verb__in=verbs).order_by("number")
    for verb, subject in entries.values_list("verb", "subject").iterator(chunk_size=2000):
        said = dict(subject)
        if verb in SEALS:
            found[SEALS[verb]][said[SEALS[verb]]] = said["seal"]
        else:
            found[verb.removesuffix(REMOVED)].pop(said[verb.removesuffix(REMOVED)], None)
    return found


def _each(
    label: str, rows: QuerySet[Any], told: dict[str, str], expected: Callable[[Any], bytes]
) -> Iterator[Problem]:
    ordered = rows.prefetch_related("client__data_key").order_by("pk")
    chunk = list(ordered[:CHUNK])
    while chunk:
        for row in chunk:
            said = told.pop(str(row.pk), None)
            if kind := _wrong(row, said, expected):
                yield Problem(kind, f"{label} {row.pk}")
        chunk = list(ordered.filter(pk__gt=chunk[-1].pk)[:CHUNK])
    for pk in sorted(told):
        yield Problem("removed", f"{label} {pk}", "it was signed")


def _wrong(row: Row, said: str | None, expected: Callable[[Any], bytes]) -> str:
    """What is wrong with a row, in a word or two; empty if it is as it was signed."""
    if isinstance(row, Note) and row.state != Note.State.SIGNED:
        return "signature removed" if said else ""
    if said is None:
        return "signed behind our back"
    if not hmac.compare_digest(seals.digest(row.seal or b""), said):
        return "seal exchanged"
    try:
        fits = hmac.compare_digest(expected(row), bytes(row.seal or b""))
    except Destroyed:
        return ""  # the check of data keys asks for the certificate
    except (Tampered, ObjectDoesNotExist, ValueError, TypeError):
        return "changed, removed or exchanged"
    return "" if fits else "changed since it was signed"
