import json
import os
import sqlite3

import pytest

from rapport.core import keys
from rapport.core.keys import document

from .conftest import quick


def test_without_a_practice_the_sentence_says_so(tmp_path):
    with pytest.raises(keys.MissingKey, match="no practice in this folder"):
        keys.open(tmp_path)


def test_an_unreadable_keys_json_is_a_sentence(tmp_path):
    (tmp_path / "keys.json").mkdir()

    with pytest.raises(keys.MissingKey, match="cannot be read"):
        keys.open(tmp_path)


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path):
    with pytest.raises(keys.KeyProblem, match="not there or cannot be written"):
        keys.create(tmp_path / "nowhere", quick("long words"))


def test_a_truncated_keys_json_is_refused_at_every_length(folder, ring):
    whole = (folder / "keys.json").read_bytes()

    for length in range(0, len(whole) - 1, 7):
        (folder / "keys.json").write_bytes(whole[:length])
        with pytest.raises(keys.DamagedKeys):
            keys.open(folder)


def test_every_changed_byte_of_keys_json_is_noticed(folder, ring):
    whole = (folder / "keys.json").read_bytes()

    for place in range(len(whole)):
        changed = bytearray(whole)
        changed[place] ^= 1
        with pytest.raises(keys.KeyProblem):
            document.parse(bytes(changed))


@pytest.mark.parametrize("content", [b"[]", b"{}", b'{"format": true}', b"[" * 100_000, b"\xff"])
def test_other_files_are_not_keys(content):
    with pytest.raises(keys.DamagedKeys):
        document.parse(content)


def test_a_newer_format_is_told_apart(folder, edited):
    edited(lambda content: content.update(format=2))

    with pytest.raises(keys.NewerFormat, match="newer Rapport"):
        keys.open(folder)


@pytest.mark.parametrize(
    "change",
    [
        lambda c: c.update(recipient=keys.RecoverySheet.new().recipient),
        lambda c: c.update(mac="00" * 32),
        lambda c: c.pop("mac"),
        lambda c: c.pop("recipient"),
        lambda c: c.pop("practice_id"),
        lambda c: c.pop("practice_keys"),
        lambda c: c.update(practice_keys=[]),
        lambda c: c["practice_keys"].update({"x": c["practice_keys"]["1"]}),
        lambda c: c["practice_keys"]["1"].update(provider=7),
        lambda c: c["practice_keys"]["1"]["provider"].update(blob="%"),
        lambda c: c["practice_keys"]["1"]["provider"].pop("blob"),
        lambda c: c.update(current=2),
        lambda c: c["secrets"].pop("index"),
        lambda c: c.pop("secrets"),
        lambda c: c.pop("provider"),
        lambda c: c.update(provider={"id": "clay tablet"}),
    ],
)
def test_an_edited_keys_json_with_a_right_checksum_is_refused(folder, edited, change):
    edited(change)

    with pytest.raises(keys.DamagedKeys):
        keys.open(folder)


def test_a_secret_put_in_another_place_is_refused(folder, edited):
    def swap(content):
        secrets = content["secrets"]
        secrets["database"], secrets["index"] = secrets["index"], secrets["database"]

    edited(swap)
    with pytest.raises(keys.KeyProblem):
        keys.open(folder)


class TestFileProvider:
    def test_another_practices_key_is_a_sentence(self, folder, ring):
        (folder / "master.key").write_bytes(os.urandom(32))

        with pytest.raises(keys.WrongKey, match="another practice"):
            keys.open(folder)

    def test_a_missing_key_is_a_sentence(self, folder, ring):
        (folder / "master.key").unlink()

        with pytest.raises(keys.MissingKey, match="recovery sheet"):
            keys.open(folder)

    @pytest.mark.parametrize("length", [0, 31, 33])
    def test_a_damaged_key_is_a_sentence(self, folder, ring, length):
        (folder / "master.key").write_bytes(bytes(length))

        with pytest.raises(keys.DamagedKeys, match="key file is damaged"):
            keys.open(folder)

    @pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o601])
    def test_a_key_that_others_can_touch_is_refused(self, folder, ring, mode):
        (folder / "master.key").chmod(mode)

        with pytest.raises(keys.ExposedKey, match="chmod 600 master.key"):
            keys.open(folder)

    def test_where_modes_say_nothing_they_are_not_asked(self, folder, ring, monkeypatch):
        (folder / "master.key").chmod(0o644)
        monkeypatch.setattr("rapport.core.keys.providers.MODES_TELL", False)

        assert keys.open(folder).version == 1

    def test_a_key_that_cannot_be_read_or_made_is_a_sentence(self, folder, ring):
        (folder / "master.key").unlink()
        (folder / "master.key").mkdir()

        with pytest.raises(keys.MissingKey, match="cannot be read"):
            keys.open(folder)
        with pytest.raises(keys.MissingKey, match="cannot be made"):
            keys.FileProvider(folder / "nowhere" / "key").prepare()

    def test_the_key_may_lie_elsewhere_and_the_folder_may_move(self, tmp_path):
        inside, outside = tmp_path / "a", tmp_path / "b"
        for folder in (inside, outside):
            folder.mkdir()
        keys.create(inside, keys.FileProvider(inside / "master.key"))
        keys.create(outside, keys.FileProvider(tmp_path / "b.key"))
        inside.rename(tmp_path / "moved")
        outside.rename(tmp_path / "moved too")

        assert keys.open(tmp_path / "moved").version == 1
        assert keys.open(tmp_path / "moved too").version == 1
        assert not (tmp_path / "moved too" / "master.key").exists()

    def test_a_key_that_is_there_is_used_and_not_replaced(self, tmp_path):
        provider = keys.FileProvider(tmp_path / "shared.key")
        provider.prepare()
        before = provider.path.read_bytes()
        provider.prepare()

        assert provider.path.read_bytes() == before
        assert str(tmp_path) not in repr(provider)
        assert provider.environment() == {}


class TestPassphrase:
    def test_it_opens_with_the_words_alone(self, folder):
        keys.create(folder, quick("three blue horses"))

        assert keys.open(folder, quick("three blue horses")).version == 1
        with pytest.raises(keys.WrongKey, match="not the practice's passphrase"):
            keys.open(folder, quick("three blue cows"))
        with pytest.raises(keys.MissingKey, match="RAPPORT_PASSPHRASE"):
            keys.open(folder)

    def test_its_costs_are_those_of_the_standard_and_are_stored(self, folder):
        keys.create(folder, keys.PassphraseProvider("three blue horses"))
        wrapped = document.read(folder)["practice_keys"]["1"]["provider"]

        assert (wrapped["memory_kib"], wrapped["iterations"], wrapped["lanes"]) == (65536, 3, 1)

    def test_no_words_are_no_passphrase(self, folder):
        with pytest.raises(keys.MissingKey, match="cannot be empty"):
            keys.create(folder, keys.PassphraseProvider(""))
        assert not (folder / "keys.json").exists()

    @pytest.mark.parametrize(
        "cost",
        [{"memory_kib": 2**40}, {"iterations": 10**9}, {"lanes": 0}, {"lanes": "1"},
         {"memory_kib": True}, {"memory_kib": None}, {"lanes": 16}],
    )  # fmt: skip
    def test_a_changed_cost_cannot_exhaust_the_machine(self, folder, cost):
        keys.create(folder, quick("three blue horses"))
        content = json.loads((folder / "keys.json").read_bytes())
        content["practice_keys"]["1"]["provider"].update(cost)
        document.write(folder, content)

        with pytest.raises(keys.DamagedKeys):
            keys.open(folder, quick("three blue horses"))

    def test_it_is_not_shown(self):
        provider = quick("three blue horses")

        assert "horses" not in repr(provider)
        assert provider.environment() == {"RAPPORT_PASSPHRASE": "three blue horses"}


class TestRecovery:
    def test_the_sheet_opens_the_folder_and_the_old_key_no_longer_does(self, folder, made):
        ring, sheet = made
        ring.rotate()
        database = ring.database_key
        (folder / "master.key").unlink()

        back = keys.recover(folder, sheet, quick("three blue horses"))

        assert (back.database_key, back.versions) == (database, (1, 2))
        assert keys.open(folder, quick("three blue horses")).database_key == database
        with pytest.raises(keys.KeyProblem):
            keys.open(folder)

    def test_a_copy_of_keys_json_and_the_sheet_are_enough(self, tmp_path, folder, made):
        ring, sheet = made
        ring.rotate()
        ring.retire(1)
        audit = ring.derive("audit", version=1)
        raw = (folder / "keys.json").read_bytes()
        (tmp_path / "new").mkdir()

        provider = keys.FileProvider(tmp_path / "new" / "master.key")
        back = keys.recover(raw, sheet, provider, folder=tmp_path / "new")

        assert back.practice_id == ring.practice_id
        assert keys.open(tmp_path / "new").derive("audit", version=1) == audit
        with pytest.raises(ValueError, match="need a folder"):
            keys.recover(raw, sheet, provider)

    def test_another_practices_sheet_is_refused_and_nothing_changes(self, folder, ring):
        before = (folder / "keys.json").read_bytes()

        with pytest.raises(keys.WrongKey, match="another practice"):
            keys.recover(folder, keys.RecoverySheet.new(), quick("x"))
        assert (folder / "keys.json").read_bytes() == before

    @pytest.mark.parametrize(
        "change",
        [
            lambda c: c["practice_keys"]["1"].pop("recovery"),
            lambda c: c["practice_keys"]["1"].update(recovery="AAAA"),
            lambda c: c.update(provider={"id": "file", "path": "elsewhere"}),
        ],
    )
    def test_edited_keys_are_refused_by_the_sheet_too(self, folder, sheet, edited, change):
        edited(change)

        with pytest.raises(keys.KeyProblem):
            keys.recover(folder, sheet, quick("x"))

    def test_the_provider_can_be_changed(self, folder, ring):
        changed = keys.change_provider(ring, quick("three blue horses"))

        assert changed.database_key == ring.database_key
        with pytest.raises(keys.MissingKey):
            keys.open(folder)
        with pytest.raises(keys.KeyProblem):
            ring.refresh()


class TestWriting:
    def test_a_failed_write_leaves_the_old_file_and_no_draft(self, folder, ring, monkeypatch):
        before = (folder / "keys.json").read_bytes()

        def full(_handle):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(keys.KeyProblem, match="No space left"):
            ring.rotate()
        assert (folder / "keys.json").read_bytes() == before
        assert not list(folder.glob(".keys.json*"))

    def test_where_folders_cannot_be_flushed_it_goes_on(self, folder, monkeypatch):
        def windows(*_args):
            raise PermissionError

        monkeypatch.setattr(os, "open", windows)
        document.flush_folder(folder)

    def test_a_second_writer_waits_and_then_says_so(self, folder, ring):
        gate = sqlite3.connect(folder / "keys.lock", isolation_level=None)
        gate.execute("BEGIN EXCLUSIVE")

        with (
            pytest.raises(keys.KeyProblem, match="Another Rapport"),
            document.locked(folder, wait=0.05),
        ):
            raise AssertionError
        gate.close()
        with document.locked(folder, wait=0.05):
            pass
