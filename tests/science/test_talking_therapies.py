"""Every branch of the NHS rules, by cases worked out by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.science.scoring import Total
from rapport.science.talking_therapies import (
    GAD_7,
    Episode,
    Measure,
    Rate,
    Scores,
    judge,
    service,
    valid,
)

BETTER, WORSE, SAME = "reliable improvement", "reliable deterioration", "no reliable change"


def episode(depression, anxiety, contacts=2, measure=GAD_7):
    return Episode(contacts, Scores(*depression), Scores(*anxiety), measure)


@pytest.mark.parametrize("contacts, completed", [(0, False), (1, False), (2, True), (20, True)])
def test_two_attended_contacts_complete_an_episode(contacts, completed):
    assert judge(episode((16, 7), (12, 5), contacts)).completed is completed


@pytest.mark.parametrize(
    "phq, gad, case",
    [
        (10, 0, True),
        (9, 8, True),
        (9, 7, False),
        (27, 21, True),
        (10, None, True),
        (None, 8, True),
        (9, None, None),
        (None, 7, None),
        (None, None, None),
    ],
)
def test_a_case_is_at_the_cutoff_of_either_measure(phq, gad, case):
    assert judge(episode((phq, 0), (gad, 0))).case is case


@pytest.mark.parametrize(
    "depression, anxiety, recovered",
    [
        ((10, 9), (8, 7), True),
        ((10, 9), (7, 7), True),
        ((10, 10), (8, 7), False),  # still a case by the PHQ-9
        ((10, 9), (8, 8), False),  # still a case by the GAD-7
        ((16, 9), (5, 8), False),  # became one by the other measure
        ((9, 0), (7, 0), False),  # was none at the start
        ((10, None), (8, 8), False),
        ((10, 9), (8, None), None),
        ((9, 5), (None, 3), None),
        ((None, 5), (8, 3), True),
    ],
)
def test_recovery_leaves_both_cutoffs_behind(depression, anxiety, recovered):
    assert judge(episode(depression, anxiety)).recovered is recovered


@pytest.mark.parametrize(
    "depression, anxiety, change",
    [
        ((15, 9), (10, 10), BETTER),
        ((15, 10), (10, 10), SAME),  # five points of six
        ((15, 15), (10, 6), BETTER),
        ((15, 15), (10, 7), SAME),  # three points of four
        ((15, 9), (10, 6), BETTER),
        ((15, 9), (10, 13), BETTER),  # the other rose, but not by four
        ((15, 9), (10, 14), SAME),  # opposite reliable changes
        ((9, 15), (10, 6), SAME),
        ((9, 15), (10, 10), WORSE),
        ((9, 14), (10, 10), SAME),
        ((9, 9), (6, 10), WORSE),
        ((9, 4), (6, 10), WORSE),  # the other fell, but not by six
        ((9, 15), (6, 10), WORSE),
        ((9, 9), (6, 6), SAME),
        ((15, 9), (10, None), None),
        ((15, None), (10, 2), None),
        ((None, 4), (10, 2), None),
    ],
)
def test_reliable_change_counts_both_measures(depression, anxiety, change):
    assert judge(episode(depression, anxiety)).change == change


@pytest.mark.parametrize(
    "depression, anxiety, said",
    [
        ((16, 7), (12, 5), True),
        ((10, 9), (8, 7), False),  # recovered by two points that are no reliable change
        ((20, 12), (15, 9), False),  # improved and still a case
        ((9, 2), (5, 1), False),  # improved and was never one
        ((16, 7), (12, None), None),
        ((16, 12), (12, None), False),  # a case at the end, whatever the other says
    ],
)
def test_reliable_recovery_is_both(depression, anxiety, said):
    assert judge(episode(depression, anxiety)).reliably_recovered is said


def test_a_measure_of_the_disorder_takes_the_place_of_the_gad_7():
    """Made-up constants 19 and 10: 20 is a case and 18 is none; GAD-7's would say otherwise."""
    spin = Measure("spin", caseness=19, change=10)

    found = judge(episode((8, 8), (20, 18), measure=spin))
    further = judge(episode((8, 8), (28, 18), measure=spin))

    assert (found.case, found.recovered, found.change) == (True, True, SAME)
    assert (further.change, further.reliably_recovered) == (BETTER, True)
    assert judge(episode((8, 8), (18, 18), measure=spin)).case is False


def test_a_change_in_fractions_is_reached_exactly():
    """2.30 - 1.57 is 0.73 on paper, and a little less in binary."""
    mobility = Measure("mobility", caseness=2.3, change=0.73)

    assert judge(episode((5, 5), (2.3, 1.57), measure=mobility)).change == BETTER
    assert judge(episode((5, 5), (1.57, 2.3), measure=mobility)).change == WORSE
    assert judge(episode((5, 5), (2.3, 1.58), measure=mobility)).change == SAME


def test_a_missing_answer_is_no_valid_score():
    assert valid(Total("scored", 12, 12)) == 12
    assert valid(Total("prorated", 12.4, 12)) is None
    assert valid(Total("not_scorable")) is None


@pytest.mark.parametrize("bad", [math.nan, math.inf, -1])
def test_scores_that_cannot_be_are_refused(bad):
    with pytest.raises(ValueError, match="a score is a number"):
        episode((bad, 3), (4, 4))
    with pytest.raises(ValueError, match="cannot be negative"):
        episode((3, 3), (4, 4), contacts=-1)
    with pytest.raises(ValueError, match="a positive change"):
        Measure("none", caseness=5, change=0)


def test_a_service_counts_with_its_denominators():
    found = service(
        [
            episode((16, 7), (12, 5)),  # reliably recovered
            episode((10, 9), (8, 7)),  # recovered only
            episode((20, 12), (15, 9)),  # improved only
            episode((15, 22), (9, 9)),  # deteriorated
            episode((15, 9), (10, 14)),  # opposite changes
            episode((9, 2), (5, 1)),  # improved, never a case
            episode((5, 5), (5, 5)),  # never a case
            episode((18, None), (12, None)),  # a case that was not asked again
            episode((None, None), (None, None)),  # was never asked
            episode((16, 7), (12, 5), contacts=1),  # did not complete
        ]
    )

    assert found.completed == Rate(9, 10)
    assert found.paired == Rate(7, 9)
    assert (found.cases, found.not_cases) == (6, 2)
    assert found.recovery == Rate(2, 7)
    assert found.reliable_recovery == Rate(1, 7)
    assert found.improvement == Rate(3, 9)
    assert found.deterioration == Rate(1, 9)
    assert found.no_change == Rate(3, 9)
    assert found.recovery.share == pytest.approx(2 / 7)


def test_the_published_rates_come_out():
    """England, December 2020: 48,111 finished, 2,957 not at caseness, 23,291 moved to recovery."""
    recovered, case, none = (
        judge_many(episode((16, 9), (7, 7)), 23291),
        judge_many(episode((16, 16), (7, 7)), 48111 - 2957 - 23291),
        judge_many(episode((9, 9), (7, 7)), 2957),
    )

    found = service(recovered + case + none)

    assert found.recovery == Rate(23291, 45154)
    assert round(100 * found.recovery.share, 1) == 51.6


def judge_many(one, times):
    return [one] * times


def test_nobody_has_no_rate():
    assert service([]).recovery.share is None


SCORE = st.one_of(st.none(), st.integers(0, 27))


@given(st.lists(st.tuples(st.integers(0, 4), SCORE, SCORE, SCORE, SCORE), max_size=30))
def test_the_verdicts_add_up(rows):
    every = [Episode(n, Scores(a, b), Scores(c, d)) for n, a, b, c, d in rows]

    found = service(every)

    known = found.improvement.numerator + found.deterioration.numerator + found.no_change.numerator
    assert known == found.paired.numerator
    assert found.reliable_recovery.numerator <= found.recovery.numerator <= found.cases
    assert found.cases <= found.recovery.denominator


@given(st.tuples(*[st.integers(0, 21)] * 4))
def test_turned_round_in_time_better_is_worse(scores):
    a, b, c, d = scores

    there = judge(Episode(2, Scores(a, b), Scores(c, d))).change
    back = judge(Episode(2, Scores(b, a), Scores(d, c))).change

    assert back == {BETTER: WORSE, WORSE: BETTER, SAME: SAME}[there]
