"""The database backend: Django's SQLite backend over sqlcipher3, keyed on connecting."""

import datetime
import decimal
import uuid
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.sqlite3 import base as stock
from django.db.backends.sqlite3._functions import register as register_functions
from django.utils.dateparse import parse_date, parse_datetime, parse_time
from sqlcipher3 import dbapi2 as Database

from .client import DatabaseClient
from .creation import DatabaseCreation
from .features import DatabaseFeatures

# Django registers these on the standard library's module only.
Database.register_converter("bool", b"1".__eq__)
Database.register_converter("date", lambda raw: parse_date(raw.decode()))
Database.register_converter("time", lambda raw: parse_time(raw.decode()))
Database.register_converter("datetime", lambda raw: parse_datetime(raw.decode()))
Database.register_converter("timestamp", lambda raw: parse_datetime(raw.decode()))
Database.register_adapter(decimal.Decimal, str)
Database.register_adapter(datetime.date, lambda day: day.isoformat())
Database.register_adapter(datetime.datetime, lambda at: at.isoformat(" "))
Database.register_adapter(uuid.UUID, lambda one: one.hex)


class Cursor(Database.Cursor):
    """Django's cursor wrapper again: the stock one subclasses the standard library's."""

    def execute(self, query: str, params: Any = None) -> Any:
        if params is None:
            return super().execute(query)
        names = list(params) if hasattr(params, "keys") else None
        return super().execute(self._convert(query, names), params)

    def executemany(self, query: str, rows: Any) -> Any:
        rows = iter(rows)
        first = next(rows, None)
        if first is None:
            return self
        names = list(first) if hasattr(first, "keys") else None
        return super().executemany(self._convert(query, names), _again(first, rows))

    def _convert(self, query: str, names: list[str] | None) -> str:
        if names is None:
            return stock.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")
        return query % {name: f":{name}" for name in names}


def _again(first: Any, rest: Any) -> Any:
    yield first
    yield from rest


class DatabaseWrapper(stock.DatabaseWrapper):
    """A connection that is keyed, probed and set up before Django sees it."""

    Database = Database
    client_class = DatabaseClient
    creation_class = DatabaseCreation
    features_class = DatabaseFeatures
    display_name = "SQLCipher"

    def get_connection_params(self) -> dict[str, Any]:
        given = super().get_connection_params()
        key = given.pop("key", None)
        self._key = key() if callable(key) else key
        if not isinstance(self._key, bytes) or len(self._key) != 32:
            raise ImproperlyConfigured("The database needs a key of 32 bytes.")
        return given

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = Database.connect(**conn_params)
        try:
            connection.execute("PRAGMA cipher_log_level = NONE")
            connection.execute(f"PRAGMA key = \"x'{self._key.hex()}'\"")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except Database.DatabaseError as problem:
            connection.close()
            if "not a database" in str(problem):
                raise Database.OperationalError(
                    "The key does not open this database. Nothing was changed."
                ) from problem
            raise
        register_functions(connection)
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA legacy_alter_table = OFF")
        for statement in self.init_commands:
            if statement.strip():
                connection.execute(statement.strip())
        return connection

    def create_cursor(self, name: str | None = None) -> Cursor:
        return self.connection.cursor(factory=Cursor)

    def online_backup(self, target: Path) -> None:
        """Copy the database as it stands, under the same key, while others write to it."""
        self.ensure_connection()
        copy = Database.connect(str(target))
        try:
            copy.execute(f"PRAGMA key = \"x'{self._key.hex()}'\"")
            self.connection.backup(copy)
        finally:
            copy.close()
