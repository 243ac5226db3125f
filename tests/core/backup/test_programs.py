"""PostgreSQL's own programs do the copying; what they refuse is told."""

import os
from time import monotonic, sleep

import pytest

from rapport.core.backup import database
from rapport.core.backup.problems import BackupProblem

SETTINGS = {
    "NAME": "clinic", "USER": "ana", "PASSWORD": "not in a list", "HOST": "", "PORT": 5432,
    "OPTIONS": {"sslmode": "require"},
}  # fmt: skip


@pytest.fixture
def program(tmp_path, monkeypatch):
    """Put a program of this name first in the search path; it is a shell's few words."""
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")

    def write(name, words):
        file = tmp_path / name
        file.write_text(f"#!/bin/sh\n{words}\n")
        file.chmod(0o700)

    return write


def test_where_to_connect_stands_in_the_environment_and_not_in_the_arguments(program, tmp_path):
    program("pg_dump", f'echo "$@" > {tmp_path}/said; echo $PGDATABASE $PGUSER $PGPASSWORD; '
            "echo $PGHOST $PGPORT $PGSSLMODE")  # fmt: skip

    told = b"".join(database.dumped(SETTINGS)).decode().splitlines()

    assert told == ["clinic ana not in a list", "5432 require"]
    assert (tmp_path / "said").read_text() == "--format=custom --no-owner --no-privileges\n"


def test_without_the_programs_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(BackupProblem, match="pg_dump is not installed here"):
        list(database.dumped(SETTINGS))
    with pytest.raises(BackupProblem, match="pg_restore is not installed here"):
        database.Restoring(SETTINGS)


def test_a_dump_that_breaks_off_is_none(program):
    program("pg_dump", "echo half of it; exit 1")

    with pytest.raises(BackupProblem, match="could not read the database"):
        list(database.dumped(SETTINGS))


def test_a_dump_nobody_wants_any_more_is_ended(program, tmp_path):
    program("pg_dump", f"echo $$ > {tmp_path}/pid; exec yes")
    dump = database.dumped(SETTINGS)
    assert next(dump)

    dump.close()

    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_what_is_written_reaches_the_database_in_one_piece(program, tmp_path):
    program("pg_restore", f'echo "$@" > {tmp_path}/said; cat > {tmp_path}/dump')
    restoring = database.Restoring(SETTINGS)
    for chunk in (b"one ", b"two"):
        restoring.write(chunk)
    restoring.close()

    assert (tmp_path / "dump").read_bytes() == b"one two"
    said = (tmp_path / "said").read_text().split()
    assert {"--single-transaction", "--exit-on-error", "clinic"} <= set(said)


def test_a_dump_is_read_without_a_database_to_see_that_it_is_whole(program, tmp_path):
    program("pg_restore", f'echo "$@" > {tmp_path}/said; cat > /dev/null')

    database.Restoring(None).close()

    assert "--file /dev/null" in (tmp_path / "said").read_text()


def test_what_pg_restore_refuses_is_told_at_the_end(program):
    program("pg_restore", "cat > /dev/null; exit 1")
    restoring = database.Restoring(SETTINGS)
    restoring.write(b"no dump")

    with pytest.raises(BackupProblem, match="refused the dump"):
        restoring.close()


def test_what_pg_restore_refuses_at_once_is_told_at_once(program):
    program("pg_restore", "exit 1")
    restoring = database.Restoring(SETTINGS)

    with pytest.raises(BackupProblem, match="refused the dump"):
        for _ in range(100):
            restoring.write(bytes(database.CHUNK))


def test_a_last_word_that_finds_nobody_is_a_refusal(program):
    program("pg_restore", "exec 0<&-; exit 1")
    restoring = database.Restoring(SETTINGS)
    restoring.write(b"short")  # it waits here until the end
    restoring._process.wait()

    with pytest.raises(BackupProblem, match="refused the dump"):
        restoring.close()


def test_giving_up_ends_the_program(program, tmp_path):
    program("pg_restore", f"echo $$ > {tmp_path}/pid; exec cat > /dev/null")
    restoring = database.Restoring(SETTINGS)
    end = monotonic() + 30
    while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text().strip():
        assert monotonic() < end
        sleep(0.01)

    restoring.stop()

    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)
