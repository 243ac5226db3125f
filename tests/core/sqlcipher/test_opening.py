import sqlite3
import stat
import timeit

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandError
from django.db import DatabaseError, OperationalError

from rapport.core.sqlcipher import base


def said(database):
    with database.cursor() as cursor:
        return cursor.execute("SELECT said FROM note").fetchall()


def test_neither_file_nor_log_holds_a_word_in_clear(database, tmp_path):
    found = [path for path in tmp_path.iterdir() if path.is_file()]

    assert {p.name for p in found} == {"practice.db", "practice.db-shm", "practice.db-wal"}
    for path in found:
        assert b"chrysanthemum" not in path.read_bytes()
        assert b"SQLite format 3" not in path.read_bytes()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(database.settings_dict["NAME"]).execute("SELECT * FROM note")


def test_it_opens_again_with_its_key(database, open_file):
    database.close()

    assert said(open_file()) == [("planted-chrysanthemum",)]


def test_a_wrong_key_is_one_sentence_and_changes_nothing(database, open_file, tmp_path):
    database.close()
    before = (tmp_path / "practice.db").read_bytes()

    with pytest.raises(OperationalError, match="The key does not open this database"):
        open_file(key=bytes(32)).ensure_connection()
    assert (tmp_path / "practice.db").read_bytes() == before
    assert not (tmp_path / "practice.db-wal").exists()


@pytest.mark.parametrize(
    "key",
    [None, "x" * 32, b"short", lambda: b"", bytes(33)],
    ids=["none", "text", "short", "empty", "long"],
)
def test_no_key_of_32_bytes_is_a_sentence(open_file, key):
    with pytest.raises(ImproperlyConfigured, match="key of 32 bytes"):
        open_file(key=key).ensure_connection()


def test_something_other_than_a_database_is_refused(open_file, tmp_path):
    (tmp_path / "practice.db").write_bytes(b"not a database at all " * 400)

    with pytest.raises(OperationalError, match="does not open this database"):
        open_file().ensure_connection()


def test_a_plain_database_is_refused(open_file, tmp_path):
    plain = sqlite3.connect(tmp_path / "practice.db")
    plain.execute("CREATE TABLE t (x)")
    plain.commit()
    plain.close()

    with pytest.raises(OperationalError, match="does not open this database"):
        open_file().ensure_connection()


def test_a_locked_database_is_not_called_a_wrong_key(database, open_file):
    database.close()
    holder = open_file(init_command="PRAGMA locking_mode=EXCLUSIVE", timeout=0.1)
    with holder.cursor() as cursor:
        cursor.execute("INSERT INTO note (said) VALUES ('x')")

    with pytest.raises(OperationalError, match="locked"):
        open_file(timeout=0.1).ensure_connection()


@pytest.mark.parametrize("page", [1, 2])
def test_a_flipped_byte_is_noticed_and_never_served(open_file, tmp_path, page):
    wrapper = open_file(init_command="")
    with wrapper.cursor() as cursor:
        cursor.execute("CREATE TABLE note (said text)")
        cursor.execute("INSERT INTO note VALUES ('planted')")
    wrapper.close()
    raw = bytearray((tmp_path / "practice.db").read_bytes())
    raw[4096 * (page - 1) + 2000] ^= 1
    (tmp_path / "practice.db").write_bytes(raw)

    with pytest.raises(DatabaseError):
        said(open_file())


def test_the_settings_that_make_a_write_last_are_in_force(database):
    with database.cursor() as cursor:
        answers = {
            name: cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "legacy_alter_table",
                         "cipher_use_hmac")
        }  # fmt: skip
    assert answers == {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "legacy_alter_table": 0,
        "cipher_use_hmac": "1",
    }  # fmt: skip


def test_neither_wrapper_nor_parameters_keep_the_key(database, key):
    kept = {n: v for n, v in vars(database).items() if n not in ("settings_dict",)}

    assert "key" not in database.get_connection_params()
    assert key.hex() not in repr(kept)
    assert key not in kept.values()


def test_the_shell_says_why_there_is_none(database):
    with pytest.raises(CommandError, match="open it through Rapport"):
        database.client.runshell([])


def test_opening_with_the_first_read_costs_no_key_stretching(database, key):
    path = database.settings_dict["NAME"]

    def once():
        base.opened(key, database=path).close()

    assert min(timeit.repeat(once, number=5, repeat=5)) / 5 < 0.02  # a passphrase takes 0.2 s


def test_memory_and_addresses_open_too(key):
    connection = base.opened(key, database=":memory:")

    assert connection.execute("SELECT 1").fetchone() == (1,)
    connection.close()
