"""Shares with intervals that hold for few people and near none or all."""

import math
from dataclasses import dataclass
from statistics import NormalDist


@dataclass(frozen=True)
class Interval:
    """An estimate between two bounds, at a level of confidence."""

    estimate: float
    low: float
    high: float
    level: float


def wilson(count: int, n: int, *, level: float = 0.95) -> Interval:
    """A share with Wilson's score interval, from 0 to 1.

        (2 n p + z^2 +- z sqrt(z^2 + 4 n p (1 - p))) / (2 (n + z^2))

    Source:
        Wilson (1927), J Am Stat Assoc 22:209-212; Newcombe (1998), Stat Med 17:857-872.

    >>> share = wilson(81, 263)
    >>> round(share.estimate, 4), round(share.low, 4), round(share.high, 4)
    (0.308, 0.2553, 0.3662)
    """
    if not 0 <= count <= n or not n:
        raise ValueError(f"there cannot be {count} of {n}")
    if not 0 < level < 1:
        raise ValueError(f"level must be in (0, 1), got {level}")
    z = NormalDist().inv_cdf((1 + level) / 2)
    p = count / n
    middle, wide = 2 * count + z**2, z * math.sqrt(z**2 + 4 * count * (1 - p))
    below = 2 * (n + z**2)
    low = (middle - wide) / below if count else 0.0
    high = (middle + wide) / below if count < n else 1.0
    return Interval(p, low, high, level)


def difference(
    count: int, n: int, other_count: int, other_n: int, *, level: float = 0.95
) -> Interval:
    """How much larger the first share is than the second, with Newcombe's hybrid interval.

        low  = d - sqrt((p1 - low1)^2 + (high2 - p2)^2)
        high = d + sqrt((high1 - p1)^2 + (p2 - low2)^2)

    For two independent groups; the bounds within are Wilson's.

    Source:
        Newcombe (1998), Stat Med 17:873-890, method 10.

    >>> found = difference(56, 70, 48, 80)
    >>> round(found.estimate, 4), round(found.low, 4), round(found.high, 4)
    (0.2, 0.0524, 0.3339)
    """
    one, other = wilson(count, n, level=level), wilson(other_count, other_n, level=level)
    d = one.estimate - other.estimate
    down = math.hypot(one.estimate - one.low, other.high - other.estimate)
    up = math.hypot(one.high - one.estimate, other.estimate - other.low)
    return Interval(d, d - down, d + up, level)
