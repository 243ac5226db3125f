"""Links in messages: each does one thing to one meeting at one time, and is signed for it.

A token names the message it stands in and what it does, under a key of the practice's. It is
stored nowhere. It opens nothing else, and nothing once the meeting has begun.
"""

import base64
import binascii
import hashlib
import hmac
import uuid
from dataclasses import dataclass

from rapport.core import practice
from rapport.core.keys import KeyProblem

from .models import Does

PURPOSE = "reminder links"
_CODES = {Does.CONFIRM: b"c", Does.CANCEL: b"x", Does.MOVE: b"m"}
_DOES = {code: does for does, code in _CODES.items()}
_MAC = 20  # bytes; 160 bits
_WHOLE = 2 + 1 + 16 + _MAC


@dataclass(frozen=True)
class Holder:
    """Whoever came with a link. Who that is nobody knows; the link is all they have."""

    delivery_id: uuid.UUID
    does: str

    is_system = False
    is_authenticated = False
    staff = None
    client = None

    @property
    def pk(self) -> str:
        """What the audit trail calls this actor."""
        return f"link:{self.delivery_id.hex}"


def path(delivery_id: uuid.UUID, does: str, language: str = "") -> str:
    """Where the link of a message that does ``does`` leads."""
    keyring = practice.current().keyring
    version = keyring.version
    said = version.to_bytes(2, "big") + _CODES[Does(does)] + delivery_id.bytes
    token = base64.urlsafe_b64encode(said + _mac(said, version)).decode().rstrip("=")
    return f"/a/{token}/" + (f"?in={language}" if language else "")


def holder(token: str) -> Holder | None:
    """Who holds ``token``; None for anything that was not signed here."""
    try:
        raw = base64.urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
        said, mac = raw[:-_MAC], raw[-_MAC:]
        if len(raw) != _WHOLE or not hmac.compare_digest(
            mac, _mac(said, int.from_bytes(said[:2], "big"))
        ):
            return None
    except (binascii.Error, UnicodeEncodeError, ValueError, KeyProblem):
        return None
    does = _DOES.get(said[2:3])
    return Holder(uuid.UUID(bytes=said[3:]), does) if does else None


def _mac(said: bytes, version: int) -> bytes:
    key = practice.current().keyring.derive(PURPOSE, version=version)
    return hmac.new(key, said, hashlib.sha256).digest()[:_MAC]
