"""A practice of its own on the database under test, and commands as a person types them."""

import contextlib
import json
import os
import secrets
import shutil
import subprocess
import sys

import psycopg
import pytest

from tests.launcher.conftest import ROOT, environment

ON_POSTGRES = os.environ.get("RAPPORT_TEST_DB") == "postgres"
collect_ignore = [] if ON_POSTGRES else ["test_into_postgres.py"]
SERVER = os.environ.get("DATABASE_URL", "")  # read before a test's settings change it


def command(*words, database="", stdin="", at=ROOT):
    given = environment() | ({"DATABASE_URL": database} if database else {})
    return subprocess.run(
        [sys.executable, "-m", *words], cwd=at, env=given, text=True, input=stdin,
        capture_output=True, timeout=300, check=False,
    )  # fmt: skip


def rapport(*words, **given):
    return command("rapport", *map(str, words), **given)


def held(folder, database=""):
    """What the practice in ``folder`` holds."""
    done = command("tests.core.backup.hand", "read", str(folder), database=database)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@contextlib.contextmanager
def writing(folder, database=""):
    """Somebody who admits clients all the while; yields the process, its output says whom."""
    given = environment() | ({"DATABASE_URL": database} if database else {})
    with subprocess.Popen(
        [sys.executable, "-m", "tests.core.backup.hand", "write", str(folder)],
        cwd=ROOT, env=given, text=True, stdout=subprocess.PIPE,
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            process.kill()


@contextlib.contextmanager
def emptied_afterwards():
    """Makes empty databases on PostgreSQL; the encrypted file needs none."""
    made = []

    def make():
        if not ON_POSTGRES:
            return ""
        name = f"backup_{secrets.token_hex(4)}"
        with psycopg.connect(SERVER, autocommit=True) as server:
            server.execute(f'CREATE DATABASE "{name}"')
        made.append(name)
        return f"{SERVER.rsplit('/', 1)[0]}/{name}"

    yield make
    with psycopg.connect(SERVER, autocommit=True) if made else contextlib.nullcontext() as server:
        for name in made:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def empty_database():
    with emptied_afterwards() as make:
        yield make


def founded(tmp_path, database):
    """A new practice: its folder, its database, and its recovery sheet in a file."""
    folder = tmp_path / "practice"
    done = rapport("init", "--practice", folder, "--name", "Birch Street", "--owner",
                   "owner@example.org", "--owner-name", "Olive", database=database)  # fmt: skip
    assert done.returncode == 0, done.stderr
    sheet = tmp_path / "sheet.txt"
    sheet.write_text(done.stdout)
    return folder, database, sheet


@pytest.fixture
def practice(tmp_path, empty_database):
    return founded(tmp_path, empty_database())


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A practice that was backed up while somebody wrote: its parts, the file, and whom it holds.

    Made once; a test that changes a file takes a copy.
    """
    with emptied_afterwards() as make:
        folder, database, sheet = founded(tmp_path_factory.mktemp("written"), make())
        with writing(folder, database) as hand:
            before = [hand.stdout.readline().strip() for _ in range(20)]
            file = backed_up(folder, database)
        yield folder, database, sheet, file, before


def backed_up(folder, database):
    done = rapport("backup", "--practice", folder, database=database)
    assert done.returncode == 0, done.stderr
    return next(iter((folder / "backups").glob("*.age")))


@pytest.fixture
def made(written, tmp_path):
    """A copy of the backup and the sheet, and whom it must hold."""
    _, _, sheet, file, before = written
    copies = [shutil.copyfile(one, tmp_path / one.name) for one in (file, sheet)]
    return *copies, before
