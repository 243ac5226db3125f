"""Questionnaires as data: items, scoring, cut-offs, norms, and the words of each language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from rapport.core import library
from rapport.progress.measures import worked
from rapport.progress.measures.published import ChangeOf, CutoffOf, NormOf
from rapport.science import change
from rapport.science.scoring import Answer, Band, Key, Rule, Skip, Sum


@dataclass(frozen=True, kw_only=True)
class Item:
    """One question.

    Attributes:
        values: the answers it has, if not those of the whole scale.
        labels: which set of answer words it has, in the files of words.
        scored: a question that is not may stay unanswered without a word.
    """

    key: str
    loinc: str = ""
    values: list[int] = field(default_factory=list)
    labels: str = "scale"
    reverse: bool = False
    may_not_apply: bool = False
    scored: bool = True


@dataclass(frozen=True, kw_only=True)
class BandOf:
    """A named stretch ``[from, to]`` of totals, both included."""

    range: list[int]
    name: str

    def __post_init__(self) -> None:
        if len(self.range) != 2:
            raise ValueError("range: write [from, to]")
        _code(self.name)


@dataclass(frozen=True, kw_only=True)
class Scale:
    """Items that are added up; see ``scoring.Sum``."""

    of: list[str]
    method: Literal["sum"] = "sum"
    times: int = 1
    max_missing: int = 0
    missing_source: str = ""
    bands: list[BandOf] = field(default_factory=list)
    bands_source: str = ""
    loinc: str = ""

    def __post_init__(self) -> None:
        if self.max_missing and not self.missing_source:
            raise ValueError("missing_source: say who allows a total with answers missing")
        if self.bands and not self.bands_source:
            raise ValueError("bands_source: say who named these bands")

    @property
    def sum(self) -> Sum:
        bands = tuple(Band(band.range[0], band.range[1], band.name) for band in self.bands)
        return Sum(tuple(self.of), self.max_missing, self.times, bands)


@dataclass(frozen=True, kw_only=True)
class Score:
    """The total, and parts of it that are looked at by themselves."""

    total: Scale
    subscales: dict[str, Scale] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class RiskOf:
    """An answer a person must look at, whatever the total says."""

    when: str
    raise_: str  # what the alert is called

    @property
    def rule(self) -> Rule:
        return Rule.read(self.when)


@dataclass(frozen=True, kw_only=True)
class SkipOf:
    """Questions that need no answer when a rule holds; they then add nothing."""

    when: str
    items: list[str]
    source: str

    @property
    def skip(self) -> Skip:
        return Skip(Rule.read(self.when), tuple(self.items))


@dataclass(frozen=True, kw_only=True)
class Instrument(library.Entry):
    """A questionnaire.

    Attributes:
        seconds: what answering it takes, about.
        better: which way health lies.
    """

    title: str
    short: str
    measures: str
    period: str
    seconds: int
    better: change.Better
    values: list[int]
    loinc_answers: list[str] = field(default_factory=list)  # of ``values``
    items: list[Item]
    score: Score
    cutoffs: list[CutoffOf] = field(default_factory=list)
    changes: list[ChangeOf] = field(default_factory=list)
    norms: list[NormOf] = field(default_factory=list)
    risks: list[RiskOf] = field(default_factory=list)
    skips: list[SkipOf] = field(default_factory=list)
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
        if len(set(keys)) < len(keys):
            raise ValueError("items: each key stands once")
        if any(min(self.values_of(item)) < 0 for item in self.items):
            raise ValueError("values: count from 0 or above")
        self._rules_name_items(set(keys))
        scored = {item.key for item in self.items if item.scored}
        for name, part in {"total": self.score.total, **self.score.subscales}.items():
            if stray := set(part.of) - scored:
                raise ValueError(f"score.{name}: {min(stray)} is no scored item")
            _tiles(name, part, self.key.span(part.sum))

    def _rules_name_items(self, keys: set[str]) -> None:
        named = {risk.rule.item for risk in self.risks}
        for skip in self.skips:
            named |= {skip.skip.when.item, *skip.items}
        if stray := named - keys:
            raise ValueError(f"{min(stray)} stands in a rule and is no item")

    def values_of(self, item: Item) -> tuple[int, ...]:
        """The answers ``item`` has, in the form's order."""
        return tuple(item.values or self.values)

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
            values={item.key: self.values_of(item) for item in self.items},
            total=self.score.total.sum,
            subscales={name: part.sum for name, part in self.score.subscales.items()},
            reverse=frozenset(item.key for item in self.items if item.reverse),
            may_not_apply=frozenset(item.key for item in self.items if item.may_not_apply),
            skips=tuple(one.skip for one in self.skips),
            cutoffs=chosen,
            risks=tuple(one.rule for one in self.risks),
        )


@dataclass(frozen=True, kw_only=True)
class InstrumentWords(library.Words):
    """What a client reads.

    Attributes:
        items: by key.
        labels: by the name of the set, then by the value as text: ``labels.scale.0``.
        bands, subscales: by code.
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
    note: str = ""


def _code(name: str) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*", name):
        raise ValueError(f"{name!r} is a code: small letters, digits and hyphens")


def _tiles(name: str, part: Scale, span: tuple[int, int]) -> None:
    if not part.bands:
        return
    expected = span[0]
    for band in part.bands:
        if band.range[0] != expected or band.range[1] < band.range[0]:
            raise ValueError(f"score.{name}.bands: {band.name} must begin at {expected}")
        expected = band.range[1] + 1
    if expected != span[1] + 1:
        raise ValueError(f"score.{name}.bands: the last must end at {span[1]}")


INSTRUMENTS = library.register(
    "instruments", Instrument, words=InstrumentWords, checker=worked.examine
)


def get(id: str) -> library.Item[Instrument]:
    """The questionnaire called ``id``.

    Raises:
        NotInLibrary: there is none.
    """
    return INSTRUMENTS.get(id)
