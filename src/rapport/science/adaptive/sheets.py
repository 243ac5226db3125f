"""Many sheets at once: where everybody stands, each distinct pattern of answers worked out once."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
import numpy.typing as npt

from rapport.science.adaptive.graded import (
    STANDARD,
    Floats,
    Prior,
    Traits,
    log_chances,
    moments,
)
from rapport.science.adaptive.items import BadItem, GradedItem, distinct

MISSING = -1
MOST_PATTERNS = 1 << 21  # a table of that many takes 32 MB
AT_ONCE = 1 << 14  # rows worked on together


def estimate(
    items: Sequence[GradedItem], block: npt.NDArray[np.int8], *, prior: Prior = STANDARD
) -> Traits:
    """Where the people of many sheets stand. Every distinct pattern is worked out once.

    Args:
        block: shape (rows, items), int8, -1 unanswered, in the order of ``items``. Fastest
            column by column in memory (Fortran order).

    Returns:
        Traits. A row without any answer has the prior's mean and standard deviation.

    Raises:
        BadItem: a block of another shape or type, or with an answer that an item does not have.

    >>> one = GradedItem("x", 2.0, (0.0,))
    >>> estimate([one], np.array([[1], [-1]], np.int8)).theta.round(2) + 0.0
    array([0.61, 0.  ])
    """
    items = distinct(items)
    checked(items, block)
    complete = bool(block.size) and int(block.min()) > MISSING
    if patterns_of(items, complete) > MOST_PATTERNS or len(block) < AT_ONCE:
        patterns, back = np.unique(block, axis=0, return_inverse=True)
        found = _each(items, patterns, prior)
        return Traits(found.theta[back.ravel()], found.se[back.ravel()])
    return PatternTable.of(items, complete=complete, prior=prior).look_up(block)


def patterns_of(items: Sequence[GradedItem], complete: bool) -> int:
    """How many ways there are to answer, with unanswered as one more answer if not complete.

    >>> patterns_of([GradedItem("x", 2.0, (0.0,))], complete=False)
    3
    """
    return prod(item.categories + (not complete) for item in items)


def checked(items: Sequence[GradedItem], block: npt.NDArray[np.int8]) -> None:
    """
    Raises:
        BadItem: ``block`` holds no answers to ``items``.

    >>> checked([GradedItem("x", 2.0, (0.0,))], np.array([[1]], np.int8))
    """
    if block.dtype != np.int8 or block.ndim != 2 or block.shape[1] != len(items):
        raise BadItem(f"a block is int8 and has {len(items)} columns")
    for n, item in enumerate(items):
        column = block[:, n]
        if len(column) and (column.min() < MISSING or column.max() >= item.categories):
            raise BadItem(f"{item.key}: answers run from 0 to {item.categories - 1}, or are -1")


@dataclass(frozen=True)
class PatternTable:
    """Every way to answer a short questionnaire, worked out beforehand.

    Attributes:
        items: in the order of a block's columns.
        complete: whether only sheets with every item answered can be looked up; there are far
            fewer of them.
        traits: one entry a pattern, numbered as a number whose digits are the answers.
    """

    items: tuple[GradedItem, ...]
    complete: bool
    traits: Traits

    @classmethod
    def of(
        cls, items: Sequence[GradedItem], *, complete: bool = False, prior: Prior = STANDARD
    ) -> "PatternTable":
        """The table of ``items``.

        The likelihood of a pattern is that of its first half times that of its second, so all
        moments of all patterns are three products of two small matrices.

        Raises:
            BadItem: there are more than ``MOST_PATTERNS`` patterns; use ``estimate``.

        >>> table = PatternTable.of([GradedItem("x", 2.0, (0.0,))])
        >>> table.look_up(np.array([[1]], np.int8)).theta.round(2)
        array([0.61])
        """
        items = distinct(items)
        if (count := patterns_of(items, complete)) > MOST_PATTERNS:
            raise BadItem(f"{count} patterns are too many for a table")
        half = (len(items) + 1) // 2
        first = _likelihoods(items[:half], complete, prior)
        second = _likelihoods(items[half:], complete, prior) * np.exp(prior.log_weights)
        total = first @ second.T
        theta = (first @ (second * prior.nodes).T) / total
        square = (first @ (second * prior.nodes**2).T) / total
        se = np.sqrt(np.maximum(square - theta**2, 0.0))
        return cls(items, complete, Traits(theta.ravel(), se.ravel()))

    def look_up(self, block: npt.NDArray[np.int8]) -> Traits:
        """Where the people of ``block`` stand; see ``estimate``.

        Raises:
            BadItem: also if an answer is missing and the table is of complete sheets.
        """
        checked(self.items, block)
        if self.complete and block.size and block.min() == MISSING:
            raise BadItem("an answer is missing, and this table is of complete sheets")
        theta, se = np.empty(len(block)), np.empty(len(block))
        for start in range(0, len(block), AT_ONCE):
            here = slice(start, start + AT_ONCE)
            numbers = self._numbers(block[here])
            np.take(self.traits.theta, numbers, out=theta[here], mode="clip")
            np.take(self.traits.se, numbers, out=se[here], mode="clip")
        return Traits(theta, se)

    def _numbers(self, block: npt.NDArray[np.int8]) -> npt.NDArray[np.intp]:
        numbers = np.zeros(len(block), np.int32)
        for n, item in enumerate(self.items):
            numbers *= item.categories + (not self.complete)
            numbers += block[:, n]
            if not self.complete:
                numbers += 1
        return numbers.astype(np.intp)


def _likelihoods(items: Sequence[GradedItem], complete: bool, prior: Prior) -> Floats:
    """Of every pattern of ``items``, unanswered first, shape (patterns, points)."""
    found = np.ones((1, prior.points))
    for item in items:
        ways = np.exp(log_chances(item, prior))
        if not complete:
            ways = np.vstack([np.ones(prior.points), ways])
        found = (found[:, np.newaxis, :] * ways).reshape(-1, prior.points)
    return found


def _each(items: Sequence[GradedItem], patterns: npt.NDArray[np.int8], prior: Prior) -> Traits:
    tables = [np.vstack([log_chances(item, prior), np.zeros(prior.points)]) for item in items]
    theta, se = np.empty(len(patterns)), np.empty(len(patterns))
    for start in range(0, len(patterns), AT_ONCE):
        here = slice(start, start + AT_ONCE)
        rows = patterns[here].astype(np.intp)
        posterior = np.tile(prior.log_weights, (len(rows), 1))
        for n, table in enumerate(tables):
            posterior += table[rows[:, n]]  # -1 is the last row, which adds nothing
        found = moments(posterior, prior.nodes)
        theta[here], se[here] = found.theta, found.se
    return Traits(theta, se)
