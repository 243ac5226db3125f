"""Many tests at once: which of them may be called found."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Discoveries:
    """One entry a test.

    Attributes:
        adjusted: the smallest share of false discoveries at which a test would be one.
        found: which are.
    """

    adjusted: npt.NDArray[np.float64]
    found: npt.NDArray[np.bool_]
    false_share: float


def discoveries(p: npt.ArrayLike, *, false_share: float = 0.05) -> Discoveries:
    """Call as many tests found as keep the expected share of false ones among them bounded.

        found: the k smallest, for the largest k with p(k) <= k false_share / m

    Args:
        p: shape (tests,), from 0 to 1, of independent tests.

    Source:
        Benjamini & Hochberg (1995), J R Stat Soc B 57(1):289-300.

    >>> discoveries([0.001, 0.03, 0.9, 0.04]).adjusted.round(4).tolist()
    [0.004, 0.0533, 0.9, 0.0533]
    """
    given = np.asarray(p, np.float64)
    if given.ndim != 1 or not ((given >= 0) & (given <= 1)).all():
        raise ValueError("p-values are one column of numbers from 0 to 1")
    if not 0 < false_share < 1:
        raise ValueError(f"false_share must be in (0, 1), got {false_share}")
    many = len(given)
    order = np.argsort(given)
    stepped = given[order] * many / np.arange(1, many + 1)
    adjusted = np.empty(many)
    adjusted[order] = np.minimum(np.minimum.accumulate(stepped[::-1])[::-1], 1.0)
    return Discoveries(adjusted, adjusted <= false_share, false_share)
