"""A questionnaire as data: items, scoring, cut-offs, norms, and the words of each language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from rapport.core import library
from rapport.progress.measures import sense, worked
from rapport.progress.measures.judging import Way
from rapport.progress.measures.published import (
    ChangeOf,
    CutoffOf,
    GroupOf,
    NormOf,
    RemissionOf,
    ResponseOf,
)
from rapport.progress.measures.scales import FindingOf, GateOf, RiskOf, Scale, Score, SkipOf
from rapport.science import change
from rapport.science.scoring import Answer, Key, Result

TURNS = 100
"""Versions of typed text there may be for each version of a shell: 102 is shell 1, text 2."""


@dataclass(frozen=True, kw_only=True)
class Item:
    """One question.

    Attributes:
        values: the answers it has, if not those of the whole scale.
        counts: the points of these answers, where they are others than the answers.
        up_to: it is answered with a whole number from 0 to this, such as a number of days.
        labels: which set of answer words it has, in the files of words.
        scored: a question that is not may stay unanswered without a word.
    """

    key: str
    loinc: str = ""
    values: list[int] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    up_to: int = 0
    labels: str = "scale"
    reverse: bool = False
    may_not_apply: bool = False
    scored: bool = True

    def __post_init__(self) -> None:
        if not 0 <= self.up_to <= sense.HIGHEST:
            raise ValueError(f"up_to: from 0 to {sense.HIGHEST}")


@dataclass(frozen=True, kw_only=True)
class Instrument(library.Entry):
    """A questionnaire.

    Attributes:
        seconds: what answering it takes, about.
        better: which way health lies.
        counts: the points of ``values``, where they are others than the answers.
        validated: whether anybody has shown what its score means.
        spoken: an interview, which nobody answers without the one who asks.
        way: how a practice wants change judged; it stands in no file.
        notes: what to know before relying on it: where sources disagree, and what was chosen.
    """

    title: str
    short: str
    measures: str
    period: str
    seconds: int
    better: change.Better
    values: list[int]
    counts: list[int] = field(default_factory=list)
    loinc_answers: list[str] = field(default_factory=list)  # of ``values``
    items: list[Item]
    score: Score = field(default_factory=Score)
    cutoffs: list[CutoffOf] = field(default_factory=list)
    changes: list[ChangeOf] = field(default_factory=list)
    norms: list[NormOf] = field(default_factory=list)
    groups: list[GroupOf] = field(default_factory=list)
    responses: list[ResponseOf] = field(default_factory=list)
    remissions: list[RemissionOf] = field(default_factory=list)
    way: Way = field(default_factory=Way)
    risks: list[RiskOf] = field(default_factory=list)
    skips: list[SkipOf] = field(default_factory=list)
    gates: list[GateOf] = field(default_factory=list)
    findings: list[FindingOf] = field(default_factory=list)
    validated: bool = True
    spoken: bool = False
    notes: list[str] = field(default_factory=list)
    loinc: str = ""  # of the whole form
    examples: list[worked.Example] = field(default_factory=list)

    def dangers(self, answers: Mapping[str, Answer]) -> dict[str, dict[str, Answer]]:
        """Answers a person must look at, by item, under what the alert is called."""
        found: dict[str, dict[str, Answer]] = {}
        for risk in self.risks:
            if risk.rule.holds(answers):
                found.setdefault(risk.raise_, {})[risk.rule.item] = answers[risk.rule.item]
        return found

    def __post_init__(self) -> None:
        super().__post_init__()
        keys = [item.key for item in self.items]
        for n, key in enumerate(keys, 1):
            if key in keys[: n - 1]:
                raise ValueError(f"items[{n}].key: each key stands once")
        if any(not self.values_of(item) for item in self.coded):
            raise ValueError("values: write the answers it has, for example [0, 1, 2, 3]")
        if any(min(self.values_of(item)) < 0 for item in self.coded):
            raise ValueError("values: count from 0 or above")
        if any(len(self.counts_of(item)) != len(self.values_of(item)) for item in self.coded):
            raise ValueError("counts: write as many points as there are answers")
        self._rules_name_items(set(keys))
        self._skips_end()
        scored = {item.key for item in self.items if item.scored}
        for place, part in self.parts.items():
            if stray := set(part.of) - scored:
                raise ValueError(f"{place}.of: {min(stray)} is no scored item")
        if self.is_scored and not self.score.total.items_of(self.score.subscales):
            if not (self.score.subscales or self.findings):
                raise ValueError("score: write a total, subscales or findings")

    def _rules_name_items(self, keys: set[str]) -> None:
        named = {f"risks[{n}].when": {one.rule.item} for n, one in enumerate(self.risks, 1)}
        for n, skip in enumerate(self.skips, 1):
            named[f"skips[{n}].when"] = {rule.item for rule in skip.rules}
            named[f"skips[{n}].items"] = set(skip.items)
        named |= {f"gates[{n}].items": set(gate.items) for n, gate in enumerate(self.gates, 1)}
        before: set[str] = set()
        for n, one in enumerate(self.findings, 1):
            named[f"findings[{n}].when"] = {rule.item for rule in one.finding.when.rules}
            if stray := set(one.others) - before:
                raise ValueError(
                    f"findings[{n}].when: {min(stray)} must be found before {one.name}"
                )
            before.add(one.name)
        for place, items in named.items():
            if stray := items - keys:
                raise ValueError(f"{place}: {min(stray)} stands in a rule and is no item")

    def _skips_end(self) -> None:
        """A question that decides whether another is asked cannot be decided by that other."""
        after: dict[str, set[str]] = {}
        for skip in self.skips:
            for rule in skip.rules:
                after.setdefault(rule.item, set()).update(skip.items)
        for start in after:
            reached, new = set[str](), {start}
            while new := {later for item in new for later in after.get(item, ())} - reached:
                reached |= new
            if start in reached:
                n = next(n for n, one in enumerate(self.skips, 1)
                         if start in (rule.item for rule in one.rules))  # fmt: skip
                raise ValueError(f"skips[{n}]: whether {start} is asked depends on {start} itself")

    @property
    def parts(self) -> dict[str, Scale]:
        """The total and the parts, by where they stand in the file."""
        parts = {f"score.subscales.{name}": part for name, part in self.score.subscales.items()}
        return {"score.total": self.score.total, **parts}

    @property
    def has_total(self) -> bool:
        """Whether there is one total; else it has parts, or findings alone."""
        return bool(self.key.total.items)

    @property
    def is_scored(self) -> bool:
        """Whether its answers come to something that is counted."""
        return True

    @property
    def is_adaptive(self) -> bool:
        """Whether each question depends on the answers before it, so that no form holds them."""
        return False

    @property
    def written(self) -> Mapping[str, str]:
        """Items that are answered in words, and how: ``text`` or ``date``. They never count."""
        return {}

    @property
    def coded(self) -> list[Item]:
        """Items that are answered by a choice."""
        return [item for item in self.items if item.key not in self.written]

    def counted(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """Of ``answers`` those that scoring reads: all but what was written in words."""
        return {item: answer for item, answer in answers.items() if item not in self.written}

    def alike(self, version: int) -> bool:
        """Whether scores of ``version`` may be compared with those of this one."""
        return version == self.version

    def reckons_as(self, version: int) -> bool:
        """Whether a total of ``version`` came about as one of this one does: the text of a shell,
        whose versions count in hundreds, changes no number."""
        return (version // TURNS or version) == (self.version // TURNS or self.version)

    def reckoned(self, answers: Mapping[str, Any], result: Result) -> Result:
        """What the form makes of the scoring's result; most leave it as it is."""
        return result

    @property
    def span(self) -> tuple[Any, Any]:
        """The lowest and the highest total there is."""
        return self.key.span(self.key.total)

    def values_of(self, item: Item) -> tuple[int, ...]:
        """The answers ``item`` has, in the form's order."""
        return tuple(range(item.up_to + 1)) if item.up_to else tuple(item.values or self.values)

    def counts_of(self, item: Item) -> tuple[int, ...]:
        """The points of the answers ``item`` has, in the form's order."""
        of_all = [] if item.values or item.up_to else self.counts
        return tuple(item.counts or of_all or self.values_of(item))

    @cached_property
    def key(self) -> Key:
        """How it is scored, by the cut-off that stands first."""
        return self.key_by(self.cutoffs[0].name if self.cutoffs else "")

    def key_by(self, cutoff: str) -> Key:
        """How it is scored, by the cut-off of this name.

        Raises:
            KeyError: there is none of this name.
        """
        chosen = tuple(one.cutoff for one in self.cutoffs if one.name == cutoff)
        if not chosen and cutoff:
            raise KeyError(cutoff)
        return Key(
            values={item.key: self.values_of(item) for item in self.coded},
            total=self.score.sum_of(self.score.total),
            subscales={n: self.score.sum_of(part) for n, part in self.score.subscales.items()},
            reverse=frozenset(item.key for item in self.items if item.reverse),
            may_not_apply=frozenset(item.key for item in self.items if item.may_not_apply),
            skips=tuple(one.skip for one in self.skips),
            cutoffs=chosen,
            risks=tuple(one.rule for one in self.risks),
            gates=tuple(one.gate for one in self.gates),
            findings=tuple(one.finding for one in self.findings),
            worth={
                item.key: self.counts_of(item)
                for item in self.coded
                if self.counts_of(item) != self.values_of(item)
            },
        )


@dataclass(frozen=True, kw_only=True)
class InstrumentWords(library.Words):
    """What a client reads.

    Attributes:
        items: by key.
        labels: by the name of the set, then by the value as text: ``labels.scale.0``.
        bands, subscales, findings: by code.
        translator: who put it into this language; the developers, where it is theirs.
        source: where these very words were read.
    """

    title: str
    intro: str
    items: dict[str, str]
    labels: dict[str, dict[str, str]]
    translator: str
    source: str
    bands: dict[str, str] = field(default_factory=dict)
    subscales: dict[str, str] = field(default_factory=dict)
    findings: dict[str, str] = field(default_factory=dict)
    note: str = ""
