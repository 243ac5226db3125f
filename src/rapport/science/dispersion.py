"""How much more units differ than chance and their size explain.

Source:
    Spiegelhalter (2005), Stat Med 24(8):1185-1202; DerSimonian & Laird (1986), Control Clin Trials
    7(3):177-188.
"""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

TRIMMED = 0.1  # of the units at each end, before over-dispersion is measured
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Dispersion:
    """How much more units differ than chance makes them.

    Attributes:
        phi: winsorised mean of squared z-scores; 1 if chance is all.
        tau2: variance between units, in the square of the plot's unit; 0: none that shows.
        trimmed: share of units whose z-scores were pulled in at each end.
    """

    phi: float
    tau2: float
    trimmed: float


def over_dispersion(
    z: Floats, error: Floats, *, trimmed: float = TRIMMED, consistent: bool = True
) -> Dispersion:
    """Measure how much more units differ than their standard errors explain.

        phi  = mean of z^2, with the outermost z pulled in to the quantiles, / c
        tau2 = (I phi - (I - 1)) / (sum w - sum w^2 / sum w),  w = 1 / error^2

    The second is DerSimonian and Laird's, zero where it would be negative. Pulling in keeps a few
    units that do differ from hiding behind the spread they cause themselves. It also takes from
    the spread of those that do not, which c makes good: 0.68 for a tenth at each end of a normal
    distribution. The published formula has c = 1, finds less variance than there is, and so calls
    more units different.

    Args:
        consistent: whether to divide by c.
        z, error: shape (units,), 2 or more; z without over-dispersion, errors > 0.

    >>> found = over_dispersion(np.array([-2.0, 2, -2, 2]), np.full(4, 0.1), trimmed=0)
    >>> found.phi, round(found.tau2, 4)
    (4.0, 0.0433)
    """
    if len(z) < 2 or z.shape != error.shape:
        raise ValueError("over-dispersion needs two units or more, each with its error")
    if not 0 <= trimmed < 0.5:
        raise ValueError(f"trimmed must be in [0, 0.5), got {trimmed}")
    units = len(z)
    low, high = np.quantile(z, [trimmed, 1 - trimmed])
    phi = float(np.square(np.clip(z, low, high)).mean())
    phi /= _left_by_pulling_in(trimmed) if consistent else 1.0
    w = 1 / np.square(error)
    among = w.sum() - np.square(w).sum() / w.sum()
    return Dispersion(phi, max(0.0, float((units * phi - (units - 1)) / among)), trimmed)


def _left_by_pulling_in(trimmed: float) -> float:
    """The mean square of a standard normal variable whose tails are pulled in."""
    if not trimmed:
        return 1.0
    normal = NormalDist()
    end = normal.inv_cdf(1 - trimmed)
    return 1 - 2 * trimmed - 2 * end * normal.pdf(end) + 2 * trimmed * end**2
