"""Small numbers are hidden before anybody sees them, and so is what would give them away."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

LEAST = 10


@dataclass(frozen=True)
class Hidden:
    """A row of counts that may be shown.

    Attributes:
        cells: in the order given; None: hidden.
        total: of all cells, hidden ones too; None: hidden, because it would give them away.
    """

    cells: tuple[int | None, ...]
    total: int | None


def suppressed(counts: Sequence[int], *, least: int = LEAST, also: Collection[int] = ()) -> Hidden:
    """Hide every count below ``least``, and so many others that the total tells none of them.

    Hidden cells share what is left of the total. There are always two of them or more, together
    they come to ``least`` or more, and not to the most that so many small cells can come to: the
    smallest of the shown ones are hidden as well until that is so. Where all are hidden and it
    still is not, the total is hidden too.

    For one row with its total. Tables with totals on both sides need each row and each column
    looked at together, which this does not do.

    Args:
        counts: whole numbers from 0 on. least: the smallest number that may be shown.
        also: places of counts that are hidden already, for a reason of another row.

    >>> suppressed([40, 12, 3, 25])
    Hidden(cells=(40, None, None, 25), total=80)
    >>> suppressed([4, 2])
    Hidden(cells=(None, None), total=None)
    >>> suppressed([40, 12, 11], also=[0])
    Hidden(cells=(None, 12, None), total=63)
    """
    if any(count < 0 or int(count) != count for count in counts):
        raise ValueError("counts are whole numbers from zero on")
    if least < 2:
        raise ValueError(f"the smallest number to show is at least 2, got {least}")
    hidden = {n for n, count in enumerate(counts) if count < least or n in also}
    while hidden and not _safe([counts[n] for n in hidden], least):
        if len(hidden) == len(counts):
            return Hidden((None,) * len(counts), None)
        smallest = min(count for n, count in enumerate(counts) if n not in hidden)
        hidden |= {n for n, count in enumerate(counts) if count == smallest}  # a choice would tell
    cells = tuple(None if n in hidden else int(count) for n, count in enumerate(counts))
    return Hidden(cells, sum(counts))


def _safe(hidden: Sequence[int], least: int) -> bool:
    at_most = all(count == least - 1 for count in hidden)  # then their sum tells each of them
    return len(hidden) > 1 and sum(hidden) >= least and not at_most
