"""The script at the root: one sentence when it cannot, nothing twice when it can."""

import ast
import errno
import subprocess
import sys

import pytest

from tests.launcher.conftest import ROOT

SCRIPT = ROOT / "rapport"


def test_an_old_python_can_read_the_script():
    ast.parse(SCRIPT.read_text(), feature_version=(3, 7))


def test_an_old_python_is_told_which_one_is_needed():
    code = f"import sys; sys.version_info = (3, 9, 2); exec(open({str(SCRIPT)!r}).read())"
    done = subprocess.run([sys.executable, "-c", code], text=True, capture_output=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("Rapport needs Python 3.11 or newer; this is 3.9.")
    assert done.stdout == ""


def test_a_step_that_was_done_is_known_until_its_input_changes(launcher, tmp_path):
    lock = tmp_path / "lock.txt"
    lock.write_text("one")
    assert not launcher.done("lock", launcher.digest(lock))
    launcher.mark("lock", launcher.digest(lock))
    assert launcher.done("lock", launcher.digest(lock))
    lock.write_text("two")
    assert not launcher.done("lock", launcher.digest(lock))


def test_packages_are_installed_once_per_lock(launcher, tmp_path, monkeypatch):
    ran = []
    monkeypatch.setattr(launcher, "run", lambda command, why: ran.append(command))
    (tmp_path / "requirements.txt").write_text("nothing")
    launcher.packages("requirements.txt")
    launcher.packages("requirements.txt")
    assert len(ran) == 1
    assert "--require-hashes" in ran[0]


def test_an_install_that_was_interrupted_is_tried_again(launcher, tmp_path):
    (tmp_path / "requirements.txt").write_text("no-hash==1\n")
    for _ in range(2):
        with pytest.raises(launcher.Trouble):
            launcher.packages("requirements.txt")
    assert not (launcher.STAMPS / "requirements.txt").exists()


def test_an_environment_without_its_stamp_is_made_anew(launcher, monkeypatch):
    ran = []

    def fake(command, _why):
        ran.append(command)
        (launcher.VENV / "lib/python3.11/site-packages").mkdir(parents=True)

    (launcher.VENV / "half").write_text("made")
    monkeypatch.setattr(launcher, "run", fake)
    launcher.environment()
    launcher.environment()
    assert len(ran) == 1
    assert not (launcher.VENV / "half").exists()
    link = next(launcher.VENV.rglob("rapport-src.pth"))
    assert link.read_text().endswith("src")


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk is full."),
        ("Temporary failure in name resolution", "needs the network the first time"),
        ("npm error code EAI_AGAIN", "needs the network the first time"),
        ("The virtual environment was not created: ensurepip is not available", "python3-venv"),
        ("hashes do not match", "Running the command again is safe."),
    ],
)
def test_a_failed_step_is_one_sentence_with_the_way_out(launcher, said, sentence):
    code = f"import sys; print({said!r}); sys.exit(1)"
    with pytest.raises(launcher.Trouble, match=sentence):
        launcher.run([sys.executable, "-c", code], "Installing packages")


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, "The disk is full."),
        (errno.EACCES, "may not write"),
        (errno.EROFS, "may not write"),
    ],
)
def test_a_folder_that_cannot_be_written_is_named(launcher, monkeypatch, number, sentence):
    def refuse():
        raise OSError(number, "no")

    monkeypatch.setattr(launcher, "environment", refuse)
    assert sentence in launcher.main(["serve"])


def test_steps_leave_what_a_command_reads_and_prints_alone():
    """rapport score phq-9 < sheets > scores, right after the clone."""
    code = (
        f"import runpy, sys; m = runpy.run_path({str(SCRIPT)!r}, run_name='launcher');"
        "m['say']('Installing');"
        "m['run']([sys.executable, '-c', 'import sys; sys.stdin.read()'], 'Reading');"
        "print(sys.stdin.read())"
    )
    done = subprocess.run(
        [sys.executable, "-B", "-c", code], input="sheet", text=True, capture_output=True,
        check=False,
    )  # fmt: skip
    assert done.stdout == "sheet\n"
    assert "Installing" in done.stderr
