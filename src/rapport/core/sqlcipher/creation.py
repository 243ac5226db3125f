"""The test database: an encrypted file like the real one, in a temporary folder."""

import os
import tempfile
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import creation as stock


class DatabaseCreation(stock.DatabaseCreation):
    """Django's would be in memory and unencrypted."""

    def _get_test_db_name(self) -> str:
        """One file a process: parallel runs never meet, whatever suffix a runner asks for."""
        return str(Path(tempfile.gettempdir()) / f"rapport-test-{os.getpid()}.db")

    def _create_test_db(self, verbosity: int, autoclobber: bool, keepdb: bool = False) -> str:
        name = self._get_test_db_name()
        if not keepdb:
            self._destroy_test_db(name, verbosity)
        commands = self.connection.settings_dict["OPTIONS"].get("init_command", "")
        self.connection.settings_dict["OPTIONS"]["init_command"] = commands.replace(
            "synchronous=FULL", "synchronous=OFF"
        )
        return name

    def _destroy_test_db(self, test_database_name: str, verbosity: int) -> None:
        for ending in ("", "-wal", "-shm", "-journal"):
            Path(test_database_name + ending).unlink(missing_ok=True)

    def test_db_signature(self) -> tuple[Any, ...]:
        return (self.connection.settings_dict["NAME"], self._get_test_db_name())
