"""Making, opening and recovering a practice's keys."""

import os
import uuid
from pathlib import Path

from . import document
from .document import Document
from .keyring import LENGTH, Keyring, both_wraps, opened
from .problems import AlreadyThere, DamagedKeys, WrongKey
from .providers import Provider, decoded, named
from .sheet import RecoverySheet


def create(
    folder: Path, provider: Provider, recovery: RecoverySheet | None = None
) -> tuple[Keyring, RecoverySheet]:
    """Make a new practice's keys in ``folder``; the sheet must be printed and is kept nowhere.

    Raises:
        AlreadyThere: the folder holds a practice.
        KeyProblem: it cannot be written.
    """
    sheet = recovery or RecoverySheet.new()
    folder = Path(folder)
    with document.locked(folder):
        if (folder / document.NAME).exists():
            raise AlreadyThere("The folder already holds a practice.")
        provider.prepare()
        practice_id, practice_key = str(uuid.uuid4()), os.urandom(LENGTH)
        content: Document = {
            "format": document.FORMAT,
            "practice_id": practice_id,
            "recipient": sheet.recipient,
            "provider": provider.describe(folder),
            "current": 1,
            "practice_keys": {
                "1": both_wraps(practice_id, sheet.recipient, 1, practice_key, provider)
            },
        }
        stable = {"database": os.urandom(LENGTH), "index": os.urandom(LENGTH)}
        ring = Keyring.written(folder, content, {1: practice_key}, provider, stable, {})
    return ring, sheet


def open(folder: Path, provider: Provider | None = None) -> Keyring:
    """Open the practice in ``folder`` with ``provider``, or with the one keys.json names.

    Raises:
        KeyProblem: MissingKey, WrongKey, DamagedKeys, ExposedKey or NewerFormat, each with
            one sentence for the person at the console. Nothing was touched.
    """
    folder = Path(folder)
    content = document.read(folder)
    return opened(folder, content, provider or named(content.get("provider"), folder))


def recover(
    source: Path | bytes, sheet: RecoverySheet, provider: Provider, *, folder: Path | None = None
) -> Keyring:
    """Open keys with the recovery sheet and put them under a new provider.

    Args:
        source: the practice's folder, or the bytes of a keys.json from a backup.
        folder: where keys.json is written; the source folder when not given.

    Raises:
        WrongKey: the sheet is another practice's.
    """
    content = document.parse(source) if isinstance(source, bytes) else document.read(source)
    target = folder or source
    if isinstance(target, bytes):
        raise ValueError("keys recovered from bytes need a folder to be written to")
    with document.locked(target):
        return with_sheet(content, sheet, provider, target).rewrapped(provider, target)


def with_sheet(
    content: Document, sheet: RecoverySheet, provider: Provider, folder: Path
) -> Keyring:
    """Open ``content`` by the sheet alone; writes nothing."""
    if content.get("recipient") != sheet.recipient:
        raise WrongKey("This recovery sheet belongs to another practice.")
    try:
        versions = {
            int(version): sheet.open(decoded(wraps["recovery"]))
            for version, wraps in content["practice_keys"].items()
        }
    except (KeyError, TypeError, AttributeError, ValueError):
        raise DamagedKeys(document.DAMAGED) from None
    return Keyring.opened(folder, content, versions, provider)


def change_provider(keyring: Keyring, provider: Provider) -> Keyring:
    """Put the practice under another master key. The old one opens nothing afterwards."""
    with document.locked(keyring.folder):
        keyring.refresh()
        return keyring.rewrapped(provider, keyring.folder)
