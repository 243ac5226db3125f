"""Many pairs of scores judged at once, for statistics; a single pair is ``change``'s."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from rapport.science.change import Z_95, Better, Class, Norm

CLASSES: tuple[Class, ...] = ("recovered", "improved", "unchanged", "deteriorated")
UNKNOWN = -1
AT_ONCE = 1 << 15  # rows worked on together, all of it in a processor's cache
# By what is known of a row: 1 reliable, 2 better, 4 worse, 8 crossed.
_TABLE = np.array(
    [
        2 if not row & 1 or not row & 6 else 3 if row & 4 else 0 if row & 8 else 1
        for row in range(16)
    ],
    np.int8,
)


@dataclass(frozen=True)
class Changes:
    """One entry a row.

    Attributes:
        index: float64, the change in units of its standard error; NaN where a score is missing.
        name: int8, an index into ``CLASSES``; -1 where a score is missing.
        crossed: bool, from the clinical range into the other one, by whatever change.
        needed: how many points a change must exceed.
    """

    index: npt.NDArray[np.float64]
    name: npt.NDArray[np.int8]
    crossed: npt.NDArray[np.bool_]
    needed: float

    def counts(self) -> dict[str, int]:
        """How many rows are of each class; rows without one are left out.

        >>> judge(np.array([18, 18, 9.0]), np.array([6, 12, 16.0]), norm=Norm(5, 0.84),
        ...     better="lower", cutoff=10).counts()
        {'recovered': 1, 'improved': 1, 'unchanged': 0, 'deteriorated': 1}
        """
        found = np.bincount(self.name[self.name != UNKNOWN], minlength=len(CLASSES))
        return dict(zip(CLASSES, found.tolist(), strict=True))


def judge(
    earlier: npt.NDArray[np.float64],
    later: npt.NDArray[np.float64],
    *,
    norm: Norm,
    better: Better,
    cutoff: float,
    threshold: float = Z_95,
) -> Changes:
    """Reliable and clinically significant change of every pair.

    Row by row what ``change.reliable_change`` and ``change.outcome`` say.

    Args:
        earlier, later: shape (rows,), in scale points; NaN where there is no score.
        cutoff: the first point of the clinical range, seen from the healthy side.

    Raises:
        ValueError: lengths that differ, or more than one dimension.

    >>> found = judge(np.array([18.0, np.nan]), np.array([6.0, 3.0]), norm=Norm(5, 0.84),
    ...     better="lower", cutoff=10)
    >>> found.name.tolist(), round(found.needed, 2)
    ([0, -1], 5.54)
    """
    earlier, later = np.asarray(earlier, np.float64), np.asarray(later, np.float64)
    if earlier.ndim != 1 or earlier.shape != later.shape:
        raise ValueError(f"scores are two columns alike, got {earlier.shape} and {later.shape}")
    if not math.isfinite(cutoff):
        raise ValueError(f"cutoff must be a number, got {cutoff}")
    rows = len(earlier)
    s_diff = math.sqrt(2) * (norm.sd * math.sqrt(1 - norm.reliability))
    found = Changes(
        np.empty(rows), np.empty(rows, np.int8), np.empty(rows, np.bool_), threshold * s_diff
    )
    for start in range(0, rows, AT_ONCE):
        here = slice(start, start + AT_ONCE)
        one, other, index = earlier[here], later[here], found.index[here]
        np.subtract(other, one, out=index)
        np.divide(index, s_diff, out=index)
        crossed = _crossed(one, other, better, cutoff)
        known = (np.abs(index) > threshold).view(np.int8)
        down, up = (index < 0).view(np.int8), (index > 0).view(np.int8)
        good, bad = (down, up) if better == "lower" else (up, down)
        known |= good << 1
        known |= bad << 2
        known |= crossed.view(np.int8) << 3
        found.crossed[here] = crossed
        np.take(_TABLE, known, out=found.name[here], mode="clip")
        missing = np.isnan(index)
        if missing.any():
            found.name[here][missing] = UNKNOWN
            found.crossed[here][missing] = False
    return found


def _crossed(one: Any, other: Any, better: Better, cutoff: float) -> Any:
    """As ``outcome`` has it: the cut-off itself is still clinical."""
    if better == "lower":
        return (one >= cutoff) & (other < cutoff)
    return (one <= cutoff) & (other > cutoff)
