"""The database backend: Django's SQLite backend over sqlcipher3, keyed on connecting."""

import datetime
import decimal
import functools
import os
import uuid
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from django.db.backends.sqlite3 import base as stock
from django.db.backends.sqlite3._functions import register as register_functions
from django.utils.dateparse import parse_date, parse_time
from sqlcipher3 import dbapi2 as Database

from . import turns
from .client import DatabaseClient
from .creation import DatabaseCreation
from .features import DatabaseFeatures
from .operations import DatabaseOperations

KEY_LENGTH = 32
TIMEOUT = 5.0  # seconds; what SQLite's own driver waits
WRONG_KEY = "The key does not open this database, or the file is damaged. Nothing was changed."


def _instant(raw: bytes) -> datetime.datetime:
    """What Django wrote in UTC and without a zone: it need not look for one again."""
    return datetime.datetime.fromisoformat(raw.decode()).replace(tzinfo=datetime.UTC)


# Django registers these on the standard library's module only.
Database.register_converter("bool", b"1".__eq__)
Database.register_converter("date", lambda raw: parse_date(raw.decode()))
Database.register_converter("time", lambda raw: parse_time(raw.decode()))
Database.register_converter("datetime", _instant)
Database.register_converter("timestamp", _instant)
Database.register_adapter(decimal.Decimal, str)
Database.register_adapter(datetime.date, lambda day: day.isoformat())
Database.register_adapter(datetime.datetime, lambda at: at.isoformat(" "))
Database.register_adapter(uuid.UUID, lambda one: one.hex)


class Cursor(Database.Cursor):  # type: ignore[misc]
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
            return _marked(query)
        return query % {name: f":{name}" for name in names}


@functools.lru_cache(maxsize=512)
def _marked(query: str) -> str:
    """The statement with SQLite's marks for values. Most are asked again and again."""
    return stock.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")


def _again(first: Any, rest: Any) -> Any:
    yield first
    yield from rest


class DatabaseWrapper(stock.DatabaseWrapper):
    """A connection that is keyed, probed and set up before Django sees it.

    OPTIONS["key"] is the 32-byte key or, better, a function that returns it when a
    connection is made; the wrapper itself keeps no key.
    """

    Database = Database
    client_class = DatabaseClient  # type: ignore[assignment]
    creation_class = DatabaseCreation
    features_class = DatabaseFeatures
    ops_class = DatabaseOperations
    display_name = "SQLCipher"

    def get_connection_params(self) -> dict[str, Any]:
        given: dict[str, Any] = super().get_connection_params()
        given.pop("key", None)
        return given

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = opened(self._key(), **conn_params)
        register_functions(connection)
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA legacy_alter_table = OFF")
        for statement in self.init_commands:  # type: ignore[attr-defined]
            if statement.strip():
                connection.execute(statement.strip())
        return connection

    def _key(self) -> bytes:
        source = self.settings_dict["OPTIONS"].get("key")
        key = source() if callable(source) else source
        if not isinstance(key, bytes) or len(key) != KEY_LENGTH:
            raise ImproperlyConfigured("The database needs a key of 32 bytes.")
        return key

    def create_cursor(self, name: str | None = None) -> Cursor:
        cursor: Cursor = self.connection.cursor(factory=Cursor)
        return cursor

    _turn: turns.Turns | None = None  # held from BEGIN to COMMIT or ROLLBACK

    def _start_transaction_under_autocommit(self) -> None:
        """Begin when it is this connection's turn to write.

        Raises:
            OperationalError: others wrote longer than the timeout.
        """
        mine = turns.of(str(self.settings_dict["NAME"]))
        if not mine.take(self.settings_dict["OPTIONS"].get("timeout", TIMEOUT)):
            raise OperationalError("database is locked")
        self._turn = mine
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._give_turn()
            raise

    def _give_turn(self) -> None:
        mine, self._turn = self._turn, None
        if mine is not None:
            mine.give()

    def _commit(self) -> Any:
        done = super()._commit()  # type: ignore[misc]
        self._give_turn()
        return done

    def _rollback(self) -> Any:
        try:
            return super()._rollback()  # type: ignore[misc]
        finally:
            self._give_turn()

    def _close(self) -> Any:
        try:
            return super()._close()  # type: ignore[misc]
        finally:
            self._give_turn()

    def online_backup(self, target: Path | str, key: bytes | None = None) -> None:
        """Copy the database as it stands into a new encrypted file, while others write to it.

        Args:
            key: of the copy; the same key when not given. The copy is consistent and
                flushed to the disk when this returns.
        """
        self.ensure_connection()
        with self.wrap_database_errors:
            copy = opened(key or self._key(), database=str(target))
            try:
                self.connection.backup(copy)
            finally:
                copy.close()


def opened(key: bytes, *, database: Path | str, **options: Any) -> Any:
    """A keyed connection, proven to fit. A new file is made with mode 0600.

    Raises:
        OperationalError: the key does not fit. Nothing was changed.
    """
    if not str(database).startswith(("file:", ":memory:")):
        os.close(os.open(database, os.O_RDWR | os.O_CREAT, 0o600))
    connection = Database.connect(str(database), **options)
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except Database.DatabaseError as problem:
        connection.close()
        if str(problem) != "file is not a database":
            raise
        raise Database.OperationalError(WRONG_KEY) from None
    return connection
