"""Daily ratings of many people at once, for statistics; one person's are ``daily``'s."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rapport.science.daily import DUST, ENOUGH, LEAST_PAIRS

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.intp]
AT_ONCE = 1024  # people worked on together: few calls, and most days in a processor's cache


@dataclass(frozen=True)
class Panel:
    """One entry a person; NaN where too few points allow none. As in ``daily.Daily``.

    Attributes:
        smooth: float64, (people, days): the mean of the last seven days; NaN where fewer than
            four answers lie in them.
    """

    n: Counts
    compliance: Floats
    mean: Floats
    sd: Floats
    pairs: Counts
    mssd: Floats
    inertia: Floats
    smooth: Floats

    @property
    def rmssd(self) -> Floats:
        return np.sqrt(self.mssd)

    @property
    def bias(self) -> Floats:
        return -(2 + 4 * self.inertia) / np.maximum(self.pairs, 1)


def describe(
    values: Floats, *, expected: Counts | None = None, days: int = 7, least: int = 4
) -> Panel:
    """All figures of every person.

    >>> import numpy as np
    >>> found = describe(np.array([[20, 18, 17, np.nan, 15, 14, 14, 10]]))
    >>> found.n.tolist(), found.pairs.tolist(), found.mssd.tolist(), found.inertia.tolist()
    ([7], [5], [4.4], [nan])

    Args:
        values: shape (people, days), in any unit; NaN: not asked, or no answer.
        expected: how often each was asked; left out: on every day.
        days: length of the window of ``smooth``, which ends with the day.
        least: answers that the window must hold.

    Raises:
        ValueError: no table, no day, an infinite value, more answers than expected, a window
            or a least number below one.

    Source:
        As ``daily.mssd`` and ``daily.inertia``.
    """
    values = np.asarray(values, np.float64)
    if values.ndim != 2 or not values.shape[1]:
        raise ValueError("values are a table with a row for each person and a column for each day")
    if days < 1 or least < 1:
        raise ValueError("the window and the least number of answers must be above zero")
    people, length = values.shape
    n, pairs = np.empty((2, people), np.intp)
    mean, sd, mssd, inertia = np.empty((4, people))
    smooth = np.empty((people, length))
    with np.errstate(invalid="ignore", divide="ignore"):
        for start in range(0, people, AT_ONCE):
            here = slice(start, start + AT_ONCE)
            known = values[here].copy()
            there = 1.0 - np.isnan(known)
            known[there == 0] = 0.0
            if not np.isfinite(known).all():
                raise ValueError("every value is a finite number, or NaN where there is none")
            both = there[:, 1:] * there[:, :-1]
            n[here], pairs[here] = there.sum(1), both.sum(1)
            mean[here] = known.sum(1) / n[here]
            smooth[here] = _smooth(known, there, days, least)
            jumps = known[:, 1:] - known[:, :-1]
            jumps *= both
            mssd[here] = _dot(jumps, jumps) / pairs[here]
            known -= mean[here, None]
            known *= there
            sd[here] = np.sqrt(np.where(n[here] > 1, _dot(known, known) / (n[here] - 1), np.nan))
            inertia[here] = _inertia(known, there, both, n[here], pairs[here], mean[here])
    if expected is None:
        expected = np.full(people, length, np.intp)
    if (n > expected).any() or (expected < 1).any():
        raise ValueError("somebody answered more often than expected, or was never asked")
    return Panel(n, n / expected, mean, sd, pairs, mssd, inertia, smooth)


def _dot(one: Floats, other: Floats) -> Floats:
    found: Floats = np.einsum("ij,ij->i", one, other)
    return found


def _smooth(known: Floats, there: Floats, days: int, least: int) -> Floats:
    """Means over a trailing window."""
    held, added = np.cumsum(there, axis=1), np.cumsum(known, axis=1)
    held[:, days:] -= held[:, :-days].copy()
    added[:, days:] -= added[:, :-days].copy()
    held[held < least] = np.nan
    added /= held
    return added


def _inertia(
    centred: Floats, there: Floats, both: Floats, n: Counts, pairs: Counts, mean: Floats
) -> Floats:
    """Lag-1 autocorrelation of the residuals beside each person's own line."""
    time = np.arange(centred.shape[1], dtype=np.float64)
    middle = there @ time / n
    spread = there @ (time * time) - n * middle * middle
    slope = centred @ time / spread
    left = centred - slope[:, None] * (time - middle[:, None])
    first, second = left[:, :-1] * both, left[:, 1:] * both
    one, other = first.sum(1), second.sum(1)
    product = _dot(first, second) - one * other / pairs
    squares = _dot(first, first) - one * one / pairs
    others = _dot(second, second) - other * other / pairs
    size = np.maximum(centred.max(1), -centred.min(1)) + np.abs(mean)
    room = np.sqrt(squares * others)
    told = (n >= ENOUGH) & (pairs >= LEAST_PAIRS) & (room > pairs * (DUST * size) ** 2)
    return np.where(told, np.clip(product / room, -1, 1), np.nan)
