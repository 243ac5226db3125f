"""How large a treatment's effect is in a group, with its interval and with how many it rests on.

A positive effect is always a change for the better.
"""

import math
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from rapport.science.change import Better

Kind = Literal["d_pre", "d_pooled", "d_z"]
Column = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Paired:
    """What is known of a group before and after.

    Attributes:
        n: clients with both scores, at least 3.
        starters: all who began, with or without a last score; None: not known.
        first, last: mean scores. sd_first, sd_last: their standard deviations, > 0.
        r: correlation of first and last scores, -1 < r < 1.
    """

    n: int
    first: float
    last: float
    sd_first: float
    sd_last: float
    r: float
    starters: int | None = None

    def __post_init__(self) -> None:
        if self.n < 3:
            raise ValueError(f"an effect needs 3 clients or more, got {self.n}")
        if not (math.isfinite(self.first) and math.isfinite(self.last)):
            raise ValueError("the means must be numbers")
        if not (0 < self.sd_first < math.inf and 0 < self.sd_last < math.inf):
            raise ValueError("the scores must differ between clients, before and after")
        if not -1 < self.r < 1:
            raise ValueError(f"r must be in (-1, 1), got {self.r}")
        if self.starters is not None and self.starters < self.n:
            raise ValueError(f"{self.n} clients cannot come from {self.starters} starters")

    @property
    def sd_change(self) -> float:
        """Standard deviation of the differences, in scale points."""
        one, other = self.sd_first, self.sd_last
        return math.sqrt(one**2 + other**2 - 2 * self.r * one * other)


@dataclass(frozen=True)
class Effect:
    """A standardised mean difference with its interval, in standard deviations.

    Attributes:
        sd: what a difference of one is worth, in scale points.
        rests_on: the group it was taken from.
        corrected: for the smallness of the group (Hedges).
    """

    kind: Kind
    size: float
    low: float
    high: float
    error: float
    sd: float
    level: float
    rests_on: Paired
    corrected: bool = False


def paired(first: Column, last: Column, *, starters: int | None = None) -> Paired:
    """Sum up scores before and after.

    Args:
        first, last: shape (clients,), in scale points, no NaN; see ``ends``.

    >>> group = paired(np.array([20, 15, 18, 11.0]), np.array([12, 9, 14, 8.0]))
    >>> group.n, group.first, group.last, round(group.r, 3)
    (4, 16.0, 10.75, 0.835)
    """
    one, other = _alike(first, last)
    if len(one) < 3:
        raise ValueError(f"an effect needs 3 clients or more, got {len(one)}")
    sds = float(one.std(ddof=1)), float(other.std(ddof=1))
    if not all(sds):
        raise ValueError("the scores must differ between clients, before and after")
    r = float(np.corrcoef(one, other)[0, 1])
    return Paired(
        n=len(one), first=float(one.mean()), last=float(other.mean()), sd_first=sds[0],
        sd_last=sds[1], r=r, starters=starters,
    )  # fmt: skip


def d_pre(
    group: Paired, *, better: Better, level: float = 0.95, among: Paired | None = None
) -> Effect:
    """The change in units of the spread at the start, for comparison with benchmarks.

        d   = (M1 - M2) / SD1      (sign turned where higher is better)
        var = 2 (1 - r) / n + d^2 / (2 n)

    Clients who were chosen by their first score began alike: their own SD1 says how wide the
    choice was, and d would come out far too large. Of them SD is that of all N ``among`` whom
    they were chosen, and by the delta method

        var = SD_change^2 / (SD^2 n) + d^2 / (2 N)

    Source:
        Becker (1988), Br J Math Stat Psychol 41(2):257-278.

    >>> phq = Paired(n=100, first=15.4, last=9.4, sd_first=5.5, sd_last=6.4, r=0.5)
    >>> found = d_pre(phq, better="lower")
    >>> round(found.size, 2), round(found.low, 2), round(found.high, 2)
    (1.09, 0.84, 1.34)
    >>> severe = Paired(n=20, first=22.1, last=13.4, sd_first=1.6, sd_last=6.4, r=0.2)
    >>> round(d_pre(severe, better="lower").size, 2)
    5.44
    >>> round(d_pre(severe, better="lower", among=phq).size, 2)
    1.58
    """
    if among is None:
        size = _gain(group, better) / group.sd_first
        variance = 2 * (1 - group.r) / group.n + size**2 / (2 * group.n)
        return _effect("d_pre", size, variance, group.sd_first, level, group)
    size = _gain(group, better) / among.sd_first
    variance = (group.sd_change / among.sd_first) ** 2 / group.n + size**2 / (2 * among.n)
    return _effect("d_pre", size, variance, among.sd_first, level, group)


def d_pooled(group: Paired, *, better: Better, level: float = 0.95) -> Effect:
    """The change in units of the spread of both occasions.

        d   = (M1 - M2) / sqrt((SD1^2 + SD2^2) / 2)
        var = SD_change^2 / (SD^2 n) + d^2 (1 + r^2) / (4 n)

    The variance is by the delta method, for scores that are normal.

    >>> phq = Paired(n=100, first=15.4, last=9.4, sd_first=5.5, sd_last=6.4, r=0.5)
    >>> round(d_pooled(phq, better="lower").size, 2)
    1.01
    """
    sd = math.sqrt((group.sd_first**2 + group.sd_last**2) / 2)
    size = _gain(group, better) / sd
    spread = (group.sd_change / sd) ** 2 / group.n
    variance = spread + size**2 * (1 + group.r**2) / (4 * group.n)
    return _effect("d_pooled", size, variance, sd, level, group)


def d_z(group: Paired, *, better: Better, level: float = 0.95) -> Effect:
    """The change in units of the spread of changes: for paired tests, never for benchmarks.

        d   = (M1 - M2) / SD_change
        var = 1 / n + d^2 / (2 n)

    >>> phq = Paired(n=100, first=15.4, last=9.4, sd_first=5.5, sd_last=6.4, r=0.5)
    >>> round(d_z(phq, better="lower").size, 2)
    1.0
    """
    size = _gain(group, better) / group.sd_change
    variance = 1 / group.n + size**2 / (2 * group.n)
    return _effect("d_z", size, variance, group.sd_change, level, group)


def hedges_g(effect: Effect) -> Effect:
    """The same effect without the upward bias of small groups.

        g = d (1 - 3 / (4 df - 1)),  df = n - 1

    >>> small = Paired(n=10, first=15, last=9, sd_first=6, sd_last=6, r=0.5)
    >>> round(hedges_g(d_pre(small, better="lower")).size, 4)
    0.9143
    """
    if effect.corrected:
        raise ValueError("the effect is corrected already")
    by = 1 - 3 / (4 * (effect.rests_on.n - 1) - 1)
    return replace(
        effect, size=by * effect.size, low=by * effect.low, high=by * effect.high,
        error=by * effect.error, corrected=True,
    )  # fmt: skip


@dataclass(frozen=True)
class Expected:
    """The last score that a reference group leads to expect: start + slope * first.

    Attributes:
        sd: of the reference group's first scores, in scale points.
        effect: the reference group's own d_pre.
    """

    start: float
    slope: float
    sd: float
    effect: float


def expectation(first: Column, last: Column, *, better: Better) -> Expected:
    """What a reference group leads to expect, by the least-squares line of last on first scores.

    >>> line = expectation(np.array([10, 20, 30.0]), np.array([8, 13, 18.0]), better="lower")
    >>> round(line.start, 2), round(line.slope, 2), line.sd, round(line.effect, 2)
    (3.0, 0.5, 10.0, 0.7)
    """
    one, other = _alike(first, last)
    if len(one) < 3 or not one.std():
        raise ValueError("a line needs 3 clients or more whose first scores differ")
    slope = float(np.cov(one, other)[0, 1] / one.var(ddof=1))
    sd = float(one.std(ddof=1))
    sign = 1 if better == "lower" else -1
    fall = float(one.mean() - other.mean())
    return Expected(float(other.mean() - slope * one.mean()), slope, sd, sign * fall / sd)


def severity_adjusted(
    first: Column, last: Column, *, reference: Expected, better: Better
) -> Column:
    """Each client's effect with the severity at intake taken into account.

        (expected last - last) / SD + the reference group's effect

    So that clients who start low and can fall little may stand beside those who start high. The
    mean over a group is the group's severity-adjusted effect size.

    Source:
        Brown, Lambert, Jones & Minami (2005), Am J Manag Care 11(8):513-520, without case mix.

    >>> line = Expected(start=3, slope=0.5, sd=10, effect=0.7)
    >>> severity_adjusted(np.array([20.0, 30.0]), np.array([13.0, 13.0]), reference=line,
    ...     better="lower").tolist()
    [0.7, 1.2]
    """
    one, other = _alike(first, last)
    sign = 1 if better == "lower" else -1
    found = sign * (reference.start + reference.slope * one - other) / reference.sd
    return np.asarray(found + reference.effect, np.float64)


def regression_to_the_mean(first: float, *, mean: float, r: float) -> float:
    """How far a score is expected to fall without any treatment, in scale points.

        (1 - r) (first - mean)

    Negative below the mean: there it is expected to rise.

    Args:
        mean: of everybody such scores are drawn from. r: retest correlation, 0 <= r <= 1.

    >>> regression_to_the_mean(20, mean=10, r=0.75)
    2.5
    """
    if not (math.isfinite(first) and math.isfinite(mean)):
        raise ValueError(f"scores must be numbers, got {first} and {mean}")
    if not 0 <= r <= 1:
        raise ValueError(f"r must be in [0, 1], got {r}")
    return (1 - r) * (first - mean)


def ends(scores: npt.NDArray[np.float64], *, k: int = 1) -> tuple[Column, Column]:
    """The mean of each client's first and last ``k`` scores, NaN for who has fewer than 2 k.

    With ``k=1`` first and last score, with ``k=2`` the variant that is less shaken by one bad day.

    Args:
        scores: shape (clients, sessions), in the order of time, NaN where there is none.

    >>> first, last = ends(np.array([[20, np.nan, 16, 10, 8], [9, np.nan, np.nan, 7, np.nan]]), k=2)
    >>> first.tolist(), last.tolist()
    ([18.0, nan], [9.0, nan])
    """
    if scores.ndim != 2:
        raise ValueError(f"scores are one row a client, got {scores.ndim} dimensions")
    if k < 1:
        raise ValueError(f"each end has a score or more, got {k}")
    there = ~np.isnan(scores)
    nth = there.cumsum(axis=1)
    many = there.sum(axis=1)
    enough = many >= 2 * k
    filled = np.where(there, scores, 0.0)
    early = np.where(there & (nth <= k), filled, 0.0).sum(axis=1) / k
    late = np.where(there & (nth > many[:, None] - k), filled, 0.0).sum(axis=1) / k
    return np.where(enough, early, np.nan), np.where(enough, late, np.nan)


def _alike(first: Any, last: Any) -> tuple[Column, Column]:
    one, other = np.asarray(first, np.float64), np.asarray(last, np.float64)
    if one.ndim != 1 or one.shape != other.shape:
        raise ValueError(f"scores are two columns alike, got {one.shape} and {other.shape}")
    if not (np.isfinite(one).all() and np.isfinite(other).all()):
        raise ValueError("a score is missing; leave out whoever has no first or no last score")
    return one, other


def _gain(group: Paired, better: Better) -> float:
    fall = group.first - group.last
    return fall if better == "lower" else -fall


def _effect(
    kind: Kind, size: float, variance: float, sd: float, level: float, group: Paired
) -> Effect:
    if not 0 < level < 1:
        raise ValueError(f"level must be in (0, 1), got {level}")
    error = math.sqrt(variance)
    wide = NormalDist().inv_cdf((1 + level) / 2) * error
    return Effect(kind, size, size - wide, size + wide, error, sd, level, group)
