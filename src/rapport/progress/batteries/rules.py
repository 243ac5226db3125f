"""Order, time, ages and the rows of a report. No database, no clock."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import combinations
from typing import Any

from ..norms import standing

MOST_TESTS, MOST_SCALES, MOST_PAIRS, MOST_MINUTES = 40, 40, 60, 600
MOST_ROWS = 400  # scores of an assessment: each has a field on the page of its report
SHORT, LONGEST = 200, 5000
HOW = ("observed", "true")
LEVELS = (0.9, 0.95)
SEXES = ("any", "female", "male")


def age_on(born: date | None, on: date) -> int | None:
    """Whole months lived on a day; None where no birth is known or it lies later.

    >>> divmod(age_on(date(2012, 5, 31), date(2026, 2, 28)), 12)
    (13, 8)
    """
    if born is None or born > on:
        return None
    return (on.year - born.year) * 12 + on.month - born.month - (on.day < born.day)


def moved(order: Sequence[Any], one: Any, to: str) -> list[Any]:
    """The same with ``one`` a place ``up`` or ``down``; at an end it stays."""
    found = list(order)
    at = found.index(one)
    found.pop(at)
    found.insert(max(0, at - 1) if to == "up" else at + 1, one)
    return found


def is_running(times: Sequence[Sequence[str | None]]) -> bool:
    """Whether the clock of a test runs."""
    return bool(times) and times[-1][1] is None


def started(times: Sequence[Any], now: datetime) -> list[Any]:
    """The times with the clock running from ``now`` on."""
    return list(times) if is_running(times) else [*times, [now.isoformat(), None]]


def stopped(times: Sequence[Any], now: datetime) -> list[Any]:
    """The times with the clock stopped at ``now``."""
    if not is_running(times):
        return list(times)
    return [*times[:-1], [times[-1][0], now.isoformat()]]


def minutes_taken(times: Sequence[Sequence[str | None]]) -> int | None:
    """Whole minutes of all stretches that have ended; None where there is none."""
    ended = [(a, b) for a, b in times if a is not None and b is not None]
    if not ended:
        return None
    seconds = sum(
        (datetime.fromisoformat(b) - datetime.fromisoformat(a)).total_seconds() for a, b in ended
    )
    return int(seconds / 60 + 0.5)


def scales_in(text: str) -> list[str]:
    """Names of scales, one a line, each once."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return list(dict.fromkeys(line for line in lines if line))


def pairs_of(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Scales whose difference can be judged: of one version of one table, reliabilities known."""
    able = [row for row in rows if row["result"] is not None and not row["result"]["missing"]]
    found = [
        (one["key"], other["key"])
        for one, other in combinations(able, 2)
        if one["version"]["id"] == other["version"]["id"]
        and standing.apart(one["result"], other["result"]) is not None
    ]
    return found[:MOST_PAIRS]


def measured(
    rows: Iterable[Mapping[str, Any]], *, how: str, level: float
) -> list[dict[str, Any]]:  # fmt: skip
    """Rows with their standard score, interval and word; ``result`` stays as it was kept."""
    return [{**row, **_numbers(row, how, level)} for row in rows]


def _numbers(row: Mapping[str, Any], how: str, level: float) -> dict[str, Any]:
    result = row["result"]
    if result is None or result["missing"]:
        return {"value": None, "interval": None, "word": ""}
    return {
        "value": standing.value_of(result),
        "interval": standing.interval(result, how=how, level=level),
        "word": standing.in_words(row["version"]["words"], result),
    }
