"""Every night one is made, opened again, recorded, and old ones go."""

import contextlib
from datetime import UTC, datetime, timedelta

import pytest

from rapport.core import practice
from rapport.core.backup import actions, daily, making, queries
from rapport.core.backup.models import BackupRecord
from rapport.core.backup.problems import BackupProblem, DamagedBackup
from rapport.core.jobs import run_due
from rapport.core.models import AuditEntry, Job
from rapport.core.policy import System
from rapport.core.sqlcipher.base import opened
from tests.factories import ClientOf

pytestmark = pytest.mark.django_db(transaction=True)

NIGHT = datetime(2030, 1, 7, 3, 10, tzinfo=UTC)


@pytest.fixture
def folder():
    there = practice.current().folder / making.FOLDER
    yield there
    for file in there.iterdir():
        file.unlink()


def test_it_is_opened_again_and_stands_in_the_trail(folder):
    ClientOf()

    made = daily.make(by=System("cli"), now=NIGHT)

    record = queries.newest()
    assert (record.file, record.verified_at, record.outcome) == (made.name, NIGHT, "")
    assert record.size == made.stat().st_size
    assert made.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in folder.iterdir()] == [made.name]
    assert AuditEntry.objects.get(verb="backup.make").by == "system:cli"


def test_old_ones_go_and_their_records_stay(folder):
    first = daily.make(by=System("cron"), now=NIGHT)
    evening = daily.make(by=System("cron"), now=NIGHT + timedelta(hours=10))

    assert not first.exists()
    assert evening.exists()
    assert [r.removed_at is None for r in queries.recent()] == [True, False]


def test_a_disk_that_cannot_be_written_is_told_and_recorded(folder):
    folder.rename(folder.with_name("aside"))
    folder.write_text("a file where the folder was")
    try:
        with pytest.raises(BackupProblem, match="could not be written"):
            making.make(now=NIGHT)
    finally:
        folder.unlink()
        folder.with_name("aside").rename(folder)

    assert queries.newest() is None
    assert BackupRecord.objects.get().outcome == "FileExistsError"


def test_one_that_changed_or_went_since_is_noticed(folder):
    made = making.make(now=NIGHT)
    record = queries.newest()
    making.still_whole(record)

    raw = bytearray(made.read_bytes())
    raw[100] ^= 1
    made.write_bytes(raw)
    with pytest.raises(DamagedBackup, match="has changed"):
        making.still_whole(record)
    made.unlink()
    with pytest.raises(DamagedBackup, match="is gone"):
        making.still_whole(record)


def test_what_a_killed_backup_left_is_swept_a_day_later(folder):
    left = folder / ".20300105-031000-aaaaaaaa.age.part"
    left.write_bytes(b"half")
    making.make(now=datetime.now(UTC))
    assert left.exists()  # it may still be at work

    making.make(now=datetime.now(UTC) + timedelta(days=2))
    assert not left.exists()


def test_asked_for_twice_it_is_made_once_and_is_called_by_its_number(folder):
    for _ in range(2):
        actions.ask(by=System("cli"))

    assert Job.objects.count() == 1
    run_due(loud=True)
    record = BackupRecord.objects.get()
    assert str(record) == f"backup {record.pk}"
    assert (folder / record.file).exists()
    assert AuditEntry.objects.get(by="system:cron").verb == "backup.make"


@pytest.fixture
def files():
    """Where a practice keeps what was handed in."""
    there = practice.current().folder / "files"
    yield there
    for file in there.iterdir():
        file.unlink()


def test_a_file_that_cannot_be_called_so_is_told_and_recorded(folder, files):
    (files / "no such name allowed").write_bytes(b"x")

    with pytest.raises(BackupProblem, match="cannot be backed up"):
        making.make(now=NIGHT)

    assert BackupRecord.objects.get().outcome == "BackupProblem"
    assert list(folder.iterdir()) == []


def test_a_file_that_goes_while_the_backup_is_made_is_left_out(files):
    (files / "a").write_bytes(b"first")
    (files / "b").write_bytes(b"second")
    seen = []
    for block in making._blocks(NIGHT, "draft.part"):
        seen.append(block)
        if block == b"first":
            (files / "b").unlink()

    assert not [block for block in seen if block.startswith(b"files/b") or block == b"second"]
    assert b"files/a" in b"".join(seen)


@pytest.mark.parametrize("place", [0.0, 0.3, 1.0], ids=["its first page", "in use", "free"])
def test_a_copy_of_the_database_with_a_broken_page_does_not_count(tmp_path, place):
    path, key = tmp_path / "copy", b"k" * 32
    with contextlib.closing(opened(key, database=path)) as database:
        database.execute("CREATE TABLE notes (text)")
        database.executemany("INSERT INTO notes VALUES (?)", [["x" * 500] for _ in range(200)])
        database.execute("DELETE FROM notes WHERE rowid > 100")
        database.commit()
    making.sound(path, key)

    raw = bytearray(path.read_bytes())
    raw[int((len(raw) - 1) * place)] ^= 1
    path.write_bytes(raw)

    with pytest.raises(DamagedBackup, match="copy of the database is damaged"):
        making.sound(path, key)
