"""Goal attainment scaling: how far several goals were reached, on one scale."""

import math
from collections.abc import Sequence

RHO = 0.3
"""How strongly goals of one person are taken to hang together, where nobody has measured it."""


def attainment(levels: Sequence[int], weights: Sequence[float], *, rho: float = RHO) -> float:
    """The T score of goals that were reached to some level: 50 is all as expected.

        T = 50 + 10 sum(w x) / sqrt((1 - rho) sum(w^2) + rho (sum w)^2)

    >>> attainment([0, 0, 0], [1, 1, 1])
    50.0
    >>> round(attainment([1, 0, -1, 2], [1, 1, 1, 1]), 2)
    57.25

    Args:
        levels: of each goal, -2 (much less than expected) to 2 (much more).
        weights: what each goal is worth beside the others, above 0.
        rho: mean correlation between goals, 0 to 1.

    Raises:
        ValueError: no goal, a level or a weight outside these, or not as many of both.

    Source:
        Kiresuk & Sherman (1968), Community Ment Health J 4(6):443-453.
    """
    if not levels or len(levels) != len(weights):
        raise ValueError("each goal has one level and one weight, and there is one goal or more")
    if any(level not in (-2, -1, 0, 1, 2) for level in levels):
        raise ValueError("levels are -2, -1, 0, 1 or 2")
    if not all(0 < weight < math.inf for weight in weights) or not 0 <= rho <= 1:
        raise ValueError("weights are above 0, and rho is from 0 to 1")
    worth = sum(weight * level for weight, level in zip(weights, levels, strict=True))
    spread = (1 - rho) * sum(weight**2 for weight in weights) + rho * sum(weights) ** 2
    return 50 + 10 * worth / math.sqrt(spread)
