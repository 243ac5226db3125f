"""What was published about a questionnaire: cut-offs, changes, norms, each with its source."""

from dataclasses import dataclass, field
from typing import Literal

from rapport.science import change
from rapport.science.scoring import Cutoff, Side

Evidence = Literal["seen", "known"]


@dataclass(frozen=True, kw_only=True)
class Sourced:
    """A number somebody published.

    Attributes:
        name: what a practice chooses it by; the first of a list is what counts unless it
            chose another.
        dated: the year of the source.
        evidence: ``seen``: read in a copy of the source or of its abstract. ``known``: common
            knowledge, to be confirmed at the source before anything depends on it.
        note: what else to know before relying on it.
    """

    name: str
    source: str
    dated: int
    evidence: Evidence
    population: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class CutoffOf(Sourced):
    """Where the clinical range begins. Several of one name differ by facts."""

    at_least: float | None = None
    at_most: float | None = None
    facts: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("write either at_least or at_most")

    @property
    def cutoff(self) -> Cutoff:
        """The same for the scoring."""
        sides: dict[Side, float | None] = {"at_least": self.at_least, "at_most": self.at_most}
        ((side, points),) = ((s, p) for s, p in sides.items() if p is not None)
        return Cutoff(points, side, self.facts)

    @property
    def signs(self) -> str:
        """In signs, for what leaves the house: ">= 10", or "<= 28"; with its fact, if any."""
        sign = f"<= {self.at_most:g}" if self.at_least is None else f">= {self.at_least:g}"
        return " ".join([sign, *(f"({name} {value})" for name, value in self.facts.items())])


def signs_of(cutoffs: list[CutoffOf]) -> str:
    """The first cut-off of a file, or the chosen one in front, with whom it is of; "" of none."""
    same = [one for one in cutoffs if one.name == cutoffs[0].name]
    if not same:
        return ""
    return f"{' / '.join(one.signs for one in same)}; {same[0].population or same[0].source}"


@dataclass(frozen=True, kw_only=True)
class ChangeOf(Sourced):
    """A change somebody calls reliable, or the smallest that matters."""

    points: float
    means: Literal["reliable", "important"]


@dataclass(frozen=True, kw_only=True)
class NormOf(Sourced):
    """How a sample answered; from its spread and reliability comes reliable change."""

    sd: float
    reliability: float
    reliability_is: Literal["retest", "alpha"]
    reliability_source: str
    mean: float | None = None

    def __post_init__(self) -> None:
        _ = self.norm  # it refuses what cannot be

    @property
    def norm(self) -> change.Norm:
        """The same for the arithmetic."""
        return change.Norm(float(self.sd), float(self.reliability))

    @property
    def sample(self) -> change.Sample:
        """The same with its mean, for methods that know where scores drift back to.

        Raises:
            ValueError: the mean is not known.
        """
        if self.mean is None:
            raise ValueError(f"mean: {self.name} has none")
        return change.Sample(
            sd=float(self.sd), reliability=float(self.reliability), mean=float(self.mean)
        )


@dataclass(frozen=True, kw_only=True)
class GroupOf(Sourced):
    """How a group answered twice, without treatment in between or with it.

    Attributes:
        reliability: of the questionnaire on the earlier occasion; a treated group needs it.
    """

    treated: bool
    n: int
    earlier_mean: float
    earlier_sd: float
    later_mean: float
    later_sd: float
    correlation: float
    reliability: float | None = None
    reliability_source: str = ""

    def __post_init__(self) -> None:
        group = self.twice  # it refuses what cannot be
        if not self.treated:
            return
        if self.reliability is None:
            raise ValueError("reliability: write that of the earlier occasion, of a treated group")
        change.hageman_arrindell(0, 0, group=group, reliability=self.reliability)

    @property
    def twice(self) -> change.Twice:
        """The same for the arithmetic."""
        earlier = change.Spread(float(self.earlier_mean), float(self.earlier_sd))
        later = change.Spread(float(self.later_mean), float(self.later_sd))
        return change.Twice(
            earlier=earlier, later=later, correlation=float(self.correlation), n=self.n
        )


@dataclass(frozen=True, kw_only=True)
class ResponseOf(Sourced):
    """Which share of the way to the best score somebody calls a response."""

    share: float

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1:
            raise ValueError("share: above 0, and 1 at most")


@dataclass(frozen=True, kw_only=True)
class RemissionOf(Sourced):
    """From where on somebody speaks of remission; ``bound`` is the first point that is none."""

    bound: float
