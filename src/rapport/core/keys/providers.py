"""Where the master key lives: a file only its owner can read, or a passphrase.

A provider wraps and unwraps practice keys and describes itself for keys.json without
giving anything away. A key management service is one more class with these methods.
"""

import base64
import os
import stat
from pathlib import Path
from typing import Any, Protocol

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from . import aead
from .problems import DamagedKeys, ExposedKey, MissingKey, WrongKey

LENGTH = 32
MOST_MEMORY_KIB = 1024 * 1024  # a changed keys.json must not be able to exhaust the machine
MOST_ITERATIONS = 64
MOST_LANES = 16
MODES_TELL = os.name == "posix"  # elsewhere the mode bits say nothing about who may read

Described = dict[str, Any]


class Provider(Protocol):
    """What opens the practice every day."""

    id: str

    def prepare(self) -> None:
        """Make the master key if this provider has none yet."""

    def describe(self, folder: Path) -> Described:
        """What keys.json must say so that this provider is found again."""

    def environment(self) -> dict[str, str]:
        """What another process of this machine needs in its environment to open the practice."""

    def wrap(self, secret: bytes, *, aad: bytes) -> Described:
        """Encrypt a practice key under the master key."""

    def unwrap(self, wrapped: Described, *, aad: bytes) -> bytes:
        """Decrypt it; KeyProblem if this is not the key, or it is missing or damaged."""


def _coded(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def decoded(text: Any) -> bytes:
    """The bytes of a base64 string from keys.json, or DamagedKeys."""
    try:
        return base64.b64decode(text, validate=True)
    except (TypeError, ValueError):
        raise DamagedKeys("keys.json is damaged: take it from a backup.") from None


class FileProvider:
    """32 random bytes in a file with mode 0600, in the practice's folder or anywhere else."""

    id = "file"

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)

    def __repr__(self) -> str:
        return "<FileProvider>"

    def prepare(self) -> None:
        """Make the file, readable by its owner alone; one that is there already is kept."""
        try:
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            self._master()
            return
        except OSError as problem:
            why = f"The key file cannot be made: {problem.strerror}."
            raise MissingKey(why) from None
        with os.fdopen(handle, "wb") as file:
            file.write(os.urandom(LENGTH))
            file.flush()
            os.fsync(file.fileno())

    def describe(self, folder: Path) -> Described:
        path, folder = self.path.absolute(), folder.absolute()
        inside = path.is_relative_to(folder)
        return {"id": self.id, "path": str(path.relative_to(folder) if inside else path)}

    def environment(self) -> dict[str, str]:
        return {}

    def _master(self) -> bytes:
        try:
            with self.path.open("rb") as file:
                mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
                if MODES_TELL and mode & 0o077:
                    raise ExposedKey(
                        "The key file can be read by other accounts of this machine: "
                        f"run chmod 600 {self.path.name} and consider a new master key."
                    )
                master = file.read(LENGTH + 1)
        except FileNotFoundError:
            raise MissingKey(
                "The key file is missing: put it back, or use the recovery sheet."
            ) from None
        except OSError as problem:
            raise MissingKey(f"The key file cannot be read: {problem.strerror}.") from None
        if len(master) != LENGTH:
            raise DamagedKeys(
                "The key file is damaged: put a copy of it back, or move it away and open the "
                "practice with its recovery sheet."
            )
        return master

    def wrap(self, secret: bytes, *, aad: bytes) -> Described:
        return {"blob": _coded(aead.close(self._master(), secret, aad))}

    def unwrap(self, wrapped: Described, *, aad: bytes) -> bytes:
        blob = decoded(wrapped.get("blob"))
        try:
            return aead.open(self._master(), blob, aad)
        except aead.InvalidTag:
            raise WrongKey("The key file belongs to another practice.") from None


class PassphraseProvider:
    """A passphrase, stretched by Argon2id (RFC 9106); its costs are stored with each wrap.

    Args:
        memory_kib, iterations, lanes: what a new wrap costs; 64 MiB, 3, 1 take about 0.4 s.
    """

    id = "passphrase"

    def __init__(
        self, passphrase: str, *, memory_kib: int = 64 * 1024, iterations: int = 3, lanes: int = 1
    ) -> None:
        self._passphrase = passphrase.encode()
        self._costs = {"memory_kib": memory_kib, "iterations": iterations, "lanes": lanes}
        self._salt = os.urandom(16)
        self._stretched: dict[tuple[bytes, int, int, int], bytes] = {}

    def __repr__(self) -> str:
        return "<PassphraseProvider>"

    def prepare(self) -> None:
        if not self._passphrase:
            raise MissingKey("A passphrase cannot be empty.")

    def describe(self, folder: Path) -> Described:
        return {"id": self.id}

    def environment(self) -> dict[str, str]:
        return {"RAPPORT_PASSPHRASE": self._passphrase.decode()}

    def _master(self, salt: bytes, memory_kib: Any, iterations: Any, lanes: Any) -> bytes:
        within = (
            (memory_kib, MOST_MEMORY_KIB), (iterations, MOST_ITERATIONS), (lanes, MOST_LANES),
        )  # fmt: skip
        if not all(type(cost) is int and 0 < cost <= most for cost, most in within):
            raise DamagedKeys("keys.json is damaged: take it from a backup.")
        wanted = (salt, memory_kib, iterations, lanes)
        if wanted not in self._stretched:
            try:
                stretch = Argon2id(
                    salt=salt, length=LENGTH, iterations=iterations, lanes=lanes,
                    memory_cost=memory_kib,
                )  # fmt: skip
            except ValueError:
                raise DamagedKeys("keys.json is damaged: take it from a backup.") from None
            self._stretched[wanted] = stretch.derive(self._passphrase)
        return self._stretched[wanted]

    def wrap(self, secret: bytes, *, aad: bytes) -> Described:
        master = self._master(self._salt, **self._costs)
        blob = aead.close(master, secret, aad)
        return {"blob": _coded(blob), "salt": _coded(self._salt), **self._costs}

    def unwrap(self, wrapped: Described, *, aad: bytes) -> bytes:
        blob, salt = decoded(wrapped.get("blob")), decoded(wrapped.get("salt"))
        costs = {cost: wrapped.get(cost) for cost in self._costs}
        try:
            return aead.open(self._master(salt, **costs), blob, aad)
        except aead.InvalidTag:
            raise WrongKey("This is not the practice's passphrase.") from None


def named(described: Any, folder: Path) -> Provider:
    """The provider that keys.json names, where it can be had without asking anybody."""
    described = described if isinstance(described, dict) else {}
    if described.get("id") == FileProvider.id:
        return FileProvider(folder / str(described.get("path", "master.key")))
    if described.get("id") == PassphraseProvider.id:
        raise MissingKey(
            "This practice opens with a passphrase: type it when asked, or set RAPPORT_PASSPHRASE."
        )
    raise DamagedKeys("keys.json names a kind of key that this Rapport does not know.")
