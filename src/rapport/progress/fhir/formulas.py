"""Scoring as FHIRPath, so that a form adds up by itself wherever it is shown.

    total = times * sum(counts) * applicable / answered

It counts codes and not the weights at the answers, which programs look for in different places.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from rapport.progress.fhir import codes
from rapport.progress.measures.questionnaire import Instrument, Item
from rapport.science.findings import SIGNS, Rule
from rapport.science.key import Sum


@dataclass(frozen=True)
class Hiding:
    """When a question need not be answered.

    Attributes:
        when: FHIRPath, true while it need not.
        lowest: it then counts the lowest; else it does not apply.
    """

    when: str
    lowest: bool


@dataclass
class Formulas:
    """What can be worked out of a questionnaire's answers, each as one expression."""

    one: Instrument
    items: dict[str, Item] = field(init=False)
    hidden: dict[str, list[Hiding]] = field(init=False)

    def __post_init__(self) -> None:
        self.items = {item.key: item for item in self.one.items}
        self.hidden = {}
        for skip in self.one.skips:
            when = " and ".join(self.holds(rule) for rule in skip.rules)
            for key in skip.items:
                self._hide(key, Hiding(f"({when})", skip.count == "lowest"))
        for gate in self.one.gates:
            when = f"{_answers([f'{codes.FACT}-{gate.fact}'])}.where(code = '{gate.is_}').exists()"
            for key in gate.items:
                self._hide(key, Hiding(when, gate.count == "lowest"))

    def _hide(self, key: str, how: Hiding) -> None:
        self.hidden.setdefault(key, []).append(how)

    def holds(self, rule: Rule) -> str:
        """Whether a rule over a raw answer holds; without an answer it does not."""
        item, given = self.items[rule.item], _answers([rule.item])
        if codes.counted(item):
            return f"{given}.where($this {_sign(rule.sign)} {rule.number}).exists()"
        return f"{given}.where({_one_of(self.codes_that(rule))}).exists()"

    def codes_that(self, rule: Rule) -> list[str]:
        """Codes of the answers for which a rule holds."""
        item = self.items[rule.item]
        values = [v for v in self.one.values_of(item) if SIGNS[rule.sign](v, rule.number)]
        return [codes.code_of(self.one, item, value) for value in values]

    def shown(self, key: str) -> str:
        """Whether a question is to be shown; "" where it always is."""
        found = self.hidden.get(key, [])
        return f"({' or '.join(how.when for how in found)}).not()" if found else ""

    def total(self, part: Sum) -> str:
        """What the answers to ``part`` come to, unrounded to 4 decimals; empty while too many
        are missing."""
        answered = " + ".join([self._number(part), *self._filled(part, "1")])
        counts = " + ".join([self._added(part), *self._filled(part, "")])
        applies = " - ".join([str(len(part.items)), *self._away(part)])
        upper = f"({counts}) * {part.times}" if part.times != 1 else f"({counts})"
        lower = f"({answered})"
        if part.over != 1:
            lower += f" * {part.over}"
        whole = f"{upper} / ({lower})" if part.mean else f"{upper} * ({applies}) / ({lower})"
        enough = f"({answered}) > 0 and ({applies}) - ({answered}) <= {part.max_missing}"
        return f"iif({enough}, ({whole}).round(4), {{}})"

    def _number(self, part: Sum) -> str:
        """How many have an answer that counts."""
        given = _answers(part.items)
        away = any(self.items[key].may_not_apply for key in part.items)
        return f"{given}.where(code != 'not-applicable').count()" if away else f"{given}.count()"

    def _added(self, part: Sum) -> str:
        if not part.plain:
            return " + ".join(self._counts(part, key) for key in part.items)
        alike: dict[tuple[tuple[str, int], ...], list[str]] = {}
        for key in part.items:
            alike.setdefault(self._worth(key), []).append(key)
        return " + ".join(_points(_answers(keys), worth) for worth, keys in alike.items())

    def _counts(self, part: Sum, key: str) -> str:
        """One item, in a count or a mean of means."""
        given, worth = _answers([key]), self._worth(key)
        if part.least:
            enough = [code for code, points in worth if points >= part.least[key]]
            return f"{given}.where({_one_of(enough)}).count()"
        return f"({_points(given, worth)}) * {part.weights.get(key, 1)}"

    def _worth(self, key: str) -> tuple[tuple[str, int], ...]:
        """Code and points of each answer as it counts; nothing for a number of its own."""
        item, points = self.items[key], self.one.key.points[key]
        if codes.counted(item):
            return ()
        values = self.one.values_of(item)
        return tuple((codes.code_of(self.one, item, value), points[value]) for value in values)

    def _filled(self, part: Sum, each: str) -> list[str]:
        """What is not answered because it need not be, and counts the lowest."""
        return [
            _if(how, key, each or str(self.lowest(key)))
            for key in part.items for how in self._first(key) if how.lowest
        ]  # fmt: skip

    def _away(self, part: Sum) -> list[str]:
        """What is not answered because it need not be, or does not apply."""
        unasked = [
            _if(how, key, "1")
            for key in part.items for how in self._first(key) if not how.lowest
        ]  # fmt: skip
        may = [key for key in part.items if self.items[key].may_not_apply]
        return unasked + (
            [f"{_answers(may)}.where(code = 'not-applicable').count()"] if may else []
        )

    def _first(self, key: str) -> list[Hiding]:
        """All reasons at once, so that none counts twice."""
        found = self.hidden.get(key, [])
        if not found:
            return []
        when = " or ".join(how.when for how in found)
        return [Hiding(f"({when})", found[0].lowest)]

    def lowest(self, key: str) -> int:
        """Points of the lowest answer."""
        points = self.one.key.points[key]
        return int(points[min(self.one.values_of(self.items[key]))])


def _points(given: str, worth: Sequence[tuple[str, int]]) -> str:
    """What answers add up to; numbers of their own where there are no codes."""
    if not worth:
        return f"{given}.sum()"
    terms = [f"{given}.where(code = '{code}').count() * {n}" for code, n in worth if n]
    return " + ".join(terms) or "0"


def _answers(keys: Sequence[str]) -> str:
    """The answers to these questions, as values."""
    named = " | ".join(f"'{key}'" for key in keys)
    one_of = f"linkId in ({named})" if "|" in named else f"linkId = {named}"
    return f"%resource.item.where({one_of}).answer.value"


def _if(how: Hiding, key: str, then: str) -> str:
    return f"iif({how.when} and {_answers([key])}.empty(), {then}, 0)"


def _one_of(found: list[str]) -> str:
    return " or ".join(f"code = '{code}'" for code in found) or "false"


def _sign(sign: str) -> str:
    return "=" if sign == "==" else sign
