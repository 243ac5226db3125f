"""The sealing itself: AES-256-GCM with associated data. Bytes in, bytes out.

Form: version (1 byte, 1) | data-key version (2, big-endian) | nonce (12) | ciphertext
with its 16-byte tag. The nonce is random: at 2**32 seals under one key the chance of a
repeat is 2**-33 (NIST SP 800-38D, 8.3), and a client's key seals far fewer.
"""

import hashlib
import hmac
import struct
import uuid
from dataclasses import dataclass, field

from rapport.core import practice
from rapport.core.keys import aead

FORM = 1
_HEAD = struct.Struct(">BH")


class Tampered(Exception):
    """A sealed text was altered, moved, or exchanged with another."""


class Destroyed(Exception):
    """The key was destroyed on purpose; what it sealed is gone.

    Args:
        number: of the certificate that says when and by whom, where there is one.
    """

    def __init__(self, number: int | None) -> None:
        self.number = number
        proof = f"certificate {number}" if number else "there is no certificate"
        super().__init__(f"What was sealed here was destroyed ({proof}).")


@dataclass(frozen=True)
class Sealed:
    """A sealed value as it lies in the database. Shows nothing of itself."""

    raw: bytes = field(repr=False)


def bound(name: str, row: uuid.UUID | str, key_version: int) -> bytes:
    """Where a ciphertext belongs: practice, declared name, row, version of its data key."""
    return aead.bound("sealed", practice.current().id, name, str(row), str(key_version))


def seal(plain: bytes, *, key: bytes, key_version: int, name: str, row: uuid.UUID | str) -> bytes:
    """Seal ``plain`` for one field of one row."""
    closed = aead.close(key, plain, bound(name, row, key_version))
    return _HEAD.pack(FORM, key_version) + closed


def unseal(raw: bytes, *, key: bytes, key_version: int, name: str, row: uuid.UUID | str) -> bytes:
    """Open what ``seal`` made.

    Raises:
        Tampered: altered, emptied, or sealed for another field, row, practice or key.
    """
    if raw[: _HEAD.size] != _HEAD.pack(FORM, key_version):
        raise Tampered(f"{name} of {row} was altered or removed")
    try:
        return aead.open(key, raw[_HEAD.size :], bound(name, row, key_version))
    except aead.InvalidTag:
        raise Tampered(f"{name} of {row} was altered or moved") from None


def blind(value: str, *, purpose: str) -> bytes:
    """A 32-byte index by which an exact value is found without being stored.

    Its key outlives rotations of the practice key. The value is taken as it is: fold case
    and spaces before, or "A" is not found by "a".
    """
    said = aead.bound("blind", purpose, value)
    return hmac.new(practice.current().keyring.index_key, said, hashlib.sha256).digest()
