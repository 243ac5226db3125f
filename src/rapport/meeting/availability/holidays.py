"""Days on which a clinician does not work because the land does not."""

import uuid
from collections.abc import Iterable
from datetime import date

from django.utils.translation import get_language

from rapport.people.practice import regions

from .gathering import Hours, Times

LONGEST = 366 * 3  # days; nobody asks for more, and a calendar of centuries takes long


def of(country: str, region: str, first: date, last: date) -> dict[date, str]:
    """Holidays from ``first`` to ``last`` (included) in the reader's language."""
    if not country or (last - first).days > LONGEST:
        return {}
    return regions.holidays(country, region, first, last, get_language() or "en")


class Known:
    """Holidays of the practice's country from one day to another, each region looked up once."""

    def __init__(self, country: str, first: date, last: date) -> None:
        self.country, self.first, self.last = country, first, last
        self._of: dict[str, dict[date, str]] = {}

    def days(self, times: Times) -> set[date]:
        """Days that are a holiday somewhere a clinician works, if they keep holidays."""
        if not times.keeps_holidays:
            return set()
        return {day for region in _regions(times, times.places) for day in self._in(region)}

    def hours(self, day: date, times: Times) -> tuple[list[Hours], str]:
        """When a clinician works on ``day``, and which holiday takes some of it; or ""."""
        other = times.other.get(day)
        return (other, "") if other is not None else self.left(day, times)

    def left(self, day: date, times: Times) -> tuple[list[Hours], str]:
        """What a holiday leaves of the week's hours on ``day``, and what it is called; or "".

        A stretch falls out when it is a holiday where it is: at its place, or, where it names
        none, at every place of the clinician. A day with other hours of its own is not asked.
        """
        kept, name = [], ""
        week = times.week.get(day.isoweekday(), [])
        if not times.keeps_holidays:
            return week, name
        for hours in week:
            called = self._called(
                day, _regions(times, [hours.place] if hours.place else times.places)
            )
            name = name or called
            if not called:
                kept.append(hours)
        return kept, name

    def _called(self, day: date, regions_asked: list[str]) -> str:
        names = [self._in(region).get(day, "") for region in regions_asked]
        return names[0] if all(names) else ""

    def _in(self, region: str) -> dict[date, str]:
        if region not in self._of:
            self._of[region] = of(self.country, region, self.first, self.last)
        return self._of[region]


def _regions(times: Times, places: Iterable[uuid.UUID]) -> list[str]:
    """The regions these places are in; the country at large where there is none."""
    return sorted({times.places.get(one, "") for one in places} or {""})
