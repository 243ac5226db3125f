"""Many single cases at once, for statistics over a practice; one case is ``single_case``'s."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rapport.science.single_case import ENOUGH, Better
from rapport.science.trend import z_of

Floats = npt.NDArray[np.float64]
AT_ONCE = 1 << 12  # cases worked on together, so that their pairs stay in a processor's cache
HALVINGS = 50


@dataclass(frozen=True)
class Naps:
    """One entry a case; as in ``single_case.Nap``.

    Attributes:
        variance: the unbiased estimate, below zero now and then; NaN where a phase has one
            point. The standard error is its root.
        tau_u: as in ``single_case.tau_u``.
    """

    nap: Floats
    variance: Floats
    low: Floats
    high: Floats
    tau_u: Floats
    before: npt.NDArray[np.intp]
    after: npt.NDArray[np.intp]
    enough: npt.NDArray[np.bool_]

    @property
    def tau(self) -> Floats:
        return 2 * self.nap - 1


def nap(before: Floats, after: Floats, *, better: Better, confidence: float = 0.95) -> Naps:
    """NAP, its interval and Tau-U of every case.

    >>> import numpy as np
    >>> found = nap(np.array([[3, 3, 4, 5.0]]), np.array([[4, 5, 6, 7, 7.0]]), better="higher")
    >>> found.tau.round(2).tolist(), found.tau_u.tolist()
    ([0.8], [0.55])

    Args:
        before: earlier scores in the order of the sessions, shape (cases, most sessions
            before), NaN where a case has no score.
        after: later ones, shape (cases, most sessions after).
        better: which way is improvement.
        confidence: of the interval, above 0 and below 1.

    Raises:
        ValueError: shapes that do not fit, an infinite score, a case without any score in a
            phase.

    Source:
        As ``single_case.nap`` and ``single_case.tau_u``.
    """
    before, after = np.asarray(before, np.float64), np.asarray(after, np.float64)
    if before.ndim != 2 or after.ndim != 2 or len(before) != len(after):
        raise ValueError("both phases are tables with one row for each case")
    if np.isinf(before).any() or np.isinf(after).any():
        raise ValueError("every score is a finite number, or NaN where there is none")
    m, n = (~np.isnan(before)).sum(1), (~np.isnan(after)).sum(1)
    if len(before) and not min(m.min(), n.min()):
        raise ValueError("each phase of each case needs one score or more")
    if better == "lower":
        before, after = -before, -after
    share, variance, tau_u = np.empty((3, len(before)))
    for start in range(0, len(before), AT_ONCE):
        here = slice(start, start + AT_ONCE)
        counted = _pairs(before[here], after[here], m[here], n[here])
        share[here], variance[here], tau_u[here] = counted
    low = _bound(share, m, n, z_of(confidence))
    high = 1 - _bound(1 - share, m, n, z_of(confidence))
    return Naps(share, variance, low, high, tau_u, m, n, np.minimum(m, n) >= ENOUGH)


def _pairs(
    before: Floats, after: Floats, m: npt.NDArray[np.intp], n: npt.NDArray[np.intp]
) -> tuple[Floats, Floats, Floats]:
    """NAP, its variance and Tau-U."""
    won = (after[:, None, :] > before[:, :, None]).astype(np.float64)
    tied = (after[:, None, :] == before[:, :, None]).astype(np.float64)
    q = won + 0.5 * tied
    total = q.sum((1, 2))
    share = total / (m * n)
    by_row, by_column = (q.sum(2) ** 2).sum(1), (q.sum(1) ** 2).sum(1)
    squares = total - 0.25 * tied.sum((1, 2))
    with np.errstate(invalid="ignore", divide="ignore"):
        variance = share - (m + n - 1) * share**2 + (by_row + by_column - 2 * squares) / (m * n)
        variance = np.where(np.minimum(m, n) > 1, variance / ((m - 1) * (n - 1)), np.nan)
    trend = np.zeros(len(before))
    for k in range(1, before.shape[1]):
        now, then = before[:, k, None], before[:, :k]
        trend += (now > then).sum(1) - (now < then).sum(1).astype(np.float64)
    return share, variance, 2 * share - 1 - trend / (m * n)


def _bound(share: Floats, m: npt.NDArray[np.intp], n: npt.NDArray[np.intp], z: float) -> Floats:
    """The lower end of the interval, by halving."""
    h, pairs = (m + n) / 2 - 1, m * n
    outside, inside = np.zeros_like(share), share.copy()
    for _ in range(HALVINGS):
        x = (outside + inside) / 2
        room = x * (1 - x)
        gap = pairs * (share - x) ** 2 * (2 - x) * (1 + x)
        below = gap > z * z * room * (2 + h + (1 + 2 * h) * room)
        outside, inside = np.where(below, x, outside), np.where(below, inside, x)
    return (outside + inside) / 2
