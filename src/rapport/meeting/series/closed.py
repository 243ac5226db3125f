"""On which days the land rests: one small place, until availability knows its own."""

from datetime import date
from functools import lru_cache

import holidays as known

from rapport.people.practice import queries as practice
from rapport.people.practice.models import Place


def holidays(place: Place | None, first: date, last: date) -> dict[date, str]:
    """Public holidays from ``first`` to ``last`` where the practice is, with their names.

    None for a land nobody has listed them for.
    """
    row = practice.current()
    years = range(first.year, last.year + 1)
    found = {day: name for year in years for day, name in _of(row.country if row else "", year)}
    return {day: name for day, name in found.items() if first <= day <= last}


@lru_cache(maxsize=64)
def _of(country: str, year: int) -> tuple[tuple[date, str], ...]:
    try:
        return tuple(known.country_holidays(country, years=year).items())
    except (NotImplementedError, KeyError):
        return ()
