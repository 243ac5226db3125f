"""A text sealed so that a browser alone opens it: with its passphrase, whole, or not at all."""

import json
import re

import pytest
from cryptography.exceptions import InvalidTag

from rapport.core import offline
from tests.meeting.sealed import opened

WORDS = "Mara Lindgren, مارا, " * 9


@pytest.fixture(scope="module")
def sealed():
    passphrase = offline.passphrase()
    closed = offline.close(WORDS, lock=offline.locked(passphrase), said={"made_at": "2026"})
    return passphrase, closed


def test_its_passphrase_opens_it(sealed):
    passphrase, closed = sealed

    assert opened(closed.header, closed.body, passphrase).rstrip(" ") == WORDS.rstrip(" ")


def test_another_passphrase_does_not(sealed):
    with pytest.raises(InvalidTag):
        opened(sealed[1].header, sealed[1].body, offline.passphrase())


def test_a_passphrase_has_100_bits_in_letters_that_nobody_confuses():
    made = {offline.passphrase() for _ in range(200)}

    assert len(made) == 200
    assert all(re.fullmatch(r"([AC-HJ-NP-Z02-9]{4}-){4}[AC-HJ-NP-Z02-9]{4}", one) for one in made)
    assert len(set(offline.ALPHABET)) ** offline.LENGTH >= 2**100


def test_no_byte_of_header_or_body_can_be_changed(sealed):
    passphrase, closed = sealed
    said = json.loads(closed.header)
    lock = offline.Lock(b"k" * 32, b"s" * 16)
    again = offline.close(WORDS, lock=lock, said={"made_at": "2026"})
    for n in range(len(again.header)):
        changed = bytearray(again.header)
        changed[n] ^= 1
        with pytest.raises(InvalidTag):
            offline.aead.open(lock.key, again.body, bytes(changed))
    for n in (0, 11, 12, 400, len(again.body) - 1):
        changed = bytearray(again.body)
        changed[n] ^= 1
        with pytest.raises(InvalidTag):
            offline.aead.open(lock.key, bytes(changed), again.header)
    later = json.dumps(said | {"made_at": "2027"}, sort_keys=True).encode()
    with pytest.raises(InvalidTag):
        opened(later, closed.body, passphrase)


def test_the_key_takes_as_many_rounds_as_owasp_asks_and_the_header_says_so(sealed):
    said = json.loads(sealed[1].header)

    assert said["kdf"] == "PBKDF2-HMAC-SHA256"
    assert said["iterations"] == offline.ITERATIONS >= 600_000
    assert (said["version"], said["made_at"]) == (1, "2026")


def test_its_length_does_not_tell_how_much_is_in_it():
    lock = offline.Lock(b"k" * 32, b"s" * 16)
    lengths = {len(offline.close("x" * n, lock=lock, said={}).body) for n in range(1, 16_385, 511)}

    assert lengths == {16_384 + 12 + 16}
    assert len(offline.close("x" * 16_385, lock=lock, said={}).body) == 2 * 16_384 + 28


def test_what_is_said_besides_cannot_name_another_key(sealed):
    lock = offline.Lock(b"k" * 32, b"s" * 16)
    said = json.loads(offline.close("x", lock=lock, said={"iterations": 1, "salt": ""}).header)

    assert said["iterations"] == offline.ITERATIONS
    assert said["salt"] == "c3Nzc3Nzc3Nzc3Nzc3Nzcw=="


def test_a_lock_does_not_print_its_key():
    assert "kkkk" not in repr(offline.Lock(b"k" * 32, b"s" * 16))
