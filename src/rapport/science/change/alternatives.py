"""Other ways to judge one client's change, each with what it takes and what it was made of."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from rapport.science.change.groups import Sample, Twice, finite
from rapport.science.change.reliable import Z_95
from rapport.science.change.student import critical

Method = Literal[
    "edwards-nunnally",
    "gulliksen-lord-novick",
    "hageman-arrindell",
    "regression-based",
    "practice-corrected",
    "means",
    "idiographic",
]


@dataclass(frozen=True)
class Judged:
    """A later score held against the one that would mean no change.

    Attributes:
        expected: the later score that would mean no change, in scale points.
        error: standard error of the later score around it, in scale points.
        index: (later - expected) / error. Negative: lower than expected; whether that is good
            depends on the instrument.
        threshold: what |index| must exceed.
        low, high: later scores from the one to the other are no reliable change.
        shown: every number that went in, by name, for whoever reads the verdict.
    """

    method: Method
    earlier: float
    later: float
    expected: float
    error: float
    index: float
    threshold: float
    reliable: bool
    low: float
    high: float
    shown: Mapping[str, float]


def judged(
    method: Method,
    earlier: float,
    later: float,
    *,
    expected: float,
    error: float,
    threshold: float,
    shown: Mapping[str, float],
) -> Judged:
    """The verdict of any method that knows what it expected and how far off it may be."""
    finite(earlier=earlier, later=later)
    if not threshold > 0:
        raise ValueError(f"threshold must be positive, got {threshold}")
    index = (later - expected) / error
    wide = threshold * error
    return Judged(
        method=method, earlier=earlier, later=later, expected=expected, error=error, index=index,
        threshold=threshold, reliable=abs(index) > threshold, low=expected - wide,
        high=expected + wide, shown=MappingProxyType(dict(shown)),
    )  # fmt: skip


def edwards_nunnally(
    earlier: float, later: float, *, sample: Sample, threshold: float = 2.0
) -> Judged:
    """Whether a score left the interval around the true score that the earlier one points to.

        expected = r (earlier - M) + M
        error    = SD sqrt(1 - r)

    Takes the drift back to the mean into account; an extreme first score must change more on
    the way to the mean. The interval is two standard errors wide on each side.

    Source:
        Speer (1992), J Consult Clin Psychol 60(3):402-408.

    >>> found = edwards_nunnally(30, 20, sample=Sample(sd=7.5, reliability=0.8, mean=20))
    >>> round(found.expected, 2), round(found.low, 2), round(found.high, 2), found.reliable
    (28.0, 21.29, 34.71, True)
    """
    r, mean = sample.reliability, sample.mean
    return judged(
        "edwards-nunnally", earlier, later,
        expected=r * (earlier - mean) + mean,
        error=sample.sd * math.sqrt(1 - r),
        threshold=threshold,
        shown={"mean": mean, "sd": sample.sd, "reliability": r},
    )  # fmt: skip


def gulliksen_lord_novick(
    earlier: float, later: float, *, sample: Sample, threshold: float = Z_95
) -> Judged:
    """Whether a score differs from the one that regression to the mean foretells.

        expected = r (earlier - M) + M
        error    = SD sqrt(1 - r^2)

    Unlike ``edwards_nunnally`` it counts the error of both scores.

    Source:
        Hsu (1989), Behavioral Assessment 11(4):459-467.

    >>> found = gulliksen_lord_novick(30, 20, sample=Sample(sd=7.5, reliability=0.8, mean=20))
    >>> round(found.error, 2), round(found.index, 2), found.reliable
    (4.5, -1.78, False)
    """
    r, mean = sample.reliability, sample.mean
    return judged(
        "gulliksen-lord-novick", earlier, later,
        expected=r * (earlier - mean) + mean,
        error=sample.sd * math.sqrt(1 - r**2),
        threshold=threshold,
        shown={"mean": mean, "sd": sample.sd, "reliability": r},
    )  # fmt: skip


def regression_based(
    earlier: float, later: float, *, untreated: Twice, level: float = 0.95
) -> Judged:
    """Whether a score differs from what people without treatment score the second time.

        b        = r SD2 / SD1
        expected = M2 + b (earlier - M1)
        S_yx     = SD2 sqrt((1 - r^2) (n - 1) / (n - 2))
        error    = S_yx sqrt(1 + 1/n + (earlier - M1)^2 / (SD1^2 (n - 1)))

    The index is a t with n - 2 degrees of freedom, so a small sample asks for more.

    Args:
        untreated: people who answered twice, as far apart as the two scores are.
        level: probability that somebody unchanged is called so, 0 < level < 1.

    Source:
        Crawford & Garthwaite (2007), Neuropsychology 21(5):611-620.

    >>> from rapport.science.change.groups import Spread
    >>> waiting = Twice(earlier=Spread(15, 5), later=Spread(14, 6), correlation=0.6, n=52)
    >>> found = regression_based(20, 8, untreated=waiting)
    >>> round(found.expected, 2), round(found.error, 2), round(found.index, 2), found.reliable
    (17.6, 4.94, -1.94, False)
    """
    one, other, r, n = untreated.earlier, untreated.later, untreated.correlation, untreated.n
    finite(earlier=earlier)
    scatter = other.sd * math.sqrt((1 - r**2) * (n - 1) / (n - 2))
    away = (earlier - one.mean) ** 2 / (one.sd**2 * (n - 1))
    slope = r * other.sd / one.sd
    return judged(
        "regression-based", earlier, later,
        expected=other.mean + slope * (earlier - one.mean),
        error=scatter * math.sqrt(1 + 1 / n + away),
        threshold=critical(n - 2, level),
        shown={**twice(untreated), "level": level, "slope": slope, "scatter": scatter},
    )  # fmt: skip


def practice_corrected(
    earlier: float,
    later: float,
    *,
    untreated: Twice,
    reliability: float | None = None,
    threshold: float = Z_95,
) -> Judged:
    """Reliable change with what answering again alone does taken off.

        expected = earlier + (M2 - M1)
        error    = sqrt(2) SD1 sqrt(1 - r)

    Args:
        untreated: people who answered twice without treatment.
        reliability: 0 <= r < 1; None: their correlation, that is the retest reliability.

    Source:
        Chelune, Naugle, Lüders, Sedlak & Awad (1993), Neuropsychology 7(1):41-52.

    >>> from rapport.science.change.groups import Spread
    >>> again = Twice(earlier=Spread(15, 5), later=Spread(13, 5), correlation=0.8, n=40)
    >>> found = practice_corrected(20, 11, untreated=again)
    >>> round(found.error, 2), round(found.index, 2), found.reliable
    (3.16, -2.21, True)
    """
    r = untreated.correlation if reliability is None else reliability
    if not 0 <= r < 1:
        raise ValueError(f"reliability must be in [0, 1), got {r}")
    return judged(
        "practice-corrected", earlier, later,
        expected=earlier + untreated.shift,
        error=math.sqrt(2) * untreated.earlier.sd * math.sqrt(1 - r),
        threshold=threshold,
        shown={**twice(untreated), "reliability": r},
    )  # fmt: skip


def twice(group: Twice) -> dict[str, float]:
    """The numbers of ``group`` by name."""
    return {
        "earlier mean": group.earlier.mean, "earlier sd": group.earlier.sd,
        "later mean": group.later.mean, "later sd": group.later.sd,
        "correlation": group.correlation, "n": group.n,
    }  # fmt: skip
