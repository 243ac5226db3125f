"""Opening every sealed thing once: what was altered, moved, removed, or lost its key."""

import hmac
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models

from rapport.core.audit.models import AuditEntry
from rapport.core.verify import Problem, verifies

from .models import Certificate, DataKey
from .sealing import Destroyed, Tampered
from .shelf import REMOVED
from .text import SealedText, sealed_fields

CHUNK = 500
NAMELESS = "None"  # what early trails hold where a removed row was named after its removal


def _walk(model: type[models.Model]) -> Iterator[list[Any]]:
    """All rows by primary key in bounded chunks, each its own short read."""
    rows = model._base_manager.order_by("pk")
    chunk = list(rows[:CHUNK])
    while chunk:
        yield chunk
        chunk = list(rows.filter(pk__gt=chunk[-1].pk)[:CHUNK])


@verifies("data keys")
def data_keys() -> Iterator[Problem]:
    """Every data key unwraps, or a genuine certificate tells of its destruction."""
    certified, last = set(), 0
    for chunk in _walk(Certificate):
        for certificate in chunk:
            if certificate.number != last + 1:
                yield Problem("removed", f"certificate {last + 1}")
            if not hmac.compare_digest(bytes(certificate.mac), certificate.expected_mac()):
                yield Problem("changed or inserted", str(certificate))
            else:
                certified.add(certificate.data_key)
            last = certificate.number
    for chunk in _walk(DataKey):
        for key in chunk:
            yield from _data_key(key, certified)


def _data_key(key: DataKey, certified: set[Any]) -> Iterator[Problem]:
    try:
        key.secret()
    except Destroyed:
        if key.pk not in certified:
            yield Problem("removed", str(key), "there is no certificate")
    except Tampered:
        yield Problem("changed or exchanged", str(key))


@verifies("sealed fields")
def every_sealed_field() -> Iterator[Problem]:
    """Every ciphertext opens in its own place."""
    fields: dict[type[models.Model], list[SealedText]] = defaultdict(list)
    for model, field in sealed_fields():
        fields[model].append(field)
    for model, sealed in fields.items():
        for chunk in _walk(model):
            for path in {field.key_path for field in sealed}:
                _fetch(chunk, path.split("."))
            for row in chunk:
                for field in sealed:
                    yield from _opens(row, field)


def _fetch(rows: list[Any], path: list[str]) -> None:
    """Put the related rows along ``path`` on every row, a query a step; missing ones stay off.

    Not ``select_related``: its inner join would hide a row whose key was removed.
    """
    for step in path:
        relation: Any = rows[0]._meta.get_field(step) if rows else None
        wanted = {getattr(row, relation.attname) for row in rows} if rows else set()
        found = relation.related_model._base_manager.in_bulk(wanted) if rows else {}
        for row in rows:
            if (target := found.get(getattr(row, relation.attname))) is not None:
                setattr(row, step, target)
        rows = list(found.values())


def _opens(row: models.Model, field: SealedText) -> Iterator[Problem]:
    where = f"{row._meta.label_lower} {row.pk} {field.name}"
    try:
        getattr(row, field.attname)
    except Destroyed:
        return  # the check of data keys asks for the certificate
    except models.ObjectDoesNotExist:
        yield Problem("key removed", where)
    except (Tampered, ValueError):
        yield Problem("changed, removed or exchanged", where)


@verifies("sealed rows")
def rows_the_trail_names() -> Iterator[Problem]:
    """Every row that the trail names is there, or was removed by an action.

    So it is with rows that have sealed fields, and with models that say ``never_removed``.
    """
    sealed = {model._meta.label_lower: model for model, _field in sealed_fields()}
    kept = (model for model in apps.get_models() if getattr(model, "never_removed", False))
    sealed |= {model._meta.label_lower: model for model in kept}
    named: dict[str, set[str]] = defaultdict(set)
    gone: dict[str, set[str]] = defaultdict(set)
    entries = AuditEntry.objects.filter(allowed=True).order_by("number")
    for verb, subject in entries.values_list("verb", "subject").iterator(chunk_size=2000):
        for label, pk in subject:
            if label in sealed and pk != NAMELESS:
                (gone if verb.endswith(REMOVED) else named)[label].add(pk)
    for label, pks in sorted(named.items()):
        yield from _missing(sealed[label], sorted(pks - gone[label]))


def _missing(model: type[models.Model], pks: list[str]) -> Iterator[Problem]:
    for start in range(0, len(pks), CHUNK):
        some = pks[start : start + CHUNK]
        there = model._base_manager.filter(pk__in=some).values_list("pk", flat=True)
        for pk in sorted(set(some) - {str(pk) for pk in there}):
            yield Problem("removed", f"{model._meta.label_lower} {pk}")
