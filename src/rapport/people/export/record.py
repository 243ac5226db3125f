"""Collecting a record: each row twice, as a program reads it and as a person does."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Field, Model
from django.utils import formats
from django.utils.translation import gettext as _

from rapport.core import policy
from rapport.core import time as clock

from ..clients.models import Client
from ..staff.models import Staff
from . import words
from .parts import PARTS, Part

NAMED = {"people.staff": "display_name", "people.place": "name", "people.account": "email",
         "contact.source": "name", "contact.referrer": "name"}  # fmt: skip
"""What stands beside the id of somebody or something the record only refers to."""


@dataclass(frozen=True)
class Section:
    """One part of a client's record."""

    part: Part
    plain: list[dict[str, Any]]
    shown: list[list[tuple[str, str]]]


def collected(*, by: Any, client: Client) -> list[Section]:
    """Every part, in order, with all rows of the client."""
    accounts = Staff.objects.values_list("account", "display_name")
    people = {str(account): name for account, name in accounts}
    return [_section(part, by, client, people) for part in PARTS]


def _section(part: Part, by: Any, client: Client, people: dict[str, str]) -> Section:
    section = Section(part, [], [])
    links = [f.name for f in part.fields() if f.many_to_one or f.one_to_one]
    rows = part.table._default_manager.filter(**{part.to_client: client.pk}, **part.only)
    for row in rows.select_related(*links).order_by(*part.order):
        if part.to_client == "client":
            row.client = client  # type: ignore[attr-defined]  # its data key is loaded already
        plain = {one.name: _plain(row, one, by) for one in part.fields()}
        if "by" in plain and part.model == "core.AuditEntry":
            plain["by"] = {"id": plain["by"], "name": people.get(plain["by"], "")}
        section.plain.append(plain)
        section.shown.append(_shown(row, part, plain))
    return section


def _plain(row: Model, one: "Field[Any, Any]", by: Any) -> Any:
    if one.many_to_many:
        return [str(pk) for pk in getattr(row, one.name).values_list("pk", flat=True)]
    value = getattr(row, one.name)
    if isinstance(value, Client):
        return _other(value, by)
    if isinstance(value, Model):
        named = NAMED.get(value._meta.label_lower)
        return {"id": str(value.pk)} | ({"name": getattr(value, named)} if named else {})
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return str(value) if isinstance(value, uuid.UUID) else value


def _other(client: Client, by: Any) -> dict[str, str]:
    """A client as far as ``by`` may know of them."""
    seen = Client.objects.visible_to(by).filter(pk=client.pk).exists()
    return {"id": str(client.pk)} | ({"name": client.legal_name} if seen else {})


def _shown(row: Model, part: Part, plain: dict[str, Any]) -> list[tuple[str, str]]:
    said = [(name, _said(row, name, value)) for name, value in plain.items()]
    ours = {"id", part.to_client}
    return [(words.of(name), text) for name, text in said if text and name not in ours]


def _said(row: Model, name: str, value: Any) -> str:
    """A value as a person reads it; empty when there is nothing to say."""
    if isinstance(value, dict):
        if "id" in value:
            return str(value.get("name") or value["id"])
        return "; ".join(f"{key}: {one}" for key, one in value.items())
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if name == "verb":
        return _verb(value)
    label, raw = getattr(row, f"get_{name}_display", None), getattr(row, name)
    if label is not None:
        return str(label())
    if isinstance(raw, datetime):
        return formats.date_format(clock.local(raw), "SHORT_DATETIME_FORMAT")
    if isinstance(raw, bytes | memoryview):
        return str(value)
    if isinstance(raw, date):
        return formats.date_format(raw, "DATE_FORMAT")
    if isinstance(raw, time):
        return formats.time_format(raw, "TIME_FORMAT")
    return "" if value is None else str(value)


def _verb(verb: str) -> str:
    """What was done, in the words of the policy."""
    found = {row.permission: str(row.words) for row in policy.table()}
    return found.get(verb, verb)
