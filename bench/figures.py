"""One figure of the science: ours, the peer's, and whether the goal between them is met."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

KEPT = "RAPPORT_FIGURES"
"""Where it names a file, every figure is added to it, a line each."""
STEPS = ((1.0, "s", 1), (1e-3, "ms", 1e3), (0.0, "us", 1e6))


@dataclass(frozen=True)
class Figure:
    """What was measured, beside what.

    Attributes:
        ours, theirs: in seconds or MB; ``theirs`` is None where there is no peer or it is not here.
        goal: times the peer needs ``at least``; times we need of the peer's ``at most``; or what
            ours may come to at most, in the unit, without a peer. None: nothing was asked.
        why: why the peer was not measured, where there is one.
        differs: by what both differ, and by how much they may: another answer meets no goal.
    """

    work: str
    ours: float
    peer: str = ""
    theirs: float | None = None
    goal: float | None = None
    by: Literal["at least", "at most", "limit"] = "at least"
    unit: Literal["s", "MB"] = "s"
    why: str = ""
    differs: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        """How many times the peer's ours is better; of "at most", how many times ours is more."""
        if self.theirs is None or not self.ours or not self.theirs:
            return None
        return self.ours / self.theirs if self.by == "at most" else self.theirs / self.ours

    @property
    def off(self) -> list[str]:
        """In what both differ by more than they may."""
        return [name for name, (much, most) in self.differs.items() if not much <= most]

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None where nothing can be said of it."""
        if self.off:
            return False
        reached = self.ours if self.by == "limit" else self.ratio
        if self.goal is None or reached is None:
            return None
        return reached >= self.goal if self.by == "at least" else reached <= self.goal

    @property
    def asked(self) -> str:
        """The goal in words."""
        if self.goal is None:
            return "-"
        said = amount(self.goal, self.unit) if self.by == "limit" else f"{self.goal:,g} times"
        return said if self.by == "at least" else f"at most {said}"

    @property
    def verdict(self) -> str:
        """Met, missed and why, or that it was not measured."""
        if self.off:
            return f"missed: {', '.join(self.off)}"
        if self.met is None:
            return f"not measured: {self.why}" if self.why else ""
        return "met" if self.met else "missed"

    def row(self) -> tuple[str, ...]:
        """As it stands in the table."""
        theirs = "-" if self.theirs is None else amount(self.theirs, self.unit)
        ratio = "-" if self.ratio is None else f"{self.ratio:,.3g}"
        ours = amount(self.ours, self.unit)
        return self.work, ours, self.peer or "-", theirs, ratio, self.asked, self.verdict

    def text(self) -> str:
        """As a part prints it."""
        _work, ours, peer, theirs, ratio, asked, verdict = self.row()
        lines = [f"  {'here':14} {ours:>10}"]
        if self.peer:
            lines += [f"  {peer:14} {theirs:>10}", f"  {'ratio':14} {ratio:>10}"]
        if self.goal is not None:
            lines += [f"  {'goal':14} {asked:>10}  {verdict}"]
        lines += [f"  differs by {much:.1e} in {name} (at most {most:.0e})"
                  for name, (much, most) in self.differs.items()]  # fmt: skip
        return "\n".join([self.work, *lines])


def amount(number: float, unit: str) -> str:
    """A time in the unit in which it is a plain number; megabytes as they are."""
    if unit != "s":
        return f"{number:.0f} {unit}"
    _least, name, times = next(one for one in STEPS if abs(number) >= one[0])
    return f"{number * times:.3g} {name}"


def said(figure: Figure) -> bool:
    """Print it, and keep it where that is wanted; whether no goal is missed."""
    print(figure.text(), flush=True)
    if kept := os.environ.get(KEPT):
        with Path(kept).open("a") as sink:
            sink.write(json.dumps(asdict(figure)) + "\n")
    return figure.met is not False


def kept(path: Path) -> list[Figure]:
    """The figures that were kept in a file, in order."""
    lines = path.read_text().splitlines() if path.exists() else []
    return [Figure(**json.loads(line)) for line in lines]
