"""Keeping the mail server's password and unsent links under the practice key."""

from typing import Any

from django.db import models

from rapport.core import practice
from rapport.core.keys import KeyProblem

PURPOSE = "mail"


class Changed(Exception):
    """A kept secret does not open: it was changed, or its key is gone."""


def keep(row: models.Model, field: str, secret: str) -> None:
    """Put ``secret`` into ``row.<field>`` and ``row.<field>_version``, bound to this row."""
    kept = practice.current().keyring.wrap(secret.encode(), purpose=PURPOSE, aad=_place(row, field))
    setattr(row, field, kept.blob)
    setattr(row, f"{field}_version", kept.version)


def opened(row: models.Model, field: str) -> str:
    """What was kept in ``row.<field>``; nothing if there is nothing.

    Raises:
        Changed: it does not open.
    """
    blob: Any = getattr(row, field)
    if blob is None:
        return ""
    version = getattr(row, f"{field}_version")
    try:
        return (
            practice.current()
            .keyring.unwrap(bytes(blob), purpose=PURPOSE, aad=_place(row, field), version=version)
            .decode()
        )
    except KeyProblem as problem:
        raise Changed(f"{row} was changed, or its key is gone") from problem


def _place(row: models.Model, field: str) -> bytes:
    return f"{row._meta.label_lower}.{field}|{row.pk}".encode()
