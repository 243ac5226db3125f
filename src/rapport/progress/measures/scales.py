"""How a questionnaire's file says what is added up, skipped, found, and looked at by a person."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from rapport.progress.measures.published import ChangeOf, CutoffOf, NormOf
from rapport.science.change import Better
from rapport.science.findings import Few, Finding, Other
from rapport.science.scoring import Band, Gate, Rule, Skip, Sum

Unasked = Literal["nothing", "lowest"]
"""What a question counts that need not be asked."""
MOST_DECIMALS = 4


@dataclass(frozen=True, kw_only=True)
class BandOf:
    """A named stretch ``[from, to]`` of totals, both included."""

    range: list[float]
    name: str

    def __post_init__(self) -> None:
        if len(self.range) != 2:
            raise ValueError("range: write [from, to]")
        code("name", self.name)


@dataclass(frozen=True, kw_only=True)
class Scale:
    """Items that are added up; see ``scoring.Sum``.

    Attributes:
        method: ``count`` counts the items that reach what ``from`` says of each;
            ``mean-of-parts`` is the mean of the means of ``parts``.
        better: which way health lies on this part, where that is another than on the whole.
        changes, norms: what was published about change of this part by itself.
    """

    of: list[str] = field(default_factory=list)
    method: Literal["sum", "mean", "count", "mean-of-parts"] = "sum"
    parts: list[str] = field(default_factory=list)
    from_: dict[str, int] = field(default_factory=dict)
    times: int = 1
    decimals: int = 0
    max_missing: int = 0
    missing_source: str = ""
    bands: list[BandOf] = field(default_factory=list)
    bands_source: str = ""
    cutoffs: list[CutoffOf] = field(default_factory=list)
    changes: list[ChangeOf] = field(default_factory=list)
    norms: list[NormOf] = field(default_factory=list)
    better: Better | None = None
    loinc: str = ""

    def __post_init__(self) -> None:
        if self.max_missing < 0 or self.times < 1:
            what = "max_missing" if self.max_missing < 0 else "times"
            raise ValueError(f"{what}: count from {int(what == 'times')}")
        if not 0 <= self.decimals <= MOST_DECIMALS:
            raise ValueError(f"decimals: from 0 to {MOST_DECIMALS}")
        if self.max_missing and not self.missing_source:
            raise ValueError("missing_source: say who allows a total with answers missing")
        if self.bands and not self.bands_source:
            raise ValueError("bands_source: say who named these bands")
        if any(one.facts for one in self.cutoffs):
            raise ValueError("cutoffs: of a part they depend on no fact")
        if set(self.from_) != (set(self.of) if self.method == "count" else set()):
            raise ValueError("from: say for each item of a count from which points on it counts")
        if bool(self.parts) != (self.method == "mean-of-parts"):
            raise ValueError("parts: name the parts whose mean it is, of a mean-of-parts alone")
        if self.parts and (self.of or len(set(self.parts)) < len(self.parts)):
            raise ValueError("parts: name each part once, and no items besides")
        if self.method in ("count", "mean-of-parts") and self.max_missing:
            raise ValueError(f"max_missing: a {self.method} needs every answer")

    def rounded(self, total: float) -> float:
        """A total as it is read: half up, to as many decimals as the scale has."""
        grain = 10**self.decimals
        found = math.floor(total * grain + 0.5) / grain
        return found if self.decimals else int(found)

    def items_of(self, parts: Mapping[str, "Scale"]) -> list[str]:
        """The items that are added up, each once."""
        named = [item for name in self.parts for item in parts[name].of]
        return list(dict.fromkeys([*self.of, *named]))


@dataclass(frozen=True, kw_only=True)
class Score:
    """The total, where there is a single one, and parts that are looked at by themselves."""

    total: Scale = field(default_factory=Scale)
    subscales: dict[str, Scale] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in self.subscales:
            code(f"subscales.{name}", name)
            if self.subscales[name].parts:
                raise ValueError(f"subscales.{name}.parts: the total alone has parts")
        means = {name for name, part in self.subscales.items() if part.of and part.method == "mean"}
        if stray := set(self.total.parts) - means:
            raise ValueError(f"total.parts: {min(stray)} is no subscale that is a mean")

    def sum_of(self, part: Scale) -> Sum:
        """The same for the scoring."""
        weights, over = self._weights(part)
        return Sum(
            items=tuple(part.items_of(self.subscales)),
            max_missing=part.max_missing,
            times=part.times,
            bands=tuple(Band(one.range[0], one.range[1], one.name) for one in part.bands),
            mean=part.method == "mean",
            decimals=part.decimals,
            least=part.from_,
            weights=weights,
            over=over,
            cutoffs=tuple(one.cutoff for one in part.cutoffs if one.name == part.cutoffs[0].name),
        )

    def _weights(self, part: Scale) -> tuple[dict[str, int], int]:
        """How often each item counts in a mean of means of unequal length."""
        if not part.parts:
            return {}, 1
        common = math.lcm(*(len(self.subscales[name].of) for name in part.parts))
        weights = dict.fromkeys(part.items_of(self.subscales), 0)
        for name in part.parts:
            for item in self.subscales[name].of:
                weights[item] += common // len(self.subscales[name].of)
        return weights, common * len(part.parts)


@dataclass(frozen=True, kw_only=True)
class RiskOf:
    """An answer a person must look at, whatever the total says."""

    when: str
    raise_: str  # what the alert is called

    def __post_init__(self) -> None:
        code("raise", self.raise_)
        _read("when", self.when)

    @property
    def rule(self) -> Rule:
        return Rule.read(self.when)


@dataclass(frozen=True, kw_only=True)
class SkipOf:
    """Questions that need no answer when a rule holds, or several: ``2 == 0 and 3 == 0``."""

    when: str
    items: list[str]
    source: str
    count: Unasked = "nothing"

    def __post_init__(self) -> None:
        for text in self.when.split(" and "):
            _read("when", text)

    @property
    def rules(self) -> list[Rule]:
        return [Rule.read(text) for text in self.when.split(" and ")]

    @property
    def skip(self) -> Skip:
        first, *others = self.rules
        return Skip(first, tuple(self.items), tuple(others), self.count == "lowest")


@dataclass(frozen=True, kw_only=True)
class GateOf:
    """Questions that are not for somebody of whom ``fact`` is ``is``.

    Attributes:
        otherwise: the fact's other values. With them the person is asked for it; without
            them it counts where it is known anyway.
    """

    fact: str
    is_: str
    items: list[str]
    source: str
    count: Unasked = "nothing"
    otherwise: list[str] = field(default_factory=list)

    @property
    def gate(self) -> Gate:
        lowest, otherwise = self.count == "lowest", tuple(self.otherwise)
        return Gate(self.fact, self.is_, tuple(self.items), lowest, otherwise)


@dataclass(frozen=True, kw_only=True)
class FindingOf:
    """What a published algorithm says beside the total.

    Attributes:
        when: all of these hold. Each is a rule (``9 >= 1``), another finding that stands
            before (``ptsd``, ``not ptsd``), or a table ``{ at_least = 2, of = [...] }``.
    """

    name: str
    when: list[Any]
    source: str
    note: str = ""

    def __post_init__(self) -> None:
        code("name", self.name)
        _ = self.finding  # it refuses what cannot be read

    @property
    def finding(self) -> Finding:
        return Finding(self.name, _few("when", self.when, len(self.when)))

    @property
    def others(self) -> list[str]:
        """Findings it is made of."""
        return list(_others(self.finding.when))


def _read(place: str, text: str) -> Rule:
    try:
        return Rule.read(text)
    except ValueError as problem:
        raise ValueError(f"{place}: {problem}") from None


def _few(place: str, written: Any, at_least: Any) -> Few:
    if not isinstance(written, list):
        raise ValueError(f"{place}: write a list in [ ]")
    if not written or type(at_least) is not int or not 0 < at_least <= len(written):
        raise ValueError(f"{place}: at_least is a number from 1 to how many there are")
    return Few(
        at_least, tuple(_condition(f"{place}[{n}]", one) for n, one in enumerate(written, 1))
    )


def _condition(place: str, written: Any) -> Rule | Other | Few:
    if isinstance(written, dict) and set(written) == {"at_least", "of"}:
        return _few(place, written["of"], written["at_least"])
    if not isinstance(written, str):
        raise ValueError(f"{place}: write a rule, a finding, or {{ at_least = 2, of = [...] }}")
    if found := re.fullmatch(r"(not )?([a-z][a-z0-9-]*)", written):
        return Other(found[2], not found[1])
    return _read(place, written)


def _others(few: Few) -> Iterator[str]:
    for one in few.of:
        if isinstance(one, Other):
            yield one.name
        elif isinstance(one, Few):
            yield from _others(one)


def code(place: str, name: str) -> None:
    """Refuse what is no code.

    Args:
        place: where it stands in its table.

    Raises:
        ValueError: it is none.
    """
    if not re.fullmatch(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*", name):
        raise ValueError(f"{place}: {name!r} is a code: small letters, digits and hyphens")
