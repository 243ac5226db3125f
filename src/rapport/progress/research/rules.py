"""Making rows coarse until nobody stands alone. Pure: no database, no clock, no chance."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LEAST, MOST, USUAL = 5, 50, 10
"""How many must look alike: bounds of what may be asked for, and what is usual.

Source: Sweeney (2002), Int J Uncertain Fuzz 10(5):557-570; European Medicines Agency, Policy 0070
(a group of 11 and more) and US CMS cell size policy (11 and more) lie near the usual ten.
"""
COARSER = ("year", "modality", "problem", "age")
"""What is taken from a row that would stand out, in this order."""
ANY = ""
AGES = ((18, "under 18"), (30, "18-29"), (40, "30-39"), (50, "40-49"), (60, "50-59"), (70, "60-69"))
OLDEST = "70 and over"
STAYS = ((1, "0"), (5, "1-4"), (10, "5-9"), (20, "10-19"), (40, "20-39"))
LONGEST = "40 and more"


@dataclass(frozen=True)
class Anonymous:
    """Rows of which at least k are alike in what others may know of somebody.

    Attributes:
        rows: by position; None: left out, even without any of it they were too few.
        coarsened: how many rows lost each of COARSER.
        smallest: rows in the smallest group that is left; 0: there is none.
    """

    rows: tuple[Mapping[str, str] | None, ...]
    coarsened: Mapping[str, int]
    smallest: int


def anonymous(rows: Sequence[Mapping[str, str]], *, k: int) -> Anonymous:
    """Take from rows in groups of fewer than ``k`` one fact after another, until none is.

    Args:
        rows: each with the keys of COARSER; what nobody said is ANY.
        k: how many must be alike, LEAST to MOST.

    Raises:
        ValueError: k out of bounds.
    """
    if not LEAST <= k <= MOST:
        raise ValueError(f"k must be from {LEAST} to {MOST}, got {k}")
    made = [dict(row) for row in rows]
    coarsened: Counter[str] = Counter()
    for name in COARSER:
        sizes = _sizes(made)
        for row in made:
            if sizes[_group(row)] < k and row[name] != ANY:
                row[name] = ANY
                coarsened[name] += 1
    sizes = _sizes(made)
    kept = tuple(row if sizes[_group(row)] >= k else None for row in made)
    left = [n for n in sizes.values() if n >= k]
    return Anonymous(kept, {name: coarsened[name] for name in COARSER}, min(left, default=0))


def _group(row: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(row[name] for name in COARSER)


def _sizes(rows: Sequence[Mapping[str, str]]) -> Counter[tuple[str, ...]]:
    return Counter(_group(row) for row in rows)


def age_band(years: int | None) -> str:
    """Ten years of age; ANY where the birthday is not known.

    >>> age_band(17), age_band(18), age_band(70), age_band(None)
    ('under 18', '18-29', '70 and over', '')
    """
    if years is None:
        return ANY
    return next((words for below, words in AGES if years < below), OLDEST)


def sessions_band(kept: int) -> str:
    """How many sessions, coarsely: an exact number may be known to others.

    >>> sessions_band(0), sessions_band(4), sessions_band(12), sessions_band(60)
    ('0', '1-4', '10-19', '40 and more')
    """
    return next((words for below, words in STAYS if kept < below), LONGEST)
