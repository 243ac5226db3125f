"""A median with an interval that holds whatever the values are spread like."""

import itertools
import math
from collections.abc import Mapping

from .proportions import Interval

FEWEST = 6
"""Below it not even the smallest and the largest value hold 95 %: 2 / 2^5 = 0.0625."""


def median(counts: Mapping[int, int], *, level: float = 0.95) -> Interval:
    """The median of whole numbers, between two of the values themselves.

        low = x(k), high = x(n + 1 - k), k the largest with P(B < k) <= (1 - level) / 2

    B is binomial with n and 1/2; the interval holds the level or more.

    Args:
        counts: how often each value occurs; in all FEWEST or more.

    Source:
        Conover (1999), Practical Nonparametric Statistics, 3rd ed., section 3.2.

    >>> median({1: 1, 2: 1, 3: 1, 4: 1, 5: 1, 6: 1, 7: 1, 8: 1, 9: 1, 10: 1})
    Interval(estimate=5.5, low=2, high=9, level=0.95)
    """
    if not 0 < level < 1:
        raise ValueError(f"level must be in (0, 1), got {level}")
    n = sum(counts.values())
    rank = _rank(n, (1 - level) / 2)
    if not rank:
        raise ValueError(f"{n} values are too few for {level:.0%}")
    middle = (_at(counts, (n + 1) // 2) + _at(counts, n // 2 + 1)) / 2
    return Interval(middle, _at(counts, rank), _at(counts, n + 1 - rank), level)


def _rank(n: int, tail: float) -> int:
    """The largest rank k with P(B < k) <= tail; 0: there is none."""
    whole = math.lgamma(n + 1) - n * math.log(2)
    below = 0.0
    first = max(0, math.floor(n / 2 - 5 * math.sqrt(n)))  # ten deviations out: nothing is left
    for k in range(first, n):
        below += math.exp(whole - math.lgamma(k + 1) - math.lgamma(n - k + 1))
        if below > tail:
            return k
    return 0


def _at(counts: Mapping[int, int], rank: int) -> int:
    """The value of a rank, the smallest being 1."""
    values = sorted(counts)
    so_far = itertools.accumulate(counts[value] for value in values)
    return next(value for value, n in zip(values, so_far, strict=True) if n >= rank)
