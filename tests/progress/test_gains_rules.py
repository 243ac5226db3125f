"""Sudden gains in a client's course, and what they rest on."""

from datetime import timedelta

import pytest

from rapport.progress.gains import rules
from rapport.progress.gains.rules import At
from tests.factories import NOW


def course(*points, days=7):
    first = NOW.date()
    return [At(n, first + timedelta(days=n * days), one) for n, one in enumerate(points)]


def found(scores, reliable=6.0, better="lower"):
    return rules.leaps(scores, reliable=reliable, better=better)


def test_a_gain_carries_the_numbers_of_all_three_criteria():
    (leap,) = found(course(20, 19, 21, 9, 10, 8))

    assert (leap.before.points, leap.after.points, leap.after.id) == (21, 9, 3)
    assert (leap.size, leap.reliable, leap.means, leap.lost) == (12, 6.0, (20, 9), None)
    assert leap.share == pytest.approx(12 / 21)
    assert (leap.critical, leap.bar) == (2.776, pytest.approx(2.776))


def test_where_half_of_it_goes_again_the_day_is_known():
    (leap,) = found(course(20, 19, 21, 9, 10, 8, 15))

    assert leap.lost == At(6, NOW.date() + timedelta(days=42), 15)


@pytest.mark.parametrize("reliable", [None, 0.0])
def test_where_nobody_published_a_reliable_change_nothing_is_a_gain(reliable):
    assert found(course(20, 19, 21, 9, 10, 8), reliable=reliable) == []


@pytest.mark.parametrize(("days", "gains"), [(28, 1), (29, 0)])
def test_scores_more_than_four_weeks_apart_do_not_follow_each_other(days, gains):
    assert len(found(course(20, 19, 21, 9, 10, 8, days=days))) == gains


def test_an_answer_that_cannot_be_compared_is_a_session_without_a_score():
    assert found(course(20, 19, 21, None, 9, 10, 8)) == []


def test_of_one_day_the_last_score_counts():
    scores = course(20, 19, 21, 9, 10, 8)
    twice = [*scores[:3], At("first", scores[3].on, 25), *scores[3:]]

    assert [one.after.id for one in found(twice)] == [3]


def test_where_more_is_better_a_rise_is_the_gain_and_from_nothing_it_has_no_share():
    (leap,) = found(course(0, 0, 0, 8, 9, 8), better="higher")

    assert (leap.size, leap.share) == (8, None)
