"""The database's part of a backup: a consistent copy while others write, and the way back."""

import os
import shutil
import subprocess  # nosec: pg_dump and pg_restore with fixed arguments
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from .problems import BackupProblem

CHUNK = 256 * 1024
DUMP = ("pg_dump", "--format=custom", "--no-owner", "--no-privileges")
RESTORE = (
    "pg_restore", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error",
)  # fmt: skip


def copied(path: Path) -> Iterator[bytes]:
    """A file in chunks."""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def environment(settings: dict[str, Any]) -> dict[str, str]:
    """How PostgreSQL's programs are told where to connect: not in arguments others can list."""
    given = {
        "PGDATABASE": settings.get("NAME"),
        "PGUSER": settings.get("USER"),
        "PGPASSWORD": settings.get("PASSWORD"),
        "PGHOST": settings.get("HOST"),
        "PGPORT": settings.get("PORT"),
        **{f"PG{name.upper()}": value for name, value in settings.get("OPTIONS", {}).items()},
    }
    return {**os.environ, **{name: str(value) for name, value in given.items() if value}}


def _found(program: str) -> str:
    path = shutil.which(program)
    if path is None:
        raise BackupProblem(f"{program} is not installed here: install PostgreSQL's client tools.")
    return path


def dumped(settings: dict[str, Any]) -> Iterator[bytes]:
    """A consistent dump of a PostgreSQL database, straight from the pipe."""
    command = [_found(DUMP[0]), *DUMP[1:]]
    with subprocess.Popen(  # noqa: S603  fixed arguments
        command, env=environment(settings), stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        pipe: Any = process.stdout
        try:
            while chunk := pipe.read(CHUNK):
                yield chunk
        except GeneratorExit:
            process.kill()
            raise
    if process.returncode:
        raise BackupProblem("pg_dump could not read the database.")


class Restoring:
    """A running pg_restore: into a database, or into nothing to see that a dump is whole."""

    def __init__(self, settings: dict[str, Any] | None) -> None:
        environ = dict(os.environ) if settings is None else environment(settings)
        where = ["--file", os.devnull] if settings is None else ["-d", environ["PGDATABASE"]]
        words = RESTORE[1:3] if settings is None else RESTORE[1:]
        self._process = subprocess.Popen(  # noqa: S603  fixed arguments
            [_found(RESTORE[0]), *words, *where], env=environ, stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._pipe: BinaryIO = self._process.stdin  # type: ignore[assignment]

    def write(self, chunk: bytes) -> None:
        """Hand on the next part of the dump."""
        try:
            self._pipe.write(chunk)
        except BrokenPipeError:
            self.stop()
            raise BackupProblem("pg_restore refused the dump: nothing was restored.") from None

    def close(self) -> None:
        """Wait for the end; everything or nothing is in the database."""
        try:
            self._pipe.close()
        except BrokenPipeError:
            pass  # its return code tells
        if self._process.wait():
            raise BackupProblem("pg_restore refused the dump: nothing was restored.")

    def stop(self) -> None:
        """Give up; the transaction is rolled back."""
        self._process.kill()
        self._process.wait()
