import timeit
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.core import keys, practice, vault
from rapport.core.vault import sealing
from rapport.core.vault.sealing import seal, unseal

KEY = bytes(range(32))
ROW = uuid.UUID(int=7)
PLACE = {"key": KEY, "key_version": 1, "name": "note.text", "row": ROW}


@given(st.binary(max_size=2000))
def test_what_is_sealed_opens(plain):
    assert unseal(seal(plain, **PLACE), **PLACE) == plain


@given(st.text(min_size=8, max_size=200))
def test_nothing_of_it_shows(text):
    assert text.encode() not in seal(text.encode(), **PLACE)


def test_every_changed_or_cut_byte_shows():
    whole = seal(b"a few words", **PLACE)
    broken = [whole[:n] for n in range(len(whole))]
    broken += [bytes(b ^ (i == n) for i, b in enumerate(whole)) for n in range(len(whole))]

    for bad in [*broken, whole + b"x"]:
        with pytest.raises(vault.Tampered, match="note.text of"):
            unseal(bad, **PLACE)


@pytest.mark.parametrize(
    "other",
    [{"key": bytes(32)}, {"key_version": 2}, {"name": "note.title"}, {"row": uuid.UUID(int=8)},
     {"name": "note.tex", "row": f"t{ROW}"}],
)  # fmt: skip
def test_a_ciphertext_opens_in_its_own_place_alone(other):
    with pytest.raises(vault.Tampered):
        unseal(seal(b"a few words", **PLACE), **{**PLACE, **other})


def test_another_practice_does_not_open_it(tmp_path):
    sealed, index = seal(b"words", **PLACE), vault.blind("x", purpose="phone")
    ring, _ = keys.create(tmp_path, keys.FileProvider(tmp_path / "master.key"))

    with practice.use(practice.Practice(tmp_path, ring, "test")):
        with pytest.raises(vault.Tampered):
            unseal(sealed, **PLACE)
        assert vault.blind("x", purpose="phone") != index


def test_nonces_do_not_repeat():
    nonces = {seal(b"", **PLACE)[3:15] for _ in range(20_000)}

    assert len(nonces) == 20_000


def test_a_blind_index_finds_equals_only_and_outlives_rotation(tmp_path):
    ring, _ = keys.create(tmp_path, keys.FileProvider(tmp_path / "master.key"))
    with practice.use(practice.Practice(tmp_path, ring, "test")):
        before = vault.blind("+49 30 1", purpose="phone")
        ring.rotate()
        ring.retire(1)

        assert vault.blind("+49 30 1", purpose="phone") == before
        assert vault.blind("+49 30 2", purpose="phone") != before
        assert vault.blind("+49 30 1", purpose="mail") != before
        assert vault.blind("1", purpose="phone+49 30 ") != before
        assert len(before) == 32


def test_problems_and_sealed_values_show_nothing():
    assert "5e" not in repr(vault.Sealed(b"\x5e" * 8))
    assert str(vault.Destroyed(4)) == "What was sealed here was destroyed (certificate 4)."
    assert "no certificate" in str(vault.Destroyed(None))


def test_sealing_half_a_kilobyte_takes_microseconds():
    plain = bytes(512)

    assert min(timeit.repeat(lambda: seal(plain, **PLACE), number=200, repeat=5)) / 200 < 0.001
    assert len(seal(plain, **PLACE)) == 512 + 31
    assert sealing.FORM == 1
