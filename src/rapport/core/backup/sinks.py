"""What becomes of a backup's members while it is read: looked at, or written to a new folder."""

import os
from pathlib import Path
from typing import Protocol

from rapport.core.keys import document

from . import about
from .problems import DamagedBackup


class Taker(Protocol):
    """Where the database's parts go."""

    def write(self, chunk: bytes) -> object: ...

    def close(self) -> None: ...


class Looking:
    """Keeps the small members, hands the database on, lets the rest pass by.

    Refuses a newer backup at its first member, before anything else is read.
    """

    def __init__(self, database: Taker | None = None) -> None:
        self.about: about.About | None = None
        self.keys: document.Document | None = None
        self.raw_keys = b""
        self._database = database
        self._name = ""
        self._small = bytearray()

    def begin(self, name: str) -> None:
        if self.about is None and name != about.NAME:
            raise DamagedBackup("This is not a backup of Rapport.")
        self._name = name
        self._small.clear()

    def data(self, chunk: bytes) -> None:
        if self._name in (about.NAME, document.NAME):
            self._small += chunk
        elif self._name.startswith("database/") and self._database is not None:
            self._database.write(chunk)

    def end(self) -> None:
        if self._name == about.NAME:
            self.about = about.read(bytes(self._small))
        elif self._name == document.NAME:
            self.raw_keys = bytes(self._small)
            self.keys = document.parse(self.raw_keys)

    def close(self) -> None:
        """The end of the database, if it was asked for."""
        if self._database is not None:
            self._database.close()


class Writing(Looking):
    """Writes the members into a new folder: private files, nothing plain."""

    def __init__(self, folder: Path, database: Taker | None = None) -> None:
        super().__init__(database or Whole(folder / "practice.db"))
        self._folder = folder
        self._file: int | None = None

    def begin(self, name: str) -> None:
        super().begin(name)
        if name == "audit.head" or name.startswith("files/"):
            path = self._folder / name
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)

    def data(self, chunk: bytes) -> None:
        super().data(chunk)
        if self._file is not None:
            _all(self._file, chunk)

    def end(self) -> None:
        super().end()
        if self._file is not None:
            os.fsync(self._file)
            os.close(self._file)
            self._file = None


class Whole:
    """The database's parts put together in one private file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)

    def write(self, chunk: bytes) -> None:
        _all(self._file, chunk)

    def close(self) -> None:
        os.fsync(self._file)
        os.close(self._file)


def _all(file: int, chunk: bytes) -> None:
    while chunk:
        chunk = chunk[os.write(file, chunk) :]
