"""The practice's keys: versions of one practice key, and what is derived from or wrapped by it.

``keys.json`` holds each practice-key version twice: wrapped by the provider (to start
the server) and encrypted to the recovery sheet (to restore from a backup). The database
key is random and wrapped by the practice key, so that rotation does not rekey the file.
"""

import base64
import json
import os
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pyrage
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from .files import write_secret
from .problems import DamagedKeys, MissingKey, NewerFormat, WrongKey
from .providers import FileProvider, Provider
from .sheet import RecoverySheet

FORMAT = 1
NAME = "keys.json"
_DAMAGED = "The key file keys.json is damaged. Restore it from a backup."


class Wrapped(NamedTuple):
    """A secret under the practice key of ``version``."""

    blob: bytes
    version: int


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


class Keyring:
    """Open keys of one practice. Holds secrets in memory; its repr shows none."""

    def __init__(self, folder: Path, said: dict[str, Any], secrets: dict[int, bytes]) -> None:
        self._folder = folder
        self._said = said
        self._secrets = secrets
        self._derived: dict[tuple[str, int], bytes] = {}
        database = said["database"]
        self.database_key = self.unwrap(
            base64.b64decode(database["wrapped"]),
            purpose="wrap.database",
            aad=b"database",
            version=database["version"],
        )

    def __repr__(self) -> str:
        return f"<keyring of practice {self.practice_id}>"

    @property
    def practice_id(self) -> str:
        """The practice's random id (UUID)."""
        return str(self._said["practice"])

    @property
    def recipient(self) -> str:
        """The recovery sheet's public half."""
        return str(self._said["recipient"])

    @property
    def versions(self) -> tuple[int, ...]:
        """Every practice-key version still held, oldest first."""
        return tuple(sorted(self._secrets))

    @property
    def version(self) -> int:
        """The version new things are wrapped under."""
        return max(self._secrets)

    def derive(self, purpose: str, *, version: int | None = None) -> bytes:
        """32 bytes for one purpose, by HKDF-SHA256 (RFC 5869).

        Raises:
            WrongKey: there is no practice key of that version.
        """
        which = self.version if version is None else version
        if (purpose, which) not in self._derived:
            if which not in self._secrets:
                raise WrongKey(f"The practice key of version {which} is gone.")
            salt = uuid.UUID(self.practice_id).bytes
            stretch = HKDF(hashes.SHA256(), length=32, salt=salt, info=f"rapport:{purpose}".encode())
            self._derived[purpose, which] = stretch.derive(self._secrets[which])
        return self._derived[purpose, which]

    def wrap(self, secret: bytes, *, purpose: str, aad: bytes) -> Wrapped:
        """Seal ``secret`` under the newest practice key, bound to purpose and ``aad``."""
        nonce = os.urandom(12)
        sealed = AESGCM(self.derive(purpose)).encrypt(nonce, secret, aad)
        return Wrapped(nonce + sealed, self.version)

    def unwrap(self, blob: bytes, *, purpose: str, aad: bytes, version: int) -> bytes:
        """The secret again.

        Raises:
            WrongKey: another key, purpose or ``aad``, or an altered blob.
        """
        try:
            return AESGCM(self.derive(purpose, version=version)).decrypt(blob[:12], blob[12:], aad)
        except (InvalidTag, ValueError) as problem:
            raise WrongKey("A wrapped key was altered or belongs elsewhere.") from problem

    def rotate(self, provider: Provider | None = None) -> int:
        """Start a new practice-key version; the old ones stay until nothing needs them."""
        version = self.version + 1
        secret = os.urandom(32)
        entry = _entry(secret, provider or _named(self._folder, self._said), self.recipient)
        self._said["keys"][str(version)] = entry
        self._secrets[version] = secret
        wrapped = self.wrap(self.database_key, purpose="wrap.database", aad=b"database")
        self._said["database"] = {"wrapped": _b64(wrapped.blob), "version": version}
        self._save()
        return version

    def retire(self, version: int) -> None:
        """Forget an old practice-key version. Whatever is still under it is lost.

        Raises:
            ValueError: it is the newest, which is in use.
        """
        if version == self.version:
            raise ValueError("the newest practice key is in use")
        del self._secrets[version]
        del self._said["keys"][str(version)]
        self._derived = {k: v for k, v in self._derived.items() if k[1] != version}
        self._save()

    def change_provider(self, provider: Provider) -> None:
        """Wrap every practice key by another provider from now on."""
        for version, secret in self._secrets.items():
            self._said["keys"][str(version)]["provider"] = provider.wrap(secret)
        self._said["provider"] = provider.id
        self._save()

    def _save(self) -> None:
        write_secret(self._folder / NAME, json.dumps(self._said, indent=1).encode())


def _entry(secret: bytes, provider: Provider, recipient: str) -> dict[str, Any]:
    to = pyrage.x25519.Recipient.from_str(recipient)
    return {"provider": provider.wrap(secret), "recovery": _b64(pyrage.encrypt(secret, [to]))}


def create(
    folder: Path, provider: Provider, recovery: RecoverySheet | None = None
) -> tuple[Keyring, RecoverySheet]:
    """Make the keys of a new practice in ``folder``.

    Returns:
        The open keyring, and the recovery sheet, which is stored nowhere.

    Raises:
        FileExistsError: the folder already holds a practice.
    """
    if (folder / NAME).exists():
        raise FileExistsError("The folder already holds a practice.")
    sheet = recovery or RecoverySheet.new()
    secret = os.urandom(32)
    said: dict[str, Any] = {
        "format": FORMAT,
        "practice": str(uuid.uuid4()),
        "provider": provider.id,
        "recipient": sheet.recipient,
        "keys": {"1": _entry(secret, provider, sheet.recipient)},
        "database": {"wrapped": "", "version": 1},
    }
    ring = Keyring.__new__(Keyring)
    ring._folder, ring._said, ring._secrets, ring._derived = folder, said, {1: secret}, {}
    ring.database_key = os.urandom(32)
    wrapped = ring.wrap(ring.database_key, purpose="wrap.database", aad=b"database")
    said["database"]["wrapped"] = _b64(wrapped.blob)
    ring._save()
    return ring, sheet


def _read(raw: bytes) -> dict[str, Any]:
    try:
        said = json.loads(raw)
        form = said["format"]
        uuid.UUID(said["practice"])
        complete = said["keys"] and said["database"]["wrapped"] and said["recipient"]
    except (ValueError, KeyError, TypeError) as problem:
        raise DamagedKeys(_DAMAGED) from problem
    if form > FORMAT:
        raise NewerFormat("A newer Rapport made these keys. Install that version to open them.")
    if not complete:
        raise DamagedKeys(_DAMAGED)
    return dict(said)


def _named(folder: Path, said: dict[str, Any]) -> Provider:
    """The provider that keys.json names, where it needs nothing from a person."""
    if said["provider"] != FileProvider.id:
        raise MissingKey("This practice opens with a passphrase. Start it where one can be typed.")
    newest = said["keys"][max(said["keys"], key=int)]
    path = Path(newest["provider"].get("path", folder / "master.key"))
    return FileProvider(path if path.exists() else folder / "master.key")


def _unlock(
    folder: Path, said: dict[str, Any], secret_of: Callable[[dict[str, Any]], bytes]
) -> Keyring:
    try:
        secrets = {int(v): secret_of(entry) for v, entry in said["keys"].items()}
        return Keyring(folder, said, secrets)
    except (KeyError, ValueError, TypeError) as problem:
        raise DamagedKeys(_DAMAGED) from problem


def open(folder: Path, provider: Provider | None = None) -> Keyring:  # noqa: A001  keys.open reads well
    """Open the keys of the practice in ``folder``.

    Args:
        provider: None takes what keys.json names.

    Raises:
        KeyProblem: one sentence that says what is wrong; nothing was touched.
    """
    try:
        raw = (folder / NAME).read_bytes()
    except FileNotFoundError as problem:
        raise MissingKey("There is no practice in this folder (keys.json is missing).") from problem
    said = _read(raw)
    using = provider or _named(folder, said)
    return _unlock(folder, said, lambda entry: using.unwrap(entry["provider"]))


def recover(
    raw: bytes, sheet: RecoverySheet, folder: Path, provider: Provider
) -> Keyring:
    """Open a copy of keys.json by the recovery sheet and give it a new provider in ``folder``.

    Raises:
        WrongKey: the sheet belongs to another practice.
    """
    said = _read(raw)
    opener = sheet.opener()

    def secret_of(entry: dict[str, Any]) -> bytes:
        try:
            return bytes(pyrage.decrypt(base64.b64decode(entry["recovery"]), [opener]))
        except pyrage.DecryptError as problem:
            raise WrongKey("The recovery sheet belongs to another practice.") from problem

    ring = _unlock(folder, said, secret_of)
    ring.change_provider(provider)
    return ring
