"""Where the times on a clock on the wall lie, in minutes since 1970-01-01T00:00Z.

A zone is asked twice for each midnight, and a few times more for a day on which its clocks
change; nothing here is asked for each time that is offered. Pure: no database, no Django, and
it never looks what time it is.

Two readings need a rule, and one rule gives both. A stretch of a day *begins* at the first
instant at which the clock shows its beginning or later, and *ends* after the last instant at
which the clock shows something earlier than its end:

- **The missing hour.** Where clocks go from 2:00 to 3:00, what begins or ends at 2:30 begins
  or ends at the change: 1:00 to 2:30 lasts an hour, 2:15 to 2:45 is nothing at all.
- **The doubled hour.** Where clocks go from 3:00 back to 2:00, what begins at 2:30 begins the
  first time, what ends at 2:30 ends the second time: 2:30 to 4:00 lasts two and a half hours,
  2:15 to 2:45 an hour and a half.
- A change of half an hour is no different, and a day that a land skipped is empty.

A day with two changes is read as if it had the sum of both. Offsets with seconds, which
ended in 1972, count as whole minutes, rounded down.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from .spans import Span

DAY = 24 * 60
MINUTE = timedelta(minutes=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST = EPOCH.toordinal()


def minute(instant: datetime) -> int:
    """The minute in which ``instant`` (aware) lies."""
    return (instant - EPOCH) // MINUTE


def instant(minutes: int) -> datetime:
    """When that minute begins, in UTC."""
    return EPOCH + minutes * MINUTE


def span(start: datetime, end: datetime) -> Span:
    """The fewest whole minutes that hold ``[start, end)``, both aware."""
    return minute(start), -((EPOCH - end) // MINUTE)


def shown(at: time) -> int:
    """Minutes since midnight, as the clock shows them."""
    return at.hour * 60 + at.minute


def until(at: time) -> int:
    """The same for the end of a stretch: 0:00 is the end of the day."""
    return shown(at) or DAY


class Day(NamedTuple):
    """A day of a zone, and the offsets east of UTC with which it begins and ends, in minutes."""

    ordinal: int  # proleptic Gregorian
    weekday: int  # 1 Monday to 7 Sunday
    midnight: int  # as if there were no zones
    before: int
    after: int
    change: int  # from when on the second offset counts
    base: int | None  # its midnight, on a day on which clocks do not change

    def opens(self, at: int) -> int:
        """The first instant at which the clock shows ``at`` minutes after midnight, or more."""
        wall = self.midnight + at
        early = wall - self.before
        return early if early < self.change else max(self.change, wall - self.after)

    def closes(self, at: int) -> int:
        """The instant after the last one at which the clock shows less than ``at``."""
        wall = self.midnight + at
        late = wall - self.after
        return late if late > self.change else min(self.change, wall - self.before)


class Clock:
    """The days of one zone, each looked up once."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self._days: dict[int, Day] = {}
        self._midnights: dict[int, tuple[int, int]] = {}

    def day(self, ordinal: int) -> Day:
        """The day with this proleptic Gregorian ordinal."""
        found = self._days.get(ordinal)
        if found is None:
            found = self._days[ordinal] = self._looked_up(ordinal)
        return found

    def date(self, minutes: int) -> date:
        """The date on the wall at that minute."""
        return instant(minutes).astimezone(self.zone).date()

    def _looked_up(self, ordinal: int) -> Day:
        midnight, weekday = (ordinal - FIRST) * DAY, (ordinal - 1) % 7 + 1
        before, after = self._offsets(ordinal)[0], self._offsets(ordinal + 1)[1]
        if before == after:
            base = midnight - before
            return Day(ordinal, weekday, midnight, before, after, base, base)
        change = self._change(midnight, before, after)
        return Day(ordinal, weekday, midnight, before, after, change, None)

    def _offsets(self, ordinal: int) -> tuple[int, int]:
        """At its midnight: before and after a change then, as PEP 495 reads a time twice."""
        found = self._midnights.get(ordinal)
        if found is None:
            at = datetime.fromordinal(ordinal)
            found = self._midnights[ordinal] = self._offset(at), self._offset(at.replace(fold=1))
        return found

    def _offset(self, at: datetime) -> int:
        return (self.zone.utcoffset(at) or timedelta()) // MINUTE

    def _change(self, midnight: int, before: int, after: int) -> int:
        """The first minute of that day without its first offset."""
        low, high = midnight - max(before, after), midnight + DAY - min(before, after)
        while low < high:
            middle = (low + high) // 2
            if self._offset(instant(middle).astimezone(self.zone)) == before:
                low = middle + 1
            else:
                high = middle
        return low
