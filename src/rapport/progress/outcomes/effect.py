"""How far a group's mean moved, in spreads of first scores. Pure."""

from dataclasses import dataclass
from typing import Any

from rapport.science.change import Better

from .rules import Tally


@dataclass(frozen=True)
class Effect:
    """An effect with what it was made of.

    Attributes:
        found: as ``effects.d_pre`` gives it.
        everybody: of how many the spread is, where it is that of everybody; None: it is the
            group's own.
    """

    found: Any
    everybody: int | None = None


def effect(tally: Tally, *, better: Better, among: Tally | None = None) -> Effect | None:
    """``effects.d_pre`` of the pairs, with a 95 % interval; None: nothing to take it from.

    Args:
        among: everybody, where these were chosen by their first score.
    """
    from rapport.science import effects  # noqa: PLC0415  NumPy, for these pages alone

    group, whole = _ends(tally), _ends(among) if among is not None else None
    if group is None:
        return None
    found = effects.d_pre(group, better=better, among=whole)
    return Effect(found, None if whole is None else whole.n)


def _ends(tally: Tally) -> Any:
    from rapport.science import effects  # noqa: PLC0415

    ends: Any = tally.ends()
    return ends and effects.Paired(**ends, starters=tally.clients)
