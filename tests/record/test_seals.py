"""A signed note that was changed, removed or exchanged by direct SQL is named by verify."""

import json

import pytest
from django.db import connection

from rapport.core import time as clock
from rapport.core import vault
from rapport.core.policy import System
from rapport.core.vault.checks import rows_the_trail_names
from rapport.core.verify import everything
from rapport.record.models import Addendum, Note
from rapport.record.notes import actions, checks, signing
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def found():
    return [str(problem) for problem in checks.signed_notes()]


def all_found():
    """Of every check; the chain's end is noted beside the keys at a commit, and here is none."""
    return [str(problem) for name, problem in everything() if problem and name != "audit"]


def sql(text, *values):
    """Direct SQL, past every field of ours; ids as the database keeps them."""
    keep = (lambda v: v.hex) if connection.vendor == "sqlite" else (lambda v: v)
    given = [keep(v) if hasattr(v, "hex") and hasattr(v, "int") else v for v in values]
    with connection.cursor() as cursor:
        cursor.execute(text, given)
        return cursor.fetchall() if cursor.description else None


def column(name, note, table="record_note"):
    return bytes(sql(f"SELECT {name} FROM {table} WHERE id = %s", note.pk)[0][0])


@pytest.fixture
def signed(house, begin, write):
    """Two signed notes about Mara, each with something added."""
    notes = []
    for text in ("Slept better.", "Slept well."):
        note = begin()
        write(note, text)
        note = Note.objects.select_related("client__data_key", "author").get(pk=note.pk)
        notes.append(signing.sign(by=house.ana.account, note=note, revision=2, now=clock.now()))
        signing.add(by=house.ana.account, note=note, text=f"And: {text}", now=clock.now())
    assert all_found() == []
    return notes


def test_older_words_put_back_are_named(house, begin, write):
    note = begin()
    write(note, "He said he would.")
    old = column("sections", note)
    write(Note.objects.select_related("client__data_key").get(pk=note.pk), "He said he would not.")
    note = Note.objects.select_related("client__data_key", "author").get(pk=note.pk)
    signing.sign(by=house.ana.account, note=note, revision=3, now=clock.now())
    assert found() == []
    sql("UPDATE record_note SET sections = %s WHERE id = %s", old, note.pk)

    assert found() == [f"record.note {note.pk}: changed since it was signed"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("happened_on", "2020-01-01"), ("late", True), ("kind", "CRISIS"), ("template", "soap"),
        ("signed_at", "2020-01-01 00:00:00"), ("started_at", "2020-01-01 00:00:00"),
        ("cosigned_at", "2020-01-01 00:00:00"),
    ],
)  # fmt: skip
def test_every_fact_of_a_note_is_under_its_seal(signed, name, value):
    sql(f"UPDATE record_note SET {name} = %s WHERE id = %s", value, signed[0].pk)  # noqa: S608

    assert found() == [f"record.note {signed[0].pk}: changed since it was signed"]


def test_another_author_or_client_is_named(house, signed):
    sql("UPDATE record_note SET author_id = %s WHERE id = %s", house.ben.pk, signed[0].pk)
    sql("UPDATE record_note SET client_id = %s WHERE id = %s", house.jonas.pk, signed[1].pk)

    assert sorted(found()) == sorted(
        [f"record.note {signed[0].pk}: changed since it was signed",
         f"record.note {signed[1].pk}: changed, removed or exchanged"]
    )  # fmt: skip


def test_a_note_that_is_gone_is_named(signed):
    sql("DELETE FROM record_addendum WHERE note_id = %s", signed[0].pk)
    sql("DELETE FROM record_note WHERE id = %s", signed[0].pk)

    assert f"record.note {signed[0].pk}: removed (it was signed)" in found()
    assert any("record.addendum" in one and "removed" in one for one in found())
    assert len(found()) == 2


def test_rows_that_changed_places_are_named(signed):
    for name in ("sections", "seal", "seal_key"):
        one, two = (column(name, note) for note in signed)
        sql(f"UPDATE record_note SET {name} = %s WHERE id = %s", two, signed[0].pk)  # noqa: S608
        sql(f"UPDATE record_note SET {name} = %s WHERE id = %s", one, signed[1].pk)  # noqa: S608

    named = found()
    assert all(any(str(note.pk) in one for one in named) for note in signed)


def test_a_seal_exchanged_with_another_is_named(signed):
    one, two = (column("seal", note) for note in signed)
    sql("UPDATE record_note SET seal = %s WHERE id = %s", two, signed[0].pk)
    sql("UPDATE record_note SET seal = %s WHERE id = %s", one, signed[1].pk)

    assert {f"record.note {note.pk}: seal exchanged" for note in signed} <= set(found())


def test_a_signature_taken_off_is_named(signed):
    sql("UPDATE record_note SET state = 'DRAFT', seal = NULL WHERE id = %s", signed[0].pk)

    assert f"record.note {signed[0].pk}: signature removed" in found()


def test_a_seal_key_taken_out_is_named(signed):
    sql("UPDATE record_note SET seal_key = NULL WHERE id = %s", signed[0].pk)

    assert found() == [f"record.note {signed[0].pk}: changed, removed or exchanged"]


def test_a_signature_set_behind_our_back_is_named(begin, write):
    note = begin()
    write(note)
    Note.objects.filter(pk=note.pk).update(state="SIGNED", seal=b"x" * 32, signed_at=NOW)

    assert found() == [f"record.note {note.pk}: signed behind our back"]


def test_what_was_added_and_is_changed_or_gone_is_named(signed):
    one, two = Addendum.objects.order_by("pk")
    sql("UPDATE record_addendum SET signed_at = '2020-01-01 00:00:00' WHERE id = %s", one.pk)
    sql("DELETE FROM record_addendum WHERE id = %s", two.pk)

    assert sorted(found()) == sorted(
        [f"record.addendum {one.pk}: changed since it was signed",
         f"record.addendum {two.pk}: removed (it was signed)"]
    )  # fmt: skip


def test_more_than_one_chunk_is_walked(signed, monkeypatch):
    monkeypatch.setattr(checks, "CHUNK", 1)
    assert found() == []
    for note in signed:
        sql("UPDATE record_note SET kind = 'CRISIS' WHERE id = %s", note.pk)

    assert len(found()) == 2


def test_after_crypto_shredding_nothing_is_wrong(house, signed):
    vault.destroy(house.mara.data_key, by=System("test"), now=clock.now())

    assert all_found() == []


def test_a_draft_thrown_away_is_not_missed(house, begin, write):
    note = begin()
    write(note, "one")
    write(note, "other", revision=1)
    note = Note.objects.select_related("client__data_key", "author").get(pk=note.pk)
    actions.discard(by=house.ana.account, note=note)

    assert list(rows_the_trail_names()) == []
    assert all_found() == []


def test_a_new_practice_key_leaves_every_seal_as_it_is(signed):
    vault.rotate()
    assert found() == []


def test_the_trail_holds_no_word_of_a_note(signed):
    from rapport.core.models import AuditEntry

    said = json.dumps(list(AuditEntry.objects.values_list("subject", "verb")), default=str)
    assert "Slept" not in said
