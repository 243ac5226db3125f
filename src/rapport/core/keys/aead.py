"""AES-256-GCM with a random nonce, and unambiguous associated data."""

import os
import struct

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12
TAG = 16

__all__ = ["NONCE", "TAG", "InvalidTag", "bound", "close", "open"]


def bound(*parts: str | bytes) -> bytes:
    """Join parts so that no two different lists give the same bytes (each has its length)."""
    raw = [part.encode() if isinstance(part, str) else part for part in parts]
    return b"".join(struct.pack(">I", len(part)) + part for part in raw)


def close(key: bytes, secret: bytes, aad: bytes) -> bytes:
    """Encrypt: nonce (12 bytes, random), ciphertext, tag (16 bytes)."""
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, secret, aad)


def open(key: bytes, blob: bytes, aad: bytes) -> bytes:
    """Decrypt what ``close`` made.

    Raises:
        InvalidTag: another key, other associated data, or a changed or cut blob.
    """
    if len(blob) < NONCE + TAG:
        raise InvalidTag
    return AESGCM(key).decrypt(blob[:NONCE], blob[NONCE:], aad)
