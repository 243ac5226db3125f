"""The figures of a comparison group as they are typed: read, and held against what can be. Pure."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ..measures.published import GroupOf
from ..norms.rules import number_in
from ..own.rules import Wrong, text_wrong

TEXTS = {"people": 500, "source": 500, "note": 500}
"""What is said of a group, with the most characters of each."""
NEEDED = ("people", "source")
POINTS = ("earlier_mean", "earlier_sd", "later_mean", "later_sd")
SHARES = ("correlation", "reliability")
UNITS = {"days": 1, "weeks": 7}
FEWEST, MOST, LONGEST, FIRST_YEAR = 3, 100_000, 3660, 1880
"""People: with two there is nothing left to err by. Days between: ten years."""
ROUNDED = 0.05
"""What a printed mean or deviation may be off by: sources often give one decimal."""

Code = Literal[
    Wrong, "year", "whole", "apart", "not_a_number", "outside", "no_spread", "too_wide",
    "no_correlation", "no_reliability", "all_error",
]  # fmt: skip

UNREAD: Mapping[str, Code] = {"correlation": "no_correlation", "reliability": "no_reliability"}


@dataclass(frozen=True, kw_only=True)
class OwnGroup(GroupOf):
    """A group that the practice entered. ``days``: from the first answer to the second."""

    days: int


@dataclass
class Read:
    """A group as it was typed; ``values`` are whole only where nothing is ``wrong``.

    Attributes:
        wrong: by field why it cannot be, and what helps to mend it.
    """

    values: dict[str, Any] = field(default_factory=dict)
    wrong: dict[str, tuple[Code, Any]] = field(default_factory=dict)

    def refuse(self, name: str, code: Code, about: Any = None) -> None:
        """Say what is wrong with a field, unless something was already."""
        self.wrong.setdefault(name, (code, about))


def read(given: Mapping[str, str], *, treated: bool, span: tuple[float, float], year: int) -> Read:
    """What was typed, and what is wrong where.

    Args:
        given: by field: ``TEXTS``, ``POINTS`` and ``SHARES``, ``n``, ``year``, ``apart`` with its
            ``unit``.
        span: the lowest and the highest score there is. year: this one.
    """
    found = Read()
    for name, most in TEXTS.items():
        if code := text_wrong(given[name], most=most, needed=name in NEEDED):
            found.refuse(name, code, most)
        found.values[name] = " ".join(given[name].split())
    _whole(found, given, "year", "year", FIRST_YEAR, year)
    _whole(found, given, "n", "whole", FEWEST, MOST)
    unit = UNITS.get(given["unit"], 1)
    _whole(found, given, "apart", "apart", 1, LONGEST // unit)
    if "apart" in found.values:
        found.values["days"] = found.values.pop("apart") * unit
    for name in (*POINTS, *(SHARES if treated else SHARES[:1])):
        if (value := number_in(given[name])) is None:
            found.refuse(name, UNREAD.get(name, "not_a_number"))
        else:
            found.values[name] = float(value)
    _possible(found, span)
    if treated and not found.wrong:
        _told_from_error(found)
    return found


def _whole(
    found: Read, given: Mapping[str, str], name: str, code: Code, low: int, high: int
) -> None:
    text = given[name].strip()
    value = int(text) if re.fullmatch(r"\d{1,9}", text, re.ASCII) else low - 1
    if low <= value <= high:
        found.values[name] = value
    else:
        found.refuse(name, code, (low, high))


def _possible(found: Read, span: tuple[float, float]) -> None:
    """Hold means, deviations and coefficients against what they can be."""
    values, (low, high) = found.values, span
    for when in ("earlier", "later"):
        mean, sd = values.get(f"{when}_mean"), values.get(f"{when}_sd")
        if mean is not None and not low <= mean <= high:
            found.refuse(f"{when}_mean", "outside", span)
        if sd is not None and sd <= 0:
            found.refuse(f"{when}_sd", "no_spread")
        elif sd is not None and mean is not None and low <= mean <= high:
            if sd > (most := widest(mean, span, values.get("n", FEWEST))) + ROUNDED:
                found.refuse(f"{when}_sd", "too_wide", most)
    if not -1 < values.get("correlation", 0) < 1:
        found.refuse("correlation", "no_correlation")
    if not 0 <= values.get("reliability", 0) < 1:
        found.refuse("reliability", "no_reliability")


def widest(mean: float, span: tuple[float, float], n: int) -> float:
    """The largest standard deviation ``n`` scores of this mean can have: all at the two ends.

        SD = sqrt((mean - low) (high - mean) n / (n - 1))

    Both factors may be larger by what printing the mean rounded off.
    """
    low, high = span
    below, above = mean - low + ROUNDED, high - mean + ROUNDED
    return math.sqrt(below * above * n / (n - 1))


def _told_from_error(found: Read) -> None:
    """Of a treated group the differences must scatter more than the questionnaire errs."""
    try:
        group("", found.values, treated=True)
    except ValueError:
        found.refuse("reliability", "all_error")


def group(name: str, values: Mapping[str, Any], *, treated: bool) -> OwnGroup:
    """The figures as the methods take them.

    Args:
        values: as ``Read`` has them.

    Raises:
        ValueError: they are none that could be.
    """
    return OwnGroup(
        name=name, source=values["source"], dated=values["year"], evidence="seen",
        population=values["people"], note=values["note"], days=values["days"], treated=treated,
        n=values["n"], **{one: values[one] for one in POINTS},
        correlation=values["correlation"], reliability=values.get("reliability"),
        reliability_source=values["source"],
    )  # fmt: skip


def typed(values: Mapping[str, Any], number: Callable[[float], str]) -> dict[str, str]:
    """The other way round: figures as a form shows them to be corrected.

    Args:
        number: writes one as its reader does.
    """
    days = values["days"]
    unit = "days" if days % UNITS["weeks"] else "weeks"
    numbers = {name: values[name] for name in (*POINTS, *SHARES)}
    return {
        **{name: values[name] for name in TEXTS},
        **{name: "" if one is None else number(one) for name, one in numbers.items()},
        "n": str(values["n"]), "year": str(values["year"]),
        "apart": str(days // UNITS[unit]), "unit": unit,
    }  # fmt: skip
