"""Which days a picture covers, and what a course says. By hand, on every branch."""

from datetime import UTC, date, datetime, timedelta

import pytest

from rapport.progress.picture import rules
from rapport.progress.picture.rules import Days, Seen, Verdict

TODAY = date(2030, 1, 7)
NOW = datetime(2030, 1, 7, 9, tzinfo=UTC)
OPENED = date(2029, 6, 1)


def days(wanted, *known, episode=(OPENED, None)):
    return rules.days(wanted, today=TODAY, episode=episode, known=known)


def test_an_episode_begins_with_the_answers_shortly_before_it_opened():
    assert days("episode", date(2029, 5, 20), date(2029, 7, 1)) == Days(date(2029, 5, 20), TODAY)
    assert days("episode", date(2029, 4, 1), date(2029, 7, 1)) == Days(OPENED, TODAY)
    assert days("episode") == Days(OPENED, TODAY)


def test_an_ended_episode_ends_and_one_to_come_does_not_reach_ahead():
    ended = (OPENED, date(2029, 9, 1))
    assert days("episode", episode=ended) == Days(OPENED, date(2029, 9, 1))
    assert days("episode", episode=(OPENED, date(2031, 1, 1))) == Days(OPENED, TODAY)
    assert days("episode", date(2029, 12, 1), episode=(date(2030, 2, 1), None)).last == TODAY


def test_without_an_episode_everything_is_shown_and_without_anything_today():
    assert days("episode", date(2028, 3, 3), episode=None) == Days(date(2028, 3, 3), TODAY)
    assert days("all", date(2028, 3, 3)) == Days(date(2028, 3, 3), TODAY)
    assert days("all") == Days(OPENED, TODAY)
    assert days("all", date(2031, 3, 3), episode=None) == Days(TODAY, TODAY)
    assert days("year") == Days(date(2029, 1, 7), TODAY)


def seen(*points, weeks=2, clinical=None, **more):
    count = len(points)
    return [
        Seen(NOW - timedelta(weeks=weeks * (count - 1 - n)), one,
             clinical if clinical is None else one >= clinical, **more)
        for n, one in enumerate(points)
    ]  # fmt: skip


def read(course, reliable=None, *, lower=True, scale=(0, 27), now=NOW, compared=True, **more):
    verdict = Verdict(reliable, **more) if compared and len(course) > 1 else None
    return rules.reading(course, verdict, first=course[0], lower_is_better=lower, scale=scale,
                         now=now)  # fmt: skip


@pytest.mark.parametrize(
    ("points", "reliable", "lower", "moved"),
    [
        ((14,), None, True, "one"),
        ((20, 14), True, True, "better"),
        ((14, 20), True, True, "worse"),
        ((20, 14), True, False, "worse"),
        ((14, 20), True, False, "better"),
        ((20, 16), False, True, "within"),
        ((16, 20), False, True, "within"),
        ((20, 14), None, True, "unjudged"),
        ((14, 14), False, True, "same"),
        ((14, 14), None, True, "same"),
    ],
)
def test_what_changed(points, reliable, lower, moved):
    found = read(seen(*points), reliable, lower=lower)
    assert found.moved == moved
    assert found.points == points[-1] - points[0]


def test_it_is_never_an_improvement_within_the_error_or_without_a_measure_of_it():
    for first in range(28):
        for last in range(28):
            for reliable in (False, None):
                moved = read(seen(first, last), reliable).moved
                assert moved in ("same", "within", "unjudged")


def test_what_cannot_be_compared_is_not():
    course = [Seen(NOW - timedelta(weeks=2), 20, True), Seen(NOW, 4, False, current=False)]
    found = read(course, compared=False)
    assert (found.moved, found.first, found.points, found.crossed) == ("versions", None, 0, False)
    assert found.caveats == ("versions",)


def test_the_first_score_of_a_new_episode_is_compared_with_nothing_before_it():
    course = seen(20, 18, 6)
    found = rules.reading(course, None, first=course[-1], lower_is_better=True, scale=(0, 27),
                          now=NOW)  # fmt: skip
    assert (found.moved, found.first) == ("begun", None)
    older = [Seen(course[0].at, 20, None, current=False), course[-1]]
    found = rules.reading(older, None, first=course[-1], lower_is_better=True, scale=(0, 27),
                          now=NOW)  # fmt: skip
    assert found.moved == "versions"


def test_a_side_is_changed_only_where_both_are_known():
    assert read(seen(20, 6, clinical=10), True).crossed
    assert not read(seen(20, 14, clinical=10), True).crossed
    assert not read(seen(20, 6), True).crossed
    half = [seen(20, clinical=10)[0], Seen(NOW, 6, None)]
    assert not read(half, True).crossed


@pytest.mark.parametrize(
    ("course", "given", "caveats"),
    [
        (seen(20, 18, 14), {}, ()),
        (seen(20, 14), {}, ("few",)),
        (seen(4, 3, 2), {"needed": 6.0}, ("no_room",)),
        (seen(24, 25, 26), {"needed": 6.0, "lower": False}, ("no_room",)),
        (seen(6, 5, 4), {"needed": 6.0}, ()),
        (seen(20, 18, 14), {"disagree": True}, ("disagree",)),
        (seen(20, 24, 27), {}, ("worst_end",)),
        (seen(20, 10, 0), {"lower": False}, ("worst_end",)),
        (seen(20, 18, 14, prorated=True), {}, ("prorated",)),
        (seen(20, 18, 14), {"now": NOW + rules.OLD}, ()),
        (seen(20, 18, 14), {"now": NOW + rules.OLD + timedelta(days=1)}, ("old",)),
        ([Seen(NOW, 14, None, prorated=True)], {}, ("prorated",)),
    ],
)
def test_what_to_keep_in_mind(course, given, caveats):
    assert read(course, True, **given).caveats == caveats


def test_a_prorated_first_score_counts_and_one_between_does_not():
    first, between, last = seen(20, 18, 14)
    prorated = Seen(first.at, 20, None, prorated=True)
    assert read([prorated, between, last], True).caveats == ("prorated",)
    amid = Seen(between.at, 18, None, prorated=True)
    assert read([first, amid, last], True).caveats == ()


def test_nothing_is_read_out_of_nothing():
    with pytest.raises(ValueError, match="without a score"):
        rules.reading([], None, first=None, lower_is_better=True, scale=(0, 27), now=NOW)
    with pytest.raises(ValueError, match="two scores"):
        rules.reading(seen(1, 2), Verdict(True), first=None, lower_is_better=True, scale=(0, 27),
                      now=NOW)  # fmt: skip
