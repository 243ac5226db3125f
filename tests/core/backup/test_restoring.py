"""Bringing a practice back: what stops it, in which words, and that nothing is left behind."""

import io
import runpy
import sys
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module

import pyrage
import pytest

from rapport.core import keys, practice
from rapport.core.backup import about, container, making, restoring, sinks
from rapport.core.backup.problems import BackupProblem, DamagedBackup, TargetInUse
from rapport.core.keys import document
from rapport.core.models import AuditEntry
from tests.factories import ClientOf
from tests.settings import SHEET

from .conftest import ON_POSTGRES
from .test_about import MADE

pytestmark = pytest.mark.django_db(transaction=True)

PROOF = "rapport.core.backup.proof"
NIGHT = datetime(2030, 1, 7, 3, 10, tzinfo=UTC)


@pytest.fixture
def file():
    """A backup of a practice with one client and one file."""
    here = practice.current().folder
    (here / "files" / "scan.bin").write_bytes(b"sealed")
    (here / "files" / "elsewhere").symlink_to(here / "keys.json")
    ClientOf()
    made = making.make(now=NIGHT)
    yield made
    for one in [*(here / "files").iterdir(), *(here / making.FOLDER).iterdir()]:
        one.unlink()


@pytest.fixture
def back(tmp_path, empty_database):
    """Restore a file to a folder of this test."""

    def restore(file, **given):
        address = empty_database()
        said = {"target_folder": tmp_path / "back", "database_url": address or None}
        return restoring.restore(file, sheet=SHEET, **said | given)

    return restore


def closed(**members):
    """A backup of these members, made by hand."""
    packer, target = container.Packer(), io.BytesIO()
    named = {name.replace("_json", ".json"): content for name, content in members.items()}
    blocks = [block for name in named for block in packer.whole(name, named[name])]
    recipient = pyrage.x25519.Recipient.from_str(SHEET.recipient)
    container.encrypt([*blocks, *packer.end()], target, [recipient])
    return target.getvalue()


def own_keys():
    return (practice.current().folder / document.NAME).read_bytes()


def test_a_look_tells_what_is_in_it(file):
    said = restoring.verify(file, SHEET)

    assert said.practice_id == practice.current().id
    assert said.rows["people.Client"] == 1


def test_files_come_back_and_links_do_not(file, back):
    there = back(file).folder

    assert (there / "files" / "scan.bin").read_bytes() == b"sealed"
    assert not (there / "files" / "elsewhere").exists()


def test_an_empty_folder_that_is_there_takes_it_and_the_key_may_lie_elsewhere(file, back, tmp_path):
    (tmp_path / "back").mkdir()
    disk = tmp_path / "stick" / "master.key"
    disk.parent.mkdir()

    there = back(file, provider=keys.FileProvider(disk))

    assert disk.exists()
    assert not (there.folder / "master.key").exists()
    assert there.keyring.database_key == practice.current().keyring.database_key


def test_a_passphrase_may_open_it_instead(file, back):
    there = back(file, provider=keys.PassphraseProvider("five words nobody else says"))

    assert not (there.folder / "master.key").exists()


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (lambda: closed(), "not a backup of Rapport"),
        (lambda: closed(about_json=MADE.text()), "keys are missing"),
        (lambda: closed(keys_json=own_keys()), "not a backup of Rapport"),
    ],
    ids=["nothing", "no keys", "not its beginning"],
)
def test_what_lacks_its_parts_is_refused(tmp_path, raw, says):
    file = tmp_path / "backup.age"
    file.write_bytes(raw())

    with pytest.raises(DamagedBackup, match=says):
        restoring.verify(file, SHEET)


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(BackupProblem, match="cannot be read: No such file"):
        restoring.verify(tmp_path / "none.age", SHEET)


def test_a_folder_with_something_in_it_is_not_touched(file, back, tmp_path):
    (tmp_path / "back").mkdir()
    (tmp_path / "back" / "letter").write_text("mine")

    with pytest.raises(TargetInUse, match="something in that folder already"):
        back(file)

    assert [path.name for path in (tmp_path / "back").iterdir()] == ["letter"]


def altered_practice():
    ClientOf()
    AuditEntry.objects.create(
        number=999, at=NIGHT, verb="forged", by="x", allowed=True, subject=[], key_version=1,
        mac=b"x" * 32,
    )  # fmt: skip


def test_a_practice_that_was_altered_before_comes_back_only_despite_that(file, back, tmp_path):
    altered_practice()
    altered = making.make(now=NIGHT.replace(hour=4))

    with pytest.raises(DamagedBackup, match="altered before: audit entr"):
        back(altered)
    assert list(tmp_path.iterdir()) == []

    assert back(altered, despite_problems=True).about.rows["people.Client"] == 2


def test_one_that_does_not_start_is_not_kept(tmp_path, back):
    """It has every part but a database that is one."""
    file = tmp_path / "backup.age"
    said = replace(MADE, database="postgresql" if ON_POSTGRES else "sqlcipher")
    file.write_bytes(closed(**{
        "about_json": said.text(), "keys_json": own_keys(), "database/000001": b"no database",
    }))  # fmt: skip

    with pytest.raises(BackupProblem, match="nothing was (kept|restored)"):
        back(file)

    assert [path.name for path in tmp_path.iterdir()] == ["backup.age"]


def test_what_the_disk_does_not_take_leaves_nothing_behind(tmp_path, back):
    """A folder cannot be made where a file is."""
    file = tmp_path / "backup.age"
    said = replace(MADE, database="postgresql" if ON_POSTGRES else "sqlcipher")
    file.write_bytes(closed(**{
        "about_json": said.text(), "keys_json": own_keys(), "files/a": b"x", "files/a/b": b"y",
    }))  # fmt: skip

    with pytest.raises(FileExistsError):
        back(file)

    assert [path.name for path in tmp_path.iterdir()] == ["backup.age"]


@pytest.mark.parametrize(
    ("kind", "address", "says"),
    [
        ("sqlcipher", "postgresql://h/d", "without DATABASE_URL"),
        ("postgresql", None, "name an empty one in DATABASE_URL"),
        ("postgresql", "host=a b c", "not the address of a PostgreSQL database"),
        ("postgresql", "postgresql://nobody@127.0.0.1:1/none", "cannot be reached"),
    ],
)
def test_a_backup_goes_only_to_its_kind_of_database(tmp_path, kind, address, says):
    file = tmp_path / "backup.age"
    file.write_bytes(closed(about_json=replace(MADE, database=kind).text(), keys_json=own_keys()))

    with pytest.raises(BackupProblem, match=says):
        restoring.restore(file, sheet=SHEET, target_folder=tmp_path / "back", database_url=address)

    assert not (tmp_path / "back").exists()


def test_what_comes_after_the_beginning_may_pass_by():
    looking = sinks.Looking()
    for name, content in {
        about.NAME: MADE.text(),
        "files/a": b"x",
        "database/000001": b"y",
    }.items():
        looking.begin(name)
        looking.data(content)
        looking.end()
    looking.close()

    assert looking.about == MADE


@pytest.mark.parametrize(("altered", "code"), [(False, 0), (True, 3)])
def test_the_check_of_a_restored_practice_names_what_was_altered(
    monkeypatch, capsys, altered, code
):
    if altered:
        altered_practice()
    assert import_module(PROOF).main() == code
    monkeypatch.delitem(sys.modules, PROOF)

    with pytest.raises(SystemExit) as ended:
        runpy.run_module(PROOF, run_name="__main__")

    assert ended.value.code == code
    assert ("audit entr" in capsys.readouterr().out) is altered
