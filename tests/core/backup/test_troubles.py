"""Whatever a person mistypes or a disk has lost: one sentence, and the way out."""

import shutil

import pytest

from .conftest import ON_POSTGRES, held, rapport


def one_sentence(done):
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    return done.stderr


def test_the_printed_page_may_be_piped_in_whole(made, tmp_path, empty_database):
    file, sheet, _ = made

    done = rapport("restore", file, "--to", tmp_path / "back", stdin=sheet.read_text(),
                   database=empty_database())  # fmt: skip

    assert done.returncode == 0, done.stderr


def test_the_folder_one_stands_in_may_be_named_by_a_dot(made, tmp_path, empty_database):
    file, sheet, before = made
    back, database = tmp_path / "back", empty_database()
    back.mkdir()

    done = rapport("restore", file, "--to", ".", "--sheet", sheet, database=database, at=back)

    assert done.returncode == 0, done.stderr
    assert set(before) <= set(held(back, database)["clients"])


def test_an_address_that_is_none_is_refused(made, tmp_path):
    file, sheet, _ = made

    said = one_sentence(rapport("restore", file, "--to", tmp_path / "back", "--sheet", sheet,
                                database="host=a b c"))  # fmt: skip

    assert "DATABASE_URL" in said
    assert not (tmp_path / "back").exists()


@pytest.mark.parametrize("loss", ["gone", "overwritten"])
def test_a_practice_without_its_database_is_not_backed_up(written, tmp_path, loss):
    folder = tmp_path / "practice"
    shutil.copytree(written[0], folder)
    database = "postgresql://nobody@127.0.0.1:1/none" if ON_POSTGRES else ""
    for file in folder.glob("practice.db*"):
        file.unlink()
    if loss == "overwritten":
        (folder / "practice.db").write_bytes(b"not a database" * 400)
    there = {path.name for path in (folder / "backups").iterdir()}

    said = one_sentence(rapport("backup", "--practice", folder, database=database))

    nothing_there = loss == "gone" and not ON_POSTGRES
    assert ("no practice.db" if nothing_there else "database cannot be opened") in said
    assert {path.name for path in (folder / "backups").iterdir()} == there
