"""Sudden gains, against the cases of the package suddengains and criteria worked by hand."""

import math

import pytest

from rapport.science.sudden_gains import sudden_gains

NA = None
# Session scores, and after which session (from 0) the package finds a gain, None undecided.
# It looks at all gaps but the first and the last, with a reliable change of 7.
CASES = [
    ([28, 19, 23, 12, 13, NA], [0, 0, NA]),
    ([28, 19, 23, 11, 12, NA], [0, 1, NA]),
    ([28, 19, NA, 12, 13, NA], [NA, NA, NA]),
    ([28, 19, 23, 12, 14, NA], [0, 0, NA]),
    ([28, 25, 28, 11, 12, NA], [0, 1, NA]),
    ([28, 26, 28, 11, 12, NA], [0, 1, NA]),
    ([NA, 26, 28, NA, 12, 11], [NA, NA, NA]),
    ([35, 37, 23, 23, 24, 21], [1, 0, 0]),
    ([35, 37, 34, 24, 24, 21], [0, 1, 0]),
    ([35, 37, 34, 34, 24, 21], [0, 0, 1]),
    ([35, 37, 34, 37, 37, 37], [0, 0, 0]),
]


@pytest.mark.parametrize("scores, told", CASES)
def test_the_cases_of_the_package_suddengains(scores, told):
    found = sudden_gains(scores, reliable=7, better="lower")
    at = {one.session for one in found.gains}

    for session, verdict in enumerate(told, 1):
        assert (session in at) is (verdict == 1)
        assert (session in found.undecided) is (verdict is None)


def test_all_three_criteria_are_worked_by_hand():
    """32 31 33, then 5 6 7: 28 >= 7, 28 >= 8.25, 26 > 2.776 x 1."""
    found = sudden_gains([32, 31, 33, 5, 6, 7], reliable=7, better="lower")

    (gain,) = found.gains
    assert (gain.session, gain.before, gain.after, gain.size) == (2, 33, 5, 28)
    assert (gain.critical, gain.reversed_at) == (2.776, None)
    assert (gain.means, gain.bar) == ((32, 6), 2.776)
    assert found.undecided == (0, 4)


@pytest.mark.parametrize(
    "scores, gained",
    [
        ([30, 30, 30, 23, 23, 23], False),  # 7 points, a quarter would be 7.5
        ([28, 28, 28, 21, 21, 21], True),  # 7 of 28 is a quarter
        ([20, 20, 20, 14, 14, 14], False),  # 6 points
        ([30, 10, 26, 18, 5, 20], False),  # does not stand out from its surroundings
    ],
)
def test_each_criterion_is_needed(scores, gained):
    found = sudden_gains(scores, reliable=7, better="lower")

    assert (2 in [one.session for one in found.gains]) is gained


@pytest.mark.parametrize(
    "scores, critical",
    [
        ([30, 31, 30, 10, 11, 10], 2.776),
        ([NA, 31, 30, 10, 11, 10], 3.182),
        ([30, 31, 30, 10, NA, 10], 3.182),
        ([30, NA, 30, 10, 11, NA], 4.303),
    ],
)
def test_missing_sessions_ask_for_a_clearer_gain(scores, critical):
    (gain,) = sudden_gains(scores, reliable=7, better="lower").gains

    assert (gain.session, gain.critical) == (2, critical)


@pytest.mark.parametrize(
    "later, at", [([14, 19, 12], None), ([14, 20, 12], 7), ([NA, 21, 30], 7), ([25], 6)]
)
def test_a_gain_is_reversed_when_half_of_it_is_lost(later, at):
    """From 30 to 10: reversed at 20."""
    scores = [30, 29, 30, 10, 11, 10, *later]
    gains = sudden_gains(scores, reliable=7, better="lower").gains

    assert {one.session: one.reversed_at for one in gains}[2] == at


def test_a_rise_is_a_gain_where_higher_is_better():
    up = [5, 6, 5, 20, 21, 20, 8]

    (gain,) = sudden_gains(up, reliable=7, better="higher").gains

    assert (gain.session, gain.size, gain.reversed_at) == (2, 15, 6)
    assert 2 not in [one.session for one in sudden_gains(up, reliable=7, better="lower").gains]


def test_no_number_is_no_score():
    scores = [30, 31, 30, 10, math.nan, 10]

    assert sudden_gains(scores, reliable=7, better="lower").gains[0].critical == 3.182


def test_a_course_too_short_to_judge_says_so():
    found = sudden_gains([30, 5], reliable=7, better="lower")

    assert (found.gains, found.undecided) == ((), (0,))
    assert sudden_gains([], reliable=7, better="lower").undecided == ()


@pytest.mark.parametrize(
    "given, sentence",
    [
        ({"reliable": 0}, "reliable must be above zero"),
        ({"reliable": math.nan}, "reliable must be above zero"),
        ({"share": 25}, "share must be between 0 and 1"),
    ],
)
def test_criteria_that_are_none_are_refused(given, sentence):
    with pytest.raises(ValueError, match=sentence):
        sudden_gains([1, 2, 3], **{"reliable": 7, "better": "lower"} | given)


def test_an_infinite_score_is_refused():
    with pytest.raises(ValueError, match="a finite number"):
        sudden_gains([1, math.inf], reliable=7, better="lower")
