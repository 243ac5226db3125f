"""How much of the differences between clients lies between clinicians, and one's own part. Pure.

Of the practice as a whole, to whoever may read outcomes; of one clinician, to that clinician alone.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rapport.science import between, case_mix, therapists
from rapport.science.change import Better
from rapport.science.proportions import Interval
from rapport.science.suppression import LEAST

from .clinicians import Case, covariates


@dataclass(frozen=True)
class Missing:
    """What there is of what it takes.

    Attributes:
        clients: with two scores; None: too few to be told.
        clinicians: who have any of them.
    """

    clients: int | None
    clinicians: int


@dataclass(frozen=True)
class Told:
    """What is shown.

    Attributes:
        share: of all differences after the case mix, what lies between clinicians, 0 to 1.
        adjusted: for the first score, and by which problems; None: the case mix could not be told.
        mine: one's own part in points, positive is better; None: one has no clients here.
    """

    share: Interval
    clients: int
    clinicians: int
    adjusted: tuple[str, ...] | None
    mine: therapists.Effect | None


def told(cases: Sequence[Case], *, me: str, better: Better) -> Told | Missing | None:
    """The share with its interval, from enough clients of enough clinicians.

    None: the scores do not differ enough to tell.

    Source: ``therapists`` for how many it takes.
    """
    sizes = Counter(one.responsible for one in cases)
    clients = len(cases)
    if therapists.missing(clients, len(sizes)) is not None:
        return Missing(clients if clients >= LEAST else None, len(sizes))
    found, adjusted = _fitted(cases, 1 if better == "higher" else -1)
    if found is None:
        return None
    mine = None
    if me in sizes:
        own = found.caseloads[sorted(sizes).index(me)]
        mine = therapists.shrunken(own, found.variances)
    return Told(found.share, clients, len(sizes), adjusted, mine)


def _fitted(
    cases: Sequence[Case], sign: int
) -> tuple[between.Between | None, tuple[str, ...] | None]:
    gained = np.array([sign * (one.end - one.start) for one in cases])
    whose = np.array([one.responsible for one in cases])
    table, names = covariates(cases)
    for columns, adjusted in ((table, names), (table[:, :0], None)):
        try:
            return between.between(gained, columns, whose), adjusted
        except case_mix.CannotFit:
            continue
    return None, None
