"""Where a change leads: out of the clinical range, half way down, into remission."""

import math
from dataclasses import dataclass
from typing import Literal

Better = Literal["lower", "higher"]
Class = Literal["recovered", "improved", "unchanged", "deteriorated"]


@dataclass(frozen=True)
class Outcome:
    """Where a change leads.

    Attributes:
        crossed: from the clinical range into the other one.
        only_crossed: crossed by a change that measurement error can explain.
    """

    name: Class
    crossed: bool
    only_crossed: bool


def outcome(
    earlier: float, later: float, *, reliable: bool, better: Better, cutoff: float
) -> Outcome:
    """Clinically significant change: reliable, and across the cut-off.

    Args:
        reliable: as ``reliable_change`` or ``changed_by`` found.
        cutoff: the first point of the clinical range, seen from the healthy side: the
            lowest clinical score where lower is better, the highest where higher is.

    Source:
        Jacobson & Truax (1991), J Consult Clin Psychol 59(1):12-19.

    >>> outcome(18, 6, reliable=True, better="lower", cutoff=10).name
    'recovered'
    """
    sign = -1 if better == "lower" else 1
    gain = sign * (later - earlier)
    clinical_before = sign * earlier <= sign * cutoff
    clinical_after = sign * later <= sign * cutoff
    crossed = clinical_before and not clinical_after
    if not reliable or not gain:
        return Outcome("unchanged", crossed, crossed)
    if gain < 0:
        return Outcome("deteriorated", False, False)
    return Outcome("recovered" if crossed else "improved", crossed, False)


def response(
    earlier: float, later: float, *, better: Better, best: float, share: float = 0.5
) -> bool | None:
    """Whether the way to the best score there is was halved, or shortened by another share.

        share reached = (earlier - later) / (earlier - best)

    Args:
        best: the best score of the questionnaire, 0 for most where lower is better.
        share: of the way, 0 < share <= 1.

    Returns:
        None where there was no way to go: the earlier score was the best already.

    >>> response(18, 9, better="lower", best=0), response(18, 10, better="lower", best=0)
    (True, False)
    """
    if not all(map(math.isfinite, (earlier, later, best))):
        raise ValueError(f"scores must be numbers, got {earlier}, {later} and {best}")
    if not 0 < share <= 1:
        raise ValueError(f"share must be in (0, 1], got {share}")
    sign = 1 if better == "lower" else -1
    way = sign * (earlier - best)
    if way < 0 or sign * (later - best) < 0:
        raise ValueError(f"{earlier} and {later} cannot be better than the best score, {best}")
    return sign * (earlier - later) >= share * way if way else None


def remission(later: float, *, better: Better, bound: float) -> bool:
    """Whether a score is beyond ``bound``, the first point that is no remission any more.

    Args:
        bound: 5 for the PHQ-9, whose remission is below 5 (Kroenke et al. 2001).

    >>> remission(4, better="lower", bound=5), remission(5, better="lower", bound=5)
    (True, False)
    """
    if not (math.isfinite(later) and math.isfinite(bound)):
        raise ValueError(f"scores must be numbers, got {later} and {bound}")
    return later < bound if better == "lower" else later > bound
