"""One sheet: what is added, what is missing, what does not apply, and what is never guessed."""

import math

import pytest

from rapport.science.scoring import (
    BadAnswers,
    Band,
    Cutoff,
    Gate,
    Key,
    Rule,
    Skip,
    Sum,
    score,
)

FOUR = ("a", "b", "c", "d")
BANDS = (Band(0, 4, "low"), Band(5, 12, "high"))


def key(**more):
    """Four items from 0 to 3, one may be missing; ``d`` above zero is a risk."""
    given = {
        "values": {item: (0, 1, 2, 3) for item in FOUR},
        "total": Sum(FOUR, max_missing=1, bands=BANDS),
        "cutoffs": (Cutoff(5),),
        "risks": (Rule.read("d >= 1"),),
    }
    return Key(**given | more)


def sheet(*answers):
    return dict(zip(FOUR, answers, strict=True))


def test_a_full_sheet_is_added_up():
    found = score(key(), sheet(1, 2, 3, 0))

    assert (found.status, found.total, found.total_rounded) == ("scored", 6, 6)
    assert isinstance(found.total, int)
    assert (found.band, found.above_cutoff, found.risk_flag) == ("high", True, False)


@pytest.mark.parametrize(
    "answers, total, rounded, band",
    [
        ((1, 1, None, 1), 4.0, 4, "low"),
        ((1, 1, None, 2), 16 / 3, 5, "high"),
        ((None, 0, 2, 0), 8 / 3, 3, "low"),
    ],
)
def test_a_missing_answer_is_the_average_of_the_others(answers, total, rounded, band):
    found = score(key(), sheet(*answers))

    assert found.status == "prorated"
    assert math.isclose(found.total, total)
    assert (found.total_rounded, found.band) == (rounded, band)


@pytest.mark.parametrize("added, rounded", [(1, 2), (3, 5), (5, 8), (7, 11)])
def test_half_goes_up_never_to_even(added, rounded):
    """Two of three items: added x 3 / 2 is always a half, and 4.5 is rounded to 5."""
    three = key(values={item: tuple(range(9)) for item in FOUR}, total=Sum(FOUR[:3], max_missing=1))

    found = score(three, {"a": added, "b": 0, "c": None})

    assert found.total == added * 1.5
    assert found.total_rounded == rounded


@pytest.mark.parametrize("absent", [{"c": None, "b": None}, {}])
def test_one_missing_too_many_has_no_total_and_still_a_risk(absent):
    found = score(key(), {"a": 3, "d": 1} | absent)

    assert found.status == "not_scorable"
    assert (found.total, found.total_rounded, found.band) == (None, None, None)
    assert found.above_cutoff is None
    assert found.risk_flag is True


def test_a_missing_risk_item_is_unknown_and_never_false():
    assert score(key(), sheet(0, 0, 0, None)).risk_flag is None
    assert score(key(), {}).risk_flag is None


def test_one_raised_risk_outweighs_an_unknown_one():
    two = key(risks=(Rule.read("a >= 2"), Rule.read("d >= 1")))

    assert score(two, sheet(2, 0, 0, None)).risk_flag is True
    assert score(two, sheet(1, 0, 0, None)).risk_flag is None
    assert score(two, sheet(1, 0, 0, 0)).risk_flag is False
    assert score(key(risks=()), sheet(3, 3, 3, 3)).risk_flag is False


def test_what_does_not_apply_adds_nothing_and_is_not_missing():
    work = key(may_not_apply=frozenset("c"))

    found = score(work, sheet(3, 3, "n/a", 0))
    assert (found.status, found.total) == ("scored", 6)

    one_missing = score(work, sheet(3, None, "n/a", 0))
    assert (one_missing.status, one_missing.total) == ("prorated", 4.5)


def test_a_risk_item_that_does_not_apply_says_nothing():
    assert score(key(may_not_apply=frozenset("d")), sheet(0, 0, 0, "n/a")).risk_flag is None


def test_a_sheet_on_which_nothing_applies_has_no_total():
    nothing = key(may_not_apply=frozenset(FOUR))

    assert score(nothing, sheet(*["n/a"] * 4)).status == "not_scorable"


def test_what_need_not_be_asked_may_stay_empty():
    drink = key(skips=(Skip(Rule.read("a == 0"), ("b", "c")),))

    assert score(drink, sheet(0, None, None, 2)).total == 2
    assert score(drink, sheet(0, 1, None, 2)).total == 3  # what was answered counts
    assert score(drink, sheet(1, None, None, 2)).status == "not_scorable"
    assert score(drink, sheet(None, None, None, 2)).status == "not_scorable"


def test_a_reversed_item_counts_from_the_other_end_and_risk_reads_the_raw_answer():
    turned = key(reverse=frozenset("d"), values={item: (1, 2, 3) for item in FOUR})

    found = score(turned, sheet(1, 1, 1, 3))
    assert (found.total, found.risk_flag) == (4, True)
    assert score(turned, sheet(1, 1, 1, 2)).total == 5


def test_parts_are_scored_by_themselves():
    parts = key(subscales={"ab": Sum(("a", "b")), "cd": Sum(("c", "d"), times=2)})

    found = score(parts, sheet(1, 2, None, 3))

    assert (found.subscales["ab"].status, found.subscales["ab"].total) == ("scored", 3)
    assert found.subscales["cd"].status == "not_scorable"
    assert score(parts, sheet(1, 2, 2, 3)).subscales["cd"].total == 10


SEXES = (Cutoff(3, facts={"sex": "female"}), Cutoff(4, facts={"sex": "male"}))


@pytest.mark.parametrize(
    "total, facts, above",
    [
        (3, {"sex": "female"}, True),
        (3, {"sex": "male"}, False),
        (4, {"sex": "male"}, True),
        (2, {}, False),
        (3, {}, None),
        (3, {"sex": None}, None),
        (3, {"sex": "another"}, None),
        (4, {}, True),
        (4, {"sex": "another"}, True),
    ],
)
def test_a_cut_off_that_depends_on_an_unknown_fact_is_known_only_where_all_agree(
    total, facts, above
):
    assert score(key(cutoffs=SEXES), sheet(total - 2, 1, 1, 0), facts).above_cutoff is above


def test_where_higher_is_better_the_clinical_range_lies_below():
    wellbeing = key(cutoffs=(Cutoff(5, "at_most"),))

    assert score(wellbeing, sheet(3, 2, 0, 0)).above_cutoff is True
    assert score(wellbeing, sheet(3, 3, 0, 0)).above_cutoff is False
    assert score(key(cutoffs=()), sheet(3, 3, 0, 0)).above_cutoff is None


def test_the_cut_off_is_judged_on_the_rounded_total():
    half = key(total=Sum(FOUR[:3], max_missing=1))

    found = score(half, {"a": 3, "b": 0})
    assert (found.total, found.above_cutoff) == (4.5, True)


@pytest.mark.parametrize(
    "answers, advice",
    [
        ({"e": 1}, "There is no item 'e'; there are a, b, c, d."),
        ({"a": 4}, "Item a is answered with 0, 1, 2, 3, or null"),
        ({"a": -1}, "Item a is answered with"),
        ({"a": "1"}, "Item a is answered with"),
        ({"a": ""}, "Item a is answered with"),
        ({"a": True}, "Item a is answered with"),
        ({"a": 1.0}, "Item a is answered with"),
        ({"a": 0.5}, "Item a is answered with"),
        ({"a": math.nan}, "Item a is answered with"),
        ({"a": [1]}, "Item a is answered with"),
        ({"a": "n/a"}, "Item a is answered with"),
        ({"b": "N/A"}, 'Item b is answered with 0, 1, 2, 3, "n/a", or null'),
    ],
)
def test_what_is_no_answer_is_refused_in_words_that_hold_no_answer(answers, advice):
    with pytest.raises(BadAnswers, match=advice.split("(")[0]):
        score(key(may_not_apply=frozenset("b")), answers)


def test_a_long_item_name_is_cut_in_the_sentence():
    with pytest.raises(BadAnswers) as problem:
        score(key(), {"x" * 1000: 1})
    assert len(str(problem.value)) < 100


@pytest.mark.parametrize("text", ["9", "9 > x", "9 => 1", "", "9 >= 1 or 8 >= 1", "a b >= 1"])
def test_a_rule_that_is_none_is_refused(text):
    with pytest.raises(ValueError, match="is no rule; write it like 9 >= 1"):
        Rule.read(text)


@pytest.mark.parametrize(
    "text, holds",
    [("a >= 1", True), ("a > 1", False), ("a == 1", True), ("a < 1", False), ("a <= 1", True)],
)
def test_a_rule_compares_the_raw_answer(text, holds):
    assert Rule.read(text).holds({"a": 1}) is holds
    assert Rule.read(text).holds({"a": None}) is None
    assert Rule.read(text).holds({"a": "n/a"}) is None


def test_the_span_is_what_full_sheets_can_come_to():
    assert key().span(key().total) == (0, 12)
    assert key(values={i: (1, 2) for i in FOUR}).span(Sum(FOUR[:2], times=4)) == (8, 16)


MEAN = Sum(
    FOUR, max_missing=1, mean=True, decimals=1, bands=(Band(0, 1.9, "low"), Band(2, 3, "up"))
)


@pytest.mark.parametrize(
    "answers, total, rounded, band",
    [
        ((1, 2, 2, 2), 1.75, 1.8, "low"),
        ((1, 2, 2, 3), 2.0, 2.0, "up"),
        ((2, 2, 2, None), 2.0, 2.0, "up"),
        ((3, 2, 2, 1), 2.0, 2.0, "up"),
        ((3, 2, 2, 0), 1.75, 1.8, "low"),
        ((1, 1, None, 3), 5 / 3, 1.7, "low"),
    ],
)
def test_a_mean_is_judged_with_as_many_decimals_as_it_says(answers, total, rounded, band):
    found = score(key(total=MEAN), sheet(*answers))

    assert math.isclose(found.total, total)
    assert (found.total_rounded, found.band) == (rounded, band)
    assert key(total=MEAN).span(MEAN) == (0, 3)


def test_a_cut_off_of_a_mean_has_decimals_too():
    half = key(total=MEAN, cutoffs=(Cutoff(1.8),))

    assert score(half, sheet(1, 2, 2, 2)).above_cutoff is True
    assert score(half, sheet(1, 1, 2, 2)).above_cutoff is False  # 1.5
    assert score(half, sheet(None, 2, 2, 1)).above_cutoff is False  # 1.666667, rounded 1.7


def test_items_past_their_own_threshold_are_counted():
    count = Sum(FOUR, least={"a": 1, "b": 1, "c": 2, "d": 3})
    counting = key(total=count, reverse=frozenset("d"))

    assert score(counting, sheet(1, 1, 1, 1)).total == 2
    assert score(counting, sheet(3, 0, 2, 0)).total == 3  # d turned counts 3
    assert score(counting, sheet(3, 3, 3, None)).status == "not_scorable"
    assert counting.span(count) == (0, 4)


def test_items_may_weigh_more_than_others():
    """The mean of (a, b) and of (c): (a + b) / 2 and c, halved, is (a + b + 2c) / 4."""
    parts = Sum(("a", "b", "c"), weights={"a": 1, "b": 1, "c": 2}, over=4, decimals=2)

    found = score(key(total=parts), sheet(1, 0, 3, 0))
    assert (found.total, found.total_rounded) == (1.75, 1.75)
    assert key(total=parts).span(parts) == (0, 3)


def test_points_may_be_others_than_answers():
    three = key(worth={"a": (0, 1, 2, 2)})

    assert score(three, sheet(3, 0, 0, 0)).total == 2
    assert three.span(three.total) == (0, 11)


def test_a_part_may_have_a_cut_off_of_its_own():
    parts = key(subscales={"ab": Sum(("a", "b"), cutoffs=(Cutoff(3),)), "cd": Sum(("c", "d"))})

    found = score(parts, sheet(2, 1, 3, 3)).subscales
    assert (found["ab"].above_cutoff, found["cd"].above_cutoff) == (True, None)
    assert score(parts, sheet(1, 1, 3, 3)).subscales["ab"].above_cutoff is False
    assert score(parts, sheet(3, None, 0, 0)).subscales["ab"].above_cutoff is None


def test_a_form_without_a_single_total_has_the_status_of_its_worst_part():
    parts = {"ab": Sum(("a", "b")), "cd": Sum(("c", "d"), max_missing=1)}
    several = key(total=Sum(()), subscales=parts)

    def said(*answers):
        return score(several, sheet(*answers)).status

    assert said(1, 1, 1, 0) == "scored"
    assert said(1, 1, 1, None) == "prorated"
    assert said(1, None, 1, None) == "not_scorable"
    found = score(several, sheet(1, 1, 1, 1))
    assert (found.total, found.band, found.above_cutoff, found.risk_flag) == (
        None,
        None,
        None,
        True,
    )


WORK = Gate("works", "no", ("a",))


@pytest.mark.parametrize(
    "facts, total, highest",
    [
        ({}, 9, None),
        ({"works": "yes"}, 9, None),
        ({"works": True}, 9, None),
        ({"works": "no"}, 6, 9),
        ({"works": False}, 6, 9),
        ({"works": None}, 9, None),
    ],
)
def test_what_is_not_for_a_person_does_not_count_and_lowers_what_can_be_reached(
    facts, total, highest
):
    found = score(key(gates=(WORK,)), sheet(3, 3, 3, 0), facts)

    assert (found.status, found.total, found.highest) == ("scored", total, highest)


def test_what_does_not_apply_lowers_what_can_be_reached_and_what_need_not_be_asked_does_not():
    away = key(may_not_apply=frozenset("a"), skips=(Skip(Rule.read("b == 0"), ("c",)),))

    assert score(away, sheet("n/a", 0, None, 1)).highest == 9
    assert score(away, sheet(1, 0, None, 1)).highest is None


def test_what_need_not_be_asked_may_count_as_the_lowest():
    scale = {item: (1, 2, 3) for item in FOUR}
    skip = Skip(Rule.read("a == 1"), ("c",), also=(Rule.read("b == 1"),), lowest=True)
    nervous = key(values=scale, total=Sum(FOUR), skips=(skip,), risks=(Rule.read("c >= 2"),))

    found = score(nervous, sheet(1, 1, None, 3))
    assert (found.total, found.risk_flag) == (6, False)
    assert score(nervous, sheet(1, 2, None, 3)).status == "not_scorable"
    assert score(nervous, sheet(1, 2, None, 3)).risk_flag is None
    assert score(nervous, sheet(1, 1, 3, 3)).total == 8


def test_nothing_happened_is_a_total_of_its_lowest():
    event = key(gates=(Gate("event", "no", FOUR, lowest=True),), total=Sum(FOUR))

    found = score(event, {}, {"event": "no"})
    assert (found.status, found.total, found.risk_flag, found.highest) == ("scored", 0, False, None)
    assert score(event, {}, {"event": "yes"}).status == "not_scorable"


def test_a_long_row_of_numbers_is_not_named_one_by_one():
    days = key(values={item: tuple(range(29)) for item in FOUR})

    with pytest.raises(BadAnswers, match="answered with a whole number from 0 to 28, or null"):
        score(days, {"a": 29})
