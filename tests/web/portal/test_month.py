"""Free times by the day on the reader's clock."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from rapport.meeting.availability.queries import Opening
from rapport.web.booking import month


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kolkata", "America/St_Johns", "Atlantic/Azores",
                                  "America/Havana", "Pacific/Kiritimati"])  # fmt: skip
@pytest.mark.parametrize(
    ("first", "last"),
    [(date(2030, 3, 1), date(2030, 4, 30)), (date(2030, 10, 1), date(2030, 11, 30))],
)
def test_each_time_is_on_the_day_its_clock_shows(zone, first, last):
    where = ZoneInfo(zone)
    begin = int(datetime(first.year, first.month, 1, tzinfo=UTC).timestamp()) // 60 - 2 * 24 * 60
    openings = [Opening(at, at + 50, None) for at in range(begin, begin + 66 * 24 * 60, 15)]
    found = month.by_day(openings, where, first, last)

    for on, theirs in found.items():
        for one in theirs:
            assert one.slot.start.astimezone(where).date() == on
    known = [one for one in openings if first <= one.slot.start.astimezone(where).date() <= last]
    assert [one for theirs in found.values() for one in theirs] == known


def test_a_day_without_any_is_none():
    start = datetime(2030, 3, 4, 9, tzinfo=UTC)
    at = int(start.timestamp()) // 60
    openings = [Opening(at, at + 50, None), Opening(at + 2 * 24 * 60, at + 2 * 24 * 60 + 50, None)]
    day = start.date()

    found = month.by_day(openings, ZoneInfo("UTC"), day, day + timedelta(6))
    assert list(found) == [day, day + timedelta(2)]
