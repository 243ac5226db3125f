"""When clocks strike, also in the hours that come twice or never."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.core.jobs.schedule import Schedule

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def strikes(schedule, zone, start, end):
    """Every strike that a scheduler which looks each minute would see."""
    seen, now = [], start
    while now < end:
        last = Schedule.parse(schedule).last(now, zone)
        if last >= start and last not in seen:
            seen.append(last)
        now += timedelta(minutes=1)
    return seen


@pytest.mark.parametrize(
    "text",
    [
        "",
        "3:10",
        "24:00",
        "03:60",
        "*/0",
        "*/7",
        "*/61",
        "*/100",
        "mon 03:10",
        "XXX 03:10",
        "* * *",
    ],
)
def test_what_is_no_schedule_is_refused(text):
    with pytest.raises(ValueError, match="no schedule"):
        Schedule.parse(text)


@pytest.mark.parametrize(
    "text, now, last",
    [
        ("03:10", "2030-01-07T03:09:59", "2030-01-06T03:10"),
        ("03:10", "2030-01-07T03:10:00", "2030-01-07T03:10"),
        ("03:10", "2030-01-07T23:59:00", "2030-01-07T03:10"),
        ("MON 03:10", "2030-01-07T03:10:00", "2030-01-07T03:10"),  # a Monday
        ("MON 03:10", "2030-01-07T03:09:00", "2029-12-31T03:10"),
        ("SUN 03:10", "2030-01-07T03:10:00", "2030-01-06T03:10"),
        ("TUE 03:10", "2030-01-07T03:10:00", "2030-01-01T03:10"),
        ("*/5", "2030-01-07T03:09:59", "2030-01-07T03:05"),
        ("*/60", "2030-01-07T03:59:59", "2030-01-07T03:00"),
        ("*/1", "2030-01-07T03:09:59", "2030-01-07T03:09"),
    ],
)
def test_the_last_strike_is_found(text, now, last):
    assert Schedule.parse(text).last(utc(now), ZoneInfo("UTC")) == utc(last)


@pytest.mark.parametrize(
    "zone, at, day, strike",
    [
        # 02:30 is missing: as long after midnight as ever, which the new clock calls 03:30
        (BERLIN, "02:30", "2030-03-31", "2030-03-31T01:30"),
        (NEW_YORK, "02:30", "2030-03-10", "2030-03-10T07:30"),
        (LORD_HOWE, "02:15", "2030-10-06", "2030-10-05T15:45"),
        # 02:30 comes twice: the first
        (BERLIN, "02:30", "2030-10-27", "2030-10-27T00:30"),
        (NEW_YORK, "01:30", "2030-11-03", "2030-11-03T05:30"),
        (LORD_HOWE, "01:45", "2030-04-07", "2030-04-06T14:45"),
    ],
)
def test_a_missing_or_doubled_time_strikes_exactly_once(zone, at, day, strike):
    start = datetime.fromisoformat(day).replace(tzinfo=zone).astimezone(UTC)

    assert strikes(at, zone, start, start + timedelta(hours=23)) == [utc(strike)]


def test_every_day_of_a_year_strikes_once_and_five_minutes_do_not_notice():
    assert len(strikes("02:30", BERLIN, utc("2030-01-01T00:00"), utc("2031-01-01T00:00"))) == 365
    five = strikes("*/5", BERLIN, utc("2030-10-26T22:00"), utc("2030-10-27T23:00"))
    assert len(five) == 25 * 12


@given(
    st.sampled_from(["03:10", "MON 00:00", "SUN 23:59", "*/15"]),
    st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
    st.sampled_from([BERLIN, NEW_YORK, LORD_HOWE, ZoneInfo("Asia/Kathmandu")]),
)
def test_a_strike_lies_behind_and_stays_put_until_the_next(text, now, zone):
    schedule = Schedule.parse(text)
    last = schedule.last(now, zone)

    assert last <= now < last + timedelta(days=7, hours=2)
    assert schedule.last(last, zone) == last
