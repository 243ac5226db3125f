"""The sealing itself: AES-256-GCM with associated data. Bytes in, bytes out.

Form: version (1 byte, 1) | data-key version (2, big-endian) | nonce (12) | ciphertext
with its 16-byte tag. The nonce is random: at 2**32 seals under one key the chance of a
repeat is 2**-33 (NIST SP 800-38D, 8.3), and a client's key seals far fewer.
"""

import hashlib
import hmac
import os
import struct
import uuid
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from rapport.core import practice

FORM = 1
_HEAD = struct.Struct(">BH")


class Tampered(Exception):
    """A sealed text was altered, moved, or exchanged with another."""


class Destroyed(Exception):
    """The key was destroyed on purpose; what it sealed is gone."""


@dataclass(frozen=True)
class Sealed:
    """A sealed value as it lies in the database. Shows nothing of itself."""

    raw: bytes = field(repr=False)


def _bound(name: str, row: uuid.UUID | str, key_version: int) -> bytes:
    return f"{practice.current().id}|{name}|{row}|{key_version}".encode()


def seal(plain: bytes, *, key: bytes, key_version: int, name: str, row: uuid.UUID | str) -> bytes:
    """Seal ``plain`` for one field of one row."""
    nonce = os.urandom(12)
    sealed = AESGCM(key).encrypt(nonce, plain, _bound(name, row, key_version))
    return _HEAD.pack(FORM, key_version) + nonce + sealed


def unseal(raw: bytes, *, key: bytes, key_version: int, name: str, row: uuid.UUID | str) -> bytes:
    """Open what ``seal`` made.

    Raises:
        Tampered: altered, or sealed for another field, row, practice or key.
    """
    where = f"{name} of {row}"
    if len(raw) < _HEAD.size + 28 or _HEAD.unpack_from(raw) != (FORM, key_version):
        raise Tampered(f"{where} was altered")
    nonce, sealed = raw[3:15], raw[15:]
    try:
        return AESGCM(key).decrypt(nonce, sealed, _bound(name, row, key_version))
    except InvalidTag as problem:
        raise Tampered(f"{where} was altered or moved") from problem


def blind(value: str, *, purpose: str) -> bytes:
    """A 32-byte index by which an exact value is found without being stored.

    Derived from the first practice-key version, so that it survives rotation.
    """
    ring = practice.current().keyring
    key = ring.derive("blind-index", version=ring.versions[0])
    return hmac.new(key, f"{purpose}|{value}".encode(), hashlib.sha256).digest()
