import copy
import json
import pickle
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.core import keys
from rapport.core.keys import aead, document


def test_what_is_made_opens_again(folder, ring):
    again = keys.open(folder)

    assert again.practice_id == ring.practice_id
    assert again.database_key == ring.database_key
    assert len(ring.database_key) == 32
    assert again.index_key == ring.index_key != ring.database_key
    assert again.derive("audit") == ring.derive("audit")
    assert again.recipient == ring.recipient


def test_purposes_practices_and_versions_have_keys_of_their_own(folder, ring, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("other")
    other, _ = keys.create(elsewhere, keys.FileProvider(elsewhere / "k"))
    ring.rotate()

    derived = [
        ring.derive("audit"),
        ring.derive("session"),
        ring.derive("audit", version=1),
        other.derive("audit"),
    ]
    assert len(set(derived)) == 4
    assert {len(key) for key in derived} == {32}


def test_files_are_private_and_hold_no_secret_in_clear(folder, ring):
    assert {
        p.name: p.stat().st_mode & 0o777 for p in folder.glob("*.*") if p.suffix != ".lock"
    } == {
        "keys.json": 0o600,
        "master.key": 0o600,
    }
    kept = (folder / "keys.json").read_text()
    for secret in (ring.database_key, ring.index_key, ring._keys[1]):
        assert secret.hex() not in kept
        assert json.dumps(secret.decode("latin-1")) not in kept


def test_a_second_practice_in_the_folder_is_refused(folder, ring):
    before = (folder / "keys.json").read_bytes()

    with pytest.raises(keys.AlreadyThere, match="already holds"):
        keys.create(folder, keys.FileProvider(folder / "other.key"))
    assert issubclass(keys.AlreadyThere, FileExistsError)
    assert (folder / "keys.json").read_bytes() == before
    assert not (folder / "other.key").exists()


def test_a_sheet_can_be_brought_along(folder):
    sheet = keys.RecoverySheet.new()
    ring, given_back = keys.create(folder, keys.FileProvider(folder / "master.key"), sheet)

    assert given_back is sheet
    assert ring.recipient == sheet.recipient


def test_nothing_is_shown_pickled_or_copied(ring):
    assert str(ring.database_key) not in repr(ring)
    for attempt in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            attempt(ring)


@given(secret=st.binary(max_size=200), aad=st.binary(max_size=50))
def test_what_is_wrapped_unwraps(tmp_path_factory, secret, aad):
    folder = tmp_path_factory.getbasetemp() / "wrapping"
    if not folder.exists():
        folder.mkdir()
        keys.create(folder, keys.FileProvider(folder / "master.key"))
    ring = keys.open(folder)
    wrapped = ring.wrap(secret, purpose="client", aad=aad)

    assert wrapped.version == 1
    assert ring.unwrap(wrapped.blob, purpose="client", aad=aad, version=1) == secret


def test_a_wrapped_key_opens_nowhere_else(ring):
    wrapped = ring.wrap(b"s" * 32, purpose="client", aad=b"row 1")
    ring.rotate()

    for other in (
        {"purpose": "author", "aad": b"row 1", "version": 1},
        {"purpose": "client", "aad": b"row 2", "version": 1},
        {"purpose": "client", "aad": b"row 1", "version": 2},
    ):
        with pytest.raises(keys.WrongKey):
            ring.unwrap(wrapped.blob, **other)


def test_every_changed_or_cut_byte_of_a_wrapped_key_shows(ring):
    blob = ring.wrap(b"s" * 32, purpose="client", aad=b"").blob
    broken = [blob[:n] for n in range(len(blob))]
    broken += [bytes(b ^ (i == n) for i, b in enumerate(blob)) for n in range(len(blob))]

    for bad in broken:
        with pytest.raises(keys.WrongKey):
            ring.unwrap(bad, purpose="client", aad=b"", version=1)


def test_bound_parts_cannot_be_confused():
    assert aead.bound("ab", "c") != aead.bound("a", "bc")
    assert aead.bound("a") != aead.bound("a", "")
    assert aead.bound("é") == aead.bound("é".encode())


class TestRotation:
    def test_old_wraps_stay_readable_and_new_ones_are_new(self, folder, ring):
        old = ring.wrap(b"old", purpose="client", aad=b"")
        database, index = ring.database_key, ring.index_key

        assert ring.rotate() == 2
        new = ring.wrap(b"new", purpose="client", aad=b"")

        again = keys.open(folder)
        assert (again.version, again.versions, again.live) == (2, (1, 2), (1, 2))
        assert new.version == 2
        assert again.unwrap(old.blob, purpose="client", aad=b"", version=1) == b"old"
        assert again.unwrap(new.blob, purpose="client", aad=b"", version=2) == b"new"
        assert (again.database_key, again.index_key) == (database, index)

    def test_a_retired_version_still_answers_for_the_audit_chain_alone(self, folder, ring):
        audit = ring.derive("audit")
        wrapped = ring.wrap(b"x", purpose="client", aad=b"")
        ring.rotate()
        ring.retire(1)
        ring.rotate()
        ring.retire(2)

        again = keys.open(folder)
        assert (again.versions, again.live) == ((1, 2, 3), (3,))
        assert again.derive("audit", version=1) == audit
        with pytest.raises(keys.MissingKey, match="Version 1"):
            again.derive("session", version=1)
        with pytest.raises(keys.MissingKey):
            again.unwrap(wrapped.blob, purpose="client", aad=b"", version=1)

    @pytest.mark.parametrize("version", [1, 7])
    def test_the_current_or_an_unknown_version_cannot_be_retired(self, ring, version):
        with pytest.raises(keys.KeyProblem, match="cannot be retired"):
            ring.retire(version)

    def test_another_process_learns_of_a_new_version_when_it_meets_it(self, folder, ring):
        other = keys.open(folder)
        ring.rotate()
        wrapped = ring.wrap(b"x", purpose="client", aad=b"")

        assert other.version == 1
        assert other.unwrap(wrapped.blob, purpose="client", aad=b"", version=2) == b"x"
        assert other.version == 2

    def test_two_processes_rotate_one_after_the_other(self, folder, ring):
        program = f"from rapport.core import keys; print(keys.open({str(folder)!r}).rotate())"
        both = [
            subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
            for _ in range(2)
        ]
        said = sorted(process.communicate(timeout=60)[0].strip() for process in both)

        assert said == ["2", "3"]
        assert keys.open(folder).live == (1, 2, 3)

    def test_a_key_that_could_not_be_written_is_never_used(self, folder, ring, monkeypatch):
        def full(*_args):
            raise keys.KeyProblem("keys.json cannot be written: No space left on device.")

        monkeypatch.setattr(document, "private_write", full)
        with pytest.raises(keys.KeyProblem):
            ring.rotate()

        assert (ring.version, ring.live) == (1, (1,))
        assert keys.open(folder).version == 1

    def test_a_foreign_keys_json_is_not_taken_over(self, folder, ring, tmp_path_factory):
        other = tmp_path_factory.mktemp("other")
        keys.create(other, keys.FileProvider(other / "k"))
        (folder / "keys.json").write_bytes((other / "keys.json").read_bytes())

        with pytest.raises(keys.WrongKey, match="another practice"):
            ring.refresh()
