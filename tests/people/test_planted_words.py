"""Words that were planted in a record are found nowhere on disk."""

import logging
from datetime import date
from pathlib import Path

import pytest
from django.db import connection

from rapport.core import practice
from rapport.core import time as clock
from rapport.core.vault.checks import every_sealed_field
from rapport.people.care_team import actions as care_team
from rapport.people.circle import actions as circle
from rapport.people.clients import actions
from rapport.people.models import Client, RelatedPerson
from tests.factories import APlace, APractice, Colleague

pytestmark = pytest.mark.django_db(transaction=True)

NAMES = [f"Zyxorchid{n}" for n in range(5)]
SEALED = [f"qwelephant{n}" for n in range(15)]


@pytest.fixture
def planted(caplog):
    """A record whose every confidential place holds a word of its own."""
    caplog.set_level(logging.DEBUG)
    APractice()
    ana, ben = Colleague(), Colleague()
    for n, name in enumerate(NAMES):
        client = actions.admit(
            by=ana.account, legal_name=name, place=APlace(), clinician=ana, now=clock.now(),
            birth_on=date(1990, 1, 1), address=SEALED[3 * n], remark=SEALED[3 * n + 1],
        )  # fmt: skip
        circle.add_related(
            by=ana.account, client=client, relation="PARTNER", name=SEALED[3 * n + 2]
        )
    care_team.break_glass(
        by=ben.account, name=NAMES[0], birth_on=date(1990, 1, 1), now=clock.now(),
        reason="qwelephant-reason, in need",
    )  # fmt: skip
    return caplog


def spelled(word):
    """The word as it might stand in a file."""
    return (word.encode(), word.encode("utf-16-le"), word.lower().encode())


def test_the_files_of_a_practice_hold_none_of_them(planted):
    if connection.vendor != "sqlite":
        words, raw = [*SEALED, "qwelephant-reason"], _every_row().encode()
    else:
        name = connection.settings_dict["NAME"]
        files = [Path(name), Path(f"{name}-wal"), Path(f"{name}-shm")]
        words = [*NAMES, *SEALED, "qwelephant-reason"]
        raw = b"".join(f.read_bytes() for f in files if f.exists())
    here = practice.current().folder
    raw += b"".join(f.read_bytes() for f in here.rglob("*") if f.is_file())

    assert len(raw) > 10_000
    assert [word for word in words if any(form in raw for form in spelled(word))] == []


def _every_row():
    """Every row of every table, as a dump would show it: bytes in hex and as text."""
    said = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            for row in cursor.fetchall():
                said += [bytes(v).decode("latin1") if isinstance(v, memoryview) else str(v)
                         for v in row]  # fmt: skip
    return "\n".join(said)


def test_the_logs_hold_none_of_them(planted):
    said = "\n".join(r.getMessage() for r in planted.records if r.name != "django.db.backends")

    assert [word for word in [*NAMES, *SEALED] if word in said] == []


def test_verify_names_a_sealed_field_that_was_changed_or_exchanged(planted):
    assert list(every_sealed_field()) == []
    one, two = RelatedPerson.objects.order_by("pk")[:2]
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM people_relatedperson ORDER BY id LIMIT 2")
        first, second = (bytes(row[0]) for row in cursor.fetchall())
        for row, raw in ((one, second), (two, first)):
            key = row.pk.hex if connection.vendor == "sqlite" else row.pk
            cursor.execute("UPDATE people_relatedperson SET name = %s WHERE id = %s", [raw, key])

    problems = [str(problem) for problem in every_sealed_field()]

    assert len(problems) == 2
    assert all(str(row.pk) in "".join(problems) for row in (one, two))


def test_a_flipped_byte_is_named(planted):
    client = Client.objects.order_by("pk").first()
    key = client.pk.hex if connection.vendor == "sqlite" else client.pk
    with connection.cursor() as cursor:
        cursor.execute("SELECT remark FROM people_client WHERE id = %s", [key])
        raw = bytearray(bytes(cursor.fetchone()[0]))
        raw[-1] ^= 1
        cursor.execute("UPDATE people_client SET remark = %s WHERE id = %s", [bytes(raw), key])

    assert [str(client.pk) in str(problem) for problem in every_sealed_field()] == [True]
