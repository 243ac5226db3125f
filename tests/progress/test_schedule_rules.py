"""When something is asked the next time, and what a result calls for; no database."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from rapport.progress.schedules import rules
from rapport.progress.schedules.rules import Condition

WORSE = ["none", "mild", "severe"]


@pytest.mark.parametrize(
    ("first", "after", "found"),
    [
        (date(2030, 1, 31), date(2030, 1, 31), date(2030, 2, 28)),
        (date(2030, 1, 31), date(2030, 2, 28), date(2030, 3, 31)),
        (date(2030, 1, 31), date(2030, 3, 5), date(2030, 3, 31)),
        (date(2030, 12, 15), date(2030, 12, 20), date(2031, 1, 15)),
        (date(2028, 2, 29), date(2031, 2, 1), date(2031, 2, 28)),
        (date(2030, 6, 10), date(2030, 1, 1), date(2030, 7, 10)),  # a clock that was set back
    ],
)
def test_a_month_later_is_the_same_day_or_the_last(first, after, found):
    assert rules.next_month(first=first, after=after) == found


def test_what_is_due_on_a_day_is_asked_in_its_morning_by_the_houses_clock():
    berlin = ZoneInfo("Europe/Berlin")
    found = rules.morning(date(2030, 7, 1), berlin)
    assert found.astimezone(UTC) == datetime(2030, 7, 1, 7, tzinfo=UTC)


def test_what_is_asked_together_is_open_as_long_as_the_longest():
    assert rules.open_for(["DAYS", "FOLLOW_UP"]) == timedelta(days=28)
    assert rules.open_for(["RAISED"]) == rules.open_for([]) == timedelta(days=7)


@pytest.mark.parametrize("written", ["band:severe", "cutoff", "risk:self-harm", "item:9:1"])
def test_a_condition_is_read(written):
    assert Condition.read(written).kind == written.split(":")[0]


@pytest.mark.parametrize(
    "written", ["", "band:", "cutoff:x", "risk", "item:9", "item:9:x", "item::1", "moon:full"]
)
def test_what_is_no_condition_is_refused(written):
    with pytest.raises(ValueError, match="no condition"):
        Condition.read(written)


@pytest.mark.parametrize(
    ("written", "holds"),
    [
        ("band:mild", True), ("band:severe", False), ("band:unheard-of", False),
        ("cutoff", True), ("risk:self-harm", True), ("risk:other", False),
        ("item:9:1", True), ("item:9:3", False), ("item:8:1", False), ("item:7:1", False),
    ],
)  # fmt: skip
def test_a_result_meets_a_condition_or_not(written, holds):
    given = {"band": "mild", "above": True, "dangers": {"self-harm"}, "worse": WORSE,
             "answers": {"9": 2, "8": None, "7": "n/a"}}  # fmt: skip
    assert Condition.read(written).holds(**given) is holds


def test_a_result_without_a_score_meets_no_band_and_no_cutoff():
    given = {"band": "", "above": None, "dangers": (), "worse": WORSE, "answers": {}}
    assert not Condition.read("band:mild").holds(**given)
    assert not Condition.read("cutoff").holds(**given)


@pytest.mark.parametrize(
    ("new", "way"),
    [
        (("c", "a"), ["c", "a", "b", "c"]),
        (("a", "a"), []),
        (("a", "c"), []),
        (("d", "a"), []),
    ],
)
def test_a_circle_is_found_with_the_way_round(new, way):
    assert rules.goes_round([("a", "b"), ("b", "c"), ("b", "b")], new) == way
