"""Running signals: whether the next score is still one of those that went before.

Charts of individual values (Shewhart, Wheeler) and the cumulative sum (Page). Both take scores
as independent; where they hang together, limits are too narrow and signals too many.
"""

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapport.science.trend import finite

WIDTH = 2.66  # 3 / 1.128: three spreads, in mean moving ranges
SPREAD = 1.128  # mean range of two values from a normal distribution, in spreads


@dataclass(frozen=True)
class Signal:
    """A score that the chart does not expect.

    Attributes:
        at: index of the score that completes the rule.
        rule: its name, a key of ``RULES``, or "cumulative sum".
        side: above or below the centre; for a run of rises above, for one of falls below.
    """

    at: int
    rule: str
    side: str


@dataclass(frozen=True)
class Chart:
    """A chart of individual values.

    Attributes:
        centre: mean of the scores that set the limits.
        low, high: the limits, in the unit of the scores.
        moving_range: mean absolute difference of successive scores.
        signals: in the order of the scores.
    """

    centre: float
    low: float
    high: float
    moving_range: float
    signals: tuple[Signal, ...]


def _beyond(z: list[float]) -> bool:
    return z[-1] > 3


def _two_of_three(z: list[float]) -> bool:
    return z[-1] > 2 and sum(one > 2 for one in z[-3:]) >= 2


def _four_of_five(z: list[float]) -> bool:
    return z[-1] > 1 and sum(one > 1 for one in z[-5:]) >= 4


def _eight(z: list[float]) -> bool:
    return len(z) >= 8 and all(one > 0 for one in z[-8:])


def _six_rising(z: list[float]) -> bool:
    return len(z) >= 6 and all(a < b for a, b in pairwise(z[-6:]))


RULES: dict[str, Callable[[list[float]], bool]] = {
    "beyond a limit": _beyond,
    "two of three beyond two spreads": _two_of_three,
    "four of five beyond one spread": _four_of_five,
    "eight on one side": _eight,
    "six rising or falling": _six_rising,
}


def individuals(
    values: Sequence[float],
    *,
    baseline: int | None = None,
    breaks: Collection[int] = (),
    rules: Sequence[str] = ("beyond a limit", "eight on one side"),
) -> Chart:
    """Limits from how much successive scores differ, and scores that break a rule.

        limits = mean +- 2.66 (mean of |y_k+1 - y_k|),   spread = (the same mean) / 1.128

    Where nothing happens and the limits are known, the first rule alone calls one score in 370,
    it and the run of eight one in 150, all five one in 80.

    >>> chart = individuals([10, 12, 11, 9, 10, 11, 18], baseline=6)
    >>> round(chart.centre, 2), round(chart.low, 2), round(chart.high, 2), chart.signals[0].at
    (10.5, 6.78, 14.22, 6)

    Args:
        values: scores in their order, in any unit.
        baseline: how many of the first scores set the limits, two or more; left out: all.
        breaks: indices of scores that follow none, as after a pause: no difference is taken
            there, and every run begins anew.
        rules: names out of ``RULES``.

    Raises:
        ValueError: fewer than two scores, or no two in a row; a baseline that is none, a rule
            that there is not, a value that is no finite number.

    Source:
        Wheeler & Chambers (1992), Understanding Statistical Process Control; the rules: Western
        Electric (1956), the last one Nelson (1984), J Qual Technol 16:237-239.
    """
    scores = finite(values)
    first = scores[: len(scores) if baseline is None else baseline]
    if len(first) < 2 or (baseline is not None and not 2 <= baseline <= len(scores)):
        raise ValueError("limits need two scores or more")
    unknown = set(rules) - set(RULES)
    if unknown:
        raise ValueError(f"there is no rule {min(unknown)!r}; there are: {', '.join(RULES)}")
    centre = math.fsum(first) / len(first)
    steps = [abs(b - a) for k, (a, b) in enumerate(pairwise(first), 1) if k not in breaks]
    if not steps:
        raise ValueError("limits need two scores in a row")
    moving = math.fsum(steps) / len(steps)
    spread = moving * WIDTH / 3
    signals = [
        Signal(k, rule, side)
        for k in range(len(scores))
        for rule in rules
        for side, sign in (("above", 1), ("below", -1))
        if RULES[rule](
            [_z(sign * (one - centre), spread) for one in scores[_since(k, breaks) : k + 1]]
        )
    ]
    return Chart(centre, centre - 3 * spread, centre + 3 * spread, moving, tuple(signals))


def _since(at: int, breaks: Collection[int]) -> int:
    """The first score that a rule may look back to: eight in a row are the most that one asks."""
    return max([0, at - 7, *(k for k in breaks if k <= at)])


def _z(gap: float, spread: float) -> float:
    if spread:
        return gap / spread
    return math.copysign(math.inf, gap) if gap else 0.0


@dataclass(frozen=True)
class Cusum:
    """Cumulative sums of what exceeds the target on either side, in spreads.

    Attributes:
        above, below: one entry a score, 0 or more.
        signals: where a sum first exceeds the limit; it starts again at 0 after that.
    """

    above: tuple[float, ...]
    below: tuple[float, ...]
    signals: tuple[Signal, ...]


def cusum(
    values: Sequence[float], *, target: float, spread: float, slack: float = 0.5, limit: float = 5.0
) -> Cusum:
    """Add up small departures until they are no accident.

        above_k = max(0, above_k-1 + (y_k - target) / spread - slack);  below the other way

    With slack 0.5 and limit 5 a shift of one spread is called after about ten scores, and a
    false call comes once in about 465 scores.

    >>> found = cusum([10, 11, 10, 13, 13, 13, 14], target=10, spread=1, limit=4)
    >>> [(one.at, one.side) for one in found.signals]
    [(4, 'above'), (6, 'above')]

    Args:
        values: scores in their order, in any unit.
        target: the level that is expected, in the same unit.
        spread: standard deviation around it, > 0.
        slack: half the shift that matters, in spreads, 0 or more.
        limit: in spreads, > 0.

    Raises:
        ValueError: a value that is no finite number, or a figure out of its range.

    Source:
        Page (1954), Biometrika 41:100-115; run lengths: Montgomery, Statistical Quality Control.
    """
    if not (math.isfinite(target) and math.isfinite(spread) and spread > 0):
        raise ValueError("target is a finite number, and spread one above zero")
    if not (slack >= 0 and limit > 0):
        raise ValueError("slack is zero or more, and limit above zero")
    sums: dict[str, list[float]] = {"above": [], "below": []}
    signals = []
    held = {"above": 0.0, "below": 0.0}
    for k, score in enumerate(finite(values)):
        for side, sign in (("above", 1), ("below", -1)):
            held[side] = max(0.0, held[side] + sign * (score - target) / spread - slack)
            sums[side].append(held[side])
            if held[side] > limit:
                signals.append(Signal(k, "cumulative sum", side))
                held[side] = 0.0
    return Cusum(tuple(sums["above"]), tuple(sums["below"]), tuple(signals))
