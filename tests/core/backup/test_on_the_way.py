"""What lies on the disk while a backup is made or brought back holds no planted word."""

import tempfile
from datetime import UTC, date, datetime

import pytest

from rapport.core import practice
from rapport.core import time as clock
from rapport.core.backup import database, making, restoring
from rapport.people.clients import actions
from tests.factories import APlace, APractice, Colleague
from tests.settings import SHEET

pytestmark = pytest.mark.django_db(transaction=True)

NIGHT = datetime(2030, 1, 7, 3, 10, tzinfo=UTC)
WORDS = ["Zyxorchid", "qwelephant-remark", "qwelephant-address"]


@pytest.fixture
def planted():
    APractice()
    ana = Colleague()
    actions.admit(
        by=ana.account, legal_name=WORDS[0], place=APlace(), clinician=ana, now=clock.now(),
        birth_on=date(1990, 1, 1), address=WORDS[2], remark=WORDS[1],
    )  # fmt: skip
    yield
    for file in (practice.current().folder / making.FOLDER).iterdir():
        file.unlink()


@pytest.fixture
def looked_at(monkeypatch, tmp_path):
    """Looks at every file in the given places just before a step; what it saw, by name."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    for name in ("TMPDIR", "SQLITE_TMPDIR"):
        monkeypatch.setenv(name, str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", None)
    seen = {}

    def before(module, step, *places):
        really = getattr(module, step)

        def look_first(*given, **named):
            for place in (temporary, *places):
                seen.update({p.name: p.read_bytes() for p in place.rglob("*") if p.is_file()})
            return really(*given, **named)

        monkeypatch.setattr(module, step, look_first)

    return seen, before


def found_in(seen):
    raw = b"".join(seen.values())
    forms = {word: (word.encode(), word.lower().encode(), word.encode("utf-16-le"))
             for word in WORDS}  # fmt: skip
    return [word for word, spelled in forms.items() if any(form in raw for form in spelled)]


def test_while_it_is_made(planted, looked_at):
    seen, before = looked_at
    here = practice.current().folder
    before(database, "copied", here)
    before(making, "_prove", here)
    before(making, "sound", here)

    made = making.make(now=NIGHT)

    assert seen[f".{made.name}.part"].startswith(b"age-encryption.org/v1\n")
    assert found_in(seen | {made.name: made.read_bytes()}) == []


def test_while_it_is_brought_back(planted, looked_at, tmp_path, empty_database):
    seen, before = looked_at
    before(restoring, "_proof", tmp_path)

    back = restoring.restore(
        making.make(now=NIGHT), sheet=SHEET, target_folder=tmp_path / "back",
        database_url=empty_database() or None,
    )  # fmt: skip

    assert {"keys.json", "master.key", "audit.head"} <= set(seen)
    assert back.about.rows["people.Client"] == 1
    assert found_in(seen) == []
