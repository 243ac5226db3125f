"""A test that chooses its next question by what the answers so far leave open.

``Bank`` holds what is worked out once; ``Sitting`` is one person's test. A sitting never changes:
an answer gives a new one, so going back is keeping the old one. NumPy only: the serving process
may load it.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from rapport.science.adaptive.graded import (
    STANDARD,
    Floats,
    Prior,
    Trait,
    category,
    information,
    log_chances,
)
from rapport.science.adaptive.items import BadItem, GradedItem, distinct

TIE = 1e-9  # informations closer than this part of the highest count as equal

Ended = Literal["precise", "long enough", "nothing left"]


@dataclass(frozen=True)
class Stop:
    """When the adaptive part ends.

    Attributes:
        below_se: as soon as theta's standard error is below this; 0.3 is a reliability of
            about 0.9 where the population's standard deviation is 1.
        least: but not before so many answers.
        most: and in any case after so many questions, passed ones included.

    Raises:
        ValueError: below_se is not positive, or least and most do not fit each other.

    >>> Stop()
    Stop(below_se=0.3, least=4, most=12)
    """

    below_se: float = 0.3
    least: int = 4
    most: int = 12

    def __post_init__(self) -> None:
        if not self.below_se > 0:
            raise ValueError(f"below_se must be above 0, not {self.below_se}")
        if not 0 <= self.least <= self.most or self.most < 1:
            raise ValueError("a test has from least to most questions, and at least one")


@dataclass(frozen=True)
class Bank:
    """Calibrated items to choose from.

    Attributes:
        items: in an order that decides between equals: the earlier one is asked.
        always: keys that everybody is asked after the adaptive part, a risk item above all.
            They may lack parameters; they are never chosen and never count towards theta.
        never: keys of items that are not asked, in this setting or of this person.
        one_of: sets of keys whose content overlaps: of each, at most one is asked.

    Raises:
        BadItem: no item, two of a key, or a key in never or one_of that no item has.

    >>> items = [GradedItem("a", 2.0, (0.0,)), GradedItem("b", 1.5, (0.5,))]
    >>> Bank(items, always=("risk",)).sitting().next
    'a'
    """

    items: Sequence[GradedItem]
    always: Sequence[str] = ()
    never: frozenset[str] = frozenset()
    one_of: Sequence[frozenset[str]] = ()
    prior: Prior = STANDARD
    stop: Stop = field(default_factory=Stop)

    def __post_init__(self) -> None:
        known = {item.key for item in distinct(self.items)}
        for key in sorted(self.never.union(*self.one_of) - known):
            raise BadItem(f"there is no item {key}")
        if len(set(self.always)) < len(self.always):
            raise BadItem("an item that is always asked is named twice")

    @cached_property
    def place(self) -> Mapping[str, int]:
        """Where each key stands among the items."""
        return {item.key: n for n, item in enumerate(self.items)}

    @cached_property
    def log_chances(self) -> tuple[Floats, ...]:
        """Of each item, shape (categories, points)."""
        return tuple(log_chances(item, self.prior) for item in self.items)

    @cached_property
    def informations(self) -> Floats:
        """Of each item at each node, shape (items, points)."""
        return np.array([information(item, self.prior.nodes) for item in self.items])

    @cached_property
    def open(self) -> npt.NDArray[np.bool_]:
        """Which items the adaptive part may choose, shape (items,)."""
        shut = self.never.union(self.always)
        return np.array([item.key not in shut for item in self.items])

    def sitting(self, answers: Mapping[str, int | None] | None = None) -> "Sitting":
        """A test that nobody has answered yet, or one as far as it had come.

        Args:
            answers: as ``Sitting.answers`` had them, for a test that was put away.

        Raises:
            BadItem: these answers cannot be.

        >>> Bank([GradedItem("a", 2.0, (0.0,))]).sitting({"a": 1}).ended
        'nothing left'
        """
        now = Sitting(self)
        for key, answer in (answers or {}).items():
            now = now.answered(key, answer)
        return now


@dataclass(frozen=True)
class Sitting:
    """One person's test as far as it has come.

    Attributes:
        answers: category by key in the order asked, None where the person passed.
    """

    bank: Bank
    answers: Mapping[str, int | None] = field(default_factory=dict)

    def answered(self, key: str, answer: int | None) -> "Sitting":
        """The same after one more answer.

        Args:
            key: of the question asked; any open item is taken, not only ``next``.
            answer: its category, 0 the lowest; None if the person passes, which says nothing
                about theta and keeps the item from being asked again.

        Raises:
            BadItem: answered before, not to be asked, or with an answer that it does not have.

        >>> bank = Bank([GradedItem("a", 2.0, (0.0,)), GradedItem("b", 1.5, (0.5,))])
        >>> bank.sitting().answered("a", 1).next
        'b'
        """
        bank = self.bank
        if key in self.answers:
            raise BadItem(f"{key} was answered before")
        counts = key in bank.place and key not in bank.always
        if not counts and key not in bank.always or key in bank.never:
            raise BadItem(f"{key} is not asked here")
        if key in bank.place and answer is not None:
            category(bank.items[bank.place[key]], answer)
        after = replace(self, answers={**self.answers, key: answer})
        if counts and answer is not None:
            likely = self.log_posterior + bank.log_chances[bank.place[key]][answer]
            after.__dict__["log_posterior"] = likely  # so that a step costs one addition
        elif "log_posterior" in self.__dict__:
            after.__dict__["log_posterior"] = self.log_posterior
        return after

    @cached_property
    def log_posterior(self) -> Floats:
        """Unscaled, of theta given the answers, shape (points,)."""
        found = self.bank.prior.log_weights
        for key in self.asked:
            if (answer := self.answers[key]) is not None:
                found = found + self.bank.log_chances[self.bank.place[key]][answer]
        return found

    @cached_property
    def posterior(self) -> Floats:
        """Probability of each node given the answers, shape (points,)."""
        weights = np.exp(self.log_posterior - self.log_posterior.max())
        return np.asarray(weights / weights.sum())

    @cached_property
    def asked(self) -> tuple[str, ...]:
        """What the adaptive part has asked, passed questions included."""
        return tuple(key for key in self.answers if key not in self.bank.always)

    @cached_property
    def trait(self) -> Trait:
        """Where the person stands by the answers so far; before any, the prior."""
        weights, nodes = self.posterior, self.bank.prior.nodes
        theta = float(weights @ nodes)
        return Trait(theta, math.sqrt(float(weights @ (nodes - theta) ** 2)))

    @cached_property
    def ended(self) -> Ended | None:
        """Why the adaptive part is over, or None while it is not."""
        given = sum(self.answers[key] is not None for key in self.asked)
        if given >= self.bank.stop.least and self.trait.se < self.bank.stop.below_se:
            return "precise"
        if len(self.asked) >= self.bank.stop.most:
            return "long enough"
        return None if self._candidates.any() else "nothing left"

    @cached_property
    def owed(self) -> tuple[str, ...]:
        """What is always asked and has not been, so that a test left early says it is."""
        return tuple(key for key in self.bank.always if key not in self.answers)

    @cached_property
    def next(self) -> str | None:
        """The question to ask now; None when there is no more.

        Of the open items the one whose information, weighted by the posterior, is highest:

            sum over nodes of posterior(theta) I_i(theta)

        and between equals the earlier one. After the adaptive part, what is owed.

        Source:
            van der Linden (1998), Psychometrika 63:201-216.
        """
        if self.ended:
            return self.owed[0] if self.owed else None
        expected = np.where(self._candidates, self.expected_information, -1.0)
        best = int(np.argmax(expected >= expected.max() * (1 - TIE)))
        return self.bank.items[best].key

    @cached_property
    def expected_information(self) -> Floats:
        """Of every item, weighted by the posterior, shape (items,)."""
        return np.asarray(self.bank.informations @ self.posterior)

    @cached_property
    def _candidates(self) -> npt.NDArray[np.bool_]:
        shut: set[str] = set(self.asked)
        for overlapping in self.bank.one_of:
            if not overlapping.isdisjoint(self.asked):
                shut |= overlapping
        candidates = self.bank.open.copy()
        candidates[[self.bank.place[key] for key in shut]] = False
        return candidates
