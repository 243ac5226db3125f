"""What is found beside a total: true, false, or unknown where an open answer would decide."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.science.findings import Few, Finding, Other, Rule, Tally

ITEMS = ("a", "b", "c", "d")
VALUES = dict.fromkeys(ITEMS, (0, 1, 2))


def reaching(*items, at=1):
    return tuple(Rule.read(f"{item} >= {at}") for item in items)


TWO = Finding("two", Few(2, reaching("a", "b", "c")))
BOTH = Finding("both", Few(2, (Other("two"), *reaching("d", at=2))))
ONLY = Finding("only", Few(2, (Other("two"), Other("both", holds=False))))
TALLY = Tally((TWO, BOTH, ONLY), VALUES)


def found(*answers):
    return tuple(TALLY.found(dict(zip(ITEMS, answers, strict=True))).values())


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ((0, 0, 0, 0), (False, False, False)),
        ((1, 2, 0, 1), (True, False, True)),
        ((1, 1, 1, 2), (True, True, False)),
        ((1, None, 0, 0), (None, False, None)),
        ((1, None, None, 2), (None, None, None)),
        ((1, 1, None, None), (True, None, None)),
        ((0, 0, None, None), (False, False, False)),
        ((1, 1, "n/a", 2), (True, True, False)),
    ],
)
def test_a_rule_is_unknown_only_where_an_open_answer_would_decide(answers, says):
    assert found(*answers) == says


def test_what_is_left_out_is_unanswered():
    assert TALLY.found({"a": 1, "b": 1}) == {"two": True, "both": None, "only": None}


@given(st.tuples(*[st.sampled_from([None, 0, 1, 2])] * 4))
def test_unknown_means_that_both_can_still_come_true(answers):
    """Every way to fill the open answers: a verdict is known if and only if all agree."""
    open_ = [n for n, answer in enumerate(answers) if answer is None]
    ways = set()
    for filled in product((0, 1, 2), repeat=len(open_)):
        whole = list(answers)
        for n, answer in zip(open_, filled, strict=True):
            whole[n] = answer
        ways.add(found(*whole))
    for n, said in enumerate(found(*answers)[:2]):
        seen = {way[n] for way in ways}
        assert seen == {said} if said is not None else seen == {True, False}


def test_one_item_may_stand_in_several_rules_and_twice_in_one():
    twice = Few(2, (Rule.read("a >= 1"), Rule.read("a >= 2")))
    tally = Tally((Finding("high", twice), Finding("low", Few(1, reaching("a")))), VALUES)

    assert tally.found({"a": 2}) == {"high": True, "low": True}
    assert tally.found({"a": 1}) == {"high": False, "low": True}
    assert tally.found({}) == {"high": None, "low": None}


def test_rules_of_rules_hold_by_their_own_numbers():
    groups = Few(2, tuple(Few(1, reaching(x, y)) for x, y in (("a", "b"), ("c", "d"))))
    tally = Tally((Finding("spread", groups),), VALUES)

    assert tally.found({"a": 1, "b": 1, "c": 0, "d": 0})["spread"] is False
    assert tally.found({"a": 1, "b": 0, "c": 0, "d": 2})["spread"] is True
    assert list(groups.rules) == list(reaching("a", "b", "c", "d"))
