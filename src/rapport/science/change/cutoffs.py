"""Where the clinical range begins, from how two populations answer."""

import math
from dataclasses import dataclass
from typing import Literal

from rapport.science.change.groups import Spread
from rapport.science.change.outcomes import Better

Letter = Literal["a", "b", "c"]


@dataclass(frozen=True)
class Criteria:
    """The three criteria in scale points; None: the sample it needs is not known.

    Attributes:
        overlap: whether the populations overlap; None: one of them is not known.
        chosen: the letter of the one to use.
        cutoff: the one to use, as ``outcome`` takes it.
    """

    a: float | None
    b: float | None
    c: float | None
    overlap: bool | None
    chosen: Letter
    cutoff: float


def criteria(
    *, better: Better, clinical: Spread | None = None, healthy: Spread | None = None
) -> Criteria:
    """Criteria a, b and c of clinically significant change, and which of them to use.

        a = M_clin - 2 SD_clin      outside the clinical population
        b = M_norm + 2 SD_norm      within the healthy one
        c = (SD_clin M_norm + SD_norm M_clin) / (SD_clin + SD_norm)      nearer to the healthy one

    Signs turn round where higher is better. With both populations c where they overlap, that is
    where a does not stop short of b, and b where they do not; with one alone, b for the healthy
    one and a for the clinical one.

    Raises:
        ValueError: no population, or the clinical one is the healthier.

    Source:
        Jacobson & Truax (1991), J Consult Clin Psychol 59(1):12-19.

    >>> found = criteria(better="higher", clinical=Spread(40, 7.5), healthy=Spread(60, 7.5))
    >>> found.a, found.b, found.c, found.chosen
    (55.0, 45.0, 50.0, 'c')
    """
    sign = -1 if better == "lower" else 1
    a = clinical.mean + sign * 2 * clinical.sd if clinical else None
    b = healthy.mean - sign * 2 * healthy.sd if healthy else None
    if clinical is None or a is None:
        if b is None:
            raise ValueError("a cut-off needs a clinical or a healthy population")
        return Criteria(a, b, None, None, "b", b)
    if healthy is None or b is None:
        return Criteria(a, b, None, None, "a", a)
    if sign * (healthy.mean - clinical.mean) <= 0:
        raise ValueError("the healthy population must answer better than the clinical one")
    c = (clinical.sd * healthy.mean + healthy.sd * clinical.mean) / (clinical.sd + healthy.sd)
    overlap = sign * (a - b) >= 0 or math.isclose(a, b)
    return Criteria(a, b, c, overlap, "c" if overlap else "b", c if overlap else b)
