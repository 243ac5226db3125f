"""The clock, the practice's zone, and days that are longer or shorter than others."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from rapport.core import time

NOON = datetime(2030, 1, 7, 12, 0, tzinfo=UTC)


@pytest.fixture
def berlin(monkeypatch):
    monkeypatch.setattr(time, "_zone_sources", [lambda: "Europe/Berlin"])


@pytest.fixture
def nowhere(monkeypatch):
    monkeypatch.setattr(time, "_zone_sources", [])


def test_now_is_aware_and_utc():
    with time_machine.travel(NOON, tick=False):
        assert time.now() == NOON
    assert time.now().tzinfo is UTC


def test_the_clock_can_be_stopped_and_runs_on():
    with time.at(NOON):
        assert time.now() == NOON
        with time.at(NOON + timedelta(days=1)):
            assert time.now() == NOON + timedelta(days=1)
        assert time.now() == NOON
    assert time.now() != NOON


@pytest.mark.parametrize("ask", [lambda naive: time.local(naive), lambda n: time.at(n).__enter__()])
def test_an_instant_without_zone_is_refused(ask):
    with pytest.raises(ValueError, match="time zone"):
        ask(datetime(2030, 1, 7))


def test_the_zone_is_utc_until_there_is_a_practice(nowhere):
    assert time.zone() == ZoneInfo("UTC")


def test_the_zone_is_asked_for_each_time(nowhere):
    answers = iter([None, "America/New_York"])

    source = time.zone_source(lambda: next(answers))

    assert callable(source)
    assert [time.zone().key, time.zone().key] == ["UTC", "America/New_York"]


def test_a_zone_is_found_by_name():
    assert time.zone_named("Asia/Kathmandu") == ZoneInfo("Asia/Kathmandu")


def test_local_and_today_follow_the_practice(berlin):
    late = datetime(2030, 1, 7, 23, 30, tzinfo=UTC)
    assert time.local(late).isoformat() == "2030-01-08T00:30:00+01:00"
    with time.at(late):
        assert time.today() == date(2030, 1, 8)


@pytest.mark.parametrize(
    "zone, day, hours",
    [
        ("Europe/Berlin", date(2030, 1, 7), 24),
        ("Europe/Berlin", date(2030, 3, 31), 23),
        ("Europe/Berlin", date(2030, 10, 27), 25),
        ("America/New_York", date(2030, 3, 10), 23),
        ("America/New_York", date(2030, 11, 3), 25),
        ("Australia/Lord_Howe", date(2030, 4, 7), 24.5),
        ("Australia/Lord_Howe", date(2030, 10, 6), 23.5),
        ("America/Sao_Paulo", date(2018, 11, 4), 23),  # midnight itself is missing
        ("America/Sao_Paulo", date(2019, 2, 16), 25),  # clocks go back at midnight
        ("America/Havana", date(2030, 11, 3), 25),  # midnight comes twice
        ("Pacific/Apia", date(2011, 12, 30), 0),  # a day that Samoa skipped
        ("Asia/Kathmandu", date(2030, 6, 1), 24),
    ],
)
def test_a_day_is_as_long_as_it_is_there(zone, day, hours):
    start, end = time.day_bounds(day, ZoneInfo(zone))

    assert end - start == timedelta(hours=hours)
    assert start.tzinfo is UTC
    if hours:
        place = ZoneInfo(zone)
        assert start.astimezone(place).date() == day
        assert (start - timedelta(microseconds=1)).astimezone(place).date() < day
        assert (end - timedelta(microseconds=1)).astimezone(place).date() == day


@pytest.mark.parametrize("zone", ["Europe/London", "America/St_Johns", "Africa/Casablanca"])
def test_days_follow_each_other_without_gap(zone):
    place, day = ZoneInfo(zone), date(2026, 1, 1)
    while day < date(2027, 1, 2):
        after = day + timedelta(days=1)
        assert time.day_bounds(day, place)[1] == time.day_bounds(after, place)[0]
        day = after


def test_a_day_is_the_practices_day_unless_said_otherwise(berlin):
    start, _end = time.day_bounds(date(2030, 7, 1))
    assert start == datetime(2030, 6, 30, 22, 0, tzinfo=UTC)


def test_a_date_is_read():
    assert time.parse_date(" 2026-11-24 ") == date(2026, 11, 24)


@pytest.mark.parametrize("text", ["", "24.11.2026", "2026-02-30", "2026-13-01", "tomorrow", "９"])
def test_what_is_no_date_is_explained(text):
    with pytest.raises(time.BadDate, match="year-month-day"):
        time.parse_date(text)


@pytest.mark.parametrize("text", ["9999-01-01", "1899-12-31", "2201-01-01", "0001-01-01"])
def test_years_far_away_are_refused(text):
    with pytest.raises(time.BadDate, match="1900 and 2200"):
        time.parse_date(text)


@pytest.mark.parametrize("text", ["1900-01-01", "2200-12-31"])
def test_the_limits_themselves_are_fine(text):
    assert time.parse_date(text).isoformat() == text
