"""Whole years and quarters, for whoever may not see each client: no two differ by one person. Pure.

Why these: ``docs/decisions/0018-years-and-quarters-for-those-who-see-no-record.md``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from rapport.science.suppression import LEAST

YEARS = 10
"""So many are offered at most, the current one among them."""
Range = tuple[date, date]


@dataclass(frozen=True)
class Period:
    """A calendar year, or a quarter of one.

    Attributes:
        quarter: 1 to 4; 0: the whole year.
    """

    year: int
    quarter: int = 0

    @property
    def code(self) -> str:
        """As addresses have it: 2029 or 2029-Q3."""
        return f"{self.year}-Q{self.quarter}" if self.quarter else str(self.year)

    @property
    def since(self) -> date:
        """The first day."""
        return date(self.year, 3 * self.quarter - 2 if self.quarter else 1, 1)

    @property
    def until(self) -> date:
        """The last day."""
        if self.quarter in (0, 4):
            return date(self.year, 12, 31)
        return date(self.year, 3 * self.quarter + 1, 1) - timedelta(days=1)

    def beside(self, today: date) -> tuple[Range, ...]:
        """The quarters of a quarter's year that have ended, of which the year will be the sum; of
        a year none: years share nobody."""
        every = [Period(self.year, n) for n in range(1, 5)] if self.quarter else []
        return tuple((one.since, one.until) for one in every if one.until < today)


def read(code: str) -> Period | None:
    """The period of a code; None: it is none.

    >>> read("2029-Q3").until
    datetime.date(2029, 9, 30)
    """
    found = re.fullmatch(r"([12]\d{3})(?:-Q([1-4]))?", code, re.ASCII)
    return Period(int(found[1]), int(found[2] or 0)) if found else None


def of_days(since: date, until: date) -> Period | None:
    """The period that has just these days; None: there is none.

    >>> of_days(date(2029, 1, 1), date(2029, 12, 31)).code
    '2029'
    """
    every = (Period(since.year, n) for n in range(5))
    return next((one for one in every if (one.since, one.until) == (since, until)), None)


def ended(first: date | None, *, today: date) -> tuple[Period, ...]:
    """What has ended before today, the latest first, a year before its quarters.

    Args:
        first: the day on which the first episode of all ended; None: none has.
    """
    last = today.year - 1
    begin = max(min(first.year if first else last, last), today.year - YEARS + 1)
    every = (Period(year, n) for year in range(today.year, begin - 1, -1) for n in (0, 4, 3, 2, 1))
    return tuple(one for one in every if one.until < today)


def usual(
    offered: tuple[Period, ...], counts: Mapping[tuple[int, int], int], *, years: bool = False
) -> Period:
    """The latest in which enough episodes ended for figures; else the latest year.

    Args:
        counts: by year and quarter, how many ended in it.
        years: a year, where enough ended in one.
    """

    def enough(one: Period) -> bool:
        quarters = [one.quarter] if one.quarter else range(1, 5)
        return sum(counts.get((one.year, n), 0) for n in quarters) >= LEAST

    def rank(one: Period) -> tuple[bool, date, bool]:
        return years and not one.quarter, one.until, not one.quarter

    known = sorted(filter(enough, offered), key=rank, reverse=True)
    return next(iter(known), next(one for one in offered if not one.quarter))
