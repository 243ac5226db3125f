"""What a backup says of itself is read, or refused with the reason."""

import json

import pytest

from rapport.core.backup import about
from rapport.core.backup.problems import DamagedBackup, NewerBackup

MADE = about.About(
    format=1, rapport="0.1", practice_id="p", made_at="2030-01-07T03:10:00+00:00",
    database="sqlcipher", schema={"rapport.core": ["0001_initial"]}, rows={"core.Job": 3},
)  # fmt: skip


def altered(**changes):
    return json.dumps(json.loads(MADE.text()) | changes).encode()


def test_it_is_read_as_it_was_written():
    assert about.read(MADE.text()) == MADE


@pytest.mark.parametrize(
    "newer",
    [
        {"format": 2},
        {"schema": {"rapport.core": ["0999_later"]}},
        {"schema": {"rapport.astrology": ["0001_initial"]}},
    ],
)
def test_what_a_newer_rapport_made_is_refused(newer):
    with pytest.raises(NewerBackup, match="update Rapport first"):
        about.read(altered(**newer))


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b"{}", altered(format="one"), altered(more=1), altered(schema=[])]
)
def test_what_is_no_backup_is_refused(raw):
    with pytest.raises(DamagedBackup, match="not a backup of Rapport"):
        about.read(raw)
