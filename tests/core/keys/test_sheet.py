import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.core import keys
from rapport.core.keys.sheet import ALPHABET, LENGTH, PREFIX, ROWS

SHEET = keys.RecoverySheet.new()
PAGE = SHEET.text("Practice by the river")


def rows():
    return [
        line.strip() for line in PAGE.splitlines() if line.strip()[:2] in {"1 ", "2 ", "3 ", "4 "}
    ]


def test_it_reads_back_from_the_whole_page():
    assert keys.RecoverySheet.parse(PAGE) == SHEET


def test_it_fits_on_a_page_and_names_the_practice():
    assert max(len(line) for line in PAGE.splitlines()) <= 72
    assert len(PAGE.splitlines()) <= 50
    assert "Practice by the river" in PAGE
    assert SHEET.recipient in PAGE


@pytest.mark.parametrize(
    "typed",
    [
        "\n".join(rows()),
        "\n".join(reversed(rows())),
        "\n".join(rows()).lower(),
        "\n".join(row.replace(" ", "")[0] + ". " + row.replace(" ", "")[1:] for row in rows()),
        "\n".join(row[1:] for row in rows()),
        SHEET.identity,
        SHEET.identity.lower(),
        "\n".join([SHEET.identity[:30], SHEET.identity[30:60], SHEET.identity[60:]]),
    ],
    ids=[
        "rows",
        "reversed",
        "lower",
        "spaced oddly",
        "without numbers",
        "key",
        "key in lower case",
        "key in rows",
    ],
)
def test_it_reads_back_however_it_is_typed(typed):
    assert keys.RecoverySheet.parse(typed) == SHEET


@given(row=st.integers(0, 3), place=st.integers(0, 15), other=st.sampled_from(ALPHABET))
def test_every_mistyped_character_is_named_by_its_row(row, place, other):
    code = SHEET.identity.removeprefix(PREFIX)
    size = len(range(LENGTH)[ROWS[row]])
    place %= size
    typed = rows()
    head, body = typed[row][:1], typed[row][1:].replace(" ", "")
    if body[place] == other:
        return
    typed[row] = f"{head} {body[:place]}{other}{body[place + 1 :]}"

    assert len(code) == LENGTH
    with pytest.raises(keys.DamagedKeys, match=f"Row {row + 1} .* mistyped"):
        keys.RecoverySheet.parse("\n".join(typed))


@given(row=st.integers(0, 3), place=st.integers(0, 14))
def test_exchanged_neighbours_are_noticed(row, place):
    typed = rows()
    head, body = typed[row][:1], typed[row][1:].replace(" ", "")
    place %= len(range(LENGTH)[ROWS[row]]) - 1
    if body[place] == body[place + 1]:
        return
    typed[row] = f"{head} {body[:place]}{body[place + 1]}{body[place]}{body[place + 2 :]}"

    with pytest.raises(keys.DamagedKeys, match="mistyped"):
        keys.RecoverySheet.parse("\n".join(typed))


def test_a_row_mistyped_without_its_number_is_named_too():
    typed = [row[1:] for row in rows()]
    typed[1], typed[2] = typed[2], typed[1]
    with pytest.raises(keys.DamagedKeys, match="Row 2 .* mistyped"):
        keys.RecoverySheet.parse("\n".join(typed))


@pytest.mark.parametrize("missing", [0, 1, 2, 3])
def test_a_missing_row_is_named(missing):
    typed = [row for number, row in enumerate(rows()) if number != missing]

    with pytest.raises(keys.DamagedKeys, match=f"Row {missing + 1} .* missing"):
        keys.RecoverySheet.parse("\n".join(typed))


def test_a_code_whose_own_checksum_is_wrong_is_refused():
    last = "Q" if SHEET.identity[-1] != "Q" else "P"

    with pytest.raises(keys.DamagedKeys, match="mistyped"):
        keys.RecoverySheet.parse(SHEET.identity[:-1] + last)


@pytest.mark.parametrize("text", ["", "hello", "1 !!!!", "AGE-SECRET-KEY-1", "5 ABCD EFGH AA"])
def test_something_else_is_no_sheet(text):
    with pytest.raises(keys.DamagedKeys, match="not a recovery sheet"):
        keys.RecoverySheet.parse(text)


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text):
    with pytest.raises(keys.DamagedKeys):
        keys.RecoverySheet.parse(text)


def test_it_shows_nothing_and_is_not_pickled():
    assert SHEET.identity not in repr(SHEET)
    for attempt in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError):
            attempt(SHEET)
