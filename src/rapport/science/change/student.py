"""Student's t for whole degrees of freedom, without a statistics library."""

import math
from functools import cache


def within(t: float, df: int) -> float:
    """The probability that |T| is below ``t``, from 0 to 1.

    Args:
        t: 0 or more. df: degrees of freedom, 1 or more.

    Source:
        Abramowitz & Stegun (1964), formulas 26.7.3 and 26.7.4, which are exact.

    >>> round(within(2.228, 10), 4)
    0.95
    """
    angle = math.atan(t / math.sqrt(df))
    square = math.cos(angle) ** 2
    odd = df % 2
    term = total = 0.0
    if df > 1:
        term = total = math.cos(angle) if odd else 1.0
    for n in range(3 if odd else 2, df - 1, 2):
        term *= square * (n - 1) / n
        total += term
    total *= math.sin(angle)
    return (angle + total) * 2 / math.pi if odd else total


@cache
def critical(df: int, level: float = 0.95) -> float:
    """The t that |T| stays below with probability ``level``.

    >>> round(critical(10), 3), round(critical(6), 3)
    (2.228, 2.447)
    """
    if df < 1:
        raise ValueError(f"there must be a degree of freedom, got {df}")
    if not 0 < level < 1:
        raise ValueError(f"level must be in (0, 1), got {level}")
    low, high = 0.0, 1.0
    while within(high, df) < level:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if within(middle, df) < level else (low, middle)
    return (low + high) / 2
