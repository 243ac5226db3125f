"""An opened practice key with its versions: derives, wraps and rotates, and tells nobody."""

import base64
import hashlib
import hmac
import os
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pyrage
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from . import aead, document
from .document import Document
from .problems import DamagedKeys, KeyProblem, MissingKey, WrongKey
from .providers import Provider, decoded

LENGTH = 32
KEPT_WHEN_RETIRED = ("audit",)  # old entries of the audit chain must still verify


@dataclass(frozen=True)
class Wrapped:
    """A secret, encrypted under one version of the practice key."""

    blob: bytes
    version: int


def derived(practice_key: bytes, practice_id: str, purpose: str) -> bytes:
    """A 32-byte key for one purpose (HKDF-SHA256, RFC 5869)."""
    info = b"rapport 1 " + purpose.encode()
    return HKDF(SHA256(), LENGTH, practice_id.encode(), info).derive(practice_key)


def provider_aad(practice_id: str, version: int) -> bytes:
    return aead.bound("rapport practice key", practice_id, str(version))


class Keyring:
    """The practice's keys, open. Never printed, pickled or copied into another process."""

    def __init__(
        self, folder: Path, content: Document, versions: dict[int, bytes], provider: Provider
    ) -> None:
        self.folder = folder
        self.provider = provider
        self._document = content
        self._keys = versions

    @classmethod
    def opened(
        cls, folder: Path, content: Document, versions: dict[int, bytes], provider: Provider
    ) -> "Keyring":
        """The keyring of a keys.json that was read.

        Raises:
            DamagedKeys: somebody edited it, such as by naming another recovery sheet.
        """
        ring = cls(folder, content, versions, provider)
        try:
            proven = hmac.compare_digest(ring._mac(), str(content["mac"]))
            ring.practice_id, ring.recipient, ring.database_key, ring.index_key  # noqa: B018
        except (KeyError, TypeError, AttributeError, ValueError):
            raise DamagedKeys(document.DAMAGED) from None
        if not proven:
            raise DamagedKeys("keys.json was changed by somebody: take it from a backup.")
        return ring

    @classmethod
    def written(
        cls,
        folder: Path,
        content: Document,
        versions: dict[int, bytes],
        provider: Provider,
        stable: dict[str, bytes],
        kept: dict[str, dict[str, bytes]],
    ) -> "Keyring":
        """A keyring whose secrets are wrapped anew, and which is on disk when this returns."""
        ring = cls(folder, content | {"secrets": {}, "retired": {}}, versions, provider)
        ring._document["secrets"] = {
            name: ring._wrapped(secret, "stable", aead.bound("stable", name))
            for name, secret in stable.items()
        }
        ring._document["retired"] = {
            version: {
                purpose: ring._wrapped(key, "retired", aead.bound("retired", purpose, version))
                for purpose, key in purposes.items()
            }
            for version, purposes in kept.items()
        }
        ring._document["mac"] = ring._mac()
        document.write(folder, ring._document)
        return ring

    def __repr__(self) -> str:
        return f"<Keyring of practice {self.practice_id}, version {self.version}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a keyring is not pickled")

    # what it knows about itself

    @property
    def practice_id(self) -> str:
        return str(self._document["practice_id"])

    @property
    def version(self) -> int:
        """The version under which new things are wrapped."""
        return int(self._document["current"])

    @property
    def versions(self) -> tuple[int, ...]:
        """Every version ``derive("audit")`` can answer for, retired ones included."""
        return tuple(sorted([*self._keys, *(int(v) for v in self._document["retired"])]))

    @property
    def live(self) -> tuple[int, ...]:
        """The versions that can still unwrap."""
        return tuple(sorted(self._keys))

    @property
    def recipient(self) -> str:
        """The recovery sheet's public half."""
        return str(self._document["recipient"])

    @property
    def database_key(self) -> bytes:
        """What encrypts the database file; random, so that a rotation need not rewrite it."""
        return self.stable("database")

    @property
    def index_key(self) -> bytes:
        """What keys blind indexes; random, so that a rotation need not compute them anew."""
        return self.stable("index")

    def stable(self, name: str) -> bytes:
        """A random secret that outlives rotations: "database" or "index"."""
        kept = self._document["secrets"][name]
        aad = aead.bound("stable", name)
        return self.unwrap(
            decoded(kept["blob"]), purpose="stable", aad=aad, version=kept["version"]
        )

    # what it does

    def derive(self, purpose: str, *, version: int | None = None) -> bytes:
        """The 32-byte key for ``purpose`` under a version (the current one).

        Raises:
            MissingKey: no such version, or it was retired and this purpose was not kept.
        """
        version = self.version if version is None else version
        if version not in self._keys and str(version) not in self._document["retired"]:
            self.refresh()  # another process may have rotated
        if version in self._keys:
            return derived(self._keys[version], self.practice_id, purpose)
        kept = self._document["retired"].get(str(version), {}).get(purpose)
        if kept is None:
            raise MissingKey(f"Version {version} of the practice key is not in keys.json.")
        aad = aead.bound("retired", purpose, str(version))
        return self.unwrap(
            decoded(kept["blob"]), purpose="retired", aad=aad, version=kept["version"]
        )

    def wrap(self, secret: bytes, *, purpose: str, aad: bytes) -> Wrapped:
        """Encrypt a secret under the current version, bound to ``purpose`` and ``aad``."""
        version = self.version
        key = self.derive(f"wrap.{purpose}", version=version)
        return Wrapped(aead.close(key, secret, self._bound(purpose, aad, version)), version)

    def unwrap(self, blob: bytes, *, purpose: str, aad: bytes, version: int) -> bytes:
        """Decrypt what ``wrap`` made.

        Raises:
            WrongKey: made for another purpose or place, by another key, or changed.
            MissingKey: its version is retired or unknown.
        """
        key = self.derive(f"wrap.{purpose}", version=version)
        try:
            return aead.open(key, bytes(blob), self._bound(purpose, aad, version))
        except aead.InvalidTag:
            raise WrongKey("A wrapped key was changed or belongs elsewhere.") from None

    def _bound(self, purpose: str, aad: bytes, version: int) -> bytes:
        return aead.bound("wrap", self.practice_id, purpose, str(version), aad)

    def rotate(self) -> int:
        """Add a version of the practice key and make it the current one; returns its number."""
        with document.locked(self.folder):
            self.refresh()
            new, practice_key = self.version + 1, os.urandom(LENGTH)
            wraps = both_wraps(self.practice_id, self.recipient, new, practice_key, self.provider)
            content = self._document | {
                "current": new,
                "practice_keys": self._document["practice_keys"] | {str(new): wraps},
            }
            keys = self._keys | {new: practice_key}
            self._become(content, keys, self._all_kept())
        return new

    def retire(self, version: int) -> None:
        """Forget an old version for good. Only when nothing is wrapped under it any more.

        What must still verify later (the audit chain's key) is kept on its own.

        Raises:
            KeyProblem: it is the current version, or not there.
        """
        with document.locked(self.folder):
            self.refresh()
            if version == self.version or version not in self._keys:
                raise KeyProblem(
                    f"Version {version} of the practice key cannot be retired: it is in use "
                    "or not there."
                )
            kept = self._all_kept()
            kept[str(version)] = {
                purpose: self.derive(purpose, version=version) for purpose in KEPT_WHEN_RETIRED
            }
            wraps = dict(self._document["practice_keys"])
            del wraps[str(version)]
            keys = {number: key for number, key in self._keys.items() if number != version}
            self._become(self._document | {"practice_keys": wraps}, keys, kept)

    def refresh(self) -> None:
        """Take over what another process has written to keys.json."""
        content = document.read(self.folder)
        if content.get("practice_id") != self.practice_id:
            raise WrongKey("keys.json belongs to another practice.")
        self._take(opened(self.folder, content, self.provider))

    def rewrapped(self, provider: Provider, folder: Path) -> "Keyring":
        """The same keys under another provider, written to ``folder``."""
        provider.prepare()
        wraps = {
            str(version): both_wraps(self.practice_id, self.recipient, version, key, provider)
            for version, key in self._keys.items()
        }
        content = self._document | {
            "provider": provider.describe(folder),
            "practice_keys": wraps,
        }
        stable, kept = self._all_stable(), self._all_kept()
        return Keyring.written(folder, content, dict(self._keys), provider, stable, kept)

    # how it is kept

    def _become(
        self, content: Document, keys: dict[int, bytes], kept: dict[str, dict[str, bytes]]
    ) -> None:
        """Write first, then believe it: what is not on disk must never wrap anything."""
        stable = self._all_stable()
        self._take(Keyring.written(self.folder, content, keys, self.provider, stable, kept))

    def _take(self, other: "Keyring") -> None:
        self._keys = self._keys | other._keys  # another thread may be between the two lines
        self._document = other._document
        self._keys = other._keys

    def _all_stable(self) -> dict[str, bytes]:
        return {name: self.stable(name) for name in self._document["secrets"]}

    def _all_kept(self) -> dict[str, dict[str, bytes]]:
        return {
            version: {purpose: self.derive(purpose, version=int(version)) for purpose in kept}
            for version, kept in self._document["retired"].items()
        }

    def _wrapped(self, secret: bytes, purpose: str, aad: bytes) -> Document:
        wrapped = self.wrap(secret, purpose=purpose, aad=aad)
        return {"blob": base64.b64encode(wrapped.blob).decode(), "version": wrapped.version}

    def _mac(self) -> str:
        key = derived(self._keys[self.version], self.practice_id, "keys.json")
        covered = document.canonical(self._document, "mac", "checksum")
        return hmac.new(key, covered, hashlib.sha256).hexdigest()


def both_wraps(
    practice_id: str, recipient: str, version: int, key: bytes, provider: Provider
) -> Document:
    """One practice key wrapped by the provider, and to the recovery sheet."""
    to = pyrage.x25519.Recipient.from_str(recipient)
    return {
        "provider": provider.wrap(key, aad=provider_aad(practice_id, version)),
        "recovery": base64.b64encode(pyrage.encrypt(key, [to])).decode(),
    }


def opened(folder: Path, content: Document, provider: Provider) -> Keyring:
    """The keyring of ``content``, every version unwrapped by ``provider``."""
    try:
        versions = {
            int(version): provider.unwrap(
                wraps["provider"], aad=provider_aad(content["practice_id"], int(version))
            )
            for version, wraps in content["practice_keys"].items()
        }
    except (KeyError, TypeError, AttributeError, ValueError):
        raise DamagedKeys(document.DAMAGED) from None
    return Keyring.opened(folder, content, versions, provider)
