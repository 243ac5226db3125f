"""What is known of the people somebody's scores are compared with."""

import math
from dataclasses import dataclass

from rapport.science.change.reliable import Norm


def finite(**numbers: float) -> None:
    """
    Raises:
        ValueError: one of ``numbers`` is NaN or infinite.
    """
    for name, number in numbers.items():
        if not math.isfinite(number):
            raise ValueError(f"{name} must be a number, got {number}")


@dataclass(frozen=True)
class Spread:
    """Where a group's scores lie: mean and standard deviation, in scale points."""

    mean: float
    sd: float

    def __post_init__(self) -> None:
        finite(mean=self.mean)
        if not (math.isfinite(self.sd) and self.sd > 0):
            raise ValueError(f"sd must be positive, got {self.sd}")


@dataclass(frozen=True, kw_only=True)
class Sample(Norm):
    """A ``Norm`` whose mean is known too: where scores drift back to, in scale points."""

    mean: float

    def __post_init__(self) -> None:
        super().__post_init__()
        finite(mean=self.mean)


@dataclass(frozen=True, kw_only=True)
class Twice:
    """A group that answered the same questionnaire on two occasions.

    Attributes:
        earlier, later: mean and standard deviation on each occasion.
        correlation: between the two occasions, -1 < r < 1, no unit.
        n: how many people answered both times, at least 3.
    """

    earlier: Spread
    later: Spread
    correlation: float
    n: int

    def __post_init__(self) -> None:
        if not -1 < self.correlation < 1:
            raise ValueError(f"correlation must be in (-1, 1), got {self.correlation}")
        if self.n < 3:
            raise ValueError(f"a group has 3 people or more, got {self.n}")

    @property
    def shift(self) -> float:
        """How far the group's mean moved, later minus earlier, in scale points."""
        return self.later.mean - self.earlier.mean

    @property
    def sd_change(self) -> float:
        """Standard deviation of the group's differences, in scale points."""
        one, other = self.earlier.sd, self.later.sd
        return math.sqrt(one**2 + other**2 - 2 * one * other * self.correlation)
