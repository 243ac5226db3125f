"""Every night one is made, opened again, recorded, and old ones go."""

from datetime import UTC, datetime, timedelta

import pytest

from rapport.core import practice
from rapport.core.backup import daily, making, queries
from rapport.core.backup.models import BackupRecord
from rapport.core.backup.problems import BackupProblem, DamagedBackup
from rapport.core.models import AuditEntry
from rapport.core.policy import System
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
