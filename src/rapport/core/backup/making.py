"""Making a backup while the practice is served, and opening it again before it counts."""

import contextlib
import hashlib
import os
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

import pyrage
from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from sqlcipher3 import dbapi2 as Database

import rapport
from rapport.core import practice
from rapport.core.audit import head
from rapport.core.keys import document
from rapport.core.sqlcipher.base import opened

from . import about, container, database, rules, sinks
from .models import BackupRecord
from .problems import BackupProblem, DamagedBackup

FOLDER = "backups"
STALE = timedelta(days=1)  # a draft older than this belongs to a process that was killed
POSTGRES = "postgresql"
SQLCIPHER = "sqlcipher"


def make(*, now: datetime, target_folder: Path | None = None) -> Path:
    """Write one backup of the current practice; call it outside a transaction.

    It is encrypted to the recovery sheet and to a second identity that lives only until
    this returns: with that the file is opened again, every digest compared, and the
    database inside it opened. Then it gets its name and its BackupRecord.

    Raises:
        BackupProblem: it was not made; a BackupRecord says what failed.
    """
    here = practice.current()
    folder = target_folder or here.folder / FOLDER
    name = rules.file_name(now, secrets.token_hex(4))
    draft = folder / f".{name}.part"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sweep(folder, now)
        identity = pyrage.x25519.Identity.generate()
        _write(draft, now, identity)
        digest, tested = _prove(draft, identity)
        os.replace(draft, folder / name)
        document.flush_folder(folder)
    except Exception as problem:
        with contextlib.suppress(OSError):  # the folder itself may be what is wrong
            draft.unlink()
        BackupRecord.objects.create(made_at=now, outcome=type(problem).__name__, digest=b"")
        if isinstance(problem, OSError):
            said = f"The backup could not be written: {problem.strerror}."
            raise BackupProblem(said) from problem
        raise
    BackupRecord.objects.create(
        made_at=now, size=(folder / name).stat().st_size, file=name, digest=digest,
        verified_at=now, restore_tested_at=now if tested else None,
    )  # fmt: skip
    return folder / name


def still_whole(record: BackupRecord, folder: Path | None = None) -> None:
    """Compare a backup's file with what was verified when it was made; needs no key.

    Raises:
        DamagedBackup: it is gone or has changed since.
    """
    path = (folder or practice.current().folder / FOLDER) / record.file
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").digest()
    except FileNotFoundError:
        raise DamagedBackup("This backup's file is gone.") from None
    if digest != bytes(record.digest):
        raise DamagedBackup("This backup has changed since it was verified.")


def prune(*, now: datetime, target_folder: Path | None = None) -> int:
    """Delete the files that the keep rule lets go; their records stay. How many went."""
    folder = target_folder or practice.current().folder / FOLDER
    records = list(BackupRecord.objects.filter(outcome="", removed_at=None))
    keep = rules.keep_rule([record.made_at for record in records], now)
    gone = [record for record in records if record.made_at not in keep]
    for record in gone:
        (folder / record.file).unlink(missing_ok=True)
        BackupRecord.objects.filter(pk=record.pk).update(removed_at=now)
    return len(gone)


def _sweep(folder: Path, now: datetime) -> None:
    """Remove what a killed process left: drafts and copies of the database."""
    for place, ending in ((folder, ".age.part"), (practice.current().folder, ".age.copy")):
        for path in place.glob(f".*{ending}"):
            if path.stat().st_mtime < (now - STALE).timestamp():
                path.unlink()


def _write(draft: Path, now: datetime, identity: Any) -> None:
    here = practice.current()
    recipients = [
        pyrage.x25519.Recipient.from_str(here.keyring.recipient),
        identity.to_public(),
    ]
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        container.encrypt(_blocks(now, draft.name), file, recipients)
        file.flush()
        os.fsync(file.fileno())


def _blocks(now: datetime, name: str) -> Iterator[bytes]:
    """The members in order. The chain's head is noted before the database is copied, so
    that it is never ahead of the copy; files come after it, so that none it names is missing.
    """
    folder, packer = practice.current().folder, container.Packer()
    noted = folder / head.NAME
    noted_head = noted.read_bytes() if noted.exists() else b""
    yield from packer.whole(about.NAME, _about(now).text())
    yield from packer.whole(document.NAME, (folder / document.NAME).read_bytes())
    if noted_head:
        yield from packer.whole(head.NAME, noted_head)
    yield from packer.parts("database", _database(folder / f"{name.removesuffix('.part')}.copy"))
    there = sorted((folder / "files").rglob("*"))
    for path in [one for one in there if one.is_file() and not one.is_symlink()]:
        yield from _file(packer, path, path.relative_to(folder).as_posix())
    yield from packer.end()


def _file(packer: container.Packer, path: Path, name: str) -> Iterator[bytes]:
    try:
        size = path.stat().st_size
        content = path.open("rb")
    except FileNotFoundError:
        return  # deleted since it was listed
    with content:
        yield from packer.member(name, size, iter(lambda: content.read(database.CHUNK), b""))


def _about(now: datetime) -> about.About:
    packages = {app.label: app.name for app in apps.get_app_configs()}
    schema: dict[str, list[str]] = {}
    for label, migration in MigrationLoader(connection).graph.leaf_nodes():
        if packages[label].startswith("rapport."):
            schema.setdefault(packages[label], []).append(migration)
    return about.About(
        format=about.FORMAT,
        rapport=rapport.__version__,
        practice_id=practice.current().id,
        made_at=now.isoformat(),
        database=POSTGRES if connection.vendor == POSTGRES else SQLCIPHER,
        schema=schema,
        rows={model._meta.label: model._base_manager.count() for model in apps.get_models()},
    )


def _database(copy: Path) -> Iterator[bytes]:
    if connection.vendor == POSTGRES:
        yield from database.dumped(connection.settings_dict)
        return
    try:
        connection.online_backup(copy)  # type: ignore[attr-defined]
        yield from database.copied(copy)
    finally:
        copy.unlink(missing_ok=True)


class _Hashed:
    """Reads a file and hashes what is read, so that one pass serves both."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int) -> bytes:
        chunk = self._file.read(size)
        self.digest.update(chunk)
        return chunk


def _prove(draft: Path, identity: Any) -> tuple[bytes, bool]:
    """Open the draft from end to end. The file's digest, and whether its database opened."""
    if connection.vendor == POSTGRES:
        return _read(draft, identity, database.Restoring(None)), False
    copy = practice.current().folder / f"{draft.name.removesuffix('.part')}.copy"
    try:
        digest = _read(draft, identity, sinks.Whole(copy))
        sound(copy, practice.current().keyring.database_key)
    finally:
        copy.unlink(missing_ok=True)
    return digest, True


def _read(draft: Path, identity: Any, taker: sinks.Taker) -> bytes:
    with draft.open("rb") as file:
        source = _Hashed(file)
        looking = sinks.Looking(taker)
        container.decrypt(source, looking, identity)  # type: ignore[arg-type]
        looking.close()
    return source.digest.digest()


def sound(path: Path, key: bytes) -> None:
    """Open an encrypted database and check every page's MAC and its structure.

    Raises:
        DamagedBackup: something in it is broken.
    """
    try:
        with contextlib.closing(opened(key, database=path)) as copy:
            broken = copy.execute("PRAGMA cipher_integrity_check").fetchall()
            whole = not broken and copy.execute("PRAGMA quick_check").fetchall() == [("ok",)]
    except Database.DatabaseError:
        whole = False
    if not whole:
        raise DamagedBackup("The copy of the database is damaged.")
