"""Control charts: limits worked by hand, each rule alone, run lengths from the books."""

import math

import numpy as np
import pytest

from rapport.science.control_chart import RULES, cusum, individuals

STEADY = [10, 12, 11, 9, 10, 11]  # mean 10.5; ranges 2 1 2 1 1, mean 1.4


def test_the_limits_are_worked_from_moving_ranges():
    chart = individuals(STEADY)

    assert chart.moving_range == 1.4
    assert chart.centre == 10.5
    assert chart.low == pytest.approx(10.5 - 2.66 * 1.4)
    assert chart.high == pytest.approx(10.5 + 2.66 * 1.4)
    assert chart.signals == ()


def test_later_scores_do_not_move_limits_set_by_the_first():
    chart = individuals([*STEADY, 20, 2], baseline=6)

    assert chart.centre == 10.5
    assert [(one.at, one.rule, one.side) for one in chart.signals] == [
        (6, "beyond a limit", "above"),
        (7, "beyond a limit", "below"),
    ]


# In spreads of a chart whose first two scores set centre 0 and spread 1.
@pytest.mark.parametrize(
    "rule, calls, silent",
    [
        ("beyond a limit", [3.1], [2.9]),
        ("two of three beyond two spreads", [2.1, 0, 2.1], [2.1, 0, 0, 2.1]),
        ("two of three beyond two spreads", [2.1, 2.2], [2.1, -2.2]),
        ("four of five beyond one spread", [1.1, 1.1, 0, 1.1, 1.1], [1.1, 0, 1.1, 0, 1.1]),
        ("eight on one side", [0.1] * 8, [0.1] * 7),
        ("six rising or falling", [-0.6, 0.1, 0.2, 0.3, 0.4, 0.5], [-0.6, 0.1, 0.2, 0.2, 0.3, 0.4]),
    ],
)
@pytest.mark.parametrize("sign, side", [(1, "above"), (-1, "below")])
def test_each_rule_calls_what_its_name_says_and_no_less(rule, calls, silent, sign, side):
    half = 1.128 / 2  # two scores this far from 0 on either side have spread 1
    first = [half, -half] if sign > 0 else [-half, half]

    loud = individuals([*first, *(sign * z for z in calls)], baseline=2, rules=[rule])
    quiet = individuals([*first, *(sign * z for z in silent)], baseline=2, rules=[rule])

    assert [(one.at, one.side) for one in loud.signals] == [(len(calls) + 1, side)]
    assert quiet.signals == ()


def test_a_chart_of_equal_scores_calls_any_other():
    chart = individuals([4, 4, 4, 5], baseline=3)

    assert (chart.low, chart.high) == (4, 4)
    assert [one.at for one in chart.signals] == [3]


def test_chance_breaks_the_first_two_rules_as_often_as_the_books_say():
    """Champ & Woodall (1987): one in 153 on average. Runs begin again after each call."""
    scores = np.random.default_rng(1).normal(size=12_000).tolist()
    first_two, called, start = ("beyond a limit", "eight on one side"), 0, 0
    for k in range(len(scores)):
        z = scores[max(start, k - 7) : k + 1]
        turned = (z, [-one for one in z])
        if any(RULES[rule](one) for rule in first_two for one in turned):
            called, start = called + 1, k + 1

    assert len(scores) / called == pytest.approx(153, rel=0.25)


def test_a_cumulative_sum_is_worked_by_hand():
    """Target 10, spread 2, slack .5: +1 adds 0, +3 adds 1; two steps on, 0.5 is taken off."""
    found = cusum([11, 13, 13, 10, 4], target=10, spread=2)

    assert found.above == (0, 1, 2, 1.5, 0)
    assert found.below == (0, 0, 0, 0, 2.5)
    assert found.signals == ()


def test_a_sum_beyond_its_limit_is_called_and_begins_again():
    found = cusum([16] * 6, target=10, spread=2)  # each adds 2.5

    assert found.above == (2.5, 5, 7.5, 2.5, 5, 7.5)
    assert [(one.at, one.side) for one in found.signals] == [(2, "above"), (5, "above")]


def test_false_calls_of_the_sum_are_as_rare_as_the_books_say():
    """Slack .5, limit 5: one in 465 scores."""
    scores = np.random.default_rng(3).normal(size=60_000)

    called = len(cusum(scores, target=0, spread=1).signals)

    assert 60_000 / called == pytest.approx(465, rel=0.25)


@pytest.mark.parametrize(
    "work, sentence",
    [
        (lambda: individuals([1]), "two scores or more"),
        (lambda: individuals([1, 2, 3], baseline=1), "two scores or more"),
        (lambda: individuals([1, 2, 3], baseline=4), "two scores or more"),
        (lambda: individuals([1, 2, math.nan]), "a finite number"),
        (lambda: individuals([1, 2], rules=["nine"]), "there is no rule 'nine'"),
        (lambda: cusum([1], target=0, spread=0), "above zero"),
        (lambda: cusum([1], target=math.nan, spread=1), "a finite number"),
        (lambda: cusum([1], target=0, spread=1, limit=0), "above zero"),
        (lambda: cusum([1], target=0, spread=1, slack=-1), "zero or more"),
        (lambda: cusum([math.inf], target=0, spread=1), "a finite number"),
    ],
)
def test_what_is_no_chart_is_refused(work, sentence):
    with pytest.raises(ValueError, match=sentence):
        work()


def test_nothing_is_reckoned_over_a_break():
    whole = individuals([10, 12, 20, 22])
    cut = individuals([10, 12, 20, 22], breaks={2})
    assert (whole.moving_range, cut.moving_range) == (4, 2)
    with pytest.raises(ValueError, match="in a row"):
        individuals([10, 12], breaks=[1])


def test_a_run_begins_anew_after_a_break():
    values = [0, 1] * 6 + [3] * 9
    given = {"baseline": 12, "rules": ("eight on one side",)}
    assert individuals(values, **given).signals[0].at == 18
    assert [one.at for one in individuals(values, **given, breaks={13}).signals] == [20]
