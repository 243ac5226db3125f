"""A new practice is made whole or not at all."""

import pytest

from rapport.cli.commands.init import PARTS
from tests.launcher.conftest import rapport

GOOD = {
    "--name": "Birch Street", "--owner": "owner@example.org", "--owner-name": "Olive Owner",
    "--place": "Practice", "--time-zone": "UTC", "--country": "US", "--language": "en",
}  # fmt: skip


def init(folder, **changed):
    given = GOOD | {f"--{name.replace('_', '-')}": value for name, value in changed.items()}
    return rapport("init", "--practice", str(folder), *(w for pair in given.items() for w in pair))


def refused(done, said):
    assert done.returncode == 1, done.stdout + done.stderr
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "RECOVERY SHEET" not in done.stdout


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"owner": "notamail"}, "--owner is no mail address"),
        ({"owner": "a" * 60 + "@" + ".".join(["b" * 60] * 4) + ".example"}, "--owner is too long"),
        ({"owner_name": "\u0301\u0308"}, "--owner-name needs letters"),
        ({"owner_name": "x" * 301}, "--owner-name needs letters, at most 300"),
        ({"name": " "}, "--name needs letters"),
        ({"place": "x" * 121}, "--place is too long"),
        ({"language": "xx"}, "does not speak xx. Choose en, de, ar."),
        ({"country": "XQ"}, "XQ is no country"),
        ({"country": "Germany"}, "is no country"),
        ({"time_zone": "Europe/Nowhere"}, "is no time zone"),
    ],
)
def test_what_would_keep_the_owner_out_is_refused_before_anything_is_made(tmp_path, changed, said):
    refused(init(tmp_path / "deep" / "new", **changed), said)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("place", ["/proc/x/y", "file/new"])
def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path, place):
    (tmp_path / "file").write_text("mine")
    refused(init(tmp_path / place), "cannot be made: ")
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def test_a_database_without_its_key_is_not_founded_over(tmp_path):
    (tmp_path / "practice.db").write_bytes(b"theirs")
    refused(init(tmp_path), "already holds a practice (practice.db)")
    assert [one.name for one in tmp_path.iterdir()] == ["practice.db"]


@pytest.mark.parametrize("in_the_way", ["master.key", "practice.db-wal"])
def test_a_practice_that_does_not_come_about_leaves_the_folder_as_it_was(tmp_path, in_the_way):
    (tmp_path / in_the_way).mkdir()
    assert init(tmp_path).returncode == 1
    assert [one.name for one in tmp_path.iterdir()] == [in_the_way]


def test_nothing_is_made_that_would_not_be_undone(made):
    assert {one.name for one in made[0].iterdir()} <= set(PARTS)
