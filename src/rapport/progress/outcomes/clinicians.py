"""Whether clinicians' results differ by more than chance, caseload and case mix allow. Pure.

No names, no order of merit: whoever looks sees their own point among points without names.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np
import numpy.typing as npt

from rapport.science import case_mix, funnel

LEAST_CLIENTS = 10
"""Clients with two scores from whom on a clinician has a point."""
LEAST_CLINICIANS = 5
"""Points from whom on a point without a name has none."""
LEAST_OF_PROBLEM = 20
"""Clients of a problem from whom on the case mix tells it from the others."""
CURVE = 40  # points of the funnel's lines
ROUNDED = 10
"""Colleagues' caseloads are drawn in steps of so many: an exact one would be a name."""

Reason = Literal["clinicians", "alike", "unjudged"]


@dataclass(frozen=True)
class Case:
    """One client with two scores that can be compared.

    Attributes:
        start, end: the first and the last score.
        better: reliably better at the end.
    """

    responsible: str
    problem: str
    start: float
    end: float
    better: bool


@dataclass(frozen=True)
class Refused:
    """Why nothing is drawn.

    Attributes:
        reason: too few clinicians; or all or none of the clients are better; or nobody published
            for this measure what a reliable change is.
        have: clinicians with enough clients.
    """

    reason: Reason
    have: int = 0


@dataclass(frozen=True)
class Point:
    """A clinician.

    Attributes:
        mine: one's own.
        clients: exact for oneself, else in steps of ROUNDED.
        share: better of those with two scores, by what their case mix leads to expect; 0 to 1.
        inner, outer: limits of 95 % and 99.8 % at their caseload.
        place: -2 to 2, see ``funnel.Funnel``.
        stands_out: by a test that bounds the share of false ones among all that stand out.
    """

    mine: bool
    clients: int
    share: float
    inner: tuple[float, float]
    outer: tuple[float, float]
    place: int
    stands_out: bool


@dataclass(frozen=True)
class Bounds:
    """Limits at one caseload for the case mix of all clients together."""

    clients: int
    inner: tuple[float, float]
    outer: tuple[float, float]


@dataclass(frozen=True)
class Found:
    """What is drawn.

    Attributes:
        points: by caseload.
        curve: the funnel, from the smallest caseload to the largest.
        target: the share of all of them together.
        adjusted: for the first score, and by which problems; None: the case mix could not be told.
        left_out: clinicians with fewer than LEAST_CLIENTS.
        spread: standard deviation between clinicians by which limits were widened; 0: none shows.
    """

    points: tuple[Point, ...]
    curve: tuple[Bounds, ...]
    target: float
    adjusted: tuple[str, ...] | None
    left_out: int
    spread: float

    @property
    def mine(self) -> Point | None:
        """One's own point."""
        return next((one for one in self.points if one.mine), None)


def found(cases: Iterable[Case], *, me: str) -> Found | Refused:
    """Hold each clinician against what their own clients' first scores and problems lead to expect.

    Source: Spiegelhalter (2005), Stat Med 24(8):1185-1202; indirect standardisation.
    """
    every = list(cases)
    sizes = Counter(one.responsible for one in every)
    known = [one for one in every if sizes[one.responsible] >= LEAST_CLIENTS]
    names = sorted({one.responsible for one in known})
    if len(names) < LEAST_CLINICIANS:
        return Refused("clinicians", len(names))
    better = np.array([one.better for one in known], float)
    if better.all() or not better.any():
        return Refused("alike", len(names))
    chance, adjusted = _expected(known, better)
    numbers = {name: n for n, name in enumerate(names)}
    units = case_mix.by_unit(better, chance, [numbers[one.responsible] for one in known])
    drawn = funnel.shares(units.count, units.n, expected=units.expected)
    points = [
        Point(
            name == me, int(drawn.size[n]) if name == me else _rounded(int(drawn.size[n])),
            float(drawn.value[n]), (float(drawn.inner.low[n]), float(drawn.inner.high[n])),
            (float(drawn.outer.low[n]), float(drawn.outer.high[n])), int(drawn.place[n]),
            bool(drawn.discovered[n]),
        )
        for name, n in numbers.items()
    ]  # fmt: skip
    points.sort(key=lambda one: (one.clients, one.share))
    spread = math.sqrt(drawn.dispersion.tau2)
    curve = _curve(drawn.target, spread, points[0].clients, points[-1].clients)
    return Found(
        tuple(points), curve, drawn.target, adjusted, len(sizes) - len(names),
        spread,
    )  # fmt: skip


def _curve(target: float, spread: float, least: int, most: int) -> tuple[Bounds, ...]:
    """The binomial's own limits, widened by the spread between clinicians."""
    sizes = np.unique(np.linspace(max(least - ROUNDED / 2, 1), most + ROUNDED / 2, CURVE).round())
    sides = []
    for level in (funnel.INNER, funnel.OUTER):
        z = NormalDist().inv_cdf((1 + level) / 2)
        found = funnel.exact_limits(np.full(len(sizes), target), sizes, level=level)
        low = target - np.hypot(target - found.low, z * spread)
        high = target + np.hypot(found.high - target, z * spread)
        sides.append((np.maximum(low, 0.0), np.minimum(high, 1.0)))
    return tuple(
        Bounds(int(size), *((float(low[n]), float(high[n])) for low, high in sides))
        for n, size in enumerate(sizes)
    )


def _rounded(clients: int) -> int:
    return max(round(clients / ROUNDED) * ROUNDED, LEAST_CLIENTS)


def _expected(
    cases: list[Case], better: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], tuple[str, ...] | None]:
    """Each client's chance to get better by first score and problem, and what it went by."""
    table, names = covariates(cases)
    try:
        model = case_mix.case_mix(better, table)
    except case_mix.CannotFit:
        return np.full(len(cases), better.mean()), None
    return model.chance(table), names


def covariates(cases: Sequence[Case]) -> tuple[npt.NDArray[np.float64], tuple[str, ...]]:
    """The case mix as a table, shape (clients, columns), and what its columns are."""
    counts = Counter(one.problem for one in cases)
    usual = counts.most_common(1)[0][0]
    told = sorted(name for name, n in counts.items() if n >= LEAST_OF_PROBLEM and name != usual)
    columns = [[one.start for one in cases]]
    columns += [[float(one.problem == name) for one in cases] for name in told]
    return np.array(columns, float).T, ("start", *told)
