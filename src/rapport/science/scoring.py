"""What an answered questionnaire comes to: total, band, cut-off, risk."""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

NOT_APPLICABLE = "n/a"
Answer = int | str | None  # None: not answered, which is not zero; "n/a": does not apply
Status = Literal["scored", "prorated", "not_scorable"]
Side = Literal["at_least", "at_most"]
NO_FACTS: Mapping[str, Any] = {}

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


@dataclass(frozen=True)
class Skip:
    """Items that need no answer when a rule holds; they then count as not applicable."""

    when: Rule
    items: tuple[str, ...]


@dataclass(frozen=True)
class Total:
    """What a ``Sum`` came to.

    Attributes:
        total: unrounded; prorated it may have a fraction.
        total_rounded: half up. The band and the cut-off are judged on this one.
    """

    status: Status
    total: int | float | None = None
    total_rounded: int | None = None
    band: str | None = None


@dataclass(frozen=True)
class Result(Total):
    """What a whole questionnaire came to.

    Attributes:
        above_cutoff: in the clinical range; None: no total, no cut-off, or it depends on a
            fact that is not known.
        risk_flag: None: the item that would say so has no answer. Judged also when there is
            no total. False without risk items: nothing was asked, nothing was raised.
    """

    above_cutoff: bool | None = None
    risk_flag: bool | None = False
    subscales: Mapping[str, Total] = field(default_factory=dict)


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
    whole = _add(key.total, points)
    return Result(
        whole.status,
        whole.total,
        whole.total_rounded,
        whole.band,
        _above(key.cutoffs, whole.total_rounded, facts),
        _risk(key.risks, answers),
        {name: _add(part, points) for name, part in key.subscales.items()},
    )


def _points(key: Key, answers: Mapping[str, Answer]) -> dict[str, Any]:
    counts, points = key.points, {}
    for item, answer in answers.items():
        try:
            if type(answer) in (bool, float):  # Python holds True and 1.0 for 1
                raise KeyError
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


def _add(part: Sum, points: Mapping[str, Any]) -> Total:
    added = missing = skipped = 0
    for item in part.items:
        counts = points.get(item)
        if counts is None:
            missing += 1
        elif counts == NOT_APPLICABLE:
            skipped += 1
        else:
            added += counts
    applicable = len(part.items) - skipped
    return reckon(part, added, applicable - missing, applicable)


def reckon(part: Sum, added: int, answered: int, applicable: int) -> Total:
    """The total of ``answered`` items that add up to ``added``, of ``applicable`` ones."""
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
    if total is None:
        return None
    fitting = [one for one in cutoffs if one.concerns(facts)] or cutoffs
    said = {one.reached(total) for one in fitting}
    return said.pop() if len(said) == 1 else None


def _risk(risks: tuple[Rule, ...], answers: Mapping[str, Answer]) -> bool | None:
    said = [rule.holds(answers) for rule in risks]
    if True in said:
        return True
    return None if None in said else False
