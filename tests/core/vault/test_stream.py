import io
import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rapport.core import vault
from rapport.core.vault import stream

ROW = uuid.UUID(int=7)
PLACE = {"key": bytes(range(32)), "key_version": 1, "name": "file.content", "row": ROW}
HEAD = 30
SEALED_CHUNK = stream.CHUNK + stream.TAG


@settings(max_examples=30)
@given(
    size=st.sampled_from([0, 1, 16, stream.CHUNK - 1, stream.CHUNK, stream.CHUNK + 1,
                          3 * stream.CHUNK, 3 * stream.CHUNK + 5]),
    fill=st.binary(min_size=1, max_size=9),
)  # fmt: skip
def test_any_file_comes_back(size, fill):
    plain = (fill * (size // len(fill) + 1))[:size]
    sealed = vault.seal_bytes(plain, **PLACE)

    assert vault.open_bytes(sealed, **PLACE) == plain
    chunks = max(1, -(-size // stream.CHUNK))
    assert len(sealed) == HEAD + size + chunks * stream.TAG


def test_it_reads_pipes_that_give_little_at_once():
    class Pipe(io.BytesIO):
        def read(self, size=-1):
            return super().read(min(size, 1000))

    target = io.BytesIO()
    plain = bytes(range(256)) * 600
    vault.seal_file(Pipe(plain), target, **PLACE)
    back = io.BytesIO()
    vault.open_file(Pipe(target.getvalue()), back, **PLACE)

    assert back.getvalue() == plain


def test_every_changed_byte_shows():
    sealed = vault.seal_bytes(b"a small file", **PLACE)

    for n in range(len(sealed)):
        bad = bytes(b ^ (i == n) for i, b in enumerate(sealed))
        with pytest.raises(vault.Tampered):
            vault.open_bytes(bad, **PLACE)


def test_every_cut_shows():
    sealed = vault.seal_bytes(bytes(2 * stream.CHUNK + 9), **PLACE)
    cuts = [*range(HEAD + 20), HEAD + SEALED_CHUNK, HEAD + 2 * SEALED_CHUNK, len(sealed) - 1]

    for length in cuts:
        with pytest.raises(vault.Tampered):
            vault.open_bytes(sealed[:length], **PLACE)
    with pytest.raises(vault.Tampered):
        vault.open_bytes(sealed + b"x", **PLACE)


def test_chunks_reordered_repeated_or_taken_from_elsewhere_show():
    sealed = vault.seal_bytes(bytes(3 * stream.CHUNK), **PLACE)
    other = vault.seal_bytes(bytes(3 * stream.CHUNK), **PLACE)
    head, *chunks = [
        sealed[:HEAD],
        *(sealed[HEAD + n * SEALED_CHUNK : HEAD + (n + 1) * SEALED_CHUNK] for n in range(3)),
    ]
    foreign = other[HEAD : HEAD + SEALED_CHUNK]
    for bad in (
        [chunks[1], chunks[0], chunks[2]],
        [chunks[0], chunks[0], chunks[1], chunks[2]],
        [chunks[0], chunks[2]],
        [foreign, chunks[1], chunks[2]],
    ):
        with pytest.raises(vault.Tampered):
            vault.open_bytes(head + b"".join(bad), **PLACE)


@pytest.mark.parametrize(
    "other",
    [{"key": bytes(32)}, {"key_version": 2}, {"name": "file.scan"}, {"row": uuid.UUID(int=8)}],
)
def test_a_file_opens_in_its_own_place_alone(other):
    with pytest.raises(vault.Tampered):
        vault.open_bytes(vault.seal_bytes(b"x", **PLACE), **{**PLACE, **other})


def test_only_authentic_chunks_reach_the_target():
    sealed = bytearray(vault.seal_bytes(b"a" * (2 * stream.CHUNK), **PLACE))
    sealed[-1] ^= 1
    target = io.BytesIO()

    with pytest.raises(vault.Tampered):
        vault.open_file(io.BytesIO(bytes(sealed)), target, **PLACE)
    assert target.getvalue() == b"a" * stream.CHUNK


def test_a_file_beyond_the_counter_is_refused():
    with pytest.raises(ValueError, match="256 TiB"):
        stream._nonce(bytes(7), 2**32, True)
