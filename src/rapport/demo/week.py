"""The demo's week: who meets whom at which hour. Plain dates and times; nobody meets twice."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

HOURS = (0, 1, 2, 4, 5, 6, 7)  # after the day's first; the fourth is for lunch and for calls
LUNCH = 3
LAST = HOURS[-1]  # nothing follows, so it may be longer
USUAL = 9
AWAY_FOR = 14  # days
AHEAD = 28  # days that are booked in advance


@dataclass(frozen=True)
class Shape:
    """How the practice's week lies around the moment at which the demo is made.

    The hours of today's weekday are chosen so that some of them are over and some are still
    to come; on a weekend the practice is open that day, so that there is something to see.
    """

    now: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    @property
    def workdays(self) -> list[int]:
        """Monday is 0."""
        day = self.today.weekday()
        return [0, 1, 2, 3, 4] if day < 5 else [1, 2, 3, 4, day]

    @property
    def nextday(self) -> date:
        """The next day on which the practice works."""
        return self.worked(self.today + timedelta(days=1), 1)

    @property
    def coming(self) -> date:
        """Today while its last hour is still to come, else the next working day."""
        return self.today if self.at(self.today, LAST) > self.now else self.nextday

    def worked(self, day: date, step: int) -> date:
        """``day``, or the nearest working day before (-1) or after (1) it."""
        while day.weekday() not in self.workdays:
            day += timedelta(days=step)
        return day

    def first_hour(self, weekday: int) -> int:
        hour = self.now.astimezone(self.zone).hour
        if weekday != self.today.weekday() or not 8 <= hour < 19:
            return USUAL
        return min(max(hour - 3, 8), 12)

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        """The instant at which that hour of the day's row begins, on the practice's clock."""
        start = time(self.first_hour(day.weekday()) + hour, minute)
        return datetime.combine(day, start, tzinfo=self.zone)


@dataclass(frozen=True)
class Seat:
    """Somebody's standing hour: this weekday, this hour, every week or every second."""

    weekday: int
    hour: int
    every: int
    phase: int

    def is_on(self, day: date) -> bool:
        return day.weekday() == self.weekday and week(day) % self.every == self.phase % self.every

    def meets(self, other: "Seat") -> bool:
        """Whether there is a week in which both have the same hour."""
        if (self.weekday, self.hour) != (other.weekday, other.hour):
            return False
        return 1 in (self.every, other.every) or self.phase == other.phase


def week(day: date) -> int:
    """Weeks since a Monday long ago: a phase does not break at New Year."""
    return (day.toordinal() - 1) // 7


@dataclass
class Diary:
    """The hours of one clinician that are given away."""

    shape: Shape
    minute: int
    away: int  # the day of the year on which their summer begins
    full_today: int
    _held: list[tuple[Seat, date, date]] = field(default_factory=list)
    _lunches: set[date] = field(default_factory=set)
    _today: int = 0

    def seat(
        self, since: date, until: date, every: int, dice: random.Random, *, weekday: int | None,
        last: bool = False,
    ) -> Seat:  # fmt: skip
        """A standing hour that is free from ``since`` until ``until``, and from now on taken.

        Args:
            weekday: where it has to be that day; else today's, while today is not full.
            last: only the day's last hour will do.
        """
        today, day = self.shape.today, self.shape.today.weekday()
        here = until > today and weekday is None and self._today < self.full_today
        days = self._emptiest_first(dice)
        if weekday is not None:
            days = [weekday]
        elif until > today:
            days = [day, *days] if here else [one for one in days if one != day]
        phase = week(today) % 2 if here else dice.randint(0, 1)
        for weekday_ in (*days, *self.shape.workdays):
            hours = (LAST,) if last else dice.sample(HOURS, len(HOURS))
            for hour, turn in ((hour, turn) for hour in hours for turn in (phase, 1 - phase)):
                seat = Seat(weekday_, hour, every, turn)
                if self._free(seat, since, until):
                    self._held.append((seat, since, until))
                    self._today += until > today and seat.is_on(today)
                    return seat
        raise LookupError("this diary is full")

    def _emptiest_first(self, dice: random.Random) -> list[int]:
        """The days of the week, those first on which few come nowadays."""
        today = self.shape.today
        held = Counter(one.weekday for one, _since, until in self._held if until > today)
        days = self.shape.workdays
        return sorted(dice.sample(days, len(days)), key=lambda one: held[one])

    def _free(self, seat: Seat, since: date, until: date) -> bool:
        return not any(
            seat.meets(other) and since <= ends and begins <= until
            for other, begins, ends in self._held
        )

    def days(self, seat: Seat, since: date, until: date) -> Iterator[date]:
        """The days on which the seat's hour is kept, without times off."""
        for n in range((until - since).days + 1):
            day = since + timedelta(days=n)
            if seat.is_on(day) and self.works_on(day):
                yield day

    def works_on(self, day: date) -> bool:
        """Nobody works at the turn of the year or in their summer; today's weeks always count."""
        if day.weekday() not in self.shape.workdays:
            return False
        if abs((day - self.shape.today).days) <= AHEAD:
            return True
        turn_of_the_year = (day.month, day.day) >= (12, 24) or (day.month, day.day) == (1, 1)
        summer = self.away <= day.timetuple().tm_yday < self.away + AWAY_FOR
        return not (turn_of_the_year or summer)

    def lunch(self, day: date) -> bool:
        """Take the free hour at noon; False if it is taken already."""
        free = day not in self._lunches
        self._lunches.add(day)
        return free

    def start(self, day: date, hour: int) -> datetime:
        return self.shape.at(day, hour, self.minute)
