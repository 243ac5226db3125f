import copy
import pickle
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from rapport.core import keys, practice, vault
from rapport.core.policy import System
from rapport.core.vault import rotation, shelf
from rapport.core.vault.models import Certificate, DataKey
from tests.factories import NOW

from .conftest import put  # noqa: F401  the same helpers everywhere

BY = System("test")


def test_a_key_is_32_random_bytes_and_lies_wrapped(key):
    again = DataKey.objects.get(pk=key.pk)

    assert again.secret() == key.secret()
    assert len(key.secret()) == 32
    assert key.secret() not in bytes(again.wrapped)
    assert vault.new_key("CLIENT", now=NOW).secret() != key.secret()


def test_the_secret_stays_on_the_instance_and_off_copies(key):
    assert key.secret() not in pickle.dumps(key)
    for twin in (copy.copy(key), copy.deepcopy(key), pickle.loads(pickle.dumps(key))):
        assert "_secret" not in twin.__dict__
        assert twin.secret() == key.secret()
    assert key.secret().hex() not in repr(key)
    assert str(key) == f"data key {key.pk}"


def test_every_flipped_byte_of_a_wrapped_key_shows(key):
    whole = bytes(key.wrapped)
    for n in range(len(whole)):
        bad = bytes(b ^ (i == n) for i, b in enumerate(whole))
        with pytest.raises(vault.Tampered, match="altered or exchanged"):
            DataKey(pk=key.pk, purpose="CLIENT", wrapped=bad, wrapped_version=1).secret()


def test_a_wrapped_key_opens_in_its_own_place_alone(key):
    at = {"pk": key.pk, "purpose": "CLIENT", "wrapped": key.wrapped, "version": 1,
          "wrapped_version": key.wrapped_version}  # fmt: skip
    other = vault.new_key("CLIENT", now=NOW)
    for change in ({"pk": other.pk}, {"purpose": "AUTHOR"}, {"version": 2},
                   {"wrapped_version": 99}):  # fmt: skip
        with pytest.raises(vault.Tampered):
            DataKey(**{**at, **change}).secret()


class TestDestroying:
    def test_nothing_opens_afterwards_and_the_certificate_says_so(self, Paper, paper, key):
        certificate = vault.destroy(key, by=BY, now=NOW)

        assert (certificate.number, certificate.by, certificate.at) == (1, "system:test", NOW)
        assert str(certificate) == "certificate 1"
        assert bytes(certificate.mac) == certificate.expected_mac()
        left = DataKey.objects.get(pk=key.pk)
        assert (left.wrapped, left.second_wrap, left.destroyed_at) == (None, None, NOW)
        for opening in (lambda: Paper.objects.get(pk=paper.pk).text, left.secret, key.secret):
            with pytest.raises(vault.Destroyed, match="certificate 1") as told:
                opening()
            assert told.value.number == 1

    def test_a_second_wrap_goes_too(self, key):
        DataKey.objects.filter(pk=key.pk).update(second_wrap=b"by a passkey")
        vault.destroy(key, by=BY, now=NOW)

        assert DataKey.objects.get(pk=key.pk).second_wrap is None

    def test_twice_is_one_certificate(self, key):
        first = vault.destroy(key, by=BY, now=NOW)
        second = vault.destroy(key, by=BY, now=NOW + timedelta(days=1))

        assert second == first
        assert key.destroyed_at == NOW
        assert Certificate.objects.count() == 1

    def test_certificates_run_on_without_a_gap(self, key):
        with pytest.raises(RuntimeError), transaction.atomic():
            vault.destroy(vault.new_key("CLIENT", now=NOW), by=BY, now=NOW)
            raise RuntimeError
        numbers = [
            vault.destroy(vault.new_key("AUTHOR", now=NOW), by=BY, now=NOW).number
            for _ in range(3)
        ]  # fmt: skip

        assert numbers == [1, 2, 3]

    def test_two_at_the_same_moment_get_numbers_of_their_own(self, key, monkeypatch):
        vault.destroy(vault.new_key("CLIENT", now=NOW), by=BY, now=NOW)
        stale = [1, 1]
        real = Certificate.next_for

        def behind(data_key, *, at, by):
            found = real(data_key, at=at, by=by)
            if stale:
                found.number = stale.pop()
            return found

        monkeypatch.setattr(Certificate, "next_for", behind)

        assert vault.destroy(key, by=BY, now=NOW).number == 2

    def test_a_number_that_is_never_free_is_an_error_and_not_an_endless_loop(
        self, key, monkeypatch
    ):
        vault.destroy(vault.new_key("CLIENT", now=NOW), by=BY, now=NOW)
        monkeypatch.setattr(
            Certificate, "next_for",
            lambda data_key, *, at, by: Certificate(
                number=1, data_key=data_key, at=at, by=by, mac=b""
            ),
        )  # fmt: skip

        with pytest.raises(IntegrityError), transaction.atomic():
            vault.destroy(key, by=BY, now=NOW)
        assert DataKey.objects.get(pk=key.pk).wrapped is not None

    def test_the_table_refuses_half_a_destruction(self, key):
        with pytest.raises(IntegrityError), transaction.atomic():
            DataKey.objects.filter(pk=key.pk).update(wrapped=None)


@pytest.fixture
def own_practice(tmp_path, db):
    """A practice whose keys may be rotated without touching the suite's."""
    ring, _ = keys.create(tmp_path, keys.FileProvider(tmp_path / "master.key"))
    with practice.use(practice.Practice(tmp_path, ring, "test")) as own:
        yield own


class TestRotation:
    def test_every_key_is_rewrapped_in_chunks_and_opens_as_before(self, own_practice):
        made = [vault.new_key("CLIENT", now=NOW) for _ in range(7)]
        gone = vault.new_key("CLIENT", now=NOW)
        vault.destroy(gone, by=BY, now=NOW)
        told = []

        version = vault.rotate(progress=lambda name, done: told.append((name, done)), chunk=3)

        assert version == 2
        assert told == [("data keys", 3), ("data keys", 6), ("data keys", 7)]
        for key in made:
            again = DataKey.objects.get(pk=key.pk)
            assert again.wrapped_version == 2
            assert again.secret() == key.secret()
            assert bytes(again.wrapped) != bytes(key.wrapped)
        assert vault.retire_unused() == [1]
        assert own_practice.keyring.live == (2,)
        assert DataKey.objects.get(pk=made[0].pk).secret() == made[0].secret()

    def test_it_goes_on_after_an_interruption(self, own_practice):
        for _ in range(5):
            vault.new_key("CLIENT", now=NOW)

        def interrupted(_name, _done):
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            vault.rotate(progress=interrupted, chunk=2)
        assert vault.retire_unused() == []
        assert vault.rewrap(chunk=2) == 3
        assert vault.rewrap() == 0
        assert vault.rotate() == 3
        assert vault.retire_unused() == [1, 2]

    def test_what_somebody_else_keeps_wrapped_is_waited_for(self, own_practice, monkeypatch):
        monkeypatch.setattr(rotation, "SHELVES", dict(rotation.SHELVES))
        left = [1]
        vault.keeps_wrapped("sessions", left=lambda version: left[0], rewrap=lambda v, chunk: 0)
        with pytest.raises(ValueError, match="two things"):
            vault.keeps_wrapped("sessions", left=lambda version: 0, rewrap=lambda v, chunk: 0)
        vault.rotate()

        assert vault.retire_unused() == []
        left[0] = 0
        assert vault.retire_unused() == [1]


def test_a_removed_row_is_said_in_the_trail(paper, Paper, key):
    from rapport.core.models import AuditEntry

    vault.remove(paper, by=BY)

    assert not Paper.objects.exists()
    entry = AuditEntry.objects.latest("number")
    assert entry.verb == f"tests.paper{shelf.REMOVED}"
    assert entry.subject[0][0] == "tests.paper"
