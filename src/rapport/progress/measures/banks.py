"""Item banks as data (library kind ``item_banks``): calibrated parameters, never item text.

A bank's items are shells. Their words belong to whoever holds the rights, and a practice that has
them types them in; what an answer says about the trait is a fact and stands here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from rapport.core import library
from rapport.progress.measures.published import Evidence
from rapport.science.adaptive.items import GradedItem, distinct


@dataclass(frozen=True, kw_only=True)
class ItemOf:
    """One item's parameters in the graded response model: discrimination and thresholds."""

    key: str
    a: float
    b: list[float]

    def __post_init__(self) -> None:
        _ = self.graded  # it refuses what cannot be

    @property
    def graded(self) -> GradedItem:
        """The same for the arithmetic."""
        return GradedItem(self.key, float(self.a), tuple(map(float, self.b)))


@dataclass(frozen=True, kw_only=True)
class Example:
    """Somebody's answers and where a published source says they stand, as T score and its SE.

    Attributes:
        answers: by key, as on the form; items that are not here were not asked.
        within: what the source rounded to, in T points.
    """

    answers: dict[str, int]
    t: float
    se: float
    source: str
    within: float = 0.05


@dataclass(frozen=True, kw_only=True)
class ItemBank(library.Entry):
    """Items of one trait, calibrated together.

    Attributes:
        values: the answers as numbered on the form, lowest first; the same of every item.
        short: what clinicians call it. holder: who holds the rights in the items' words.
        risks: keys of items that a person must look at, asked of everybody outside the
            adaptive part; any answer but the healthiest raises an alert, called ``raises``.
        population: whose distribution has mean 0 and standard deviation 1.
        dated: the year of the source; evidence: as of everything published.
    """

    title: str
    measures: str
    period: str
    better: Literal["lower", "higher"]
    values: list[int]
    items: list[ItemOf]
    source: str
    population: str
    dated: int
    evidence: Evidence
    short: str = ""
    holder: str = ""
    risks: list[str] = field(default_factory=list)
    raises: str = "answer"
    note: str = ""
    examples: list[Example] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.values != sorted(set(self.values)):
            raise ValueError("values: write the lowest answer first, and each once")
        keys = {item.key for item in distinct(self.graded)}
        if stray := set(self.risks).union(*(one.answers for one in self.examples)) - keys:
            raise ValueError(f"{min(stray)} is no item of this bank")
        for item in self.graded:
            if item.categories != len(self.values):
                raise ValueError(f"{item.key}: {len(self.values)} answers need one threshold less")

    @property
    def graded(self) -> tuple[GradedItem, ...]:
        """The items for the arithmetic, in the file's order."""
        return tuple(item.graded for item in self.items)

    def category(self, answer: int) -> int:
        """Which category ``answer``, as numbered on the form, is: 0 the lowest.

        Raises:
            ValueError: the form has no such answer.
        """
        if answer not in self.values:
            raise ValueError(f"answers are {', '.join(map(str, self.values))}, not {answer}")
        return self.values.index(answer)


def _examine(item: library.Item[ItemBank], example: Example) -> Iterator[str]:
    from rapport.science.adaptive import graded  # noqa: PLC0415 - NumPy, which no page needs

    bank = item.content
    try:
        answers = {key: bank.category(answer) for key, answer in example.answers.items()}
    except ValueError as problem:
        yield str(problem)
        return
    found = graded.estimate(bank.graded, answers)
    for name, ours, theirs in (("t", found.t, example.t), ("se", found.t_se, example.se)):
        if abs(ours - theirs) > example.within + 1e-9:
            yield f"{name} is {ours:.2f}, not {theirs}"


BANKS = library.register("item_banks", ItemBank, checker=_examine, light=False)


def get(id: str) -> library.Item[ItemBank]:
    """The bank called ``id``.

    Raises:
        NotInLibrary: there is none.
    """
    return BANKS.get(id)
