"""Restoring a practice from a backup and the recovery sheet alone. Needs no practice, no Django."""

import os
import secrets
import shutil
import subprocess  # nosec: this program itself, with fixed arguments
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from rapport.core import keys
from rapport.core.keys import document, opening

from . import container, database, sinks
from .about import About
from .problems import BackupProblem, DamagedBackup, TargetInUse

POSTGRES = "postgresql"


@dataclass(frozen=True)
class Restored:
    """A practice that is back: where, what the backup said of itself, and its open keys."""

    folder: Path
    about: About
    keyring: keys.Keyring


def verify(path: Path, sheet: keys.RecoverySheet) -> About:
    """Open a backup from end to end with the sheet: nothing is written.

    Raises:
        BackupProblem, KeyProblem: one sentence that says why it cannot be restored.
    """
    return _looked_at(path, sheet).about  # type: ignore[return-value]


def restore(
    path: Path,
    *,
    sheet: keys.RecoverySheet,
    target_folder: Path,
    provider: keys.Provider | None = None,
    database_url: str | None = None,
    despite_problems: bool = False,
) -> Restored:
    """Bring a practice back into an empty folder (and an empty PostgreSQL database).

    The whole backup is read and checked before anything is written. It is then unpacked
    beside the target, put under a new master key, opened by a process of its own that
    checks the audit chain and every sealed field, and only then renamed to the target.

    Args:
        provider: None makes a key file in the folder.
        database_url: where a PostgreSQL backup goes; the database must be empty.
        despite_problems: take a practice that was altered before it was backed up.

    Raises:
        BackupProblem, KeyProblem: nothing was left behind.
    """
    target_folder = target_folder.resolve()
    _empty_folder(target_folder)
    looked = _looked_at(path, sheet)
    settings = _settings(looked.about, database_url)  # type: ignore[arg-type]
    staging = target_folder.with_name(f".{target_folder.name}.{secrets.token_hex(4)}")
    staging.mkdir(mode=0o700, parents=True)
    try:
        chosen = _beside(provider, target_folder, staging)
        _unpack(path, sheet, staging, settings)
        keys.recover(looked.raw_keys, sheet, chosen, folder=staging)
        _proof(staging, chosen, database_url, despite_problems)
        if target_folder.exists():
            target_folder.rmdir()
        os.replace(staging, target_folder)
        document.flush_folder(target_folder.parent)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        if settings is not None:
            _emptied(settings)
        raise
    final = _beside(chosen, staging, target_folder)
    return Restored(target_folder, looked.about, keys.open(target_folder, final))  # type: ignore[arg-type]


def _looked_at(path: Path, sheet: keys.RecoverySheet) -> sinks.Looking:
    looking = sinks.Looking()
    try:
        with path.open("rb") as file:
            container.decrypt(file, looking, sheet.opener)
    except OSError as problem:
        raise BackupProblem(f"The backup cannot be read: {problem.strerror}.") from None
    if looking.keys is None or looking.about is None:
        raise DamagedBackup("This backup is incomplete: its keys are missing.")
    opening.with_sheet(looking.keys, sheet, keys.FileProvider(path), path.parent)
    return looking


def _empty_folder(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise TargetInUse("There is something in that folder already: name an empty or new one.")


def _settings(about: About, database_url: str | None) -> dict[str, Any] | None:
    """The PostgreSQL database that takes the backup, None for the encrypted file."""
    if about.database != POSTGRES:
        if database_url:
            raise BackupProblem(
                "This backup holds an encrypted file: restore it without DATABASE_URL."
            )
        return None
    if not database_url:
        raise BackupProblem(
            "This backup holds a PostgreSQL database: name an empty one in DATABASE_URL."
        )
    try:
        given = conninfo_to_dict(database_url)
    except psycopg.ProgrammingError:
        raise BackupProblem("DATABASE_URL is not the address of a PostgreSQL database.") from None
    settings = {
        "NAME": given.pop("dbname", None), "USER": given.pop("user", None),
        "PASSWORD": given.pop("password", None), "HOST": given.pop("host", None),
        "PORT": given.pop("port", None), "OPTIONS": given, "URL": database_url,
    }  # fmt: skip
    if _tables(settings):
        raise TargetInUse("That database already holds tables: name an empty one.")
    return settings


def _tables(settings: dict[str, Any]) -> list[str]:
    try:
        with psycopg.connect(settings["URL"], connect_timeout=10) as server:
            found = server.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            return [str(row[0]) for row in found.fetchall()]
    except psycopg.OperationalError:
        raise BackupProblem("The PostgreSQL database cannot be reached.") from None


def _emptied(settings: dict[str, Any]) -> None:
    """Take back what was restored into a database that was empty."""
    tables = _tables(settings)
    with psycopg.connect(settings["URL"]) as server:
        for table in tables:
            name = psycopg.sql.Identifier(table)
            server.execute(psycopg.sql.SQL("DROP TABLE IF EXISTS {} CASCADE").format(name))


def _beside(provider: keys.Provider | None, folder: Path, other: Path) -> keys.Provider:
    """A key file that belongs into ``folder`` is meant in ``other`` while that is its place."""
    if provider is None:
        return keys.FileProvider(other / "master.key")
    if isinstance(provider, keys.FileProvider):
        path, inside = provider.path.absolute(), folder.absolute()
        if path.is_relative_to(inside):
            return keys.FileProvider(other / path.relative_to(inside))
    return provider


def _unpack(
    path: Path, sheet: keys.RecoverySheet, staging: Path, settings: dict[str, Any] | None
) -> None:
    for part in ("files", "backups"):
        (staging / part).mkdir(mode=0o700)
    restoring = database.Restoring(settings) if settings is not None else None
    writing = sinks.Writing(staging, restoring)
    try:
        with path.open("rb") as file:
            container.decrypt(file, writing, sheet.opener)
        writing.close()
    except BaseException:
        if restoring is not None:
            restoring.stop()
        raise


def _proof(
    staging: Path, provider: keys.Provider, database_url: str | None, despite_problems: bool
) -> None:
    """Start the restored practice in a process of its own and check everything in it."""
    environment = {name: v for name, v in os.environ.items() if not name.startswith("RAPPORT_")}
    environment.pop("DATABASE_URL", None)
    environment |= {
        **provider.environment(),
        "RAPPORT_PRACTICE": str(staging.absolute()),
        "DJANGO_SETTINGS_MODULE": "rapport.config.settings",
        "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry),
    }
    if database_url:
        environment["DATABASE_URL"] = database_url
    done = subprocess.run(  # noqa: S603  this program itself
        [sys.executable, "-m", "rapport.core.backup.proof"], env=environment,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode == 0 or (done.returncode == 3 and despite_problems):
        return
    if done.returncode == 3:
        first = done.stdout.strip().splitlines()[0]
        raise DamagedBackup(f"The practice in this backup was altered before: {first}.")
    raise BackupProblem("The restored practice did not start; nothing was kept.")
