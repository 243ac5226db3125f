"""Order, clocks, ages and the rows of a report."""

from datetime import UTC, date, datetime, timedelta

import pytest

from rapport.progress.batteries import rules

NINE = datetime(2030, 1, 7, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("born", "on", "months"),
    [
        (date(2020, 1, 7), date(2030, 1, 7), 120),
        (date(2020, 1, 8), date(2030, 1, 7), 119),
        (date(2020, 2, 29), date(2030, 2, 28), 119),
        (date(2020, 2, 29), date(2030, 3, 1), 120),
        (date(2029, 12, 31), date(2030, 1, 30), 0),
        (date(2030, 1, 8), date(2030, 1, 7), None),
        (None, date(2030, 1, 7), None),
    ],
)
def test_age_on_the_day_of_testing(born, on, months):
    assert rules.age_on(born, on) == months


def test_a_test_moves_one_place_and_stays_at_the_ends():
    assert rules.moved("abc", "b", "up") == ["b", "a", "c"]
    assert rules.moved("abc", "b", "down") == ["a", "c", "b"]
    assert rules.moved("abc", "a", "up") == ["a", "b", "c"]
    assert rules.moved("abc", "c", "down") == ["a", "b", "c"]


def test_a_clock_with_a_break_counts_both_stretches():
    times = rules.started([], NINE)
    assert rules.is_running(times) and rules.minutes_taken(times) is None
    assert rules.started(times, NINE) == times  # pressed twice
    times = rules.stopped(times, NINE + timedelta(minutes=20))
    assert rules.stopped(times, NINE + timedelta(hours=9)) == times
    times = rules.started(times, NINE + timedelta(minutes=30))
    assert rules.minutes_taken(times) == 20
    times = rules.stopped(times, NINE + timedelta(minutes=40, seconds=40))
    assert (rules.minutes_taken(times), rules.is_running(times)) == (31, False)


def test_scales_are_lines_each_once():
    assert rules.scales_in(" Memory \n\nSpeed  of hand\nMemory") == ["Memory", "Speed of hand"]


def row(key, *, version="a", missing=None, reliability=0.9, z=1.0):
    result = {"missing": missing, "z": z, "reliability": reliability, "kind": "t"}
    return {"key": key, "result": result, "version": {"id": version, "words": [[0, 100, "some"]]}}


def test_only_scales_of_one_version_with_reliabilities_are_compared():
    rows = [row("a"), row("b"), row("c", version="other"), row("d", missing="raw"),
            row("e", reliability=None), {"key": "f", "result": None, "version": None}]  # fmt: skip
    assert rules.pairs_of(rows) == [("a", "b")]
    assert len(rules.pairs_of([row(str(n)) for n in range(20)])) == rules.MOST_PAIRS


def test_rows_are_measured_where_a_table_holds_them():
    whole, outside, bare = rules.measured(
        [row("a"), row("b", missing="age"), {"key": "c", "result": None, "version": None}],
        how="observed", level=0.9,
    )  # fmt: skip
    assert (whole["value"], whole["word"]) == (60, "some")
    assert whole["interval"].around == 60
    for one in (outside, bare):
        assert (one["value"], one["interval"], one["word"]) == (None, None, "")
