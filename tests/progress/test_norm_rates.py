"""How often scales lie so far apart: read line by line, looked up and never extrapolated."""

import pytest

from rapport.progress.norms import rates

HEAD = ("scale", "other", "points", "percent")
SCALES = ["Memory", "Speed", "Order"]


def table(*lines, head=HEAD):
    return rates.read([(1, head), *((n, line) for n, line in enumerate(lines, 2))], SCALES)


GOOD, FAULTS = table(
    ("Memory", "Speed", "10", "30"), (" Speed ", "Memory", "15", "12,5"),
    ("Memory", "Order", "10", "28"), ("Memory", "Speed", "20", "4"),
)  # fmt: skip


def test_lines_are_read_with_their_pair_points_and_share():
    assert FAULTS == []
    assert GOOD[1] == {
        "line": 3, "scale": "Speed", "other": "Memory", "points": 15, "percent": 12.5,
    }  # fmt: skip
    assert len(rates.between(GOOD, "Speed", "Memory")) == 3
    assert rates.between(GOOD, "Speed", "Order") == []


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        (10, (30, True)), (-10, (30, True)), (15, (12.5, True)),
        (14.9, (30, False)),  # at least 14.9 is at least 10: no more than its share
        (19, (12.5, False)), (20, (4, True)), (90, (4, False)),
        (9.9, None), (0, None),
        (15.0000000001, (12.5, True)),
    ],
)  # fmt: skip
def test_a_difference_is_looked_up_and_never_extrapolated(points, expected):
    found = rates.look_up(rates.between(GOOD, "Memory", "Speed"), points)
    assert (found and (found.percent, found.exact)) == expected


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        (("Memory", "Mood", "10", "30"), "other", "rate_scale"),
        (("", "Speed", "10", "30"), "scale", "rate_scale"),
        (("Speed", "Speed", "10", "30"), "other", "rate_same"),
        (("Memory", "Speed", "0", "30"), "points", "rate_points"),
        (("Memory", "Speed", "ten", "30"), "points", "rate_points"),
        (("Memory", "Speed", "10", "101"), "percent", "rate_percent"),
        (("Memory", "Speed", "10", ""), "percent", "rate_percent"),
        (("Memory", "Speed", "10"), "", "cells"),
    ],
)
def test_what_is_wrong_stands_at_its_line_and_column(line, column, code):
    _rows, faults = table(("Memory", "Order", "10", "30"), line)
    assert [(one.line, one.column, one.code) for one in faults] == [(3, column, code)]


def test_a_larger_difference_is_never_found_more_often():
    for later in (("Speed", "Memory", "12", "31"), ("Speed", "Memory", "10", "30")):
        _rows, faults = table(("Memory", "Speed", "10", "30"), later)
        assert [(one.line, one.code, one.about) for one in faults] == [(3, "rates_order", "2")]


def test_columns_and_lines_have_their_bounds():
    _rows, faults = table(head=("scale", "other", "points", "share"))
    assert [(one.column, one.code) for one in faults] == [
        ("percent", "column_missing"), ("share", "column_unknown"),
    ]  # fmt: skip
    assert [one.code for one in table()[1]] == ["empty"]
    many = [("Memory", "Speed", str(n), "1") for n in range(1, rates.MOST + 3)]
    assert [one.code for one in table(*many)[1]] == ["lines"]
