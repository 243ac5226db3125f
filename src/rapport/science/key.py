"""How a questionnaire is scored, as data: what is added up, skipped, judged, and found."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, NamedTuple

from rapport.science.findings import NOT_APPLICABLE, Answer, Finding, Rule, Tally

Status = Literal["scored", "prorated", "not_scorable"]
Side = Literal["at_least", "at_most"]
YES_OR_NO = {True: "yes", False: "no"}


@dataclass(frozen=True)
class Band:
    """A named stretch of totals, both ends included."""

    least: float
    most: float
    name: str


@dataclass(frozen=True)
class Cutoff:
    """Where the clinical range begins, for whom the facts fit."""

    points: float
    side: Side = "at_least"
    facts: Mapping[str, str] = field(default_factory=dict)

    def reached(self, total: float) -> bool:
        return total >= self.points if self.side == "at_least" else total <= self.points

    def concerns(self, facts: Mapping[str, Any]) -> bool:
        """Whether it is for somebody of these facts."""
        return all(facts.get(name) == value for name, value in self.facts.items())


@dataclass(frozen=True)
class Sum:
    """Items that are added up.

    Attributes:
        max_missing: how many may be unanswered; the total is then prorated.
        times: what the sum is multiplied with.
        bands: none, or stretches that tile the range.
        mean: the sum is divided by how many items were answered.
        decimals: to how many the total is rounded before a band or a cut-off is looked up.
        least: not points are added but items, each that has at least so many points.
        weights: how often an item counts; where there are any, the sum is divided by ``over``.
        cutoffs: of a part; those of the whole form stand in the key, as they may ask for facts.
    """

    items: tuple[str, ...]
    max_missing: int = 0
    times: int = 1
    bands: tuple[Band, ...] = ()
    mean: bool = False
    decimals: int = 0
    least: Mapping[str, int] = field(default_factory=dict)
    weights: Mapping[str, int] = field(default_factory=dict)
    over: int = 1
    cutoffs: tuple[Cutoff, ...] = ()

    @cached_property
    def known(self) -> dict[tuple[int, int, int], "Total"]:
        """Totals that were worked out already; see ``reckon``."""
        return {}

    @cached_property
    def plain(self) -> bool:
        """Whether each item counts its points, once."""
        return not (self.least or self.weights)


@dataclass(frozen=True)
class Skip:
    """Items that need no answer when every rule holds.

    Attributes:
        lowest: they then count as if answered with the lowest; else as not applicable.
    """

    when: Rule
    items: tuple[str, ...]
    also: tuple[Rule, ...] = ()
    lowest: bool = False

    def holds(self, answers: Mapping[str, Answer]) -> bool:
        """Whether they need no answer."""
        return all(rule.holds(answers) for rule in (self.when, *self.also))


@dataclass(frozen=True)
class Gate:
    """Items that are not for somebody of whom a fact is true, whatever stands on the sheet.

    Attributes:
        is_: the fact's value; ``yes`` and ``no`` may also be given as True and False.
        lowest: they then count as if answered with the lowest; else as not applicable.
        otherwise: other values the fact has, where a person is to be asked for it.
    """

    fact: str
    is_: str
    items: tuple[str, ...]
    lowest: bool = False
    otherwise: tuple[str, ...] = ()

    def shut(self, facts: Mapping[str, Any]) -> bool:
        """Whether they are not for somebody of these facts."""
        said = facts.get(self.fact)
        return (YES_OR_NO[said] if isinstance(said, bool) else said) == self.is_


class Total(NamedTuple):
    """What a ``Sum`` came to.

    Attributes:
        total: unrounded; prorated or a mean it may have a fraction.
        total_rounded: half up. The band and the cut-off are judged on this one.
        above_cutoff: of a part that has a cut-off of its own.
    """

    status: Status
    total: int | float | None = None
    total_rounded: int | float | None = None
    band: str | None = None
    above_cutoff: bool | None = None


@dataclass(frozen=True)
class Key:
    """How a questionnaire is scored.

    Attributes:
        values: the allowed raw answers of each item, scored or not, in the form's order.
        total: without items where the form has several totals and no single one.
        reverse: items that count ``lowest + highest - answer``.
        worth: points of the allowed answers, where they are others than the answers.
        may_not_apply: items that may be answered with "n/a".
    """

    values: Mapping[str, tuple[int, ...]]
    total: Sum
    subscales: Mapping[str, Sum] = field(default_factory=dict)
    reverse: frozenset[str] = frozenset()
    may_not_apply: frozenset[str] = frozenset()
    skips: tuple[Skip, ...] = ()
    cutoffs: tuple[Cutoff, ...] = ()
    risks: tuple[Rule, ...] = ()
    gates: tuple[Gate, ...] = ()
    findings: tuple[Finding, ...] = ()
    worth: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @cached_property
    def skipping(self) -> bool:
        """Whether an item may count as not applicable."""
        return bool(self.may_not_apply or self.skips or self.gates)

    @cached_property
    def filling(self) -> bool:
        """Whether an item without an answer may count as answered with the lowest."""
        return any(one.lowest for one in self.skips) or any(one.lowest for one in self.gates)

    @cached_property
    def points(self) -> dict[str, dict[Any, Any]]:
        """For each item what an answer counts; whatever is not in it is no answer."""
        return {item: self._points(item) for item in self.values}

    @cached_property
    def tally(self) -> Tally:
        """The findings, ready to be made."""
        return Tally(self.findings, self.values)

    def _points(self, item: str) -> dict[Any, Any]:
        values = self.values[item]
        worth = self.worth.get(item, values)
        turned = min(worth) + max(worth)
        turn = item in self.reverse
        counts = {a: turned - n if turn else n for a, n in zip(values, worth, strict=True)}
        more = {NOT_APPLICABLE: NOT_APPLICABLE} if item in self.may_not_apply else {}
        return {None: None, **counts, **more}

    def span(self, part: Sum) -> tuple[Any, Any]:
        """The lowest and the highest total of ``part`` with everything answered."""
        return self._end(part, part.items, min), self._end(part, part.items, max)

    def _end(self, part: Sum, items: tuple[str, ...], end: Any) -> Any:
        ends = [end(self.points[item][value] for value in self.values[item]) for item in items]
        if part.least:
            ends = [int(one >= part.least[item]) for item, one in zip(items, ends, strict=True)]
        added = part.times * sum(
            one * part.weights.get(item, 1) for item, one in zip(items, ends, strict=True)
        )
        over = part.over * (len(items) if part.mean else 1)
        return added / over if over and added % over else added // (over or 1)

    def highest(self, answers: Mapping[str, Answer], facts: Mapping[str, Any]) -> Any:
        """The highest total there was for this sheet; None where every item applies."""
        away = {item for item in self.total.items if answers.get(item) == NOT_APPLICABLE}
        for skip in self.skips:
            away -= set(skip.items) if skip.holds(answers) else set()
        for gate in self.gates:
            away |= set(gate.items) if gate.shut(facts) and not gate.lowest else set()
        left = tuple(item for item in self.total.items if item not in away)
        return self._end(self.total, left, max) if len(left) < len(self.total.items) else None
