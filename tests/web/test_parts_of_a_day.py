"""A day's free times by morning, afternoon and evening, so that a phone shows the whole day."""

from datetime import UTC, datetime, timedelta

import pytest

from rapport.web.booking import month

MIDNIGHT = datetime(2030, 1, 7, tzinfo=UTC)


def parts(*hours, each=1):
    times = [month.Time("", MIDNIGHT + timedelta(hours=hour), None, several=False)
             for hour in hours for _ in range(each)]  # fmt: skip
    return [(one.name, len(one.times), one.open) for one in month.parts(times)]


def test_noon_begins_the_afternoon_and_five_the_evening():
    assert parts(9, 11.75, 12, 16.75, 17, 23) == [
        ("Morning", 2, True), ("Afternoon", 2, True), ("Evening", 2, True)
    ]  # fmt: skip


def test_a_part_without_times_is_not_there():
    assert parts(9, 18) == [("Morning", 1, True), ("Evening", 1, True)]
    assert parts() == []


@pytest.mark.parametrize(
    ("hours", "each", "opened"),
    [((9, 14), 6, [True, True]), ((9, 14, 18), 5, [True, False, False]),
     ((9, 14), 13, [False, False]), ((14,), 40, [True])],
    ids=["few", "first is few", "many", "one part"],
)  # fmt: skip
def test_few_times_are_shown_at_once_and_many_at_a_tap(hours, each, opened):
    assert [opens for _name, _n, opens in parts(*hours, each=each)] == opened
