"""A column of pairs comes to what its pairs come to one by one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.science import changes
from rapport.science.change import Norm, outcome, reliable_change

SCORE = st.one_of(st.integers(0, 27).map(float), st.floats(0, 27))


@given(
    st.lists(st.tuples(SCORE, SCORE), max_size=40),
    st.sampled_from(["lower", "higher"]),
    st.floats(0.5, 10),
    st.floats(0, 0.99),
    st.one_of(st.integers(0, 27).map(float), st.floats(0, 27)),
)
def test_rows_are_judged_as_single_pairs_are(pairs, better, sd, reliability, cutoff):
    norm = Norm(sd, reliability)
    earlier, later = np.array(pairs, float).reshape(-1, 2).T

    found = changes.judge(earlier, later, norm=norm, better=better, cutoff=cutoff)

    for n, (one, other) in enumerate(pairs):
        change = reliable_change(one, other, norm=norm)
        led = outcome(one, other, reliable=change.reliable, better=better, cutoff=cutoff)
        assert changes.CLASSES[found.name[n]] == led.name
        assert found.crossed[n] == led.crossed
        assert found.index[n] == change.index
        assert found.needed == change.needed


def test_rows_beyond_the_first_portion_are_judged_too():
    rows = changes.AT_ONCE + 2
    earlier, later = np.full(rows, 18.0), np.full(rows, 18.0)
    later[-2:] = 4, 27

    found = changes.judge(earlier, later, norm=Norm(5, 0.84), better="lower", cutoff=10)

    assert found.counts() == {
        "recovered": 1, "improved": 0, "unchanged": rows - 2, "deteriorated": 1,
    }  # fmt: skip


def test_a_missing_score_has_no_class():
    found = changes.judge(
        np.array([np.nan, 18, 18]), np.array([3, np.nan, 3]), norm=Norm(5, 0.84),
        better="lower", cutoff=10,
    )  # fmt: skip

    assert found.name.tolist() == [changes.UNKNOWN, changes.UNKNOWN, 0]
    assert found.crossed.tolist() == [False, False, True]
    assert sum(found.counts().values()) == 1


def test_columns_that_differ_are_refused():
    with pytest.raises(ValueError, match="two columns alike"):
        changes.judge(np.zeros(3), np.zeros(4), norm=Norm(5, 0.84), better="lower", cutoff=10)
    with pytest.raises(ValueError, match="cutoff must be a number"):
        changes.judge(np.zeros(3), np.zeros(3), norm=Norm(5, 0.84), better="lower", cutoff=np.nan)
