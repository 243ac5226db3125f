"""The next question is the one that a search over everything would ask."""

import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rapport.science.adaptive.choosing import Bank, Stop
from rapport.science.adaptive.items import BadItem, GradedItem
from rapport.science.adaptive.simulating import simulate
from tests.launcher.conftest import environment
from tests.science.adaptive import banks, slow

DEPRESSION = Bank(banks.DEPRESSION)


RUNS = {
    "lowest": "EDDEP29 0 42.0 6.59, EDDEP36 0 38.9 5.94, EDDEP17 0 37.4 5.63, EDDEP26 0 36.7 5.48,"
    "EDDEP46 0 35.9 5.41, EDDEP54 0 35.4 5.34, EDDEP31 0 35.1 5.27, EDDEP28 0 34.9 5.24,"
    "EDDEP50 0 34.6 5.23, EDDEP23 0 34.4 5.20, EDDEP30 0 34.3 5.18, EDDEP21 0 34.2 5.16",
    "middle": "EDDEP29 2 58.3 4.32, EDDEP41 2 61.2 3.05, EDDEP04 2 61.9 2.47, EDDEP06 2 62.2 2.15",
    "up and down": "EDDEP29 3 65.0 4.49, EDDEP41 2 64.8 3.03, EDDEP04 1 62.2 2.68,"
    "EDDEP06 2 62.4 2.29, EDDEP05 4 64.4 2.29",
    "highest": "EDDEP29 4 72.4 5.30, EDDEP41 4 77.0 4.01, EDDEP04 4 78.4 3.64, EDDEP06 4 79.3 3.46,"
    "EDDEP39 4 80.7 3.41, EDDEP09 4 81.3 3.30, EDDEP45 4 82.2 3.22, EDDEP44 4 83.3 3.14,"
    "EDDEP30 4 83.8 3.04, EDDEP42 4 84.4 2.94",
}  # item, category answered, T score and its SE after it


@pytest.mark.parametrize("name", RUNS)
def test_published_runs_of_the_promis_test_are_reproduced(name):
    """Item by item, T score and its SE: Stanford CHOIR, CatAlgorithmPromisTest."""
    stop = Stop(least=5) if name == "up and down" else Stop()
    now = replace(DEPRESSION, stop=stop).sitting()
    run = [step.split() for step in RUNS[name].split(",")]

    for key, answer, t, se in run:
        assert now.next == key
        now = now.answered(key, int(answer))
        assert (f"{now.trait.t:.1f}", f"{now.trait.t_se:.2f}") == (t, se)

    assert now.next is None
    assert now.ended == ("long enough" if len(run) == 12 else "precise")


@given(data=st.data(), items=banks.items(most=6))
@settings(max_examples=25, deadline=None)
def test_the_next_item_is_the_one_a_search_finds(data, items):
    now, answers = Bank(items, stop=Stop(below_se=0.01)).sitting(), {}

    while (key := now.next) is not None:
        assert key == slow.chosen(items, answers)
        item = next(one for one in items if one.key == key)
        answers[key] = data.draw(st.none() | st.integers(0, item.categories - 1))
        now = now.answered(key, answers[key])

    assert (now.trait.theta, now.trait.se) == pytest.approx(slow.estimate(items, answers), abs=1e-7)
    assert now.ended == "nothing left"


def test_between_equals_the_earlier_is_asked():
    twins = [GradedItem(f"i{n}", 1.7, (-0.3, 0.8)) for n in range(7)]

    run = simulate(Bank(twins), dict.fromkeys((one.key for one in twins), 1))

    assert [step.key for step in run.steps] == [one.key for one in twins]


def test_a_sitting_never_changes():
    start = DEPRESSION.sitting()
    one = start.answered("EDDEP29", 2)

    one.answered("EDDEP41", 0)

    assert (start.next, dict(start.answers)) == ("EDDEP29", {})
    assert one.next == "EDDEP41"
    assert one.answered("EDDEP41", 0).trait == one.answered("EDDEP41", 0).trait


def test_a_sitting_that_was_put_away_goes_on_the_same():
    now = DEPRESSION.sitting()
    for answer in (3, 1, None, 2):
        now = now.answered(now.next, answer)

    again = DEPRESSION.sitting(now.answers)

    assert again.next == now.next
    assert again.trait == now.trait
    with pytest.raises(BadItem, match="not asked here"):
        DEPRESSION.sitting({"ten": 1})


def test_what_is_passed_says_nothing_and_is_not_asked_again():
    now = DEPRESSION.sitting().answered("EDDEP29", 2)

    passed = now.answered(now.next, None)

    assert passed.trait == now.trait
    assert passed.next == slow.chosen(banks.DEPRESSION, dict(passed.answers))
    with pytest.raises(BadItem, match="before"):
        passed.answered("EDDEP41", 1)


def test_who_passes_everything_is_asked_the_most_and_no_more():
    run = simulate(DEPRESSION, {})

    assert (len(run.steps), run.ended) == (12, "long enough")
    assert run.trait.theta == pytest.approx(0, abs=1e-12)


def test_a_risk_item_is_asked_of_everybody_after_the_rest_and_does_not_count():
    bank = replace(DEPRESSION, always=("EDDEP39", "typed in"))
    answers = {item.key: 4 for item in banks.DEPRESSION}

    run = simulate(bank, answers)

    assert [(step.key, step.counts) for step in run.steps[-2:]] == [
        ("EDDEP39", False), ("typed in", False),
    ]  # fmt: skip
    adaptive = run.steps[:-2]
    assert "EDDEP39" not in [step.key for step in adaptive]
    assert run.trait == adaptive[-1].trait
    assert simulate(bank, answers | {"EDDEP39": 0}).trait == run.trait


def test_a_test_left_early_says_what_is_owed():
    now = replace(DEPRESSION, always=("EDDEP39",)).sitting().answered("EDDEP29", 0)

    assert now.owed == ("EDDEP39",)
    asked = now.answered("EDDEP39", 3)
    assert (asked.owed, asked.trait, asked.next) == ((), now.trait, now.next)


def test_what_is_left_out_is_never_asked():
    never = frozenset({"EDDEP29", "EDDEP41"})
    bank = replace(DEPRESSION, never=never)

    now = bank.sitting()

    assert now.next == slow.chosen(banks.DEPRESSION, {}, shut=never)
    with pytest.raises(BadItem, match="not asked here"):
        now.answered("EDDEP29", 1)
    run = simulate(bank, {item.key: 2 for item in banks.DEPRESSION})
    assert never.isdisjoint(step.key for step in run.steps)


def test_of_items_that_overlap_one_is_asked():
    bank = replace(DEPRESSION, one_of=(frozenset({"EDDEP29", "EDDEP36", "EDDEP17"}),))

    now = bank.sitting().answered("EDDEP29", 0)

    assert now.next == slow.chosen(banks.DEPRESSION, {"EDDEP29": 0}, shut={"EDDEP36", "EDDEP17"})


def test_a_small_bank_ends_when_nothing_is_left():
    run = simulate(Bank(banks.MIXED), {item.key: 1 for item in banks.MIXED})

    assert (len(run.steps), run.ended) == (4, "nothing left")


def test_precision_ends_a_test_only_after_the_least_answers():
    run = simulate(replace(DEPRESSION, stop=Stop(below_se=0.9, least=3)),
                   {item.key: 2 for item in banks.DEPRESSION})  # fmt: skip

    assert (len(run.steps), run.ended) == (3, "precise")


@pytest.mark.parametrize(
    "bank",
    [{"items": []}, {"items": [banks.MIXED[0]] * 2}, {"never": frozenset({"ten"})},
     {"one_of": (frozenset({"two", "ten"}),)}, {"always": ("risk", "risk")}],
)  # fmt: skip
def test_a_bank_that_cannot_be_is_refused(bank):
    with pytest.raises(BadItem):
        Bank(**{"items": banks.MIXED} | bank)


@pytest.mark.parametrize(
    "stop", [{"below_se": 0}, {"least": 5, "most": 4}, {"least": 0, "most": 0}]
)
def test_a_test_that_cannot_end_is_refused(stop):
    with pytest.raises(ValueError):
        Stop(**stop)


@pytest.mark.parametrize("answers", [{"ten": 1}, {"two": 2}, {"two": 0.5}])
def test_answers_that_are_not_there_are_refused(answers):
    with pytest.raises(BadItem):
        simulate(Bank(banks.MIXED), answers)


def test_choosing_does_not_load_scipy():
    code = (
        "import sys, rapport.science.adaptive.simulating, rapport.science.adaptive.sheets;"
        "print({'scipy', 'django'} & set(sys.modules))"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True
    ).stdout

    assert said.strip() == "set()"
