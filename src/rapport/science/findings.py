"""What a form says beside its total: rules that a published algorithm makes of single answers.

A rule is true, false, or unknown where an answer is missing and would decide.

All rules over answers that a form has are counted in one pass: each answer stands for a whole
number in which every rule has sixteen bits of its own, eight for how many of its conditions hold
and eight for how many nobody knows; so a sheet is one sum, and what a sum means is kept.
"""

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

NOT_APPLICABLE = "n/a"
Answer = int | str | None  # None: not answered, which is not zero; "n/a": does not apply

SIGNS: dict[str, Callable[[int, int], bool]] = {
    ">=": operator.ge, ">": operator.gt, "==": operator.eq, "<": operator.lt, "<=": operator.le,
}  # fmt: skip
_RULE = re.compile(r"(?P<item>\S+) (?P<sign>>=|>|==|<=|<) (?P<number>-?\d+)")
_BITS = 8
_MOST = (1 << _BITS) - 1


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
class Other:
    """A finding that is made before, or its opposite."""

    name: str
    holds: bool = True


@dataclass(frozen=True)
class Few:
    """At least so many of these hold."""

    at_least: int
    of: tuple["Rule | Other | Few", ...]

    @property
    def rules(self) -> Iterator[Rule]:
        """Every comparison with an answer in it."""
        for one in self.of:
            if isinstance(one, Rule):
                yield one
            elif isinstance(one, Few):
                yield from one.rules


@dataclass(frozen=True)
class Finding:
    """A named rule: it is found where everything in ``when`` holds.

    >>> both = Finding("both", Few(2, (Rule.read("1 >= 1"), Rule.read("2 >= 1"))))
    >>> tally = Tally((both,), {"1": (0, 1), "2": (0, 1)})
    >>> tally.found({"1": 1, "2": 1}), tally.found({"1": 1}), tally.found({"1": 0})
    ({'both': True}, {'both': None}, {'both': False})
    """

    name: str
    when: Few


class Tally:
    """All findings of one form.

    Args:
        values: the raw answers of each item.
    """

    def __init__(self, findings: tuple[Finding, ...], values: Mapping[str, Any]) -> None:
        self.findings = findings
        self._known: dict[int, Mapping[str, bool | None]] = {}
        self._leaves: list[tuple[Rule, ...]] = []
        for one in findings:
            self._plant(one.when)
        codes: dict[str, dict[Any, int]] = {}
        for n, rules in enumerate(self._leaves):
            for rule in rules:
                code = codes.setdefault(rule.item, {})
                for answer in (None, NOT_APPLICABLE, *values[rule.item]):
                    holds = rule.holds({rule.item: answer})
                    worth = 1 << _BITS if holds is None else int(holds)
                    code[answer] = code.get(answer, 0) + (worth << 2 * _BITS * n)
        self._codes = tuple(codes.items())

    def _plant(self, few: Few) -> None:
        rules = _plain(few)
        if rules and rules not in self._leaves:
            self._leaves.append(rules)
        for one in few.of:
            if isinstance(one, Few):
                self._plant(one)

    def found(self, answers: Mapping[str, Answer]) -> Mapping[str, bool | None]:
        """Each finding by name; None where nobody knows.

        Args:
            answers: raw, each one that the form has.
        """
        given, case = answers.get, 0
        for item, code in self._codes:
            case += code[given(item)]
        if case not in self._known:
            self._known[case] = self._read(case)
        return self._known[case]

    def _read(self, case: int) -> Mapping[str, bool | None]:
        said: dict[str, bool | None] = {}
        for one in self.findings:
            said[one.name] = self._holds(one.when, case, said)
        return said

    def _holds(self, few: Few, case: int, said: Mapping[str, bool | None]) -> bool | None:
        yes = unknown = 0
        if rules := _plain(few):
            here = case >> 2 * _BITS * self._leaves.index(rules)
            yes, unknown = here & _MOST, here >> _BITS & _MOST
        for one in few.of:
            if not isinstance(one, Rule):
                holds = self._holds(one, case, said) if isinstance(one, Few) else _other(one, said)
                yes, unknown = yes + (holds is True), unknown + (holds is None)
        if yes >= few.at_least:
            return True
        return None if yes + unknown >= few.at_least else False


def _plain(few: Few) -> tuple[Rule, ...]:
    return tuple(one for one in few.of if isinstance(one, Rule))


def _other(one: Other, said: Mapping[str, bool | None]) -> bool | None:
    holds = said[one.name]
    return None if holds is None else holds is one.holds
