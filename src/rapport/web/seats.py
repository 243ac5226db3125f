"""Where words may stand in a drawing without covering anything. Pure; lengths in drawing units."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Box(NamedTuple):
    """What something covers."""

    left: float
    top: float
    right: float
    foot: float

    def meets(self, other: "Box") -> bool:
        """Whether the two cover a place in common."""
        beside = self.right <= other.left or other.right <= self.left
        return not (beside or self.foot <= other.top or other.foot <= self.top)


class Seat(NamedTuple):
    """Where words are written: ``x`` is their ``start`` or their ``end``, ``y`` their foot."""

    x: float
    y: float
    anchor: str = "start"

    def box(self, words: str, letters: float) -> Box:
        """What they cover, about.

        Args:
            letters: the size of the type.
        """
        long = len(words) * letters * 0.55
        left = self.x if self.anchor == "start" else self.x - long
        return Box(left, self.y - letters * 0.8, left + long, self.y + 2)


def free(words: str, letters: float, seats: Sequence[Seat], taken: Iterable[Box]) -> Seat | None:
    """The first of ``seats`` on which nothing else stands; None: something does on each."""
    others = list(taken)
    for seat in seats:
        if not any(seat.box(words, letters).meets(one) for one in others):
            return seat
    return None
