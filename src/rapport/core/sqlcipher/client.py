"""No command-line shell: sqlite3 cannot open an encrypted file."""

from typing import Any

from django.core.management.base import CommandError
from django.db.backends.base.client import BaseDatabaseClient


class DatabaseClient(BaseDatabaseClient):
    """Says what to do instead."""

    executable_name = "sqlcipher"

    def runshell(self, parameters: Any) -> None:
        raise CommandError("The database is encrypted; open it through Rapport.")
