"""Handing a client's record over. Checked and audited like every change."""

import io
import json
import secrets
import zipfile
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone, translation

from rapport import __version__
from rapport.core import time as clock
from rapport.core.action import action

from ..clients.models import Client
from ..practice import queries as practice
from .parts import PARTS, WITHOUT
from .record import Section, collected

FORMAT = "rapport-record"
VERSION = 1


@dataclass(frozen=True)
class Export:
    """A ZIP file, and a name for it that says nothing of the client."""

    name: str
    content: bytes


@action("client.export")
def export(*, by: Any, client: Client, now: datetime) -> Export:
    """Everything kept about ``client``: ``record.html`` to read, ``record.json`` to take along.

    Raises:
        Destroyed: the client's key was destroyed; there is nothing left to read.
        Tampered: something was changed behind Rapport's back; ``rapport verify`` names it.
    """
    sections = collected(by=by, client=client)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("record.html", _page(sections, client, now))
        archive.writestr("record.json", _document(sections, now))
    return Export(f"rapport-export-{secrets.token_hex(8)}.zip", held.getvalue())


def _document(sections: list[Section], now: datetime) -> str:
    here = practice.current()
    told: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "made_at": now.isoformat(),
        "made_with": f"Rapport {__version__}",
        "practice": {"name": here.name, "time_zone": here.time_zone} if here else None,
    }
    for one in sections:
        told[one.part.name] = one.plain[0] if one.part.name == "client" else one.plain
    with translation.override("en"):
        told["left_out"] = {
            f"{part.name}.{name}": str(why) for part in PARTS for name, why in part.left_out.items()
        } | {model: str(why) for model, why in WITHOUT.items()}
        return json.dumps(told, ensure_ascii=False, indent=1)


def _page(sections: list[Section], client: Client, now: datetime) -> str:
    context = {
        "client": client,
        "practice": practice.current(),
        "made_at": now,
        "sections": sections,
        "language": translation.get_language() or "en",
        "direction": "rtl" if translation.get_language_bidi() else "ltr",
    }
    with timezone.override(clock.zone()):
        return render_to_string("people/record.html", context)
