"""Whole years and quarters: which there are, and which is shown first."""

from datetime import date

import pytest

from rapport.progress.outcomes import periods
from rapport.progress.outcomes.periods import Period


@pytest.mark.parametrize(
    ("code", "since", "until"),
    [
        ("2029", date(2029, 1, 1), date(2029, 12, 31)),
        ("2029-Q1", date(2029, 1, 1), date(2029, 3, 31)),
        ("2028-Q2", date(2028, 4, 1), date(2028, 6, 30)),
        ("2029-Q4", date(2029, 10, 1), date(2029, 12, 31)),
    ],
)
def test_a_code_is_a_stretch_of_days_and_back(code, since, until):
    one = periods.read(code)

    assert (one.since, one.until, one.code) == (since, until, code)
    assert periods.of_days(since, until) == one


@pytest.mark.parametrize(
    "code", ["", "29", "2029-Q5", "2029-Q0", "2029-q1", "12029", "0001", "٢٠٢٩"]
)
def test_what_is_no_code_is_none(code):
    assert periods.read(code) is None


def test_days_that_are_no_whole_period_are_none():
    assert periods.of_days(date(2029, 1, 1), date(2029, 12, 30)) is None
    assert periods.of_days(date(2029, 2, 1), date(2029, 4, 30)) is None


def codes(first, today):
    return [one.code for one in periods.ended(first, today=today)]


def test_what_has_not_ended_is_not_offered():
    first = date(2029, 8, 3)

    assert codes(first, date(2030, 7, 1)) == [
        "2030-Q2", "2030-Q1", "2029", "2029-Q4", "2029-Q3", "2029-Q2", "2029-Q1",
    ]  # fmt: skip
    assert codes(first, date(2030, 6, 30))[0] == "2030-Q1"
    assert codes(first, date(2029, 12, 31))[:2] == ["2029-Q3", "2029-Q2"]


def test_there_is_always_a_year_and_never_more_than_ten():
    assert "2029" in codes(None, date(2030, 1, 1))
    assert "2029" in codes(date(2031, 1, 1), date(2030, 1, 1))
    assert codes(date(1970, 1, 1), date(2030, 1, 1))[-1] == "2021-Q1"


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({(2030, 2): 10}, "2030-Q2"),
        ({(2030, 2): 9, (2030, 1): 12}, "2030-Q1"),
        ({(2030, 2): 9, (2029, 4): 5, (2029, 3): 5}, "2029"),
        ({(2029, 4): 10}, "2029"),  # a year before its last quarter
        ({(2028, 1): 40, (2029, 1): 9}, "2028"),
        ({}, "2029"),
    ],
)
def test_what_is_shown_first_is_the_latest_with_enough(counts, shown):
    offered = periods.ended(date(2028, 1, 1), today=date(2030, 7, 1))

    assert periods.usual(offered, counts).code == shown


@pytest.mark.parametrize(
    ("counts", "shown"),
    [({(2030, 2): 50, (2029, 3): 10}, "2029"), ({(2030, 2): 50, (2029, 3): 9}, "2030-Q2")],
)
def test_where_it_takes_many_a_year_is_shown_first(counts, shown):
    offered = periods.ended(date(2028, 1, 1), today=date(2030, 7, 1))

    assert periods.usual(offered, counts, years=True).code == shown


def test_a_quarter_stands_beside_those_of_its_year_that_have_ended():
    today = date(2030, 7, 1)

    assert Period(2030, 1).beside(today) == (
        (date(2030, 1, 1), date(2030, 3, 31)), (date(2030, 4, 1), date(2030, 6, 30)),
    )  # fmt: skip
    assert len(Period(2029, 3).beside(today)) == 4
    assert Period(2029).beside(today) == ()
