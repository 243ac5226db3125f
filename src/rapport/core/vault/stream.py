"""Sealing files in bounded memory: chunks of 64 KiB, each authenticated, none exchangeable.

Form: "RPVF" | form (1 byte, 1) | data-key version (2) | salt (16) | nonce prefix (7), then
AES-256-GCM chunks of 65,536 bytes and a 16-byte tag; the last one is shorter or flagged.
Nonce: prefix | chunk number (4) | 1 for the last chunk, else 0 (the STREAM construction of
Hoang, Reyhanitabar, Rogaway & Vizar 2015), so that a chunk dropped, repeated, reordered or
cut off does not open. Every file has its own key, derived from data key and salt.
"""

import os
import struct
import uuid
from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from .sealing import Tampered, bound

CHUNK = 64 * 1024
TAG = 16
MOST_CHUNKS = 2**32
_HEAD = struct.Struct(">4sBH16s7s")
_MAGIC, _FORM = b"RPVF", 1


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt, b"rapport file").derive(key))


def _nonce(prefix: bytes, number: int, last: bool) -> bytes:
    if number >= MOST_CHUNKS:
        raise ValueError("a sealed file holds at most 256 TiB")
    return prefix + struct.pack(">IB", number, last)


def _chunks(source: BinaryIO, size: int) -> Iterator[tuple[int, bytes, bool]]:
    """(number, chunk, is it the last), looking one chunk ahead. Always at least one."""
    number, chunk = 0, _full(source, size)
    while True:
        following = _full(source, size) if len(chunk) == size else b""
        yield number, chunk, not following
        if not following:
            return
        number, chunk = number + 1, following


def _full(source: BinaryIO, size: int) -> bytes:
    """``size`` bytes, fewer only at the end, whatever a pipe hands out at once."""
    parts, missing = [], size
    while missing and (part := source.read(missing)):
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


def seal_file(
    source: BinaryIO, target: BinaryIO, *, key: bytes, key_version: int, name: str,
    row: uuid.UUID | str,
) -> None:  # fmt: skip
    """Seal everything ``source`` yields into ``target``, for one declared name and row."""
    salt, prefix = os.urandom(16), os.urandom(7)
    head = _HEAD.pack(_MAGIC, _FORM, key_version, salt, prefix)
    cipher, aad = _cipher(key, salt), head + bound(name, row, key_version)
    target.write(head)
    for number, chunk, last in _chunks(source, CHUNK):
        target.write(cipher.encrypt(_nonce(prefix, number, last), chunk, aad))


def open_file(
    source: BinaryIO, target: BinaryIO, *, key: bytes, key_version: int, name: str,
    row: uuid.UUID | str,
) -> None:  # fmt: skip
    """Open what ``seal_file`` made. Only authentic chunks reach ``target``.

    Raises:
        Tampered: altered, cut or moved; what was written to ``target`` is incomplete.
    """
    for chunk in opened(source, key=key, key_version=key_version, name=name, row=row):
        target.write(chunk)


def opened(
    source: BinaryIO, *, key: bytes, key_version: int, name: str, row: uuid.UUID | str
) -> Iterator[bytes]:
    """The plain chunks of a sealed file, for streaming an answer; raises like ``open_file``."""
    head = _full(source, _HEAD.size)
    if len(head) != _HEAD.size or _HEAD.unpack(head)[:3] != (_MAGIC, _FORM, key_version):
        raise Tampered(f"file {name} of {row} was altered or removed")
    salt, prefix = _HEAD.unpack(head)[3:]
    cipher, aad = _cipher(key, salt), head + bound(name, row, key_version)
    for number, chunk, last in _chunks(source, CHUNK + TAG):
        try:
            yield cipher.decrypt(_nonce(prefix, number, last), chunk, aad)
        except (InvalidTag, ValueError):
            raise Tampered(f"file {name} of {row} was altered, cut or moved") from None


def seal_bytes(
    plain: bytes, *, key: bytes, key_version: int, name: str, row: uuid.UUID | str
) -> bytes:
    """``seal_file`` for what is in memory already."""
    target = BytesIO()
    seal_file(BytesIO(plain), target, key=key, key_version=key_version, name=name, row=row)
    return target.getvalue()


def open_bytes(
    sealed: bytes, *, key: bytes, key_version: int, name: str, row: uuid.UUID | str
) -> bytes:
    """``open_file`` for what is in memory already."""
    return b"".join(opened(BytesIO(sealed), key=key, key_version=key_version, name=name, row=row))
