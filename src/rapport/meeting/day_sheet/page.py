"""The file itself: a page that holds the sealed days, and what opens them in a browser.

The one page of ours with a script and a style inside it, because it has no server to ask. Its
own policy (CSP) names both by their digests and allows nothing else: no request leaves it.
"""

import base64
import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone, translation

from rapport.core import offline
from rapport.core import time as clock
from rapport.people.practice import queries as practices

from . import queries
from .models import DaySheet

_HERE = Path(__file__).parent
SCRIPT, STYLE = "opening.js", "look.css"
IDLE = 5
"""Minutes without a key or a touch after which the sheet locks itself."""


def made(*, by: Any, sheet: DaySheet, now: datetime) -> str:
    """The sheet of ``by`` as a page that its passphrase opens, in their language.

    Raises:
        KeyProblem: its key was changed.
    """
    practice = practices.current()
    language = by.language or (practice.locale if practice else "en")
    with translation.override(language), timezone.override(clock.zone()):
        days = queries.gathered(by=by, sheet=sheet, now=now)
        said = {
            "days": days, "sheet": sheet, "staff": by.staff, "practice": practice, "now": now,
            "full": sheet.names == DaySheet.Names.FULL, "zone": clock.zone().key,
        }  # fmt: skip
        inside = render_to_string("meeting/day_sheet_inside.html", said)
        closed = offline.close(
            inside, lock=sheet.lock(),
            said={"format": "rapport-day-sheet", "made_at": now.isoformat(timespec="seconds")},
        )  # fmt: skip
        return render_to_string("meeting/day_sheet.html", _outside(closed, now))


def _outside(closed: offline.Closed, now: datetime) -> dict[str, Any]:
    """What the page holds that is not sealed: nothing of anybody."""
    script, style = ((_HERE / name).read_text(encoding="utf-8") for name in (SCRIPT, STYLE))
    return {
        "script": script, "style": style, "script_hash": digest(script),
        "style_hash": digest(style), "made_at": now, "idle": IDLE,
        "header": base64.b64encode(closed.header).decode(),
        "body": base64.b64encode(closed.body).decode(),
        "language": translation.get_language() or "en",
        "direction": "rtl" if translation.get_language_bidi() else "ltr",
    }  # fmt: skip


def digest(text: str) -> str:
    """SHA-256 as a Content-Security-Policy names it."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
