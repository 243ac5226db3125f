"""The steps of a score, opened: they lead to what the scoring says, for every sheet."""

from hypothesis import given
from hypothesis import strategies as st

from rapport.progress.measures import arithmetic, instruments, rules
from rapport.science.scoring import score

EVERY = [id for id, one in instruments.with_words().items() if one.content.has_total]


def opened(name, answers, facts=None):
    return arithmetic.opened(instruments.get(name).content.key, answers, facts or {})


def test_a_whole_sheet_adds_up():
    steps = opened("phq-9", {str(n): 2 for n in range(1, 10)})
    assert (steps.added, steps.answered, steps.missing) == (18, 9, 0)
    assert steps.counted == [2] * 9 and steps.raised == [True]
    assert [line.counts for line in steps.lines][-1] is None  # the question on difficulty


def test_what_is_missing_is_seen_and_leads_to_the_prorated_total():
    steps = opened("phq-9", {"1": 3, "2": 3, "3": 2, "4": 1, "5": 0, "6": 1, "7": 1, "8": 1})
    assert (steps.added, steps.answered, steps.applicable) == (12, 8, 9)
    assert steps.result.total == 13.5  # 12 x 9 / 8 by hand
    assert steps.raised == [None]


def test_what_does_not_apply_is_told_from_what_is_missing():
    steps = opened("audit-c", {"1": 0})
    assert [(line.key, line.away) for line in steps.lines] == [
        ("1", False), ("2", True), ("3", True)
    ]  # fmt: skip
    assert (steps.applicable, steps.answered, steps.result.total_rounded) == (1, 1, 0)


@given(st.data())
def test_the_steps_always_lead_to_the_score(data):
    content = instruments.get(data.draw(st.sampled_from(EVERY))).content
    key = content.key
    answers = {
        item: data.draw(st.one_of(st.none(), st.sampled_from(values)))
        for item, values in key.values.items()
    }
    steps, result = arithmetic.opened(key, answers, {}), score(key, answers)
    assert steps.result == result
    if result.status == "scored":
        made = key.total.times * steps.added
        assert (made / steps.answered if key.total.mean else made) == result.total
    if result.status == "prorated":
        made = key.total.times * steps.added / steps.answered
        made *= 1 if key.total.mean else steps.applicable
        assert abs(made - result.total) < 1e-9
    assert (steps.missing > key.total.max_missing or not steps.answered) == (result.total is None)


def test_facts_a_cutoff_needs():
    assert rules.facts_needed(instruments.get("audit-c").content.key) == {"sex": ["female", "male"]}
    assert rules.facts_needed(instruments.get("phq-9").content.key) == {}


def test_facts_an_item_needs_are_asked_for_only_where_no_question_tells():
    assert rules.facts_needed(instruments.get("phq-15").content.key) == {"sex": ["female", "male"]}
    assert rules.facts_needed(instruments.get("pc-ptsd-5").content.key) == {}


def test_what_need_not_be_asked_counts_as_the_lowest_where_the_form_says_so():
    steps = opened("k10", {str(n): 1 for n in range(1, 11) if n not in (3, 6)})
    assert (steps.added, steps.answered, steps.missing) == (10, 10, 0)
    assert not any(line.away for line in steps.lines)


def test_of_a_man_the_question_for_women_is_not_missing():
    answers = {str(n): 1 for n in range(1, 16) if n != 4}
    steps = opened("phq-15", answers, {"sex": "male"})
    assert (steps.added, steps.applicable, steps.missing) == (14, 14, 0)
    assert [line.key for line in steps.lines if line.away] == ["4"]
