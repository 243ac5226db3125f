"""What a job may carry, and how long it rests."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.core.jobs.rules import LONGEST_WAIT, NotAnId, carried, key, wait_after

SOME = uuid.UUID("12345678-1234-4234-8234-123456789012")


@pytest.mark.parametrize(
    "value, kept",
    [
        (SOME, str(SOME)),
        (str(SOME), str(SOME)),
        (7, 7),
        (True, True),
        (None, None),
        (date(2030, 1, 7), "2030-01-07"),
        (datetime(2030, 1, 7, 9, tzinfo=UTC), "2030-01-07T09:00:00+00:00"),
        ("2030-01-07T09:00:00.123456+00:00", "2030-01-07T09:00:00.123456+00:00"),
        ("phq-9", "phq-9"),
        ("people.client", "people.client"),
        ("system:cron", "system:cron"),
        ("FRONT_DESK", "FRONT_DESK"),
    ],
)
def test_ids_numbers_and_dates_are_carried(value, kept):
    assert carried({"it": value}) == {"it": kept}


@pytest.mark.parametrize(
    "value",
    ["Mara Lind", "Mara", "mara@example.org", "has slept badly", "", "a" * 101, 1.5, b"x", [1], {}],
)
def test_nothing_else_is_and_the_refusal_does_not_repeat_it(value):
    with pytest.raises(NotAnId, match="'remark'") as refusal:
        carried({"remark": value})

    assert not value or str(value) not in str(refusal.value)


def test_each_rest_is_twice_the_last_up_to_an_hour():
    rests = [wait_after(n, 0.5) for n in range(1, 14)]

    assert rests[:4] == [timedelta(seconds=s) for s in (5, 10, 20, 40)]
    assert rests[-1] == LONGEST_WAIT


@given(st.integers(1, 10_000), st.floats(0, 1, exclude_max=True))
def test_a_rest_is_spread_by_a_quarter_and_never_longer_than_that(attempts, chance):
    middle = wait_after(attempts, 0.5)

    assert middle * 0.75 <= wait_after(attempts, chance) <= middle * 1.25 <= LONGEST_WAIT * 1.25


@pytest.mark.parametrize("unique", [None, "pot", f"tea.make@{SOME}", "tea.daily@2030-01-07T15:00Z"])
def test_a_key_is_made_of_ids(unique):
    assert key(unique) == unique


@pytest.mark.parametrize("unique", ["", "@", "pot@Mara Lind", "Mara", "mara@example.org@ "])
def test_a_key_holds_no_words(unique):
    with pytest.raises(NotAnId, match="unique"):
        key(unique)
