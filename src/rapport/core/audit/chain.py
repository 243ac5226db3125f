"""The arithmetic of the chain: what a link covers and how it is keyed.

A link is HMAC-SHA256, not a plain hash: whoever can edit the table could recompute a
plain one. The key is derived from the practice key, which is not in the database.
"""

import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import UTC, datetime

GENESIS = bytes(32)


def covered(
    *,
    number: int,
    at: datetime,
    verb: str,
    by: str,
    allowed: bool,
    about: str,
    subject: Sequence[Sequence[str]],
    origin: str,
    key_version: int,
) -> bytes:
    """Everything an entry says, as canonical bytes."""
    said = [
        number,
        at.astimezone(UTC).isoformat(timespec="microseconds"),
        verb,
        by,
        allowed,
        about,
        subject,  # hundreds of pairs; JSON writes a tuple and a list alike
        origin,
        key_version,
    ]
    return json.dumps(said, ensure_ascii=True, separators=(",", ":")).encode()


def link(key: bytes, before: bytes, said: bytes) -> bytes:
    """The MAC (32 bytes) of an entry that follows the link ``before``."""
    return hmac.new(key, before + said, hashlib.sha256).digest()
