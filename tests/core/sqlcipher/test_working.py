"""What Django asks of a database, asked of this one whatever the suite runs on."""

import multiprocessing
import threading
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.db import (
    DatabaseError,
    IntegrityError,
    OperationalError,
    connection,
    connections,
    models,
)
from django.db.models import Count, F, Q, Value, Window
from django.db.models.functions import Now, RowNumber, TruncDate
from django.test.utils import isolate_apps

from rapport.core.sqlcipher import base


@pytest.fixture
def rows(open_file):
    """A model and its table in an encrypted file."""
    wrapper = open_file()
    with isolate_apps("tests"):

        class Row(models.Model):
            word = models.CharField(max_length=20, unique=True)
            on = models.DateField(null=True)
            at = models.DateTimeField(null=True)
            clock = models.TimeField(null=True)
            true = models.BooleanField(default=False)
            cents = models.DecimalField(max_digits=8, decimal_places=2, null=True)
            long = models.DurationField(null=True)
            raw = models.BinaryField(null=True)
            said = models.JSONField(default=dict)

            class Meta:
                app_label = "tests"

        connections.databases["other"] = wrapper.settings_dict
        connections["other"] = wrapper
        with wrapper.schema_editor() as editor:
            editor.create_model(Row)
        yield Row.objects.using("other")
        del connections["other"]
        del connections.databases["other"]


def test_every_kind_of_value_comes_back(rows):
    given = {
        "word": "Ünïcode 100 %s %%", "on": date(9999, 12, 31), "clock": time(23, 59, 59, 999999),
        "at": datetime(2026, 11, 24, 3, 10, tzinfo=UTC), "true": True, "cents": Decimal("12.30"),
        "long": timedelta(days=2, microseconds=1), "raw": b"\x00\xff", "said": {"a": [1, None]},
    }  # fmt: skip
    pk = rows.create(**given).pk
    back = rows.filter(pk=pk).values(*given).get()

    assert back == given


def test_json_regex_windows_functions_and_returning(rows):
    made = rows.bulk_create(
        [rows.model(word=w, said={"n": n}, at=datetime(2026, 1, n, 12, tzinfo=UTC))
         for n, w in enumerate(["ana", "Ben", "cy"], start=1)]
    )  # fmt: skip

    assert all(row.pk for row in made)
    assert rows.get(said__n=2).word == "Ben"
    assert rows.filter(word__iregex="^b").count() == 1
    assert rows.filter(word__regex="^b").count() == 0
    numbered = rows.annotate(nth=Window(RowNumber(), order_by=F("word").desc()))
    assert [row.nth for row in numbered.order_by("nth")] == [1, 2, 3]
    assert rows.aggregate(n=Count("pk", filter=Q(said__n__gt=1)))["n"] == 2
    assert rows.annotate(day=TruncDate("at")).earliest("at").day == date(2026, 1, 1)
    assert abs(rows.annotate(now=Now()).first().now - datetime.now(UTC)) < timedelta(minutes=1)
    assert rows.filter(at__year=2026, at__lt=Now()).count() == 3
    assert rows.annotate(two=Value(2)).first().two == 2


def test_full_text_search_is_there(database):
    with database.cursor() as cursor:
        cursor.execute("CREATE VIRTUAL TABLE finds USING fts5(word)")
        cursor.execute("INSERT INTO finds VALUES ('calm river')")
        assert cursor.execute("SELECT word FROM finds WHERE finds MATCH 'river'").fetchall()


def test_names_and_many_rows_as_parameters(database):
    with database.cursor() as cursor:
        cursor.execute("SELECT said FROM note WHERE said = %(word)s", {"word": "none"})
        assert cursor.fetchall() == []
        cursor.executemany("INSERT INTO note (said) VALUES (%s)", (["a"], ["b"]))
        cursor.executemany("INSERT INTO note (said) VALUES (%(w)s)", [{"w": "c"}])
        cursor.executemany("INSERT INTO note (said) VALUES (%s)", [])
        cursor.execute("SELECT count(*) FROM note WHERE said LIKE '%%' AND 1 = %s", [1])
        assert cursor.fetchone() == (4,)
        assert cursor.execute("SELECT '100 %s'").fetchone() == ("100 %s",)


def test_problems_are_djangos(rows, database):
    rows.create(word="once")

    with pytest.raises(IntegrityError):
        rows.create(word="once")
    with database.cursor() as cursor, pytest.raises(OperationalError):
        cursor.execute("SELECT * FROM nowhere")
    with database.cursor() as cursor, pytest.raises(DatabaseError):
        cursor.execute("no sql")


def test_a_column_is_dropped_and_added_in_place(rows):
    field = models.CharField(max_length=3, default="x")
    field.set_attributes_from_name("extra")
    with base_of(rows).schema_editor() as editor:
        editor.add_field(rows.model, field)
    with base_of(rows).schema_editor() as editor:
        editor.remove_field(rows.model, field)

    assert base_of(rows).features.can_alter_table_drop_column


def base_of(rows):
    return connections[rows.db]


def _count_up(path, key, times):
    import django

    django.setup()
    from rapport.core.sqlcipher.base import opened

    one = opened(key, database=path, timeout=30, isolation_level=None)
    for _ in range(times):
        one.execute("BEGIN IMMEDIATE")
        (n,) = one.execute("SELECT n FROM counter").fetchone()
        one.execute("UPDATE counter SET n = ?", (n + 1,))
        one.execute("COMMIT")
    one.close()


def test_two_processes_count_without_losing_one(database, key):
    with database.cursor() as cursor:
        cursor.execute("CREATE TABLE counter (n integer)")
        cursor.execute("INSERT INTO counter VALUES (0)")
    start = multiprocessing.get_context("spawn")
    path = database.settings_dict["NAME"]
    both = [start.Process(target=_count_up, args=(path, key, 50)) for _ in range(2)]
    for process in both:
        process.start()
    for process in both:
        process.join(60)

    with database.cursor() as cursor:
        assert cursor.execute("SELECT n FROM counter").fetchone() == (100,)


class TestCopying:
    def test_a_copy_made_under_writes_is_whole_and_as_private(self, database, open_file, tmp_path):
        writing = open_file()
        stop = threading.Event()

        def write():
            while not stop.is_set():
                with writing.cursor() as cursor:
                    cursor.execute("INSERT INTO note (said) VALUES ('more')")

        thread = threading.Thread(target=write)
        thread.start()
        try:
            database.online_backup(tmp_path / "copy.db")
        finally:
            stop.set()
            thread.join()

        copy = open_file("copy.db")
        with copy.cursor() as cursor:
            assert cursor.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert cursor.execute("SELECT count(*) FROM note").fetchone()[0] >= 1
        assert b"chrysanthemum" not in (tmp_path / "copy.db").read_bytes()
        assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600

    def test_a_copy_may_have_a_key_of_its_own(self, database, open_file, tmp_path):
        database.online_backup(tmp_path / "copy.db", key=b"k" * 32)

        with open_file("copy.db", key=b"k" * 32).cursor() as cursor:
            assert cursor.execute("SELECT count(*) FROM note").fetchone() == (1,)
        with pytest.raises(OperationalError):
            open_file("copy.db").ensure_connection()


class TestTestDatabase:
    def test_it_is_encrypted_private_and_gone_afterwards(self, open_file, tmp_path):
        wrapper = open_file()
        wrapper.settings_dict["TEST"] = {**wrapper.settings_dict["TEST"], "NAME": None}
        creation = wrapper.creation
        commands = wrapper.settings_dict["OPTIONS"]["init_command"]

        name = creation._create_test_db(0, True)
        wrapper.settings_dict["NAME"] = name
        with wrapper.cursor() as cursor:
            cursor.execute("CREATE TABLE note (said text)")
            assert cursor.execute("PRAGMA synchronous").fetchone() == (0,)
            cursor.execute("INSERT INTO note VALUES ('planted-chrysanthemum')")
        assert creation._get_test_db_name() == name == creation.test_db_signature()[1]

        creation._clone_test_db("1", 0)
        creation._clone_test_db("1", 0, keepdb=True)
        creation.setup_worker_connection(1)
        with wrapper.cursor() as cursor:
            assert cursor.execute("SELECT count(*) FROM note").fetchone() == (1,)
        wrapper.close()
        for path in base.Path(name).parent.iterdir():
            assert b"chrysanthemum" not in path.read_bytes()

        creation._destroy_test_db(name, 0)
        assert not base.Path(name).parent.exists()
        assert wrapper.settings_dict["OPTIONS"]["init_command"] == commands

    def test_a_named_one_is_where_it_was_named(self, open_file, tmp_path):
        wrapper = open_file()
        named = str(tmp_path / "named.db")
        wrapper.settings_dict["TEST"] = {**wrapper.settings_dict["TEST"], "NAME": named}

        assert wrapper.creation._create_test_db(0, True) == named
        base.Path(named).touch()
        assert wrapper.creation._create_test_db(0, True, keepdb=True) == named
        assert base.Path(named).exists()
        wrapper.creation._destroy_test_db(named, 0)
        assert not base.Path(named).exists()

    def test_every_worker_of_the_suite_has_its_own(self, open_file):
        wrapper = open_file()
        wrapper.settings_dict["TEST"] = {
            **wrapper.settings_dict["TEST"],
            "NAME": "test_/somewhere/practice.db_gw1",
        }
        name = base.Path(wrapper.creation._get_test_db_name())

        assert name.is_absolute()
        assert name.name == "practice.db_gw1"
        wrapper.creation._destroy_test_db(str(name), 0)

    def test_this_run_uses_one(self, db):
        if connection.vendor == "sqlite":
            assert "rapport-test-db-" in str(connection.settings_dict["NAME"])
