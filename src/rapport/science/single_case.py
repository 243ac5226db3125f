"""What one person's scores did between two phases: before and after something began.

Everything here compares each score of the later phase with each score of the earlier one, so it
needs no normal distribution and no equal numbers. It does need scores that do not hang together
from one session to the next: where they do, errors are too small and intervals too narrow.

A phase of fewer than five points is computed all the same and marked ``enough=False``: then draw
the points, and claim nothing.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat
from operator import add, mul, neg
from typing import Literal, NamedTuple

from rapport.science.trend import finite, kendall, theil_sen, z_of

Better = Literal["lower", "higher"]
ENOUGH = 5  # points a phase
SAME = 10  # decimals of the span of scores up to which two residuals are equal
CLOSE = 1e-11  # where a search for the end of an interval stops: the step after it is its square
STEPS = 20  # of that search, at most


class Nap(NamedTuple):
    """Nonoverlap of all pairs.

    Attributes:
        nap: 0 to 1; 0.5 where nothing changed, 1 where every later score is better.
        se: standard error; None where a phase has one point, or where the estimate of the
            variance falls below zero, as it can in short phases. 0 where nothing overlaps:
            judge by the interval there.
        low, high: the interval.
        confidence: of the interval, 0 to 1.
        before, after: points in each phase.
        enough: five points or more in each.
    """

    nap: float
    se: float | None
    low: float
    high: float
    confidence: float
    before: int
    after: int
    enough: bool

    @property
    def tau(self) -> float:
        """2 NAP - 1: -1 to 1, 0 where nothing changed."""
        return 2 * self.nap - 1

    @property
    def tau_se(self) -> float | None:
        return None if self.se is None else 2 * self.se

    @property
    def tau_interval(self) -> tuple[float, float]:
        return 2 * self.low - 1, 2 * self.high - 1


def nap(
    before: Sequence[float], after: Sequence[float], *, better: Better, confidence: float = 0.95
) -> Nap:
    """The chance that a later score is better than an earlier one, a tie counting half.

        q_ij   = 1 where after_j is better than before_i, 1/2 where they are equal, else 0
        NAP    = mean of q_ij over all m n pairs
        SE^2   = (NAP - (m + n - 1) NAP^2 + n Q1 + m Q2 - 2 Q3) / ((m - 1)(n - 1))
                 Q1 = mean over i of (mean over j of q)^2, Q2 the other way, Q3 = mean of q^2
        bounds = both x for which, with h = (m + n)/2 - 1,
                 m n (NAP - x)^2 (2 - x)(1 + x) = z^2 x (1 - x)(2 + h + (1 + 2 h) x (1 - x))

    The error is unbiased (Sen, Mee); the interval is Newcombe's fifth, which holds its level in
    short phases better than NAP +- z SE. Both are those of the R package SingleCaseES; the
    interval of a much used web calculator is another one, and wrong (Pustejovsky 2016).

    >>> found = nap([20, 20, 26, 25, 22, 23], [28, 25, 24, 27, 30, 30, 29], better="higher")
    >>> round(found.nap, 4), round(found.tau, 4), found.enough
    (0.9167, 0.8333, True)

    Args:
        before, after: scores of the two phases, one or more each, in any order and unit.
        better: which way is improvement.
        confidence: of the interval, above 0 and below 1.

    Raises:
        ValueError: an empty phase, a value that is no finite number, a confidence out of its
            range.

    Source:
        Parker & Vannest (2009), Behav Ther 40:357-367; Sen (1967), Ann Math Stat 38:95-102;
        Mee (1990), J Am Stat Assoc 85:793-800; Newcombe (2006), Stat Med 25:559-573.
    """
    first, second = _phases(before, after, better)
    m, n = len(first), len(second)
    # twice the q of a score is how many lie below it and how many up to it: a whole number
    below, up_to = _ranks(sorted(first), second)
    twice = list(map(add, below, up_to))
    doubled, equal, by_after = sum(twice), sum(up_to) - sum(below), sum(map(mul, twice, twice))
    lost = list(map(add, *_ranks(sorted(second), first)))  # 2 n less twice the q
    by_before = sum(map(mul, lost, lost)) + 4 * n * (doubled - m * n)
    share = doubled / (2 * m * n)
    z = z_of(confidence)
    low, high = _low(share, m, n, z), 1 - _low(1 - share, m, n, z)
    se = None
    if m > 1 and n > 1:
        # everything times 4 m^2 n^2, in whole numbers, so that nothing is lost to rounding
        whole = 2 * m * n * doubled - (m + n - 1) * doubled**2 + m * n * (by_before + by_after)
        whole -= 2 * m * n * (2 * doubled - equal)
        if whole >= 0:
            se = math.sqrt(whole / ((m - 1) * (n - 1))) / (2 * m * n)
    return Nap(share, se, low, high, confidence, m, n, min(m, n) >= ENOUGH)


def _ranks(ordered: list[float], scores: list[float]) -> tuple[list[int], list[int]]:
    """How many of ``ordered`` lie below each score, and how many up to it."""
    every = repeat(ordered)
    return list(map(bisect_left, every, scores)), list(map(bisect_right, every, scores))


def _low(share: float, m: int, n: int, z: float) -> float:
    """The lower end of the interval; the upper one is the lower one of the mirrored case.

    Newton's steps on ``share - x = sqrt(spread(x))``, from the end that a spread has which is
    that of ``share`` throughout: Wilson's. Two or three are enough; each doubles the digits.
    """
    if not share:
        return 0.0
    h = (m + n) / 2 - 1
    by, fixed, moving = z * z / (m * n), 2 + h, 1 + 2 * h
    room = share * (1 - share)
    wide = by * (fixed + moving * room) / (2 + room)
    x = (share + wide / 2 - math.sqrt(wide * (room + wide / 4))) / (1 + wide)
    for _ in range(STEPS):
        room = x * (1 - x)
        over, inner = 2 + room, fixed + moving * room
        root = math.sqrt(by * room * inner / over)
        slope = by * (1 - 2 * x) * (inner + moving * room - room * inner / over) / over
        step = (share - x - root) / (1 + slope / (2 * root))
        x += step
        if abs(step) < CLOSE:
            break
    return x


class TauU(NamedTuple):
    """Tau with the trend of the earlier phase taken off.

    Attributes:
        value: beyond -1 or 1 where the trend ran against the change.
        between: pairs across phases that improved, less those that worsened.
        trend: the same within the earlier phase.
        before, after, enough: as in ``Nap``.
    """

    value: float
    between: int
    trend: int
    before: int
    after: int
    enough: bool


def tau_u(before: Sequence[float], after: Sequence[float], *, better: Better) -> TauU:
    """Change between phases beyond what the earlier phase was doing already.

        Tau-U = (S between phases - S within the earlier phase) / (m n)

    S counts pairs that improved less pairs that worsened. It is no correlation: a long earlier
    phase takes off more than a short one, and the value may exceed 1. Prefer ``corrected_tau``.

    >>> tau_u([3, 3, 4, 5], [4, 5, 6, 7, 7], better="higher").value
    0.55

    Args:
        before: scores in the order of the sessions, one or more.
        after: scores of the later phase, one or more.
        better: which way is improvement.

    Raises:
        ValueError: an empty phase, or a value that is no finite number.

    Source:
        Parker, Vannest, Davis & Sauber (2011), Behav Ther 42:284-299.
    """
    first, second = _phases(before, after, better)
    m, n = len(first), len(second)
    ordered, trend = list[float](), 0
    for k, score in enumerate(first):
        at = bisect_left(ordered, score)
        trend += at + bisect_right(ordered, score, at) - k
        ordered.insert(at, score)
    below, up_to = _ranks(ordered, second)
    between = sum(below) + sum(up_to) - m * n
    return TauU((between - trend) / (m * n), between, trend, m, n, min(m, n) >= ENOUGH)


@dataclass(frozen=True)
class CorrectedTau:
    """Tarlow's Tau.

    Attributes:
        tau: tau-b between phase and score, -1 to 1; positive where scores improved.
        p: of no difference, two-sided.
        corrected: the trend of the earlier phase was taken off.
        trend: that trend as tau-b; positive where scores improved already.
        trend_p: of no trend.
        slope: what was taken off, in points for each unit of time; 0 where nothing was.
        before, after, enough: as in ``Nap``.
    """

    tau: float
    p: float
    corrected: bool
    trend: float
    trend_p: float
    slope: float
    before: int
    after: int
    enough: bool


def corrected_tau(
    before: Sequence[float],
    after: Sequence[float],
    *,
    better: Better,
    times: Sequence[float] | None = None,
    alpha: float = 0.05,
) -> CorrectedTau:
    """Change between phases, a significant trend of the earlier phase continued and taken off.

    Where Kendall's tau between time and score has p < alpha in the earlier phase, the line of
    Theil and Sen through that phase is subtracted from every score of both. Then tau-b between
    the phase (0, 1) and what is left. Tau-b stays below 1 where many scores are equal.

    >>> found = corrected_tau([1, 2, 3, 4, 5], [6, 7, 8, 9, 10], better="higher")
    >>> found.tau, found.corrected, found.slope
    (0.0, True, 1.0)

    Args:
        before, after: scores in the order of the sessions, one or more each.
        better: which way is improvement.
        times: of all scores of both phases, in any unit; left out: sessions 1, 2, 3 ...
        alpha: below which p the trend counts.

    Returns:
        CorrectedTau. Scores that are all equal have tau 0 and p 1.

    Raises:
        ValueError: an empty phase, a value that is no finite number, times that are not as many
            as the scores.

    Source:
        Tarlow (2017), Behav Modif 41:427-467.
    """
    first, second = _phases(before, after, better)
    m, n = len(first), len(second)
    both = first + second
    when = finite(times) if times is not None else [float(k + 1) for k in range(m + n)]
    if len(when) != m + n:
        raise ValueError(f"there are {m + n} scores and {len(when)} times")
    trend, trend_p = _tau(when[:m], first)
    slope = 0.0
    if trend_p < alpha:
        slope = theil_sen(first, when[:m]).slope
        left = [score - slope * time for score, time in zip(both, when, strict=True)]
        both = _even(left, both)
    tau, p = _tau([0.0] * m + [1.0] * n, both)
    signed = slope if better == "higher" else -slope
    return CorrectedTau(
        tau, p, trend_p < alpha, trend, trend_p, signed, m, n, min(m, n) >= ENOUGH
    )  # fmt: skip


def _tau(x: list[float], y: list[float]) -> tuple[float, float]:
    if len(set(x)) < 2 or len(set(y)) < 2:
        return 0.0, 1.0
    found = kendall(x, y)
    return found.tau, found.p


def _even(left: list[float], scores: list[float]) -> list[float]:
    """What is ``left``, in spans of the scores, those equal that differ by rounding alone."""
    span = max(scores) - min(scores)
    return [round((one - left[0]) / span, SAME) for one in left]


@dataclass(frozen=True)
class Overlap:
    """Older measures of overlap, for comparison with older papers. Shares, 0 to 1; IRD to -1.

    Attributes:
        pnd: of the later scores, those better than every earlier one.
        pem: of the later scores, those better than the earlier median, a tie counting half.
        pand: of all scores, those that stay when the fewest are taken out so that no overlap
            is left.
        ird: robust improvement rate difference, from the same as ``pand``.
        before, after, enough: as in ``Nap``.
    """

    pnd: float
    pem: float
    pand: float
    ird: float
    before: int
    after: int
    enough: bool


def overlap(before: Sequence[float], after: Sequence[float], *, better: Better) -> Overlap:
    """PND, PEM, PAND and IRD; see ``Overlap``. One wild earlier score can make PND 0.

        IRD = ((m + n)^2 PAND - m^2 - n^2) / (2 m n)

    >>> found = overlap([20, 20, 26, 25, 22, 23], [28, 25, 24, 27, 30, 30, 29], better="higher")
    >>> round(found.pnd, 3), found.pem, round(found.pand, 3), round(found.ird, 3)
    (0.714, 1.0, 0.846, 0.69)

    Args:
        before, after: scores of the two phases, one or more each, in any order and unit.
        better: which way is improvement.

    Raises:
        ValueError: an empty phase, or a value that is no finite number.

    Source:
        Scruggs, Mastropieri & Casto (1987); Ma (2006); Parker, Hagan-Burke & Vannest (2007);
        Parker, Vannest & Brown (2009); reviewed in Parker, Vannest & Davis (2011), Behav Modif
        35:303-322.
    """
    first, second = _phases(before, after, better)
    m, n = len(first), len(second)
    ordered = sorted(first)
    middle = (ordered[(m - 1) // 2] + ordered[m // 2]) / 2
    above = sum(1.0 if one > middle else 0.5 if one == middle else 0.0 for one in second)
    # Scores below a cut stay in the earlier phase, scores above it in the later one.
    later = sorted(second)
    kept = max(n, *(i + 1 + n - bisect_right(later, one) for i, one in enumerate(ordered)))
    pand = kept / (m + n)
    ird = ((m + n) * kept - m * m - n * n) / (2 * m * n)
    beyond = n - bisect_right(later, ordered[-1])
    return Overlap(beyond / n, above / n, pand, ird, m, n, min(m, n) >= ENOUGH)


def _phases(
    before: Sequence[float], after: Sequence[float], better: Better
) -> tuple[list[float], list[float]]:
    """Both phases, turned so that higher is better."""
    first, second = finite(before), finite(after)
    if not first or not second:
        raise ValueError("each phase needs one score or more")
    if better == "higher":
        return first, second
    return list(map(neg, first)), list(map(neg, second))
