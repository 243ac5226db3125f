"""Hageman and Arrindell: one client's change and place corrected by the group, and the group's own.

With SE the error of one measurement, which is taken to be the same on both occasions:

    SE   = SD1 sqrt(1 - r1)
    r2   = 1 - SE^2 / SD2^2
    r_dd = (SD1^2 r1 + SD2^2 r2 - 2 SD1 SD2 r12) / (SD1^2 + SD2^2 - 2 SD1 SD2 r12)

Source:
    Hageman & Arrindell (1999), Behav Res Ther 37(12):1169-1193.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

from rapport.science.change.alternatives import Judged, judged, twice
from rapport.science.change.groups import Twice, finite
from rapport.science.change.outcomes import Better

ONE_SIDED_95 = 1.65  # at most 5 % of those called changed in one direction are not


@dataclass(frozen=True)
class Place:
    """On which side of a cut-off somebody's true score lies.

    Attributes:
        true: what the score points to once pulled towards the group, in scale points.
        index: how far beyond the cut-off, in standard errors; positive is the healthy side.
        side: None: the error is too large to say.
    """

    true: float
    error: float
    index: float
    threshold: float
    side: Literal["functional", "clinical"] | None


@dataclass(frozen=True)
class GroupChange:
    """What share of a group changed for the better, and ended beyond the cut-off: 0 to 1.

    Attributes:
        r_dd: reliability of the group's differences.
        improved: share whose true score got better, by however little.
        functional: share whose true later score is on the healthy side.
    """

    r_dd: float
    reliability_later: float
    improved: float
    functional: float


def hageman_arrindell(
    earlier: float,
    later: float,
    *,
    group: Twice,
    reliability: float,
    threshold: float = ONE_SIDED_95,
) -> Judged:
    """Whether a difference is reliable, once it is pulled towards the group's.

        index = ((later - earlier) r_dd + (M2 - M1) (1 - r_dd)) / (sqrt(r_dd) sqrt(2) SE)

    Args:
        group: the client's own: people in the same treatment, before and after.
        reliability: of the questionnaire on the first occasion, 0 <= r < 1.

    Raises:
        ValueError: the group's differences are all error, so that none can be told from it.

    >>> from rapport.science.change.groups import Spread
    >>> treated = Twice(earlier=Spread(20, 5), later=Spread(12, 5), correlation=0.5, n=60)
    >>> found = hageman_arrindell(24, 16, group=treated, reliability=0.84)
    >>> round(found.shown["r_dd"], 2), round(found.index, 2), found.reliable
    (0.68, -3.43, True)
    """
    sem, _, r_dd = _reliabilities(group, reliability)
    return judged(
        "hageman-arrindell", earlier, later,
        expected=earlier - group.shift * (1 - r_dd) / r_dd,
        error=math.sqrt(2) * sem / math.sqrt(r_dd),
        threshold=threshold,
        shown={**twice(group), "reliability": reliability, "sem": sem, "r_dd": r_dd},
    )  # fmt: skip


def hageman_arrindell_place(
    later: float,
    *,
    group: Twice,
    reliability: float,
    better: Better,
    cutoff: float,
    threshold: float = ONE_SIDED_95,
) -> Place:
    """On which side of ``cutoff`` a client's true later score lies, if that can be said.

        true  = M2 + r2 (later - M2)
        index = (cutoff - true) / (sqrt(r2) SE), the other way round where higher is better

    >>> from rapport.science.change.groups import Spread
    >>> treated = Twice(earlier=Spread(20, 5), later=Spread(12, 5), correlation=0.5, n=60)
    >>> place = hageman_arrindell_place(
    ...     6, group=treated, reliability=0.84, better="lower", cutoff=11)
    >>> round(place.true, 2), round(place.index, 2), place.side
    (6.96, 2.2, 'functional')
    """
    finite(later=later, cutoff=cutoff)
    sem, r_later, _ = _reliabilities(group, reliability)
    true = group.later.mean + r_later * (later - group.later.mean)
    error = math.sqrt(r_later) * sem
    index = (cutoff - true if better == "lower" else true - cutoff) / error
    if abs(index) <= threshold:
        return Place(true, error, index, threshold, None)
    return Place(true, error, index, threshold, "functional" if index > 0 else "clinical")


def hageman_arrindell_group(
    group: Twice, *, reliability: float, better: Better, cutoff: float
) -> GroupChange:
    """The shares of a whole group, which counting its single verdicts would understate.

        improved   = Phi((M1 - M2) / (SD_change sqrt(r_dd)))
        functional = Phi((cutoff - M2) / (SD2 sqrt(r2)))

    Signs turn round where higher is better. Taken from the spread of true scores, so it holds as
    far as those are normal.

    >>> from rapport.science.change.groups import Spread
    >>> treated = Twice(earlier=Spread(20, 5), later=Spread(12, 5), correlation=0.5, n=60)
    >>> found = hageman_arrindell_group(treated, reliability=0.84, better="lower", cutoff=11)
    >>> round(found.improved, 3), round(found.functional, 3)
    (0.974, 0.414)
    """
    finite(cutoff=cutoff)
    _, r_later, r_dd = _reliabilities(group, reliability)
    sign = -1 if better == "lower" else 1
    gain = sign * group.shift / (group.sd_change * math.sqrt(r_dd))
    beyond = sign * (group.later.mean - cutoff) / (group.later.sd * math.sqrt(r_later))
    below = NormalDist().cdf
    return GroupChange(r_dd, r_later, below(gain), below(beyond))


def _reliabilities(group: Twice, reliability: float) -> tuple[float, float, float]:
    """Error of one measurement, reliability on the later occasion, and of the differences."""
    if not 0 <= reliability < 1:
        raise ValueError(f"reliability must be in [0, 1), got {reliability}")
    one, other = group.earlier.sd, group.later.sd
    sem = one * math.sqrt(1 - reliability)
    r_later = 1 - sem**2 / other**2
    if r_later <= 0:
        raise ValueError("the later scores scatter no more than the questionnaire errs")
    r_dd = 1 - 2 * sem**2 / group.sd_change**2  # the numerator above is sd_change^2 - 2 SE^2
    if r_dd <= 0:
        raise ValueError("the differences scatter no more than the questionnaire errs")
    return sem, r_later, r_dd
