"""What an adaptive test would have asked, from answers that are all known: to try a bank out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapport.science.adaptive.choosing import Bank, Ended
from rapport.science.adaptive.graded import Trait
from rapport.science.adaptive.items import BadItem


@dataclass(frozen=True)
class Step:
    """One question of a test and where the person stood after it.

    Attributes:
        answer: None where the person passed.
        trait: unchanged by an item that does not count.
        counts: whether the item belongs to the adaptive part.
    """

    key: str
    answer: int | None
    trait: Trait
    counts: bool


@dataclass(frozen=True)
class Run:
    """A whole test: its steps in order, where the person stands, why it ended."""

    steps: tuple[Step, ...]
    trait: Trait
    ended: Ended


def simulate(bank: Bank, answers: Mapping[str, int | None]) -> Run:
    """What an adaptive test would have asked somebody who answered everything.

    Args:
        answers: category by key; an item that is asked and has none counts as passed.

    Raises:
        BadItem: an answer that an item does not have, or to an item that is not there.

    >>> from rapport.science.adaptive.items import GradedItem
    >>> bank = Bank([GradedItem("a", 2.0, (0.0,)), GradedItem("b", 1.5, (0.5,))])
    >>> run = simulate(bank, {"a": 1, "b": 0})
    >>> [step.key for step in run.steps], run.ended, round(run.trait.theta, 2)
    (['a', 'b'], 'nothing left', 0.22)
    """
    _known(bank, answers)
    now = bank.sitting()
    steps = []
    while (key := now.next) is not None:
        now = now.answered(key, answers.get(key))
        steps.append(Step(key, answers.get(key), now.trait, key not in bank.always))
    assert now.ended  # nothing comes next only after the end
    return Run(tuple(steps), now.trait, now.ended)


def _known(bank: Bank, keys: Iterable[str]) -> None:
    for key in keys:
        if key not in bank.place and key not in bank.always:
            raise BadItem(f"there is no item {key}")
