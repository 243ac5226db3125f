"""The test database: an encrypted file like the real one, in a temporary folder of its own."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import creation as stock

QUICK = ";PRAGMA synchronous=OFF"  # a test database need not survive a power cut


class DatabaseCreation(stock.DatabaseCreation):
    """Django's would be in memory, unencrypted, and one connection wide."""

    _folder: Path | None = None

    def _get_test_db_name(self) -> str:
        named = str(self.connection.settings_dict["TEST"].get("NAME") or "test.db")
        if Path(named).is_absolute():
            return named
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="rapport-test-db-"))
        return str(self._folder / Path(named).name)  # pytest-xdist puts "test_" before a path

    def _create_test_db(self, verbosity: int, autoclobber: bool, keepdb: bool = False) -> str:
        name = self._get_test_db_name()
        if not keepdb:
            _remove(name)
        options = self.connection.settings_dict["OPTIONS"]
        options["init_command"] = options.get("init_command", "") + QUICK
        return name

    def _clone_test_db(self, suffix: str, verbosity: int, keepdb: bool = False) -> None:
        target = self.get_test_db_clone_settings(suffix)["NAME"]
        if not (keepdb and Path(target).exists()):
            _remove(target)
            self.connection.online_backup(target)  # type: ignore[attr-defined]

    def _destroy_test_db(self, test_database_name: str, verbosity: int) -> None:
        options = self.connection.settings_dict["OPTIONS"]
        options["init_command"] = options.get("init_command", "").removesuffix(QUICK)
        _remove(test_database_name)
        if self._folder is not None and Path(test_database_name).parent == self._folder:
            shutil.rmtree(self._folder)
            self._folder = None

    def test_db_signature(self) -> tuple[Any, ...]:
        return (self.connection.settings_dict["NAME"], self._get_test_db_name())

    def setup_worker_connection(self, _worker_id: int) -> None:
        """The same for fork and spawn, because every worker has its own file."""
        self.connection.settings_dict.update(self.get_test_db_clone_settings(str(_worker_id)))
        self.connection.close()


def _remove(name: str) -> None:
    for ending in ("", "-wal", "-shm", "-journal"):
        Path(name + ending).unlink(missing_ok=True)
