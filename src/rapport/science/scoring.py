"""What an answered questionnaire comes to: total, band, cut-off, risk."""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, NamedTuple

NOT_APPLICABLE = "n/a"
Answer = int | str | None  # None: not answered, which is not zero; "n/a": does not apply
Status = Literal["scored", "prorated", "not_scorable"]
Side = Literal["at_least", "at_most"]
NO_FACTS: Mapping[str, Any] = {}
NO_NUMBERS = frozenset({bool, float})  # Python holds True and 1.0 for 1; a form does not

SIGNS: dict[str, Callable[[int, int], bool]] = {
    ">=": operator.ge, ">": operator.gt, "==": operator.eq, "<": operator.lt, "<=": operator.le,
}  # fmt: skip
_RULE = re.compile(r"(?P<item>\S+) (?P<sign>>=|>|==|<=|<) (?P<number>-?\d+)")


class BadAnswers(ValueError):
    """Answers this questionnaire cannot have. The sentence says what to do; it holds no answer."""


@dataclass(frozen=True)
class Rule:
    """A raw answer compared with a number, as ``9 >= 1`` says it."""

    item: str
    sign: str
    number: int

    @classmethod
    def read(cls, text: str) -> "Rule":
        """The rule that ``text`` says.

        Raises:
            ValueError: it says none.
        """
        found = _RULE.fullmatch(text)
        if found is None:
            raise ValueError(f"{text!r} is no rule; write it like 9 >= 1")
        return cls(found["item"], found["sign"], int(found["number"]))

    def holds(self, answers: Mapping[str, Answer]) -> bool | None:
        """Whether it holds; None: the item has no number, so nobody knows."""
        answer = answers.get(self.item)
        return SIGNS[self.sign](answer, self.number) if isinstance(answer, int) else None


@dataclass(frozen=True)
class Band:
    """A named stretch of totals, both ends included."""

    least: int
    most: int
    name: str


@dataclass(frozen=True)
class Cutoff:
    """Where the clinical range begins, for whom the facts fit."""

    points: int
    side: Side = "at_least"
    facts: Mapping[str, str] = field(default_factory=dict)

    def reached(self, total: int) -> bool:
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
    """

    items: tuple[str, ...]
    max_missing: int = 0
    times: int = 1
    bands: tuple[Band, ...] = ()

    @cached_property
    def known(self) -> dict[tuple[int, int, int], "Total"]:
        """Totals that were worked out already; see ``reckon``."""
        return {}


@dataclass(frozen=True)
class Skip:
    """Items that need no answer when a rule holds; they then count as not applicable."""

    when: Rule
    items: tuple[str, ...]


class Total(NamedTuple):
    """What a ``Sum`` came to.

    Attributes:
        total: unrounded; prorated it may have a fraction.
        total_rounded: half up. The band and the cut-off are judged on this one.
    """

    status: Status
    total: int | float | None = None
    total_rounded: int | None = None
    band: str | None = None


class Result(NamedTuple):
    """What a whole questionnaire came to; the first four as in ``Total``.

    Attributes:
        above_cutoff: in the clinical range; None: no total, no cut-off, or it depends on a
            fact that is not known.
        risk_flag: None: the item that would say so has no answer. Judged also when there is
            no total. False without risk items: nothing was asked, nothing was raised.
    """

    status: Status
    total: int | float | None
    total_rounded: int | None
    band: str | None
    above_cutoff: bool | None
    risk_flag: bool | None
    subscales: Mapping[str, Total]


@dataclass(frozen=True)
class Key:
    """How a questionnaire is scored.

    Attributes:
        values: the allowed raw answers of each item, scored or not, in the form's order.
        reverse: items that count ``lowest + highest - answer``.
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

    @cached_property
    def skipping(self) -> bool:
        """Whether an item may count as not applicable."""
        return bool(self.may_not_apply or self.skips)

    @cached_property
    def points(self) -> dict[str, dict[Any, Any]]:
        """For each item what an answer counts; whatever is not in it is no answer."""
        return {item: self._points(item) for item in self.values}

    def _points(self, item: str) -> dict[Any, Any]:
        values = self.values[item]
        turned = min(values) + max(values)
        counts = {one: turned - one if item in self.reverse else one for one in values}
        more = {NOT_APPLICABLE: NOT_APPLICABLE} if item in self.may_not_apply else {}
        return {None: None, **counts, **more}

    def span(self, part: Sum) -> tuple[int, int]:
        """The lowest and the highest total of ``part`` with everything answered."""
        values = [self.values[item] for item in part.items]
        return part.times * sum(map(min, values)), part.times * sum(map(max, values))


def score(key: Key, answers: Mapping[str, Answer], facts: Mapping[str, Any] = NO_FACTS) -> Result:
    """Score one sheet.

        total = times * sum(answered) * applicable / answered

    Args:
        answers: raw, as on the form, by item. An item that is left out is unanswered.
        facts: what a cut-off may depend on, for example ``{"sex": "female"}``.

    Raises:
        BadAnswers: an item or an answer that the form does not have.
    """
    points = _points(key, answers)
    whole = _add(key, key.total, points)
    above = _above(key.cutoffs, whole.total_rounded, facts)
    parts = {name: _add(key, part, points) for name, part in key.subscales.items()}
    return Result(*whole, above, _risk(key.risks, answers), parts)


def _points(key: Key, answers: Mapping[str, Answer]) -> dict[str, Any]:
    counts, points, item = key.points, {}, ""
    try:
        for item, answer in answers.items():
            if answer.__class__ in NO_NUMBERS:
                raise KeyError(item)
            points[item] = counts[item][answer]
    except (KeyError, TypeError):
        raise BadAnswers(_advice(key, item)) from None
    for skip in key.skips:
        if skip.when.holds(answers):
            for item in skip.items:
                if points.get(item) is None:
                    points[item] = NOT_APPLICABLE
    return points


def _advice(key: Key, item: str) -> str:
    if item not in key.values:
        return f"There is no item {str(item)[:20]!r}; there are {', '.join(key.values)}."
    allowed = [str(value) for value in key.values[item]]
    allowed += ['"n/a"'] if item in key.may_not_apply else []
    return f"Item {item} is answered with {', '.join(allowed)}, or null if it was not answered."


def _add(key: Key, part: Sum, points: Mapping[str, Any]) -> Total:
    counts: list[Any] = [points.get(item) for item in part.items]
    missing = counts.count(None)
    skipped = counts.count(NOT_APPLICABLE) if key.skipping else 0
    if missing or skipped:
        counts = [count for count in counts if count.__class__ is int]
    return reckon(part, sum(counts), len(counts), len(part.items) - skipped)


def reckon(part: Sum, added: int, answered: int, applicable: int) -> Total:
    """The total of ``answered`` items that add up to ``added``, of ``applicable`` ones."""
    known, case = part.known, (added, answered, applicable)
    if case not in known:
        known[case] = _reckon(part, *case)
    return known[case]


def _reckon(part: Sum, added: int, answered: int, applicable: int) -> Total:
    missing = applicable - answered
    if not answered or missing > part.max_missing:
        return Total("not_scorable")
    over = part.times * added * applicable
    rounded = (2 * over + answered) // (2 * answered)
    band = next((one.name for one in part.bands if one.least <= rounded <= one.most), None)
    if missing:
        return Total("prorated", over / answered, rounded, band)
    return Total("scored", rounded, rounded, band)


def _above(cutoffs: tuple[Cutoff, ...], total: int | None, facts: Mapping[str, Any]) -> bool | None:
    """Where no cut-off is for these facts, any of them may be: then they must agree."""
    if total is None or not cutoffs:
        return None
    first, *others = [one for one in cutoffs if one.concerns(facts)] or cutoffs
    said = first.reached(total)
    return said if all(one.reached(total) is said for one in others) else None


def _risk(risks: tuple[Rule, ...], answers: Mapping[str, Answer]) -> bool | None:
    unknown = False
    for rule in risks:
        holds = rule.holds(answers)
        if holds:
            return True
        unknown = unknown or holds is None
    return None if unknown else False
