"""Opening every sealed thing once: what was altered, moved, or lost its key."""

from collections.abc import Iterator

from django.db import models

from rapport.core.verify import Problem, verifies

from .models import Certificate, DataKey
from .sealing import Destroyed, Tampered
from .text import SealedText, sealed_fields


@verifies("data keys")
def data_keys() -> Iterator[Problem]:
    """Every data key unwraps, or has a certificate of its destruction."""
    certified = set(Certificate.objects.values_list("data_key", flat=True))
    for key in DataKey.objects.order_by("pk").iterator(chunk_size=500):
        try:
            key.secret()
        except Destroyed:
            if key.pk not in certified:
                yield Problem("removed", str(key), "there is no certificate")
        except Tampered:
            yield Problem("changed", str(key))


@verifies("sealed fields")
def every_sealed_field() -> Iterator[Problem]:
    """Every ciphertext opens in its own place."""
    for model, field in sealed_fields():
        yield from _of(model, field)


def _of(model: type[models.Model], field: SealedText) -> Iterator[Problem]:
    path = field.key_path.replace(".", "__")
    rows = model._base_manager.select_related(path).order_by("pk")
    for row in rows.iterator(chunk_size=500):
        try:
            getattr(row, field.attname)
        except Destroyed:
            continue  # the data key check asks for the certificate
        except (Tampered, ValueError):
            yield Problem(
                "changed or exchanged", f"{model._meta.label_lower} {row.pk} {field.name}"
            )
