"""When a clock strikes. Pure arithmetic: the caller brings the instant and the zone.

Where clocks change, a daily or weekly time strikes exactly once: a doubled 02:30 at its
first pass, a missing 02:30 as long after midnight as on other days (so at 03:30 by the
new clock). ``*/5`` counts elapsed minutes in UTC and does not notice.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
_EVERY = re.compile(r"\*/([1-9]\d?)")
_AT = re.compile(r"(?:(MON|TUE|WED|THU|FRI|SAT|SUN) )?([01]\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True)
class Schedule:
    """Either every so many minutes, or at a time of day, perhaps on one weekday only."""

    minutes: int | None = None  # divides 60
    at: time = time()
    weekday: int | None = None  # Monday is 0

    @classmethod
    def parse(cls, text: str) -> "Schedule":
        """Read ``*/5``, ``03:10`` or ``MON 03:10``.

        Raises:
            ValueError: anything else, or a number of minutes that does not divide the hour.
        """
        if (every := _EVERY.fullmatch(text)) and 60 % int(every[1]) == 0:
            return cls(minutes=int(every[1]))
        if found := _AT.fullmatch(text):
            day, hour, minute = found.groups()
            weekday = DAYS.index(day) if day else None
            return cls(at=time(int(hour), int(minute)), weekday=weekday)
        raise ValueError(f"{text!r} is no schedule; write 03:10, MON 03:10 or */5")

    def last(self, now: datetime, zone: ZoneInfo) -> datetime:
        """The latest strike at or before ``now`` (aware), in UTC."""
        if self.minutes is not None:
            whole = now.astimezone(UTC).replace(second=0, microsecond=0)
            return whole - timedelta(minutes=whole.minute % self.minutes)
        day = now.astimezone(zone).date() + timedelta(days=1)
        while True:
            strike = datetime.combine(day, self.at, tzinfo=zone).astimezone(UTC)
            if strike <= now and self.weekday in (None, day.weekday()):
                return strike
            day -= timedelta(days=1)
