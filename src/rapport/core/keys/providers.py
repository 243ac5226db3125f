"""Where the master key comes from: a file, a passphrase; later a key service.

A provider wraps the practice keys. It never sees the database.
"""

import base64
import os
import stat
from pathlib import Path
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from .files import write_secret
from .problems import DamagedKeys, MissingKey, WrongKey

_AAD = b"rapport practice key"


class Provider(Protocol):
    """Wraps and unwraps 32-byte keys. ``wrap`` answers a JSON-able dict."""

    id: str

    def wrap(self, secret: bytes) -> dict[str, Any]: ...

    def unwrap(self, wrapped: dict[str, Any]) -> bytes: ...


def _seal(key: bytes, secret: bytes) -> dict[str, Any]:
    nonce = os.urandom(12)
    sealed = nonce + AESGCM(key).encrypt(nonce, secret, _AAD)
    return {"sealed": base64.b64encode(sealed).decode()}


def _open(key: bytes, wrapped: dict[str, Any], wrong: str) -> bytes:
    try:
        sealed = base64.b64decode(wrapped["sealed"], validate=True)
    except (KeyError, ValueError, TypeError) as problem:
        raise DamagedKeys("The key file is damaged. Restore it from a backup.") from problem
    try:
        return AESGCM(key).decrypt(sealed[:12], sealed[12:], _AAD)
    except (InvalidTag, ValueError) as problem:
        raise WrongKey(wrong) from problem


class FileProvider:
    """A file of 32 random bytes with mode 0600, made when first used to wrap."""

    id = "file"

    def __init__(self, path: Path) -> None:
        self.path = Path(path)

    def _key(self) -> bytes:
        try:
            mode = self.path.stat().st_mode
            key = self.path.read_bytes()
        except FileNotFoundError as problem:
            raise MissingKey(
                "The master key file is missing. Put it back, or restore with the recovery sheet."
            ) from problem
        except PermissionError as problem:
            raise MissingKey("The master key file belongs to another user.") from problem
        if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
            raise WrongKey(
                "The master key file can be read by others. Allow its owner alone (chmod 600)."
            )
        if len(key) != 32:
            raise DamagedKeys("The master key file is damaged. Restore with the recovery sheet.")
        return key

    def wrap(self, secret: bytes) -> dict[str, Any]:
        if not self.path.exists():
            write_secret(self.path, os.urandom(32))
        return {"path": str(self.path), **_seal(self._key(), secret)}

    def unwrap(self, wrapped: dict[str, Any]) -> bytes:
        return _open(
            self._key(), wrapped, "The master key file does not belong to this practice."
        )


class PassphraseProvider:
    """A passphrase, stretched by Argon2id (64 MiB, 3 passes, 4 lanes; RFC 9106)."""

    id = "passphrase"
    cost = {"memory_kib": 64 * 1024, "passes": 3, "lanes": 4}

    def __init__(self, passphrase: str) -> None:
        self._passphrase = passphrase.encode()

    def _key(self, salt: bytes, cost: dict[str, int]) -> bytes:
        stretch = Argon2id(
            salt=salt,
            length=32,
            iterations=cost["passes"],
            lanes=cost["lanes"],
            memory_cost=cost["memory_kib"],
        )
        return stretch.derive(self._passphrase)

    def wrap(self, secret: bytes) -> dict[str, Any]:
        salt = os.urandom(16)
        sealed = _seal(self._key(salt, self.cost), secret)
        return {"salt": base64.b64encode(salt).decode(), "cost": self.cost, **sealed}

    def unwrap(self, wrapped: dict[str, Any]) -> bytes:
        try:
            salt, cost = base64.b64decode(wrapped["salt"], validate=True), wrapped["cost"]
            key = self._key(salt, cost)
        except (KeyError, ValueError, TypeError) as problem:
            raise DamagedKeys("The key file is damaged. Restore it from a backup.") from problem
        return _open(key, wrapped, "The passphrase is not the one of this practice.")
