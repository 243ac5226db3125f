"""Change over many sessions: means at both ends, and error from the client's own scatter."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from rapport.science.change.alternatives import Judged, judged
from rapport.science.change.groups import finite
from rapport.science.change.reliable import Z_95, Norm
from rapport.science.change.student import critical

LEAST_POINTS = 8  # below that the scatter of one client's scores says too little


@dataclass(frozen=True)
class OwnError:
    """How much one client's scores scatter around their own straight line.

    Attributes:
        error: standard deviation of the residuals, in scale points.
        slope: of the line, in scale points per unit of time.
        start: where the line is at the first time.
        df: degrees of freedom, the number of scores less two.
    """

    error: float
    slope: float
    start: float
    df: int


def means_change(
    scores: Sequence[float], *, norm: Norm, first: int = 2, last: int = 2, threshold: float = Z_95
) -> Judged:
    """Judge the mean of the first scores against the mean of the last ones.

        S_diff = SD sqrt(1 - r) sqrt(1/first + 1/last)

    One bad day at either end counts less than in ``reliable_change``. The scores' errors are
    taken to be independent of each other.

    Args:
        scores: in the order of time, in scale points.
        first, last: how many at each end; together no more than there are.

    >>> found = means_change([20, 18, 15, 12, 9, 11], norm=Norm(5, 0.84))
    >>> found.earlier, found.later, round(found.error, 2), round(found.index, 2), found.reliable
    (19.0, 10.0, 2.0, -4.5, True)
    """
    if first < 1 or last < 1:
        raise ValueError(f"each end has a score or more, got {first} and {last}")
    if len(scores) < first + last:
        raise ValueError(f"there are {len(scores)} scores; {first + last} are needed")
    earlier, later = _ends(scores, first, last)
    return judged(
        "means", earlier, later,
        expected=earlier,
        error=norm.sd * math.sqrt(1 - norm.reliability) * math.sqrt(1 / first + 1 / last),
        threshold=threshold,
        shown={"sd": norm.sd, "reliability": norm.reliability, "first": first, "last": last},
    )  # fmt: skip


def own_error(scores: Sequence[float], *, times: Sequence[float] | None = None) -> OwnError:
    """The error of an idiographic measure, from what is left of a client's scores without trend.

        error = sqrt(sum of squared residuals / (n - 2))

    Residuals are from the least-squares line on time. A sudden step leaves large residuals, so
    the error is then too large rather than too small.

    Args:
        scores: at least 8, in scale points.
        times: when each was given, in any unit; None: at equal distances.

    Raises:
        ValueError: fewer than 8 scores, or all at one time.

    >>> own = own_error([9, 8, 8, 7, 7, 5, 6, 4])
    >>> round(own.error, 3), round(own.slope, 3), own.df
    (0.598, -0.643, 6)
    """
    when = list(range(len(scores))) if times is None else list(times)
    if len(when) != len(scores):
        raise ValueError(f"there are {len(scores)} scores and {len(when)} times")
    if len(scores) < LEAST_POINTS:
        raise ValueError(f"own error needs {LEAST_POINTS} scores or more, got {len(scores)}")
    for score, time in zip(scores, when, strict=True):
        finite(score=score, time=time)
    centre, level = fmean(when), fmean(scores)
    spread = sum((time - centre) ** 2 for time in when)
    if not spread:
        raise ValueError("the scores are all of one time")
    pairs = list(zip(when, scores, strict=True))
    slope = sum((time - centre) * (score - level) for time, score in pairs) / spread
    left = sum((score - level - slope * (time - centre)) ** 2 for time, score in pairs)
    df = len(scores) - 2
    return OwnError(math.sqrt(left / df), slope, level + slope * (when[0] - centre), df)


def idiographic_change(
    scores: Sequence[float],
    *,
    times: Sequence[float] | None = None,
    first: int = 1,
    last: int = 1,
    level: float = 0.95,
) -> Judged:
    """Judge the ends of a client's own measure by that client's own scatter.

        S_diff = own error sqrt(1/first + 1/last)

    A group's reliability does not hold for a question that only one person was ever asked. The
    threshold is a t with n - 2 degrees of freedom, because the error is itself estimated.

    Raises:
        ValueError: too few scores, or they lie on one line, so that no error shows.

    >>> found = idiographic_change([9, 8, 8, 7, 7, 5, 6, 4])
    >>> round(found.error, 3), round(found.index, 2), round(found.threshold, 2), found.reliable
    (0.845, -5.92, 2.45, True)
    """
    if first < 1 or last < 1 or first + last > len(scores):
        raise ValueError(f"{first} and {last} scores cannot be taken from {len(scores)}")
    own = own_error(scores, times=times)
    if own.error < 1e-9 * max(map(abs, scores)):
        raise ValueError("the scores lie on one line, so their error is not known")
    earlier, later = _ends(scores, first, last)
    return judged(
        "idiographic", earlier, later,
        expected=earlier,
        error=own.error * math.sqrt(1 / first + 1 / last),
        threshold=critical(own.df, level),
        shown={"own error": own.error, "scores": len(scores), "first": first, "last": last,
               "level": level},
    )  # fmt: skip


def _ends(scores: Sequence[float], first: int, last: int) -> tuple[float, float]:
    return fmean(scores[:first]), fmean(scores[-last:])
