"""Packing a record: a page to read and print, a file for programs, a word on both."""

import io
import json
import secrets
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils import formats, translation
from django.utils.translation import gettext as _

from rapport.core import time as clock
from rapport.core.models import AuditEntry

from ..clients.models import Client
from . import decided

Shown = list[tuple[str, str]]


@dataclass(frozen=True)
class Package:
    """A file to hand over. Its name says nothing of whom it is about."""

    name: str
    content: bytes = field(repr=False)


def pack(record: dict[str, Any]) -> Package:
    """A ZIP archive with record.html, record.json and README.txt, in the language spoken now."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("record.html", page(record))
        archive.writestr("record.json", json.dumps(record, ensure_ascii=False, indent=2))
        archive.writestr("README.txt", _readme(record))
    return Package(f"rapport-export-{secrets.token_hex(6)}.zip", held.getvalue())


def page(record: dict[str, Any]) -> str:
    """The record as a page of its own: no script, nothing fetched, ready for print."""
    models = {name: model for name, (model, _fields) in decided.PARTS.items()}
    models["looks"] = AuditEntry
    context = {
        "language": translation.get_language() or "en",
        "rtl": translation.get_language_bidi(),
        "name": record["client"]["preferred_name"] or record["client"]["legal_name"],
        "made": _instant(record["exported_at"]),
        "client": _shown(Client, record["client"]),
        "parts": [
            (words, [_shown(models[name], row) for row in record[name]])
            for name, words in decided.HEADINGS.items()
        ],
    }
    return render_to_string("people/record.html", context)


def _shown(model: Any, row: dict[str, Any]) -> Shown:
    """What a reader sees of a row: labels and words, without what is empty."""
    return [
        (str(decided.LABELS[name]), _words(model._meta.get_field(name), value))
        for name, value in row.items()
        if name in decided.LABELS and value not in (None, "", [])
    ]


def _words(column: Any, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return str(value["name"] or value["id"])
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if column.get_internal_type() == "DateField":
        return formats.date_format(date.fromisoformat(value))
    if column.get_internal_type() == "DateTimeField":
        return _instant(value)
    return str(dict(column.choices or ()).get(value, value))


def _instant(text: str) -> str:
    return formats.date_format(clock.local(datetime.fromisoformat(text)), "DATETIME_FORMAT")


def _readme(record: dict[str, Any]) -> str:
    lines = [
        _("This archive holds one client's record, as it stood when it was taken out."),
        _("record.html: to read and print; open it in any browser."),
        _("record.json: the same for other programs, format %(format)s, version %(version)s.")
        % record,
        _("It is not encrypted. Keep it where only those who may read it can, or delete it."),
    ]
    return "\n\n".join(lines) + "\n"
