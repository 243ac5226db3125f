"""Sudden gains: large improvements from one session to the next that last."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean, variance

from rapport.science.change import Better

AROUND = 3  # sessions before and after
# Two-sided 5 % points of Student's t by degrees of freedom; fewer where a session is missing.
CRITICAL = {4: 2.776, 3: 3.182, 2: 4.303}


@dataclass(frozen=True)
class Gain:
    """A sudden gain.

    Attributes:
        session: index of the session before it.
        before, after: the scores on both sides.
        size: how much better, in points, > 0.
        critical: the value of t that was asked for: 2.776 where all six sessions have a score.
        means: of up to three sessions before and of as many after.
        bar: what the difference of these means had to exceed, in points.
        reversed_at: index of the first later session that lost half of the gain or more; None:
            it lasted as far as is known.
    """

    session: int
    before: float
    after: float
    size: float
    critical: float
    means: tuple[float, float]
    bar: float
    reversed_at: int | None


@dataclass(frozen=True)
class Gains:
    """What a course shows.

    Attributes:
        gains: in the order of the sessions.
        undecided: sessions after which a gain could not be judged, because a score next to the
            gap is missing or fewer than two stand on a side.
    """

    gains: tuple[Gain, ...]
    undecided: tuple[int, ...]


def sudden_gains(
    scores: Sequence[float | None], *, reliable: float, better: Better, share: float = 0.25
) -> Gains:
    """Find sudden gains by the three criteria.

    From one session to the next the score improves
        1. by ``reliable`` points or more,
        2. by a quarter or more of the score before, and
        3. mean before - mean after > t sqrt(((n1 - 1) s1^2 + (n2 - 1) s2^2) / (n1 + n2 - 2))
           over up to three sessions on each side, t = 2.776 with six scores, 3.182 with five,
           4.303 with four.

    The third follows the published form, which leaves out the factor for the numbers of scores.
    A gain is reversed when a later score has lost half of it.

    >>> found = sudden_gains([28, 26, 27, 14, 13, 12, 13], reliable=7, better="lower")
    >>> [(one.session, one.size, one.reversed_at) for one in found.gains]
    [(2, 13.0, None)]

    Args:
        scores: one a session, in points; None or NaN: no score.
        reliable: the least reliable change of the questionnaire, in points, > 0.
        better: which way is improvement. With "higher" the second criterion asks for a rise by
            a quarter of the score before, which a low score reaches easily.
        share: of the second criterion, 0 to 1.

    Raises:
        ValueError: an infinite score, a reliable change or share out of its range.

    Source:
        Tang & DeRubeis (1999), J Consult Clin Psychol 67:894-904; critical values where sessions
        are missing: Lutz et al. (2013), Psychother Res 23:14-24.
    """
    if not (math.isfinite(reliable) and reliable > 0):
        raise ValueError(f"reliable must be above zero, got {reliable}")
    if not 0 <= share <= 1:
        raise ValueError(f"share must be between 0 and 1, got {share}")
    course = [None if one is None or one != one else float(one) for one in scores]
    if any(one is not None and math.isinf(one) for one in course):
        raise ValueError("every score is a finite number, or None where there is none")
    sign = 1 if better == "lower" else -1
    gains, undecided = [], []
    for k in range(len(course) - 1):
        here, there = course[k], course[k + 1]
        first = [one for one in course[max(0, k + 1 - AROUND) : k + 1] if one is not None]
        second = [one for one in course[k + 1 : k + 1 + AROUND] if one is not None]
        if here is None or there is None or len(first) < 2 or len(second) < 2:
            undecided.append(k)
            continue
        size, means = sign * (here - there), (mean(first), mean(second))
        critical = CRITICAL[len(first) + len(second) - 2]
        bar = critical * _spread(first, second)
        if size < reliable or size < share * abs(here) or sign * (means[0] - means[1]) <= bar:
            continue
        back = there + (here - there) / 2
        lost = (
            n for n, one in enumerate(course[k + 2 :], k + 2)
            if one is not None and sign * (one - back) >= 0
        )  # fmt: skip
        gains.append(Gain(k, here, there, size, critical, means, bar, next(lost, None)))
    return Gains(tuple(gains), tuple(undecided))


def _spread(first: list[float], second: list[float]) -> float:
    """The standard deviation within both sides together, in points."""
    free = len(first) + len(second) - 2
    within = (len(first) - 1) * variance(first) + (len(second) - 1) * variance(second)
    return math.sqrt(within / free)
