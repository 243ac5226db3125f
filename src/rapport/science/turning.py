"""When a course of scores turned, where nobody noted the day something began.

``one_change`` is for a course of sessions: it says of each session how likely the level changed
just before it. ``change_points`` is for long series, thirty points and more.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rapport.science.trend import finite

LONG = 30  # points from which ``change_points`` is to be preferred
Floats = npt.NDArray[np.float64]
DUST = 1e-9  # of the whole spread: what is left around levels and is rounding alone


@dataclass(frozen=True)
class OneChange:
    """How likely the level of a course changed once, and when.

    Attributes:
        probability: that it changed at all, 0 to 1.
        at: one entry a score, 0 to 1: that the new level began with this score. The first is
            0; all of them add up to ``probability``.
        best: index of the likeliest beginning of a new level; the first of equals.
        before, after: mean level on both sides of ``best``, in the unit of the scores.
        n: scores.
    """

    probability: float
    at: tuple[float, ...]
    best: int
    before: float
    after: float
    n: int


def one_change(values: Sequence[float], *, size: float = 1.0, prior: float = 0.5) -> OneChange:
    """Weigh one change of level at each place against none.

    Scores are normal around a level, with one spread that nobody knows. Prior: a change with
    probability ``prior``, equally likely before each score but the first; its height is normal
    around 0 with a standard deviation of ``size`` spreads; level and log spread flat. The
    evidence for a change after k of n scores against none is then

        B_k = (1 + w)^(-1/2) (R_0 / (R_k + (R_0 - R_k) / (1 + w)))^((n - 1) / 2)
        w   = size^2 k (n - k) / n

    with R_0 and R_k the squared residuals around one level and around two. A trend without any
    step looks like a change in its middle, and scores that hang together from one session to
    the next look like changes too: draw the course beside the figure.

    >>> found = one_change([18, 19, 17, 18, 19, 11, 10, 12, 11, 10])
    >>> found.best, round(found.at[5], 2), found.before, found.after
    (5, 0.75, 18.2, 10.8)

    Args:
        values: scores in their order, three or more, in any unit.
        size: how high changes are expected to be, in spreads within a level, > 0.
        prior: probability of a change before the scores were seen, above 0 and below 1.

    Raises:
        ValueError: fewer than three scores, a value that is no finite number, a size or prior
            out of its range.

    Source:
        Gönen, Johnson, Lu & Westfall (2005), Am Stat 59:252-257, for the evidence; Smith (1975),
        Biometrika 62:407-416, for one change at an unknown place.
    """
    if not (math.isfinite(size) and size > 0):
        raise ValueError(f"size must be above zero, got {size}")
    if not 0 < prior < 1:
        raise ValueError(f"prior must be between 0 and 1, got {prior}")
    y = np.array(finite(values))
    n = len(y)
    if n < 3:
        raise ValueError("a change needs three scores or more")
    k = np.arange(1, n)
    centred = y - y.mean()
    added = np.cumsum(centred)[:-1]
    around_one = float(centred @ centred)
    explained = added * added * n / (k * (n - k))
    w = size * size * k * (n - k) / n
    evidence = -0.5 * np.log1p(w)
    if around_one > n * (DUST * float(np.abs(y).max())) ** 2:
        share = np.minimum(explained / around_one, 1.0)
        evidence -= (n - 1) / 2 * np.log1p(-share * w / (1 + w))
    odds = evidence + math.log(prior / (1 - prior) / (n - 1))
    most = max(0.0, float(odds.max()))
    weight = np.exp(odds - most)
    at = weight / (weight.sum() + math.exp(-most))
    best = int(np.argmax(at)) + 1
    return OneChange(
        probability=float(at.sum()),
        at=(0.0, *at.tolist()),
        best=best,
        before=float(y[:best].mean()),
        after=float(y[best:].mean()),
        n=n,
    )


@dataclass(frozen=True)
class Changes:
    """Levels that follow each other.

    Attributes:
        at: index of the first score of each new level; empty: one level throughout.
        levels: mean of each stretch, one more than changes, in the unit of the scores.
        bic: of these levels; lower is better. None: all scores are equal.
        bic_of_one: of a single level.
        n: scores.
    """

    at: tuple[int, ...]
    levels: tuple[float, ...]
    bic: float | None
    bic_of_one: float | None
    n: int


def change_points(values: Sequence[float], *, shortest: int = 5, most: int = 10) -> Changes:
    """Divide a long series into stretches of one level each.

        BIC = n log(R / n) + (2 c + 2) log n

    for c changes, R the squared residuals around c + 1 levels: a change costs a level and a
    place. For each number of changes the best division is found exactly, among all there are.
    Of sixty independent scores around one level it divides about one series in ten; where half
    of a day carries over to the next, more than one in two. Draw the points beside it.

    >>> change_points([5, 6, 5, 4, 5, 6, 5] * 3 + [9, 8, 9, 10, 9, 8, 9] * 2).at
    (21,)

    Args:
        values: scores in their order, in any unit.
        shortest: scores of a stretch, one or more.
        most: changes that are looked for, none or more.

    Raises:
        ValueError: fewer than two scores, a value that is no finite number, a shortest stretch
            or a number of changes that is none.

    Source:
        Auger & Lawrence (1989), Bull Math Biol 51:39-54; Yao (1988), Stat Probab Lett 6:181-189.
    """
    if shortest < 1 or most < 0:
        raise ValueError("stretches hold one score or more, and changes are none or more")
    y = np.array(finite(values))
    n = len(y)
    if n < 2:
        raise ValueError("a series needs two scores or more")
    size = float(np.abs(y - y.mean()).max())
    if size <= DUST * float(np.abs(y).max()):
        return Changes((), (float(y.mean()),), None, None, n)
    most = max(0, min(most, n // shortest - 1))
    found = []
    for changes, (left, at) in enumerate(_divided((y - y.mean()) / size, shortest, most)):
        spread = math.log(max(left / n, DUST**2)) + 2 * math.log(size)
        found.append((n * spread + (2 * changes + 2) * math.log(n), at))
    bic, at = min(found, key=lambda one: one[0])
    edges = [0, *at, n]
    levels = [float(y[i:j].mean()) for i, j in zip(edges, edges[1:], strict=False)]
    return Changes(tuple(at), tuple(levels), bic, found[0][0], n)


def _divided(y: Floats, shortest: int, most: int) -> Iterator[tuple[float, list[int]]]:
    """For 0, 1, 2 ... ``most`` changes, the least squared residuals and where they change."""
    n = len(y)
    added, squared = np.r_[0.0, np.cumsum(y)], np.r_[0.0, np.cumsum(y * y)]
    start = np.arange(n + 1)

    def cost(end: int, first: int) -> Floats:
        """Squared residuals of stretches from each start up to ``first`` until ``end``."""
        begin = start[:first]
        total = added[end] - added[begin]
        left: Floats = squared[end] - squared[begin] - total * total / (end - begin)
        return left

    best = np.full(n + 1, np.inf)
    best[1:] = [cost(end, 1)[0] for end in range(1, n + 1)]
    turns: list[list[int]] = []
    yield float(max(best[n], 0.0)), []
    for changes in range(1, most + 1):
        now, turn = np.full(n + 1, np.inf), [0] * (n + 1)
        for end in range((changes + 1) * shortest, n + 1):
            last = end - shortest + 1
            sums = best[:last] + cost(end, last)
            sums[: changes * shortest] = np.inf
            turn[end] = int(np.argmin(sums))
            now[end] = sums[turn[end]]
        turns.append(turn)
        best = now
        at, end = [], n
        for turn in reversed(turns):
            end = turn[end]
            at.append(end)
        yield float(max(best[n], 0.0)), at[::-1]
