"""Reading norm tables."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery

from .models import NormTable, NormVersion

MOST = 200


@dataclass(frozen=True)
class Listed:
    """A table and its newest version, released or not."""

    table: NormTable
    version: NormVersion


def get(*, by: Any, table_id: uuid.UUID) -> NormTable:
    """One table.

    Raises:
        NormTable.DoesNotExist: there is none.
    """
    return NormTable.objects.select_related("data_key").get(pk=table_id)


def listed(*, by: Any) -> list[Listed]:
    """Every table with its newest version, the latest first. One statement."""
    newest = NormVersion.objects.filter(table=OuterRef("table")).order_by("-number")
    rows = _rows(newest).order_by("-table__made_at", "pk")
    return [Listed(one.table, one) for one in rows[:MOST]]


def released(*, by: Any) -> list[NormVersion]:
    """What can be chosen: the newest released version of every table in use. One statement."""
    newest = NormVersion.objects.filter(table=OuterRef("table"), released_at__isnull=False)
    rows = _rows(newest.order_by("-number")).filter(table__retired_at=None)
    return list(rows.order_by("-table__made_at", "pk")[:MOST])


def in_use(*, by: Any, table_id: Any) -> NormVersion | None:
    """The newest released version of a table, or None; a retired one's, too."""
    rows = NormVersion.objects.filter(table=table_id, released_at__isnull=False)
    return rows.select_related("table__data_key").order_by("-number").first()


def versions(*, by: Any, table: NormTable) -> list[NormVersion]:
    """All versions of ``table``, the newest first."""
    found = list(table.versions.select_related("made_by___staff").order_by("-number")[:MOST])
    for one in found:
        one.table = table  # its key is loaded already
    return found


def _rows(newest: Any) -> Any:
    rows = NormVersion.objects.filter(pk=Subquery(newest.values("pk")[:1]))
    return rows.select_related("table__data_key").defer("content")
