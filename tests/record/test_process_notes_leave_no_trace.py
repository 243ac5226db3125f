"""Twenty words planted in a process note stand in no page of anybody else, export, log or file."""

import io
import logging
import zipfile
from pathlib import Path

import pytest
from django.db import connection

from rapport.core import practice
from rapport.core import time as clock
from rapport.people.export import actions as export
from rapport.record.process_notes import actions
from tests.architecture.walk import routes
from tests.people.test_planted_words import _every_row, spelled
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = [f"qwossifrage{n}" for n in range(20)]


@pytest.fixture
def planted(house, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    note = actions.write(
        by=house.ana.account, client=house.mara, text=" ".join(WORDS[:10]), now=clock.now()
    )
    browser = inside(house.ana.account)
    sent = {"revision": 1, "window": str(note.pk), "section-text": " ".join(WORDS)}
    assert browser.post(f"/desk/process-notes/{note.pk}/", sent).status_code == 302
    shown = browser.get(f"/desk/clients/{house.mara.pk}/process-notes/").content.decode()
    assert [word for word in WORDS if word not in shown] == []
    house.mara.care_team.create(staff=house.ben, from_on=clock.today())
    house.note, house.caplog, house.capfd = note, caplog, capfd
    return house


def found(raw):
    return [word for word in WORDS if any(form in raw for form in spelled(word))]


def looked_at(house, account, *, but=()):
    """All that the pages of the desk answer to ``account``, and to a search for each word."""
    browser, said = inside(account), []
    rows = {"client": house.mara.pk, "note": house.note.pk, "process_note": house.note.pk,
            "staff": house.ana.pk}  # fmt: skip
    for route in routes():
        path = route.path
        for name, pk in rows.items():
            path = path.replace(f"<uuid:{name}_id>", str(pk))
        if route.door == "desk" and "<" not in path and route.name not in but:
            said.append(browser.get(f"/{path}").content)
    for word in WORDS:
        listed = browser.get(f"/desk/clients/?q={word}").content
        said += [browser.get(f"/desk/find/?q={word}").content, listed.replace(word.encode(), b"")]
    return b"".join(said)


def test_nobody_else_sees_one_on_any_page(planted):
    for other in (planted.ben, planted.sam):
        assert found(looked_at(planted, other.account)) == []


def test_the_author_sees_them_where_they_wrote_and_nowhere_else(planted):
    own = ("desk_process_notes", "desk_process_note")
    said = looked_at(planted, planted.ana.account, but=own)

    assert len(said) > 100_000
    assert found(said) == []


def test_no_export_and_no_log_has_one(planted):
    made = export.export(by=planted.ana.account, client=planted.mara, now=clock.now())
    archive = zipfile.ZipFile(io.BytesIO(made.content))
    out, err = planted.capfd.readouterr()

    assert found(b"".join(archive.read(name) for name in archive.namelist())) == []
    assert found((planted.caplog.text + out + err).encode()) == []


def test_no_file_of_the_practice_has_one(planted):
    raw = _every_row().encode()
    if connection.vendor == "sqlite":
        name = connection.settings_dict["NAME"]
        files = [Path(name), Path(f"{name}-wal"), Path(f"{name}-shm")]
        raw += b"".join(f.read_bytes() for f in files if f.exists())
    here = practice.current().folder
    raw += b"".join(f.read_bytes() for f in here.rglob("*") if f.is_file())

    assert len(raw) > 10_000
    assert found(raw) == []
