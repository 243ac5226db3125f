"""One person's daily ratings: where they stand, how much they jump, how much of a day carries over.

A missing answer stays missing. Nothing is filled in, no pair of days spans a day without an
answer, and each figure says how many points and pairs it rests on.
"""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import median

from rapport.science.trend import finite

ENOUGH = 20  # points below which no autocorrelation is told
NEAR = 0.1  # share of the usual gap by which an equal gap may differ
LEAST_PAIRS = 3  # at the usual gap, below which none is told either
DUST = 1e-9  # of the largest answer: what is left beside a line and is rounding alone
WIDEST = 1.5  # usual gaps that two answers of a pair may lie apart


@dataclass(frozen=True)
class Daily:
    """What a series of ratings amounts to.

    Attributes:
        n: answers.
        expected: how often somebody was asked.
        compliance: n / expected, 0 to 1.
        mean: of the answers, in their unit; None: no answer.
        sd: with n - 1, in their unit; None: fewer than two answers.
        pairs: of successive answers, none missing between.
        mssd: mean squared successive difference, unit squared; None: no pair.
        rmssd: its root, in the unit of the answers.
        inertia: lag-1 autocorrelation of what is left beside a straight line, -1 to 1; None:
            fewer than 20 answers or than 3 pairs at the usual gap, or nothing left.
        lagged: pairs that the inertia rests on.
        bias: how much too low the inertia is to be expected, about -(2 + 4 inertia) / lagged.
    """

    n: int
    expected: int
    compliance: float
    mean: float | None
    sd: float | None
    pairs: int
    mssd: float | None
    rmssd: float | None
    inertia: float | None
    lagged: int
    bias: float | None


def describe(
    values: Sequence[float | None],
    times: Sequence[float] | None = None,
    *,
    expected: int | None = None,
    power: float = 0.0,
    widest: float | None = None,
) -> Daily:
    """All figures of one series; ``mssd`` and ``inertia`` say how they are worked out.

    >>> found = describe([20, 18, 17, None, 15, 14, 14, 10])
    >>> found.n, found.pairs, found.mssd, found.compliance
    (7, 5, 4.4, 0.875)

    Args:
        values: one for each time somebody was asked, in any unit; None or NaN: no answer.
        times: when, in days, rising; left out: one a day.
        expected: how often somebody was asked; left out: as many as there are values, so
            say it where days without an answer are left out.
        power, widest: as in ``mssd``.

    Raises:
        ValueError: nothing was asked, more answers than expected, an infinite value, times that
            do not rise or are not as many as the values.
    """
    series = _Series.read(values, times)
    asked = len(values) if expected is None else expected
    n = len(series.answers)
    if asked < 1:
        raise ValueError("somebody must have been asked once or more")
    if n > asked:
        raise ValueError(f"{n} answers are more than the {asked} expected")
    squares = series.squares(power, widest)
    jumps = math.fsum(squares) / len(squares) if squares else None
    carried, lagged = series.inertia()
    return Daily(
        n=n,
        expected=asked,
        compliance=n / asked,
        mean=math.fsum(series.answers) / n if n else None,
        sd=series.sd(),
        pairs=len(squares),
        mssd=jumps,
        rmssd=None if jumps is None else math.sqrt(jumps),
        inertia=carried,
        lagged=lagged,
        bias=None if carried is None else -(2 + 4 * carried) / lagged,
    )


def mssd(
    values: Sequence[float | None],
    times: Sequence[float] | None = None,
    *,
    power: float = 0.0,
    widest: float | None = None,
) -> float | None:
    """Instability: the mean squared difference of successive answers.

        MSSD = mean over pairs of ((y_k+1 - y_k) / (gap_k / usual gap)^power)^2

    A pair is two answers next to each other in time with no missing answer between, and no more
    than ``widest`` days apart: never over a night or a day that was missed. Where nothing else
    is at work, MSSD = 2 SD^2 (1 - inertia) in expectation, so show it beside the SD.

    Dividing by the number of answers less one, as a much used package does, counts pairs that
    are none: it gives 3.667 for the series below.

    >>> mssd([20, 18, 17, None, 15, 14, 14, 10])
    4.4
    >>> mssd([20, 18, 17, 15, 14, 14, 10], [1, 2, 3, 5, 6, 7, 8])
    4.4

    Args:
        values: in any unit; None or NaN: no answer.
        times: when, in days, rising; left out: one a day.
        power: 0 leaves unequal gaps alone, 0.5 is right for a random walk. The usual gap is the
            median over the pairs.
        widest: days that a pair may span; left out: 1.5 times the usual gap, found so that days
            left out of ``times`` do not widen it.

    Returns:
        In units of the values squared; None: no pair.

    Raises:
        ValueError: as in ``describe``.

    Source:
        von Neumann et al. (1941); Jahng, Wood & Trull (2008), Psychol Methods 13:354-375.
    """
    squares = _Series.read(values, times).squares(power, widest)
    return math.fsum(squares) / len(squares) if squares else None


def inertia(
    values: Sequence[float | None], times: Sequence[float] | None = None
) -> tuple[float | None, int]:
    """Lag-1 autocorrelation beside a straight line, and the pairs it rests on.

        r = correlation of e_k and e_k+1 over pairs at the usual gap, e = y - (a + b t)

    The line is that of least squares. A gap within a tenth of the usual one is equal to it.
    Short series make r too low, by about (2 + 4 r) / pairs once a line is taken off; it is
    stated beside the value, not corrected.

    >>> r, pairs = inertia([3, 4, 4, 5, 5, 4, 3, 2, 2, 3, 4, 5, 5, 4, 4, 3, 2, 2, 3, 3])
    >>> round(r, 2), pairs
    (0.67, 19)

    Args:
        values, times: as in ``mssd``.

    Returns:
        -1 to 1, or None: fewer than 20 answers or 3 pairs, or nothing left beside the line.

    Raises:
        ValueError: as in ``describe``.

    Source:
        Suls, Green & Hillis (1998); bias: Kendall (1954), Biometrika 41:403-404, and for a
        trend Sastry (1951).
    """
    return _Series.read(values, times).inertia()


def smooth(
    values: Sequence[float | None],
    times: Sequence[float] | None = None,
    *,
    days: float = 7,
    least: int = 4,
) -> list[float | None]:
    """The mean of the last days at every point; None where too few answers lie in them.

    >>> smooth([1, 2, None, 4, 5, 6, 7, 8], days=7, least=4)[3:]
    [None, 3.0, 3.6, 4.166666666666667, 5.333333333333333]

    Args:
        values, times: as in ``mssd``.
        days: length of the window; it ends with the point and excludes its own beginning.
        least: answers that it must hold.

    Raises:
        ValueError: as in ``describe``; a window or a least number that is not above zero.
    """
    if not days > 0 or least < 1:
        raise ValueError("the window and the least number of answers must be above zero")
    series = _Series.read(values, times)
    when, answers = series.when, series.answers
    means: list[float | None] = []
    for time in series.asked:
        held = answers[bisect_right(when, time - days) : bisect_right(when, time)]
        means.append(math.fsum(held) / len(held) if len(held) >= least else None)
    return means


@dataclass(frozen=True)
class _Series:
    """A series as it was given: when somebody was asked, and what was answered."""

    asked: list[float]  # times, in days
    given: list[float]  # an answer for each; NaN: none
    when: list[float]  # times of the answers
    answers: list[float]

    @classmethod
    def read(cls, values: Sequence[float | None], times: Sequence[float] | None) -> "_Series":
        asked = finite(times) if times is not None else [float(day) for day in range(len(values))]
        if len(asked) != len(values):
            raise ValueError(f"there are {len(values)} values and {len(asked)} times")
        if any(later <= earlier for earlier, later in pairwise(asked)):
            raise ValueError("times must rise from each value to the next")
        given = [math.nan if value is None else float(value) for value in values]
        both = [(t, y) for t, y in zip(asked, given, strict=True) if not math.isnan(y)]
        return cls(asked, given, [t for t, _ in both], finite(y for _, y in both))

    @cached_property
    def usual(self) -> float:
        """The median of the gaps that are no wider than 1.5 times a short one; 0: no gap.

        A short one is the tenth part from below. So days that were left out of a series, even
        most of them, do not make two days the usual gap.
        """
        gaps = sorted(later - earlier for earlier, later in pairwise(self.asked))
        if not gaps:
            return 0.0
        return median(gap for gap in gaps if gap <= WIDEST * gaps[len(gaps) // 10])

    def sd(self) -> float | None:
        n = len(self.answers)
        if n < 2:
            return None
        mean = math.fsum(self.answers) / n
        return math.sqrt(math.fsum((one - mean) ** 2 for one in self.answers) / (n - 1))

    def squares(self, power: float, widest: float | None) -> list[float]:
        """The squared difference of every pair."""
        most = WIDEST * self.usual if widest is None else widest
        points = zip(self.asked, self.given, strict=True)
        steps = [(t - s, y - x) for (s, x), (t, y) in pairwise(points)]
        steps = [(gap, step) for gap, step in steps if gap <= most and not math.isnan(step)]
        if not power or not steps:
            return [step * step for _, step in steps]
        usual = median(gap for gap, _ in steps)
        return [(step / (gap / usual) ** power) ** 2 for gap, step in steps]

    def inertia(self) -> tuple[float | None, int]:
        left = self._beside_a_line()
        near = NEAR * self.usual
        steps = [(t - s, x, y) for (s, x), (t, y) in pairwise(zip(self.when, left, strict=True))]
        pairs = [(x, y) for gap, x, y in steps if abs(gap - self.usual) <= near]
        lagged = len(pairs)
        if len(self.answers) < ENOUGH or lagged < LEAST_PAIRS:
            return None, lagged
        first, second = _centred([x for x, _ in pairs]), _centred([y for _, y in pairs])
        spread = math.sqrt(_dot(first, first) * _dot(second, second))
        size = max(map(abs, self.answers))
        if spread <= lagged * (DUST * size) ** 2:
            return None, lagged
        return max(-1.0, min(1.0, _dot(first, second) / spread)), lagged

    def _beside_a_line(self) -> list[float]:
        if len(self.answers) < 2:
            return [0.0] * len(self.answers)
        times, values = _centred(self.when), _centred(self.answers)
        slope = _dot(times, values) / _dot(times, times)
        return [y - slope * t for t, y in zip(times, values, strict=True)]


def _centred(values: list[float]) -> list[float]:
    mean = math.fsum(values) / len(values)
    return [value - mean for value in values]


def _dot(one: list[float], other: list[float]) -> float:
    return math.fsum(x * y for x, y in zip(one, other, strict=True))
