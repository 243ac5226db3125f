"""keys.json: read, checked, and written whole or not at all."""

import contextlib
import hashlib
import json
import os
import secrets
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .problems import DamagedKeys, KeyProblem, MissingKey, NewerFormat

NAME = "keys.json"
FORMAT = 1
DAMAGED = "keys.json is damaged: take it from a backup."

Document = dict[str, Any]


def canonical(document: Document, *without: str) -> bytes:
    """The same bytes for the same content; what checksum and MAC are taken over."""
    kept = {name: value for name, value in document.items() if name not in without}
    return json.dumps(kept, sort_keys=True, separators=(",", ":")).encode()


def _checksum(document: Document) -> str:
    return hashlib.sha256(canonical(document, "checksum")).hexdigest()


def read(folder: Path) -> Document:
    """The practice's keys.json, complete and of a format this Rapport knows."""
    try:
        return parse((folder / NAME).read_bytes())
    except FileNotFoundError:
        raise MissingKey(
            "There is no practice in this folder: keys.json is missing (rapport init makes one)."
        ) from None
    except OSError as problem:
        raise MissingKey(f"keys.json cannot be read: {problem.strerror}.") from None


def parse(raw: bytes) -> Document:
    """Read keys.json from bytes, as they lie in a folder or a backup."""
    try:
        document = json.loads(raw)
    except (ValueError, RecursionError):
        raise DamagedKeys(DAMAGED) from None
    if not isinstance(document, dict) or type(document.get("format")) is not int:
        raise DamagedKeys(DAMAGED)
    if document["format"] > FORMAT:
        raise NewerFormat("These keys were written by a newer Rapport: update Rapport first.")
    if document.get("checksum") != _checksum(document):
        raise DamagedKeys(DAMAGED)
    return document


def write(folder: Path, document: Document) -> None:
    """Replace keys.json: a power cut leaves the old one or the new one, never half of one."""
    document = document | {"checksum": _checksum(document)}
    private_write(folder / NAME, json.dumps(document, indent=1, sort_keys=True).encode())


def private_write(path: Path, content: bytes) -> None:
    """Write a file with mode 0600 through a temporary name, flushed to the disk."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except OSError as problem:
        draft.unlink(missing_ok=True)
        raise KeyProblem(f"{path.name} cannot be written: {problem.strerror}.") from None
    flush_folder(path.parent)


def flush_folder(folder: Path) -> None:
    """Make a rename last through a power cut, where folders can be flushed at all."""
    with contextlib.suppress(PermissionError):  # Windows opens no folders and needs no flush
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextlib.contextmanager
def locked(folder: Path, *, wait: float = 10) -> Iterator[None]:
    """Let one process at a time change keys.json; a killed process leaves no lock behind.

    An empty SQLite file is the lock, because its locks are the same on every platform.
    """
    try:
        gate = sqlite3.connect(folder / "keys.lock", timeout=wait, isolation_level=None)
    except sqlite3.OperationalError:
        raise KeyProblem("The practice's folder is not there or cannot be written.") from None
    try:
        try:
            gate.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            raise KeyProblem("Another Rapport is changing the keys: try again.") from None
        yield
    finally:
        gate.close()
