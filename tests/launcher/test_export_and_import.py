"""A table of clients into a practice, and a record out of it, on the console."""

import json
import subprocess
import sys
import zipfile

import pytest

from tests.launcher.conftest import ROOT, environment, rapport


def imported(made, file, *words, clinician="owner@example.org", place="practice"):
    return rapport("import", str(file), "--practice", str(made[0]), "--clinician", clinician,
                   "--place", place, *words)  # fmt: skip


@pytest.fixture
def table(tmp_path):
    file = tmp_path / "clients.csv"
    file.write_bytes(
        "Vorname;Nachname;Geburtsdatum;Schuhe\nJürgen;Quxberg;04.05.1990;42\n"
        "Mara;Quxfeld;05.04.90;\nJURGEN;Quxberg;04.05.1990;\n".encode("cp1252")
    )
    return file


def clients(made):
    """The ids of the practice's clients."""
    script = (
        "from pathlib import Path; from rapport.cli.setup import open_practice; "
        f"open_practice(Path({str(made[0])!r})); from rapport.people.models import Client; "
        "print(*Client.objects.values_list('pk', flat=True), sep='\\n')"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment(), text=True,
                          capture_output=True, timeout=120, check=True)  # fmt: skip
    return done.stdout.split()


def test_a_table_comes_in_once_and_a_record_goes_out(made, table, tmp_path):
    dry = imported(made, table, "--dates", "eu", "--dry-run")
    assert (dry.returncode, dry.stderr) == (0, "")
    assert dry.stdout.splitlines() == [
        "Read as Windows-1252: 3 rows.",
        "1 column(s) are not taken over: Schuhe",
        "Line 3, birth date: Write the year with four digits.",
        "Line 4, name: The same person stands on line 2 already.",
        "1 would be admitted, 2 left out.",
    ]
    assert clients(made) == []

    real = imported(made, table, "--dates", "eu")
    assert real.stdout.endswith("\n1 admitted, 2 left out.\n"), real.stderr
    again = imported(made, table, "--dates", "eu")
    assert again.stdout.endswith("\n0 admitted, 3 left out.\n")
    assert "Quxberg" not in real.stdout + again.stdout
    (client,) = clients(made)

    done = rapport("export", client, "--practice", str(made[0]), "--to", str(tmp_path))
    assert done.returncode == 0, done.stderr
    (file,) = tmp_path.glob("rapport-export-*.zip")
    assert file.stat().st_mode & 0o777 == 0o600
    told = json.loads(zipfile.ZipFile(file).read("record.json"))
    assert told["client"]["legal_name"] == "Jürgen Quxberg"
    assert told["looks"][0]["by"]["id"] == "system:import"

    over = rapport("export", client, "--practice", str(made[0]), "--to", str(file))
    assert (over.returncode, over.stderr.count("\n")) == (1, 1)
    assert "is there already" in over.stderr


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "The file is empty."),
        (b"name\nMa\0ra", "This is no text file."),
        (b"\xef\xbb\xbfname\nM\xe4ra", "neither UTF-8, UTF-16 nor Windows-1252"),
        (b"Mara,1990-05-04\n", "names no column"),
        (b"name\n" + b"x\n" * 50_001, "more than 50,000 rows"),
        (None, "cannot be read"),
    ],
    ids=["empty", "nul", "encoding", "header", "long", "none"],
)
def test_a_file_that_cannot_be_taken_over_is_one_sentence(made, tmp_path, raw, said):
    file = tmp_path / "file.csv"
    if raw is not None:
        file.write_bytes(raw)
    done = imported(made, file)
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [({"clinician": "nobody@example.org"}, "Nobody who works here signs in"),
     ({"place": "Moon"}, "There is no place of this name. There are: Practice.")],
)  # fmt: skip
def test_a_clinician_or_place_that_is_none_is_one_sentence(made, table, given, said):
    done = imported(made, table, **given)
    assert done.returncode == 1
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("number", ["00000000-0000-4000-8000-000000000000", "seven"])
def test_the_export_of_nobody_is_one_sentence(made, tmp_path, number):
    target = tmp_path / "out.zip"
    done = rapport("export", number, "--practice", str(made[0]), "--to", str(target))
    assert done.returncode == 1
    assert done.stderr.startswith("There is no client with this id.")
    assert done.stderr.count("\n") == 1
    assert not target.exists()
