"""What is known of an item from a calibration. Plain Python, so that a library file can hold it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


class BadItem(ValueError):
    """Parameters that no graded item can have, or an answer that an item does not have."""


@dataclass(frozen=True)
class GradedItem:
    """An item of Samejima's graded response model, logistic, without a scaling constant.

        P(X >= k | theta) = 1 / (1 + exp(-a (theta - b_k))),  k = 1 .. m - 1

    Attributes:
        key: what the item is called.
        discrimination: a, per unit of theta, > 0.
        thresholds: b_1 < b_2 < ..., on theta's scale: where an answer of k or more becomes as
            likely as one below k. One fewer than the item has categories.

    Raises:
        BadItem: a is not positive, there is no threshold, they do not rise, or one is no number.

    Source:
        Samejima (1969), Psychometrika Monograph Supplement 17.

    >>> GradedItem("sleep", 1.7, (-0.5, 0.4, 1.6)).categories
    4
    """

    key: str
    discrimination: float
    thresholds: tuple[float, ...]

    def __post_init__(self) -> None:
        if not (math.isfinite(self.discrimination) and self.discrimination > 0):
            raise BadItem(f"{self.key}: discrimination must be above 0, not {self.discrimination}")
        if not self.thresholds:
            raise BadItem(f"{self.key}: an item has at least one threshold")
        if not all(math.isfinite(one) for one in self.thresholds):
            raise BadItem(f"{self.key}: every threshold must be a number")
        for low, high in zip(self.thresholds, self.thresholds[1:], strict=False):
            if not low < high:
                raise BadItem(f"{self.key}: thresholds must rise, and {high} follows {low}")

    @property
    def categories(self) -> int:
        """How many answers it has; they count 0, 1, ... up to one less than this."""
        return len(self.thresholds) + 1


def distinct(items: Sequence[GradedItem]) -> tuple[GradedItem, ...]:
    """``items`` as they are, where there are some and no two have the same key.

    Raises:
        BadItem: there are none, or two share a key.

    >>> len(distinct([GradedItem("a", 1.0, (0.0,)), GradedItem("b", 1.0, (0.0,))]))
    2
    """
    keys = [item.key for item in items]
    if not keys:
        raise BadItem("there is no item")
    if len(set(keys)) < len(keys):
        twice = next(key for key in keys if keys.count(key) > 1)
        raise BadItem(f"two items are called {twice}")
    return tuple(items)
