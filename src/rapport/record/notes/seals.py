"""A signed note's seal: content, signers and times under a key that is made for this note.

The key lies in the row, sealed under the client's key: destroying that destroys it, and
changing the practice key leaves it as it is. The audit trail takes a digest of the seal,
never of the words.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from .models import Addendum, Note

Bytes = Any  # what a column of bytes gives: bytes on one database, a view of them on another
FORM = 1
NOTE_SEALED = "note.sealed"
ADDENDUM_SEALED = "addendum.sealed"


def new_key() -> str:
    """A fresh 256-bit key, in hex."""
    return secrets.token_hex(32)


def of_note(note: Note) -> bytes:
    """The HMAC-SHA256 (32 bytes) of all that a signed note says, under its own key."""
    return _mac(
        note.seal_key,
        {
            "form": FORM,
            "id": note.pk,
            "client": note.client_id,
            "author": note.author_id,
            "appointment": note.appointment_id,
            "kind": note.kind,
            "late": note.late,
            "template": [note.template, note.template_version],
            "happened_on": note.happened_on,
            "times": [note.started_at, note.ended_at],
            "sections": note.sections,
            "drawn_in": note.drawn_in,
            "signed_at": note.signed_at,
            "cosigned": [note.supervisor_id, note.cosigned_at],
        },
    )


def of_addendum(addendum: Addendum) -> bytes:
    """The HMAC-SHA256 of what was added, bound to the note's seal."""
    return _mac(
        addendum.seal_key,
        {
            "form": FORM,
            "id": addendum.pk,
            "note": addendum.note_id,
            "note_seal": bytes(addendum.note.seal or b"").hex(),
            "client": addendum.client_id,
            "author": addendum.author_id,
            "text": addendum.text,
            "signed_at": addendum.signed_at,
        },
    )


def digest(seal: Bytes) -> str:
    """What the trail holds of a seal: 64 hex digits."""
    return hashlib.sha256(bytes(seal)).hexdigest()


def grouped(seal: Bytes) -> str:
    """A seal as it is shown and printed: hex digits in groups of four."""
    code = bytes(seal).hex()
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def _mac(key: str, said: Mapping[str, Any]) -> bytes:
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), default=_plain)
    return hmac.new(bytes.fromhex(key), text.encode(), hashlib.sha256).digest()


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else str(value)
