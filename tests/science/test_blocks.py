"""A block comes to what its sheets come to one by one."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rapport.progress.measures.instruments import INSTRUMENTS
from rapport.science import blocks, scoring
from rapport.science.scoring import Rule
from tests.launcher.conftest import environment

EVERY = {id: item.content.key for id, item in INSTRUMENTS.find().items()}
KEYS = {id: key for id, key in EVERY.items() if key.total.items and key.total.plain}
PHQ_9 = KEYS["phq-9"]
KEYS["turned"] = replace(PHQ_9, reverse=frozenset({"2", "9"}))
KEYS["two risks"] = replace(PHQ_9, risks=(Rule.read("9 >= 1"), Rule.read("1 < 2")))
KEYS["ones and twos"] = replace(PHQ_9, values={item: (2, 0, 1) for item in PHQ_9.values})
KEYS["with a gap"] = replace(PHQ_9, values={item: (0, 2, 4) for item in PHQ_9.values})
KEYS["mean"] = replace(PHQ_9, total=replace(PHQ_9.total, mean=True, decimals=2, bands=()))
RAW = {None: blocks.MISSING, "n/a": blocks.NOT_APPLICABLE}


def block_of(key, sheets):
    names = blocks.columns(key)
    rows = [[RAW.get(sheet[name], sheet[name]) for name in names] for sheet in sheets]
    return np.asfortranarray(np.array(rows, np.int8).reshape(len(rows), len(names)))


@pytest.mark.parametrize("name", KEYS)
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_a_block_comes_to_what_its_sheets_come_to(name, data):
    key = KEYS[name]
    answers = {item: st.sampled_from([None, *key.points[item]]) for item in blocks.columns(key)}
    sheets = data.draw(st.lists(st.fixed_dictionaries(answers), min_size=1, max_size=30))

    found = blocks.score(key, block_of(key, sheets))

    bands = [band.name for band in key.total.bands]
    grain = 10**key.total.decimals
    for n, sheet in enumerate(sheets):
        one = scoring.score(key, sheet)
        total = None if np.isnan(found.total[n]) else found.total[n]
        rounded = None if found.total_rounded[n] == -1 else found.total_rounded[n] / grain
        band = None if found.band[n] == -1 else bands[found.band[n]]
        risk = {1: True, 0: False, -1: None}[int(found.risk[n])]
        assert (blocks.STATUS[found.status[n]], total, rounded, band, risk) == (
            one.status, one.total, one.total_rounded, one.band, one.risk_flag,
        )  # fmt: skip


@pytest.mark.parametrize("name", sorted(EVERY.keys() - KEYS.keys()))
def test_what_it_cannot_do_it_refuses_by_name(name):
    block = np.zeros((1, len(blocks.columns(EVERY[name]))), np.int8)

    with pytest.raises(blocks.BadBlock, match="needs one total that is a sum or a mean"):
        blocks.score(EVERY[name], block)


def test_rows_beyond_the_first_portion_are_scored_too():
    rows = blocks.AT_ONCE + 3
    block = np.zeros((rows, 9), np.int8, order="F")
    block[-1] = 3
    block[-2, :3] = -1

    found = blocks.score(PHQ_9, block)

    assert (found.total[-1], found.band[-1], found.risk[-1]) == (27, 4, 1)
    assert blocks.STATUS[found.status[-2]] == "not_scorable"
    assert not found.total[:-2].any()


def test_the_order_in_memory_does_not_matter():
    block = np.random.default_rng(1).integers(-1, 4, (50, 9)).astype(np.int8)

    by_row = blocks.score(PHQ_9, np.ascontiguousarray(block))
    by_column = blocks.score(PHQ_9, np.asfortranarray(block))

    np.testing.assert_array_equal(by_row.total, by_column.total)


def test_an_empty_block_has_no_scores():
    assert len(blocks.score(PHQ_9, np.zeros((0, 9), np.int8)).total) == 0


@pytest.mark.parametrize(
    "block", [np.zeros((2, 8), np.int8), np.zeros((2, 9)), np.zeros(9, np.int8)]
)
def test_a_block_of_another_shape_is_refused(block):
    with pytest.raises(blocks.BadBlock, match="int8 and has 9 columns"):
        blocks.score(PHQ_9, block)


@pytest.mark.parametrize("name, answer", [("phq-9", 4), ("phq-9", -2), ("with a gap", 3),
                                          ("audit-c", -3)])  # fmt: skip
def test_an_answer_that_the_form_does_not_have_is_refused(name, answer):
    block = np.zeros((2, len(blocks.columns(KEYS[name]))), np.int8)
    block[1, 1] = answer

    with pytest.raises(blocks.BadBlock, match="item 2 has an answer"):
        blocks.score(KEYS[name], block)


def test_a_single_sheet_is_scored_without_numpy_and_django():
    program = (
        "import sys; from rapport.progress.measures import instruments as i;"
        "from rapport.science import change, scoring;"
        "scoring.score(i.get('phq-9').content.key, {'9': 1});"
        "print({'numpy', 'django'} & {name.split('.')[0] for name in sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment(), capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.stdout == "set()\n", done.stderr
