"""What cannot be is refused in one sentence with the way out, whatever the command."""

import ctypes
import shutil

import pytest

from rapport import cli
from rapport.cli.damage import told
from rapport.cli.serving import origins
from tests.launcher.conftest import rapport

DROP_BOUNDING, OVERRIDE, READ_ANYTHING = 24, 1, 2  # Linux: prctl and capabilities


def refused(done, said):
    assert done.returncode == 1, done.stdout + done.stderr
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def as_anybody():
    """Rights count for the superuser, too."""
    for right in (OVERRIDE, READ_ANYTHING):
        ctypes.CDLL(None).prctl(DROP_BOUNDING, right, 0, 0, 0)


@pytest.fixture
def commands(tmp_path):
    """Every command that opens a practice, with what it needs."""
    table = tmp_path / "table.csv"
    table.write_text("Name\nA\n")
    return [
        ["verify"], ["serve", "--port", "0"], ["recover", "owner@example.org"], ["backup"],
        ["import", str(table), "--clinician", "owner@example.org", "--place", "Practice"],
    ]  # fmt: skip


@pytest.fixture
def copy(tmp_path, made):
    shutil.copytree(made[0], tmp_path / "copy")
    return tmp_path / "copy"


@pytest.mark.parametrize("keep", [0, 4096])
def test_a_damaged_database_is_said_with_the_way_back(commands, copy, keep):
    database = copy / "practice.db"
    whole = database.read_bytes()
    database.write_bytes(whole[:keep] + b"x" * (len(whole) - keep))
    for command in commands:
        said = "or restore a backup" if command == ["backup"] else "is damaged, or the key"
        refused(rapport(*command, "--practice", str(copy)), said)


def test_an_emptied_database_is_not_filled_with_an_empty_practice(commands, copy):
    (copy / "practice.db").write_bytes(b"")
    for command in commands:
        refused(rapport(*command, "--practice", str(copy)), "rapport restore")
    assert (copy / "practice.db").stat().st_size == 0


@pytest.mark.parametrize(("place", "mode"), [("practice.db", 0o400), ("", 0o500), ("", 0)])
def test_a_practice_that_may_not_be_read_or_written_is_one_sentence(commands, copy, place, mode):
    (copy / place).chmod(mode)
    try:
        for command in commands:
            done = rapport(*command, "--practice", str(copy), preexec_fn=as_anybody)
            refused(
                done,
                "cannot be opened: "
                if command == ["backup"] and mode == 0o500
                else f"{copy} cannot be used: ",
            )
    finally:
        (copy / place).chmod(0o700)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["serve", "--port", "99999"], "99999 is no port. Write a number from 0 to 65535."),
        (["serve", "--port", "-1"], "-1 is no port."),
        (["demo", "--port", "door"], "door is no port."),
        (["init", "--port", "99999"], "99999 is no port."),
        (["demo", "--clients", "-5"], "-5 is no number of clients. Write a number from 1"),
        (["demo", "--clients", "0"], "0 is no number of clients."),
        (["demo", "--years", "-1"], "-1 is no number of years. Write a number from 0 to 50."),
        (["serve", "--key", __file__], "Give --certificate as well."),
        (["serve", "--certificate", __file__], "do not serve TLS. Give a certificate as PEM"),
        (["serve", "--origin", "not a url"], "not a url is no address to type into a browser."),
    ],
)
def test_an_option_that_cannot_be_is_one_sentence(command, said, capsys):
    assert cli.main(command) == 1
    found = capsys.readouterr().err
    assert said in found
    assert len(found.splitlines()) == 1


def test_addresses_are_kept_as_browsers_send_them():
    given = "https://practice.example/, http://localhost:8000,https://[::1]:8443,https://*.example"
    assert origins(given) == given.replace("/, ", ",")
    assert origins("") == ""


@pytest.mark.parametrize(
    "given", ["practice.example", "ftp://a.example", "https://", "https://a.example/desk", "https:"]
)
def test_an_address_without_scheme_or_with_a_path_is_none(given):
    with pytest.raises(cli.Trouble, match="is no address"):
        origins(given)


def test_what_is_not_known_keeps_its_traceback(tmp_path):
    assert told(OSError(28, "No space left", "/elsewhere/file"), tmp_path) is None
    assert told(OSError("no file at all"), tmp_path) is None
    assert told(ValueError("not a database"), tmp_path) is None
    assert told(OSError(13, "Permission denied", str(tmp_path / "practice.db")), None) is None
