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
