"""``rapport verify`` names what was changed, moved or removed behind Rapport's back."""

import pytest

from rapport.core import audit, vault
from rapport.core.policy import System
from rapport.core.vault import checks
from rapport.core.vault.models import Certificate, DataKey
from rapport.people.models import Client
from tests.factories import NOW, APractice, ClientOf

from .conftest import put, raw

BY = System("test")


@pytest.fixture
def mara(db):
    APractice()
    return ClientOf(legal_name="Mara Planted", remark="planted-chrysanthemum")


@pytest.fixture
def ben(mara):
    return ClientOf(remark="other")


def found(check):
    return [str(problem) for problem in check()]


def everything():
    return [*found(checks.data_keys), *found(checks.every_sealed_field),
            *found(checks.rows_the_trail_names)]  # fmt: skip


def test_what_was_not_touched_is_well(mara, ben):
    audit.record(verb="client.admit", by=BY, subject={"client": mara, "key": mara.data_key})
    vault.destroy(vault.new_key("CLIENT", now=NOW), by=BY, now=NOW)

    assert everything() == []


def test_more_than_one_chunk_is_walked(mara, monkeypatch):
    monkeypatch.setattr(checks, "CHUNK", 2)
    last = [ClientOf(remark=f"{n}") for n in range(4)][-1]
    assert everything() == []
    put(last, "remark", b"\x01" * 60)

    assert len(found(checks.every_sealed_field)) == 1


@pytest.mark.parametrize("content", [b"", b"\x01\x00\x01" + bytes(40), b"words"])
def test_a_changed_or_emptied_field_is_named(mara, content):
    put(mara, "remark", content)

    assert everything() == [f"people.client {mara.pk} remark: changed, removed or exchanged"]


def test_exchanged_fields_are_both_named(mara, ben):
    one, two = raw(mara, "remark"), raw(ben, "remark")
    put(mara, "remark", two)
    put(ben, "remark", one)

    assert sorted(everything()) == sorted(
        f"people.client {c.pk} remark: changed, removed or exchanged" for c in (mara, ben)
    )


def test_exchanged_data_keys_are_named_with_all_they_seal(mara, ben):
    one, two = bytes(mara.data_key.wrapped), bytes(ben.data_key.wrapped)
    DataKey.objects.filter(pk=mara.data_key_id).update(wrapped=two)
    DataKey.objects.filter(pk=ben.data_key_id).update(wrapped=one)

    assert sorted(found(checks.data_keys)) == sorted(
        f"data key {c.data_key_id}: changed or exchanged" for c in (mara, ben)
    )
    assert len(found(checks.every_sealed_field)) == 4


def test_a_removed_key_is_named_and_hides_no_row(Paper, paper, monkeypatch):
    fields = [(Paper, f) for f in Paper._meta.local_fields if isinstance(f, vault.SealedText)]
    monkeypatch.setattr(checks, "sealed_fields", lambda: fields)
    DataKey.objects.filter(pk=paper.data_key_id).delete()

    assert f"tests.paper {paper.pk} text: key removed" in found(checks.every_sealed_field)


def test_a_key_emptied_without_a_certificate_is_named(mara):
    DataKey.objects.filter(pk=mara.data_key_id).update(wrapped=None, destroyed_at=NOW)

    assert everything() == [
        f"data key {mara.data_key_id}: removed (there is no certificate)"
    ]  # fmt: skip


def test_a_forged_or_changed_certificate_is_named(mara):
    DataKey.objects.filter(pk=mara.data_key_id).update(wrapped=None, destroyed_at=NOW)
    Certificate.objects.create(number=1, data_key=mara.data_key_id, at=NOW, by="x", mac=bytes(32))

    assert everything() == [
        "certificate 1: changed or inserted",
        f"data key {mara.data_key_id}: removed (there is no certificate)",
    ]


def test_a_removed_certificate_is_named(mara):
    made = [vault.new_key("CLIENT", now=NOW) for _ in range(3)]
    for key in made:
        vault.destroy(key, by=BY, now=NOW)
    Certificate.objects.filter(number=2).delete()

    assert everything() == [
        "certificate 2: removed",
        f"data key {made[1].pk}: removed (there is no certificate)",
    ]


class TestRemovedRows:
    def test_a_row_the_trail_names_and_that_is_gone_is_named(self, mara, ben):
        for client in (mara, ben):
            audit.record(verb="client.admit", by=BY, subject={"client": client})
        gone = str(ben.pk)
        ben.grams.all().delete()
        Client.objects.filter(pk=ben.pk)._raw_delete("default")

        assert everything() == [f"people.client {gone}: removed"]

    def test_the_last_one_too(self, mara):
        audit.record(verb="client.open", by=BY, subject={"client": mara})
        mara.grams.all().delete()
        Client.objects.filter(pk=mara.pk)._raw_delete("default")

        assert everything() == [f"people.client {mara.pk}: removed"]

    def test_a_row_removed_by_an_action_is_not(self, mara):
        audit.record(verb="client.admit", by=BY, subject={"client": mara})
        mara.grams.all().delete()
        vault.remove(mara, by=BY)

        assert everything() == []

    def test_a_refused_look_at_something_that_never_was_is_not(self, mara):
        audit.record(
            verb="client.open", by=BY, allowed=False,
            subject={"people.client_id": "00000000-0000-4000-8000-000000000000"},
        )  # fmt: skip

        assert everything() == []
