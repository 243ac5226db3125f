"""What opens without us: a text that any browser opens by itself, given its passphrase.

The key is made of the passphrase by PBKDF2-HMAC-SHA256 and the text sealed with AES-256-GCM:
both are in every browser (Web Cryptography API), so that a page needs nothing but itself. The
header is JSON that everybody can read and nobody can change: how the key came about, and what
the caller says besides.
"""

import base64
import json
import os
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from rapport.core.keys import aead
from rapport.core.keys.sheet import ALPHABET

VERSION = 1
ITERATIONS = 600_000
"""OWASP Password Storage Cheat Sheet, for PBKDF2-HMAC-SHA256."""
SALT = 16  # bytes; NIST SP 800-132, 5.1, asks for at least 16
LENGTH, GROUP = 20, 4
"""Characters of a passphrase, of 32 each: 100 bits, which nobody guesses."""
KEY = 32
STEP = 16_384
"""A text is filled up to a multiple of so many bytes, so that its length tells little of it."""


@dataclass(frozen=True)
class Lock:
    """What became of a passphrase: the key, and how it came about."""

    key: bytes = field(repr=False)
    salt: bytes
    iterations: int = ITERATIONS


@dataclass(frozen=True)
class Closed:
    """A sealed text: the header as it is authenticated, and nonce, ciphertext and tag."""

    header: bytes
    body: bytes


def passphrase() -> str:
    """A new one, in groups of four letters and digits. Show it once and forget it."""
    signs = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return "-".join(signs[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def locked(passphrase: str) -> Lock:
    """The lock that ``passphrase`` opens, under a new salt. Takes as long as a guess does."""
    salt = os.urandom(SALT)
    said = passphrase.replace("-", "").encode()
    return Lock(PBKDF2HMAC(SHA256(), KEY, salt, ITERATIONS).derive(said), salt)


def close(text: str, *, lock: Lock, said: dict[str, Any]) -> Closed:
    """Seal ``text``, ends filled with spaces.

    Args:
        said: goes into the header, which anybody who has the file can read.
    """
    about = {
        "version": VERSION,
        "kdf": "PBKDF2-HMAC-SHA256",
        "iterations": lock.iterations,
        "salt": base64.b64encode(lock.salt).decode(),
    }
    header = json.dumps(said | about, sort_keys=True).encode()
    plain = text.encode()
    plain += b" " * (-len(plain) % STEP)
    return Closed(header, aead.close(lock.key, plain, header))
