"""How a meeting stands, and how meetings at once share a column."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.meeting.board.rules import LANES, Known, lanes, state, turns

NINE = datetime(2030, 1, 7, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def known(status="BOOKED", **given):
    return Known(status, NINE, NINE + 50 * MINUTE, **{"here": True} | given)


@pytest.mark.parametrize(
    ("minutes", "about", "stands"),
    [
        (-60, {}, "booked"),
        (-60, {"confirmed": True}, "confirmed"),
        (-60, {"expected": NINE + 10 * MINUTE}, "awaited"),
        (12, {"expected": NINE + 10 * MINUTE}, "awaited"),
        (15, {"expected": NINE + 10 * MINUTE}, "late"),
        (4, {"confirmed": True}, "confirmed"),
        (5, {"confirmed": True}, "late"),
        (5, {"here": False}, "booked"),
        (-8, {"arrived": NINE - 9 * MINUTE}, "arrived"),
        (0, {"arrived": NINE - 9 * MINUTE}, "session"),
        (49, {"arrived": NINE - 9 * MINUTE}, "session"),
        (50, {"arrived": NINE - 9 * MINUTE}, "over"),
        (50, {}, "over"),
        (50, {"status": "KEPT"}, "kept"),
        (50, {"status": "MISSED"}, "missed"),
        (-60, {"status": "REQUESTED"}, "asked"),
        (-60, {"status": "CANCELLED"}, "off"),
        (-60, {"status": "CANCELLED", "called_off_late": True}, "off-late"),
    ],
)
def test_how_a_meeting_stands(minutes, about, stands):
    assert state(known(**about), NINE + minutes * MINUTE) == stands


@pytest.mark.parametrize(
    ("minutes", "about", "turning"),
    [
        (-60, {}, 0),
        (0, {}, 5),
        (5, {}, 50),
        (50, {}, None),
        (0, {"expected": NINE + 10 * MINUTE}, 15),
        (0, {"status": "KEPT"}, None),
        (-60, {"status": "CANCELLED"}, None),
    ],
)
def test_until_when_it_stands_so(minutes, about, turning):
    at = None if turning is None else NINE + turning * MINUTE
    assert turns(known(**about), NINE + minutes * MINUTE) == at


@given(
    st.sampled_from(["REQUESTED", "BOOKED", "KEPT", "MISSED", "CANCELLED"]), st.booleans(),
    st.none() | st.integers(-20, 60), st.none() | st.integers(-20, 60), st.integers(-30, 70),
)  # fmt: skip
def test_until_it_turns_it_stands_as_it_does(status, here, arrived, expected, minutes):
    came, comes = (None if n is None else NINE + n * MINUTE for n in (arrived, expected))
    one, now = known(status, here=here, arrived=came, expected=comes), NINE + minutes * MINUTE
    until = turns(one, now) or NINE + timedelta(days=1)

    steps = int((until - now) / MINUTE)
    assert steps > 0
    assert {state(one, now + n * MINUTE) for n in range(steps)} == {state(one, now)}


def test_those_that_touch_share_nothing_and_those_that_overlap_stand_beside_each_other():
    assert lanes([]) == []
    assert lanes([(1, 11), (11, 21)]) == [(0, 1), (0, 1)]
    assert lanes([(1, 11), (5, 15), (11, 21), (21, 31)]) == [(0, 2), (1, 2), (0, 2), (0, 1)]


@given(st.lists(st.tuples(st.integers(1, 100), st.integers(1, 20)), max_size=40))
def test_no_two_cover_each_other_while_there_are_lanes(drawn):
    spans = sorted((start, start + length) for start, length in drawn)
    found = lanes(spans)

    assert all(0 <= lane < of <= LANES for lane, of in found)
    together = max((sum(s <= at < e for s, e in spans) for at in range(1, 121)), default=0)
    if together >= LANES:
        return
    for n, (start, end) in enumerate(spans):
        for m, (other, until) in enumerate(spans[:n]):
            if start < until and other < end:
                assert found[n][0] != found[m][0]
                assert found[n][1] == found[m][1]
