"""How far ratings, items and occasions agree: reliability from the practice's own data.

For fits and jobs: the intervals come from SciPy, which pages do not load.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
from scipy import special

Table = npt.NDArray[np.float64]
Triple = tuple[float, float, float]  # estimate, low, high


@dataclass(frozen=True)
class Estimate:
    """A coefficient with its interval."""

    value: float
    low: float
    high: float
    level: float


@dataclass(frozen=True)
class Intraclass:
    """The six coefficients of Shrout and Fleiss.

    Attributes:
        icc_1_1: each subject rated by other raters; one rating.
        icc_2_1: the same raters, drawn from many, and their strictness counts; one rating.
        icc_3_1: these raters only, and their strictness does not count; one rating.
        icc_1_k, icc_2_k, icc_3_k: the same for the mean of all k ratings.
    """

    icc_1_1: Estimate
    icc_2_1: Estimate
    icc_3_1: Estimate
    icc_1_k: Estimate
    icc_2_k: Estimate
    icc_3_k: Estimate
    subjects: int
    raters: int


@dataclass(frozen=True)
class Kappa:
    """Agreement beyond chance.

    Attributes:
        observed, by_chance: (weighted) share of agreement, 0 to 1.
        error: standard error for intervals.
    """

    value: float
    low: float
    high: float
    level: float
    observed: float
    by_chance: float
    error: float


@dataclass(frozen=True)
class Retest:
    """Two occasions of one questionnaire between which nothing was to change.

    Attributes:
        correlation: of Pearson; blind to everybody's moving alike.
        agreement: ICC(2,1), which is not.
        shift: mean of later less earlier scores, in scale points.
        sd: of the earlier scores; sem: sd sqrt(1 - r), the error of one score, in scale points.
    """

    correlation: Estimate
    agreement: Estimate
    shift: float
    sd: float
    sem: float
    n: int


def intraclass(ratings: npt.ArrayLike, *, level: float = 0.95) -> Intraclass:
    """All six intraclass correlations of a full table of ratings.

        ICC(1,1) = (BMS - WMS) / (BMS + (k - 1) WMS)
        ICC(2,1) = (BMS - EMS) / (BMS + (k - 1) EMS + k (JMS - EMS) / n)
        ICC(3,1) = (BMS - EMS) / (BMS + (k - 1) EMS)

    with the mean squares between subjects, within, between judges and of error; those of k ratings
    follow by Spearman and Brown.

    Args:
        ratings: shape (subjects, raters), at least 2 of each, no NaN.

    Source:
        Shrout & Fleiss (1979), Psychol Bull 86(2):420-428; McGraw & Wong (1996), Psychol Methods
        1(1):30-46.

    >>> found = intraclass([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9],
    ...     [6, 2, 4, 7]])
    >>> [round(one.value, 2) for one in (found.icc_1_1, found.icc_2_1, found.icc_3_1)]
    [0.17, 0.29, 0.71]
    """
    x = _table(ratings)
    n, k = x.shape
    total = np.square(x - x.mean()).sum()
    between = k * np.square(x.mean(axis=1) - x.mean()).sum()
    judges = n * np.square(x.mean(axis=0) - x.mean()).sum()
    bms, wms, jms = between / (n - 1), (total - between) / (n * (k - 1)), judges / (k - 1)
    ems = max((total - between - judges) / ((n - 1) * (k - 1)), 0.0)
    if not between or ems <= 1e-12 * total:
        raise ValueError("the subjects do not differ, or the raters differ in nothing but level")
    tail = (1 - _checked(level)) / 2
    one = _one_way(bms / wms, n - 1, n * (k - 1), k, tail)
    three = _one_way(bms / ems, n - 1, (n - 1) * (k - 1), k, tail)
    two = _two_way(bms, jms, ems, n, k, tail)
    return Intraclass(
        icc_1_1=Estimate(*one, level), icc_1_k=_of_the_mean(one, k, level),
        icc_2_1=Estimate(*two, level), icc_2_k=_of_the_mean(two, k, level),
        icc_3_1=Estimate(*three, level), icc_3_k=_of_the_mean(three, k, level),
        subjects=n, raters=k,
    )  # fmt: skip


def _one_way(f: float, df: int, df_error: int, k: int, tail: float) -> Triple:
    """ICC(1,1) and ICC(3,1): from one ratio of mean squares."""
    low = f / special.fdtri(df, df_error, 1 - tail)
    high = f * special.fdtri(df_error, df, 1 - tail)
    value, low, high = ((ratio - 1) / (ratio + k - 1) for ratio in (f, low, high))
    return float(value), float(low), float(high)


def _two_way(bms: float, jms: float, ems: float, n: int, k: int, tail: float) -> Triple:
    """ICC(2,1), with degrees of freedom by Satterthwaite."""
    value = (bms - ems) / (bms + (k - 1) * ems + k * (jms - ems) / n)
    a = k * value * jms / ems
    b = n * (1 + (k - 1) * value) - k * value
    df = (k - 1) * (n - 1) * (a + b) ** 2 / ((n - 1) * a**2 + b**2)
    df = max(df, k - 1)  # less only where the coefficient is negative, and there it may vanish
    rest = k * jms + (k * n - k - n) * ems
    up, down = special.fdtri(n - 1, df, 1 - tail), special.fdtri(df, n - 1, 1 - tail)
    low = n * (bms - up * ems) / (up * rest + n * bms)
    high = n * (down * bms - ems) / (rest + n * down * bms)
    return float(value), float(low), float(high)


def _of_the_mean(single: Triple, k: int, level: float) -> Estimate:
    value, low, high = (_stepped_up(one, k) for one in single)
    return Estimate(value, low, high, level)


def _stepped_up(value: float, k: int) -> float:
    """Spearman and Brown; minus infinity where single ratings agree less than by chance."""
    below = 1 + (k - 1) * value
    return k * value / below if below > 0 else -math.inf


def kappa(
    table: npt.ArrayLike, *, weights: npt.ArrayLike | None = None, level: float = 0.95
) -> Kappa:
    """Cohen's kappa of two raters, weighted where some disagreements are worse than others.

        kappa = (observed - by chance) / (1 - by chance)

    Args:
        table: shape (categories, categories), how often the first rater said the row and the
            second one the column.
        weights: the same shape, 1 for agreement to 0 for the worst; None: 1 on the diagonal only.
            See ``linear`` and ``quadratic``.

    Source:
        Cohen (1968), Psychol Bull 70(4):213-220; its error by Fleiss, Cohen & Everitt (1969),
        Psychol Bull 72(5):323-327.

    >>> found = kappa([[20, 5], [10, 15]])
    >>> round(found.value, 3), found.observed, found.by_chance
    (0.4, 0.7, 0.5)
    """
    counts = np.asarray(table, np.float64)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1] or len(counts) < 2:
        raise ValueError(f"the table is square, got {counts.shape}")
    if not np.isfinite(counts).all() or (counts < 0).any() or not counts.sum():
        raise ValueError("the table holds counts, and not only zeros")
    w = np.eye(len(counts)) if weights is None else np.asarray(weights, np.float64)
    if w.shape != counts.shape or not ((w >= 0) & (w <= 1)).all() or (np.diag(w) != 1).any():
        raise ValueError("weights are shaped as the table, from 0 to 1, and 1 for agreement")
    n = counts.sum()
    p = counts / n
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    observed, by_chance = float((w * p).sum()), float(rows @ w @ columns)
    if by_chance >= 1:
        raise ValueError("both raters always said the same, so nothing is beyond chance")
    value = (observed - by_chance) / (1 - by_chance)
    means = (w @ columns)[:, None] + (rows @ w)[None, :]
    spread = (p * np.square(w - means * (1 - value))).sum()
    variance = (spread - (value - by_chance * (1 - value)) ** 2) / (n * (1 - by_chance) ** 2)
    error = math.sqrt(max(float(variance), 0.0))
    wide = NormalDist().inv_cdf((1 + _checked(level)) / 2) * error
    return Kappa(
        value, max(-1.0, value - wide), min(1.0, value + wide), level, observed, by_chance, error
    )


def linear(categories: int) -> Table:
    """Weights that fall evenly with distance.

    >>> linear(3)[0].tolist()
    [1.0, 0.5, 0.0]
    """
    return _weights(categories, 1)


def quadratic(categories: int) -> Table:
    """Weights that fall with the square of distance.

    >>> quadratic(3)[0].tolist()
    [1.0, 0.75, 0.0]
    """
    return _weights(categories, 2)


def alpha(items: npt.ArrayLike, *, level: float = 0.95) -> Estimate:
    """Cronbach's alpha of a full table of answers, with Feldt's interval.

        alpha = k / (k - 1) (1 - sum of item variances / variance of the sum)

    A lower bound of the reliability of one occasion; it knows nothing of the next week.

    Args:
        items: shape (people, items), reversed items turned, at least 3 people and 2 items, no NaN.

    Source:
        Feldt (1965), Psychometrika 30(3):357-370.

    >>> round(alpha([[2, 3, 3], [0, 1, 0], [3, 3, 2], [1, 1, 2], [2, 2, 3]]).value, 3)
    0.887
    """
    x = _table(items)
    n, k = x.shape
    whole = x.sum(axis=1).var(ddof=1)
    if n < 3 or not whole:
        raise ValueError("alpha needs 3 people or more whose sums differ")
    value = float(k / (k - 1) * (1 - x.var(axis=0, ddof=1).sum() / whole))
    tail, df, df_error = (1 - _checked(level)) / 2, n - 1, (n - 1) * (k - 1)
    low = 1 - (1 - value) * special.fdtri(df, df_error, 1 - tail)
    high = 1 - (1 - value) * special.fdtri(df, df_error, tail)
    return Estimate(value, float(low), float(high), level)


def retest(earlier: npt.ArrayLike, later: npt.ArrayLike, *, level: float = 0.95) -> Retest:
    """Reliability from two occasions, for people between whose answers nothing was to change.

        r with Fisher's interval: atanh(r) +- z / sqrt(n - 3)

    Args:
        earlier, later: shape (people,), at least 4, in scale points, no NaN.

    >>> found = retest([10, 14, 7, 20, 12], [11, 13, 9, 19, 14])
    >>> round(found.correlation.value, 3), found.shift, round(found.sem, 2)
    (0.971, 0.6, 0.83)
    """
    one, other = np.asarray(earlier, np.float64), np.asarray(later, np.float64)
    if one.shape != other.shape or one.ndim != 1:
        raise ValueError(f"scores are two columns alike, got {one.shape} and {other.shape}")
    both = _table(np.column_stack([one, other]))
    n = len(both)
    if n < 4 or not one.std() or not other.std():
        raise ValueError("a retest needs 4 people or more whose scores differ")
    r = float(np.clip(np.corrcoef(one, other)[0, 1], -1, 1))
    sd = float(one.std(ddof=1))
    wide = NormalDist().inv_cdf((1 + _checked(level)) / 2) / math.sqrt(n - 3)
    middle = math.atanh(min(max(r, -1 + 1e-15), 1 - 1e-15))
    correlation = Estimate(r, math.tanh(middle - wide), math.tanh(middle + wide), level)
    agreement = intraclass(both, level=level).icc_2_1
    shift = float((other - one).mean())
    return Retest(correlation, agreement, shift, sd, sd * math.sqrt(max(0.0, 1 - r)), n)


def _weights(categories: int, power: int) -> Table:
    if categories < 2:
        raise ValueError(f"there are 2 categories or more, got {categories}")
    place = np.arange(categories)
    return np.asarray(1 - (np.abs(place[:, None] - place) / (categories - 1)) ** power)


def _table(given: npt.ArrayLike) -> Table:
    x = np.asarray(given, np.float64)
    if x.ndim != 2 or min(x.shape) < 2:
        raise ValueError(f"a table has 2 rows and 2 columns or more, got {x.shape}")
    if not np.isfinite(x).all():
        raise ValueError("an answer is missing; leave out whoever did not give all of them")
    return x


def _checked(level: float) -> float:
    if not 0 < level < 1:
        raise ValueError(f"level must be in (0, 1), got {level}")
    return level
