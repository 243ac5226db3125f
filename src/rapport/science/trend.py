"""Whether numbers rise or fall with another: Kendall's tau and the slope of Theil and Sen.

Both count pairs of points, so a single wild score moves them little. Plain Python: a course of
sessions has few points.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist, median

EXACT_TO = 50  # points up to which the p of an order without ties is counted out


@dataclass(frozen=True)
class Kendall:
    """How far two orders agree.

    Attributes:
        s: concordant pairs less discordant ones.
        tau: tau-b, -1 to 1, no unit.
        p: two-sided, for no association.
        exact: p was counted over every order, not approximated.
        n: points.
    """

    s: int
    tau: float
    p: float
    exact: bool
    n: int


def kendall(x: Sequence[float], y: Sequence[float]) -> Kendall:
    """Compare the order of ``x`` with that of ``y``, ties allowed for.

        S       = sum over pairs of sign(x_j - x_i) sign(y_j - y_i)
        tau-b   = S / sqrt((N - T_x) (N - T_y)),  N = n (n - 1) / 2,  T = sum of t (t - 1) / 2

    where t is the size of a group of ties. Without ties, and up to 50 points, p is exact;
    otherwise it is normal with a correction for continuity, |S| - 1, and the variance of S under
    ties.

    >>> found = kendall([1, 2, 3, 4, 5], [1, 3, 2, 4, 5])
    >>> found.s, found.tau, round(found.p, 4)
    (8, 0.8, 0.0833)

    Args:
        x, y: as many of one as of the other, 2 or more, any unit.

    Raises:
        ValueError: lengths that differ, fewer than two points, a value that is no finite number,
            or values that are all the same.

    Source:
        Kendall (1970), Rank Correlation Methods, 4th ed.; the exact distribution after
        Best & Gipps (1974), Applied Statistics 23:98-100.
    """
    x, y = finite(x), finite(y)
    n = len(x)
    if n != len(y):
        raise ValueError(f"x has {n} points and y has {len(y)}")
    if n < 2:
        raise ValueError("an order needs two points or more")
    s = agreement(x, y)
    x_ties, y_ties = _groups(x), _groups(y)
    pairs = n * (n - 1) // 2
    room = (pairs - _pairs(x_ties)) * (pairs - _pairs(y_ties))
    if not room:
        raise ValueError("all values are the same, so there is no order")
    exact = n <= EXACT_TO and not x_ties and not y_ties
    p = _exact_p(s, n) if exact else _normal_p(s, s_variance(n, x_ties, y_ties))
    return Kendall(s, s / math.sqrt(room), p, exact, n)


def agreement(x: Sequence[float], y: Sequence[float]) -> int:
    """Kendall's S: concordant pairs less discordant ones; a tie in either counts as neither."""
    s = 0
    for j in range(1, len(x)):
        x_j, y_j = x[j], y[j]
        for i in range(j):
            dx, dy = x_j - x[i], y_j - y[i]
            s += ((dx > 0) - (dx < 0)) * ((dy > 0) - (dy < 0))
    return s


def s_variance(n: int, x_ties: Iterable[int], y_ties: Iterable[int]) -> float:
    """Variance of S when nothing is associated, in pairs squared; n of 2 or more."""
    x_ties, y_ties = list(x_ties), list(y_ties)
    spread = n * (n - 1) * (2 * n + 5)
    spread -= sum(t * (t - 1) * (2 * t + 5) for t in (*x_ties, *y_ties))
    twos = 2 * _pairs(x_ties) * 2 * _pairs(y_ties) / (2 * n * (n - 1))
    threes = 0.0
    if n > 2:
        x_threes, y_threes = (
            sum(t * (t - 1) * (t - 2) for t in ties) for ties in (x_ties, y_ties)
        )  # fmt: skip
        threes = x_threes * y_threes / (9 * n * (n - 1) * (n - 2))
    return spread / 18 + twos + threes


@dataclass(frozen=True)
class Slope:
    """A straight line through points, by medians.

    Attributes:
        slope: units of the values for each unit of time.
        intercept: where the line stands at time 0, in units of the values.
        low, high: the interval of the slope; None: too few points for that confidence.
        confidence: of the interval, 0 to 1.
        n: points.
    """

    slope: float
    intercept: float
    low: float | None
    high: float | None
    confidence: float
    n: int

    def at(self, time: float) -> float:
        """The height of the line."""
        return self.intercept + self.slope * time


def theil_sen(
    values: Sequence[float], times: Sequence[float] | None = None, *, confidence: float = 0.95
) -> Slope:
    """The median of the slopes of all pairs.

        slope      = median of (y_j - y_i) / (t_j - t_i) over pairs with t_j > t_i
        intercept  = median of (y_i - slope t_i)
        interval   = slopes number (N - C) / 2 and (N + C) / 2 + 1 in order, C = z sd(S)

    >>> line = theil_sen([10, 9, 9, 7, 6, 6, 2])
    >>> line.slope, line.intercept, line.low, line.high
    (-1.0, 11.0, -1.75, -0.5)

    Args:
        values: in any unit.
        times: of the values, in any unit, in any order; left out: 1, 2, 3 ...
        confidence: of the interval, above 0 and below 1.

    Raises:
        ValueError: lengths that differ, fewer than two different times, a value that is no
            finite number, a confidence out of its range.

    Source:
        Theil (1950); Sen (1968), J Am Stat Assoc 63:1379-1389.
    """
    values = finite(values)
    times = finite(times) if times is not None else [float(n + 1) for n in range(len(values))]
    n = len(values)
    if n != len(times):
        raise ValueError(f"there are {n} values and {len(times)} times")
    slopes = sorted(
        (values[j] - values[i]) / (times[j] - times[i])
        for j in range(n)
        for i in range(j)
        if times[j] != times[i]
    )
    if not slopes:
        raise ValueError("a slope needs two different times or more")
    slope = median(slopes)
    intercept = median(y - slope * t for y, t in zip(values, times, strict=True))
    width = z_of(confidence) * math.sqrt(s_variance(n, _groups(times), _groups(values)))
    first, last = round((len(slopes) - width) / 2) - 1, round((len(slopes) + width) / 2)
    enough = first >= 0 and last < len(slopes)
    low, high = (slopes[first], slopes[last]) if enough else (None, None)
    return Slope(slope, intercept, low, high, confidence, n)


def finite(values: Iterable[float]) -> list[float]:
    """``values`` as numbers.

    Raises:
        ValueError: one is not a finite number.
    """
    try:
        numbers = list(map(float, values))
    except TypeError:  # None, where something is missing
        numbers = [math.nan]
    if not (math.isfinite(sum(numbers)) or all(map(math.isfinite, numbers))):
        raise ValueError("every value is a finite number; leave out what is missing")
    return numbers


@lru_cache(maxsize=16)
def z_of(confidence: float) -> float:
    """The two-sided critical value of the normal distribution: 1.96 for 0.95.

    Raises:
        ValueError: not above 0 and below 1.
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must be between 0 and 1, got {confidence}")
    return NormalDist().inv_cdf((1 + confidence) / 2)


def _groups(values: Sequence[float]) -> list[int]:
    """Sizes of the groups of equal values, two or more in each."""
    return [size for size in Counter(values).values() if size > 1]


def _pairs(ties: Iterable[int]) -> int:
    return sum(t * (t - 1) for t in ties) // 2


def _normal_p(s: int, variance: float) -> float:
    if not s or not variance:
        return 1.0
    return math.erfc((abs(s) - 1) / math.sqrt(2 * variance))


def _exact_p(s: int, n: int) -> float:
    discordant = (n * (n - 1) // 2 - abs(s)) // 2
    as_far = sum(_orders(n)[: discordant + 1])
    return min(1.0, 2 * as_far / math.factorial(n))


@lru_cache(maxsize=EXACT_TO)
def _orders(n: int) -> tuple[int, ...]:
    """How many orders of n things have 0, 1, 2 ... discordant pairs."""
    if n == 1:
        return (1,)
    before = _orders(n - 1)
    return tuple(
        sum(before[max(0, k - n + 1) : k + 1]) for k in range(n * (n - 1) // 2 + 1)
    )  # fmt: skip
