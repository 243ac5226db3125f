"""Standing among others: standard scores, percentiles, intervals, the difference of two scales."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

Kind = Literal["z", "t", "iq", "scaled"]

SCALES: Mapping[Kind, tuple[float, float]] = {
    "z": (0, 1), "t": (50, 10), "iq": (100, 15), "scaled": (10, 3),
}  # fmt: skip
"""Mean and standard deviation of each standard score.

Source: Crocker & Algina (1986), Introduction to classical and modern test theory, chapter 19.
"""
_NORMAL = NormalDist()


def z_of(value: float, kind: Kind) -> float:
    """A standard score in standard deviations from the mean.

    >>> z_of(65, "t"), z_of(85, "iq"), z_of(13, "scaled")
    (1.5, -1.0, 1.0)

    Raises:
        ValueError: no finite number.
    """
    mean, sd = SCALES[kind]
    if not math.isfinite(value):
        raise ValueError("a standard score is a number")
    return (value - mean) / sd


def standard(z: float, kind: Kind) -> float:
    """Standard deviations from the mean, as T = 50 + 10 z, IQ = 100 + 15 z, scaled = 10 + 3 z.

    >>> standard(1.5, "t"), standard(-1, "iq"), standard(1, "scaled")
    (65.0, 85, 13)
    """
    mean, sd = SCALES[kind]
    return mean + sd * z


def z_among(raw: float, *, mean: float, sd: float) -> float:
    """How many standard deviations a raw score lies from the mean of a group.

    >>> z_among(30, mean=20, sd=5)
    2.0

    Raises:
        ValueError: a standard deviation that is not above 0.
    """
    if not 0 < sd < math.inf:
        raise ValueError("a standard deviation is above 0")
    return (raw - mean) / sd


def percentile(z: float) -> float:
    """How many of 100 lie below, where scores are spread normally; above 0 and below 100.

    >>> round(percentile(0), 1), round(percentile(1), 1), round(percentile(-2), 2)
    (50.0, 84.1, 2.28)
    """
    return 100 * _NORMAL.cdf(z)


def z_at(percent: float) -> float:
    """Standard deviations from the mean below which ``percent`` of 100 lie.

    >>> round(z_at(50), 6), round(z_at(97.72), 1)
    (0.0, 2.0)

    Raises:
        ValueError: not above 0 and below 100; nobody stands there under a normal curve.
    """
    if not 0 < percent < 100:
        raise ValueError("a percentile is above 0 and below 100")
    return _NORMAL.inv_cdf(percent / 100)


def critical(level: float) -> float:
    """How many standard errors to either side an interval of this confidence reaches.

    >>> round(critical(0.95), 2), round(critical(0.9), 3)
    (1.96, 1.645)

    Raises:
        ValueError: a level that is not above 0 and below 1.
    """
    if not 0 < level < 1:
        raise ValueError("a level is above 0 and below 1")
    return _NORMAL.inv_cdf((1 + level) / 2)


def sem(sd: float, reliability: float) -> float:
    """Standard error of measurement, SD √(1 - r), in the unit of ``sd``.

    >>> round(sem(10, 0.91), 2)
    3.0

    Raises:
        ValueError: a reliability that is not from 0 to 1.

    Source:
        Lord & Novick (1968), Statistical theories of mental test scores, chapter 3.
    """
    _reliability(reliability)
    return sd * math.sqrt(1 - reliability)


@dataclass(frozen=True)
class Interval:
    """From where to where, around what, and with which standard error; all in one unit."""

    low: float
    high: float
    around: float
    error: float


def around_observed(
    score: float, *, sd: float, reliability: float, level: float = 0.95
) -> Interval:  # fmt: skip
    """The score as it was observed, plus and minus its standard error of measurement.

    >>> i = around_observed(60, sd=10, reliability=0.91)
    >>> round(i.low, 2), round(i.high, 2)
    (54.12, 65.88)

    Raises:
        ValueError: as ``sem`` and ``critical``.

    Source:
        Lord & Novick (1968), chapter 3; Dudek (1979), Psychol Bull 86(2):335-337.
    """
    error = sem(sd, reliability)
    reach = critical(level) * error
    return Interval(score - reach, score + reach, score, error)


def around_true(
    score: float, *, mean: float, sd: float, reliability: float, level: float = 0.95
) -> Interval:
    """The estimated true score, M + r (X - M), plus and minus its error, SD √(r (1 - r)).

    >>> i = around_true(70, mean=50, sd=10, reliability=0.9)
    >>> i.around, round(i.error, 2), round(i.low, 2), round(i.high, 2)
    (68.0, 3.0, 62.12, 73.88)

    Raises:
        ValueError: as ``sem`` and ``critical``.

    Source:
        Lord & Novick (1968), chapter 3; Dudek (1979), Psychol Bull 86(2):335-337.
    """
    error = sem(sd, reliability) * math.sqrt(reliability)
    middle = mean + reliability * (score - mean)
    reach = critical(level) * error
    return Interval(middle - reach, middle + reach, middle, error)


@dataclass(frozen=True)
class Difference:
    """How far two scores of one person lie apart, and how often chance alone would do that.

    Attributes:
        points, error: in the unit of the scores. p: two-sided, 0 to 1.
    """

    points: float
    error: float
    z: float
    p: float


def difference(
    one: float, other: float, *, sd: float, reliabilities: tuple[float, float]
) -> Difference:  # fmt: skip
    """Whether two scores on one standard scale differ by more than errors of measurement.

        SEdiff = SD √(2 - r1 - r2)

    Errors of the two are taken to be independent. It says nothing about how rare such a
    difference is among people.

    >>> d = difference(65, 50, sd=10, reliabilities=(0.9, 0.8))
    >>> d.points, round(d.error, 3), round(d.z, 3), round(d.p, 4)
    (15, 5.477, 2.739, 0.0062)

    Raises:
        ValueError: a reliability that is not from 0 to 1, or both are 1.

    Source:
        Payne & Jones (1957), J Clin Psychol 13(2):115-121.
    """
    for each in reliabilities:
        _reliability(each)
    error = sd * math.sqrt(2 - sum(reliabilities))
    if not error > 0:
        raise ValueError("two scales without any error have no error of their difference")
    z = (one - other) / error
    return Difference(one - other, error, z, math.erfc(abs(z) / math.sqrt(2)))


def in_ten(percent: float) -> int:
    """How many of 10 people a percentile stands for: 1 to 9, so that nobody is the very last.

    >>> in_ten(69.1), in_ten(99.8), in_ten(0.3)
    (7, 9, 1)
    """
    return min(9, max(1, math.floor(percent / 10 + 0.5)))


def _reliability(value: float) -> None:
    if not 0 <= value <= 1:
        raise ValueError("a reliability is from 0 to 1")
