"""An adaptive test: what it lacks, what an answer is, how two results compare."""

import math

import pytest

from rapport.progress.adapting import rules
from tests.science.adaptive import banks, slow

NAMED = {item.key: item for item in banks.DEPRESSION}
FIVE = ["EDDEP04", "EDDEP05", "EDDEP06", "EDDEP07", "EDDEP09"]


@pytest.mark.parametrize(
    "stops, wrong",
    [
        (rules.Stops(), {}),
        (rules.Stops(0.2, 1, 1), {}),
        (rules.Stops(0.6, 40, 40), {}),
        (rules.Stops(below_se=0.19), {"below_se": "se"}),
        (rules.Stops(below_se=0.61), {"below_se": "se"}),
        (rules.Stops(below_se=math.nan), {"below_se": "se"}),
        (rules.Stops(least=0), {"least": "few"}),
        (rules.Stops(least=41, most=41), {"least": "few", "most": "many"}),
        (rules.Stops(most=0), {"most": "many"}),
        (rules.Stops(least=5, most=4), {"most": "turned"}),
    ],
)  # fmt: skip
def test_a_test_has_to_be_able_to_stop(stops, wrong):
    assert rules.wrong_in(stops) == wrong


@pytest.mark.parametrize(
    "worded, mute, needs",
    [
        ([], ["r"], 4),
        (["r", "a", "b"], [], 2),
        (["a", "b", "c", "d"], ["r"], 0),
        (["r", "a", "b", "c", "d", "e"], [], 0),
    ],
)
def test_a_bank_needs_what_everybody_is_asked_and_four_to_choose_from(worded, mute, needs):
    assert rules.lacking(["a", "b", "r", "c", "d", "e"], ["r"], worded) == (mute, needs)


@pytest.mark.parametrize(
    "key, sent, place",
    [
        ("c", 2, "next"),
        ("b", 2, "again"),
        ("a", 2, "late"),
        ("c", 1, "late"),
        ("b", 1, "late"),
        ("x", 2, "late"),
    ],
)
def test_an_answer_is_to_the_present_question_or_the_last_one_or_late(key, sent, place):
    found = rules.place(order=["a", "b"], coming="c", key=key, turn=2, sent=sent)

    assert found == place


def test_before_the_first_answer_nothing_is_changed():
    assert rules.place(order=[], coming="a", key="b", turn=0, sent=0) == "late"


def test_only_items_with_words_are_asked_and_risks_at_the_end():
    answers = {}
    risks = ["EDDEP39"]

    while True:
        now = rules.sitting(banks.DEPRESSION, risks, [*FIVE, *risks], rules.STANDARD, answers)
        if now.next is None:
            break
        answers[now.next] = 0

    assert list(answers)[-1] == "EDDEP39"
    assert sorted(answers) == sorted([*FIVE, *risks])
    assert now.ended == "nothing left"


def test_change_is_judged_by_both_standard_errors():
    """z = (T2 - T1) / sqrt(SE1^2 + SE2^2): Brouwer, Meijer & Zevalkink (2013)."""
    found = rules.compared((62.2, 2.15), (56.0, 2.29))

    assert found.z == pytest.approx((56.0 - 62.2) / math.sqrt(2.15**2 + 2.29**2))
    assert found.z == pytest.approx(-1.974, abs=0.001) and found.reliable
    assert not rules.compared((62.2, 2.15), (57.0, 2.29)).reliable
    assert not rules.compared((50.0, 3.0), (50.0, 4.0)).reliable


def test_an_interval_stays_within_the_scale():
    assert rules.interval(50.0, 2.0) == pytest.approx((46.08, 53.92))
    assert rules.interval(88.0, 4.0) == pytest.approx((80.16, 90.0))
    assert rules.interval(12.0, 4.0) == pytest.approx((10.0, 19.84))


def test_the_best_there_can_be_is_said_by_the_items_that_have_words():
    found = dict(rules.best(banks.DEPRESSION, FIVE, 3))

    for t in (50, 60, 70):
        each = sorted(slow.information(NAMED[key], (t - 50) / 10) for key in FIVE)
        assert found[t] == pytest.approx(19.6 / math.sqrt(1 + sum(each[-3:])))
    more = dict(rules.best(banks.DEPRESSION, NAMED, 12))
    assert all(more[t] < found[t] for t in found)


def test_the_posterior_is_shown_in_stretches_that_add_up():
    answers = dict.fromkeys(FIVE, 2)
    now = rules.sitting(banks.DEPRESSION, (), NAMED, rules.STANDARD, answers)

    found = rules.shares(now)

    likely = slow.posterior(banks.DEPRESSION, answers)
    for low, high, share in found:
        inside = [p for p, node in zip(likely, slow.NODES, strict=True)
                  if low - 1e-6 <= 50 + 10 * node < high - 1e-6]  # fmt: skip
        assert share == pytest.approx(sum(inside), abs=1e-9)
    assert sum(share for _low, _high, share in found) == pytest.approx(1, abs=0.01)
    assert found[0][0] <= now.trait.t <= found[-1][1]


def test_the_end_of_the_scale_belongs_to_its_last_stretch():
    flat = rules.sitting(banks.DEPRESSION, (), NAMED, rules.STANDARD, dict.fromkeys(NAMED, 4))

    (low, high, _share) = rules.shares(flat)[-1]

    assert (low, high) == (85, 90)
