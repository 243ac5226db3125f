"""Parts of a country that keep holidays of their own, and those holidays by name."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from holidays.utils import country_holidays


def codes(country: str) -> tuple[str, ...]:
    """The parts of a country (ISO 3166-2, without the country); none of one that is not known."""
    return tuple(code for code, _name in named(country))


@lru_cache(maxsize=16)
def named(country: str) -> tuple[tuple[str, str], ...]:
    """Code and name of each part of a country, by name as it is written there."""
    try:
        land = country_holidays(country)
    except NotImplementedError:
        return ()
    called = {code: name for name, code in land.subdivisions_aliases.items()}
    return tuple(sorted(((c, called.get(c, c)) for c in land.subdivisions), key=lambda p: p[1]))


@lru_cache(maxsize=16)
def weekend(country: str) -> frozenset[int]:
    """Days of the week on which a country rests, Monday as 0."""
    try:
        return frozenset(country_holidays(country).weekend)
    except NotImplementedError:
        return frozenset({5, 6})


def holidays(country: str, region: str, first: date, last: date, spoken: str) -> dict[date, str]:
    """Public holidays from ``first`` to ``last`` (included), with their names.

    Args:
        region: a code of ``codes``; any other is the country at large.
        spoken: the reader's language (BCP 47). A name that is not known in it comes in the
            country's own.
    """
    found: dict[date, str] = {}
    for year in range(first.year, last.year + 1):
        found.update(_of_a_year(country, region, year, spoken))
    return {day: name for day, name in sorted(found.items()) if first <= day <= last}


@lru_cache(maxsize=256)
def _of_a_year(country: str, region: str, year: int, spoken: str) -> tuple[tuple[date, str], ...]:
    try:
        land = country_holidays(country)
    except NotImplementedError:
        return ()
    language = next(_fitting(spoken, land.supported_languages), land.default_language)
    part = region if region in land.subdivisions else None
    days = country_holidays(country, subdiv=part, years=year, language=language)
    return tuple((day, str(name)) for day, name in days.items())


def _fitting(spoken: str, known: tuple[str, ...]) -> Iterator[str]:
    """Of the languages in which holidays are named, those the reader understands."""
    short = spoken.replace("-", "_").split("_")[0]
    return (one for one in known if one.split("_")[0] == short)
