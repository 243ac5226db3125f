"""Reliable change after Jacobson and Truax: more than the questionnaire errs."""

import math
from dataclasses import dataclass

Z_95 = 1.96  # two-sided, 95 %
Z_90 = 1.645  # two-sided, 90 %


@dataclass(frozen=True)
class Norm:
    """How a reference sample answered.

    Attributes:
        sd: standard deviation in scale points, > 0.
        reliability: of the questionnaire in that sample, 0 <= r < 1, no unit.
    """

    sd: float
    reliability: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.sd) and self.sd > 0):
            raise ValueError(f"sd must be positive, got {self.sd}")
        if not 0 <= self.reliability < 1:
            raise ValueError(f"reliability must be in [0, 1), got {self.reliability}")


@dataclass(frozen=True)
class Change:
    """Two scores compared, with all that led to the verdict."""

    earlier: float
    later: float
    norm: Norm
    threshold: float
    points: float  # later minus earlier, in scale points
    sem: float  # standard error of one measurement, in scale points
    s_diff: float  # standard error of the difference of two, in scale points
    index: float  # the change in units of s_diff
    needed: float  # how many points the change must exceed
    reliable: bool  # |index| exceeds the threshold


def reliable_change(earlier: float, later: float, *, norm: Norm, threshold: float = Z_95) -> Change:
    """Judge whether two scores differ by more than measurement error.

        SEM     = sd * sqrt(1 - reliability)
        S_diff  = sqrt(2) * SEM
        index   = (later - earlier) / S_diff

    Args:
        earlier, later: total scores on the same instrument, in scale points.
        norm: the sample whose spread and reliability count.
        threshold: two-sided critical value; 1.96 means 95 %.

    Returns:
        Change. A negative index means the score fell; whether that is good depends on the
        instrument's direction and is not decided here.

    Raises:
        ValueError: a score that is NaN or infinite.

    Source:
        Jacobson & Truax (1991), J Consult Clin Psychol 59(1):12-19.

    >>> change = reliable_change(32.5, 47.5, norm=Norm(7.5, 0.80))
    >>> round(change.sem, 2), round(change.s_diff, 2), round(change.index, 2), change.reliable
    (3.35, 4.74, 3.16, True)
    """
    if not (math.isfinite(earlier) and math.isfinite(later)):
        raise ValueError(f"scores must be numbers, got {earlier} and {later}")
    sem = norm.sd * math.sqrt(1 - norm.reliability)
    s_diff = math.sqrt(2) * sem
    points = later - earlier
    index = points / s_diff
    needed = threshold * s_diff
    reliable = abs(index) > threshold
    return Change(
        earlier, later, norm, threshold, points, sem, s_diff, index, needed, reliable
    )  # fmt: skip


def changed_by(earlier: float, later: float, *, points: float) -> bool:
    """Whether two scores differ by a published number of points, or by more.

    >>> changed_by(15, 9, points=6), changed_by(15, 10, points=6)
    (True, False)
    >>> changed_by(17.1, 12.2, points=4.9)  # 4.9 and not a hair less
    True
    """
    return round(abs(later - earlier), 9) >= points
