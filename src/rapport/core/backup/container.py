"""The inside of a backup: a tar stream in the age format, written and read in bounded memory.

Members in order: ``about.json`` (what made it), ``keys.json``, ``audit.head``,
``database/000001`` … (parts of at most 4 MiB), ``files/…``, and ``manifest.json`` (size and
SHA-256 of every other member). Any age and tar program opens it.
"""

import hashlib
import json
import re
import tarfile
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO, Protocol

import pyrage

from .problems import BackupProblem, DamagedBackup, WrongSheet

BLOCK = 512
PART = 4 * 1024 * 1024
LONGEST_NAME = 100
MANIFEST = "manifest.json"
_NAME = re.compile(
    r"about\.json|keys\.json|audit\.head|manifest\.json|database/\d{6}"
    r"|files/(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*"
)


def allowed(name: str) -> bool:
    """May a member be called this? Nothing that leaves the folder, nothing hidden."""
    return len(name) <= LONGEST_NAME and _NAME.fullmatch(name) is not None


class Packer:
    """Turns members into tar blocks and remembers their digests for the manifest."""

    def __init__(self) -> None:
        self._members: dict[str, dict[str, Any]] = {}

    def member(self, name: str, size: int, content: Iterable[bytes]) -> Iterator[bytes]:
        """The blocks of one member, whose content must be exactly ``size`` bytes."""
        if not allowed(name):
            raise BackupProblem("A file of the practice has a name that cannot be backed up.")
        info = tarfile.TarInfo(name)
        info.size, info.mode = size, 0o600
        yield info.tobuf(tarfile.GNU_FORMAT)
        digest, written = hashlib.sha256(), 0
        for chunk in content:
            chunk = chunk[: size - written]
            digest.update(chunk)
            written += len(chunk)
            yield chunk
        if written != size:
            raise BackupProblem("A file of the practice changed while it was backed up.")
        yield bytes(-size % BLOCK)
        self._members[name] = {"size": size, "sha256": digest.hexdigest()}

    def whole(self, name: str, content: bytes) -> Iterator[bytes]:
        """The blocks of a small member."""
        return self.member(name, len(content), [content])

    def parts(self, folder: str, content: Iterable[bytes]) -> Iterator[bytes]:
        """Content of unknown length, as numbered members of at most 4 MiB."""
        number, waiting = 0, bytearray()
        for chunk in content:
            waiting += chunk
            while len(waiting) >= PART:
                number += 1
                yield from self.whole(f"{folder}/{number:06}", bytes(waiting[:PART]))
                del waiting[:PART]
        if waiting or not number:
            yield from self.whole(f"{folder}/{number + 1:06}", bytes(waiting))

    def end(self) -> Iterator[bytes]:
        """The manifest and the end of the tar stream."""
        listed = json.dumps({"members": self._members}, indent=1).encode()
        yield from self.whole(MANIFEST, listed)
        yield bytes(2 * BLOCK)


class Sink(Protocol):
    """Who receives what is unpacked, member after member."""

    def begin(self, name: str) -> None: ...

    def data(self, chunk: bytes) -> None: ...

    def end(self) -> None: ...


class Unpacker:
    """Takes a tar stream as it comes, checks names, order and digests, feeds a sink."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._waiting = bytearray()
        self._name = ""
        self._left = self._padding = 0
        self._digest = hashlib.sha256()
        self._manifest = bytearray()
        self._seen: dict[str, dict[str, Any]] = {}
        self._size = 0
        self._zeros = 0

    def write(self, chunk: bytes) -> int:
        """Take the next decrypted bytes (what age calls)."""
        self._waiting += chunk
        while self._step():
            pass
        return len(chunk)

    def flush(self) -> None:
        """Nothing is held back; age asks for this at the end."""

    def _step(self) -> bool:
        if self._name:
            return self._content()
        if len(self._waiting) < BLOCK:
            return False
        block = bytes(self._waiting[:BLOCK])
        del self._waiting[:BLOCK]
        if block == bytes(BLOCK):
            self._zeros += 1
        else:
            self._header(block)
        return True

    def _header(self, block: bytes) -> None:
        try:
            info = tarfile.TarInfo.frombuf(block, "utf-8", "strict")
        except (tarfile.HeaderError, UnicodeDecodeError):
            raise DamagedBackup("This is not a backup of Rapport.") from None
        late = self._zeros or MANIFEST in self._seen or info.name in self._seen
        if late or not info.isreg() or not allowed(info.name):
            raise DamagedBackup("This is not a backup of Rapport.")
        self._name, self._size, self._left = info.name, info.size, info.size
        self._padding = -info.size % BLOCK
        self._digest = hashlib.sha256()
        self._sink.begin(info.name)

    def _content(self) -> bool:
        chunk = bytes(self._waiting[: self._left])
        if chunk:
            del self._waiting[: len(chunk)]
            self._left -= len(chunk)
            self._digest.update(chunk)
            if self._name == MANIFEST:
                self._manifest += chunk
            self._sink.data(chunk)
        if self._left or len(self._waiting) < self._padding:
            return False
        del self._waiting[: self._padding]
        self._sink.end()
        self._seen[self._name] = {"size": self._size, "sha256": self._digest.hexdigest()}
        self._name = ""
        return True

    def finish(self) -> None:
        """Refuse a stream that ended early or holds other members than its manifest lists."""
        self._seen.pop(MANIFEST, None)
        try:
            listed = json.loads(bytes(self._manifest))["members"]
        except (ValueError, KeyError, TypeError):
            raise DamagedBackup("This backup is incomplete: its list is missing.") from None
        if self._name or self._zeros != 2 or self._waiting or listed != self._seen:
            raise DamagedBackup("This backup is incomplete: parts of it are missing.")


class _Pulled:
    """Blocks as the file age reads from; keeps the problem that age would put in other words."""

    def __init__(self, blocks: Iterable[bytes]) -> None:
        self._blocks = iter(blocks)
        self._waiting = b""
        self.problem: Exception | None = None

    def read(self, size: int) -> bytes:
        try:
            while not self._waiting:
                self._waiting = next(self._blocks)
        except StopIteration:
            return b""
        except Exception as problem:
            self.problem = problem
            raise
        some, self._waiting = self._waiting[:size], self._waiting[size:]
        return some


def encrypt(blocks: Iterable[bytes], target: BinaryIO, recipients: list[Any]) -> None:
    """Encrypt a stream of blocks to age recipients."""
    source = _Pulled(blocks)
    try:
        pyrage.encrypt_io(source, target, recipients)
    except pyrage.EncryptError:
        if source.problem is not None:
            raise source.problem from None
        raise


def decrypt(source: BinaryIO, sink: Sink, identity: Any) -> None:
    """Open a backup once from end to end, handing its members to ``sink``.

    Raises:
        WrongSheet: it was encrypted to somebody else.
        DamagedBackup: cut, altered, or no backup at all.
    """
    unpacker = Unpacker(sink)
    try:
        pyrage.decrypt_io(source, unpacker, [identity])
    except pyrage.DecryptError as problem:
        if "matching keys" in str(problem):
            raise WrongSheet("This backup belongs to another recovery sheet.") from None
        raise DamagedBackup("This is not a backup, or its beginning is damaged.") from None
    except OSError as problem:
        if problem.errno is not None:  # of the disk, not of the backup
            raise
        raise DamagedBackup("This backup is damaged or was cut short.") from None
    unpacker.finish()
