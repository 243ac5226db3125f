"""Gathering a client's record, as far as ``by`` may see it."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db import models

from rapport.core.models import AuditEntry

from ..clients.models import Client
from ..staff.models import Staff
from . import decided

Row = dict[str, Any]


def record(*, by: Any, client: Client, now: datetime) -> Row:
    """Everything an export says, in the order of ``docs/reference/export.md``.

    Args:
        client: loaded in the scope of ``by``. now: the caller's clock, aware.
    """
    return {
        "format": decided.FORMAT,
        "version": decided.VERSION,
        "exported_at": now.isoformat(),
        "client": _row(client, decided.CLIENT),
        **{name: list(_part(name, by, client)) for name in decided.PARTS},
        "looks": list(_looks(client)),
    }


def _part(name: str, by: Any, client: Client) -> Iterator[Row]:
    model, fields = decided.PARTS[name]
    linked = [f for f in fields if isinstance(model._meta.get_field(f), models.ForeignKey)]
    rows = model._default_manager.filter(client=client).select_related(*linked).order_by("pk")
    if "member" in linked:
        rows = rows.filter(member__in=Client.objects.visible_to(by).values("pk"))
    for row in rows:
        setattr(row, "client", client)  # noqa: B010  its data key is loaded already; rows vary
        yield _row(row, fields)


def _looks(client: Client) -> Iterator[Row]:
    entries = AuditEntry.objects.filter(about=client.pk).order_by("number")
    names = {
        str(account): name for account, name in Staff.objects.values_list("account", "display_name")
    }
    for entry in entries.iterator(chunk_size=2000):
        yield _row(entry, decided.LOOKS) | {"by": {"id": entry.by, "name": names.get(entry.by, "")}}


def _row(row: models.Model, fields: tuple[str, ...]) -> Row:
    return {name: _value(getattr(row, name)) for name in fields}


def _value(value: Any) -> Any:
    if isinstance(value, models.Model):
        return {"id": str(value.pk), "name": _called(value)}
    if isinstance(value, date):  # a datetime is a date
        return value.isoformat()
    if value is None or isinstance(value, bool | int | str | list):
        return value
    return str(value)


def _called(row: Any) -> str:
    return str(row.display_name if isinstance(row, Staff) else row.name)
