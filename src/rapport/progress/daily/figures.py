"""What one daily series comes to: stability, control chart, phases compared, turning points. Pure.

Nothing here needs SciPy, so a page may ask for it. Where a day was answered several times, phases,
limits and turning points take the mean of the day, so that a day counts once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import fmean

from rapport.science import control_chart, turning
from rapport.science.control_chart import Chart
from rapport.science.daily import ENOUGH as FOR_INERTIA
from rapport.science.daily import Daily, describe, smooth
from rapport.science.single_case import (
    ENOUGH,
    Better,
    CorrectedTau,
    Nap,
    TauU,
    corrected_tau,
    nap,
    tau_u,
)
from rapport.science.trend import Slope, theil_sen
from rapport.science.turning import LONG, Changes, OneChange

from .rules import DAY, STEP, Point, Stretch, moment, neighbours

__all__ = [
    "ENOUGH", "FOR_INERTIA", "LONG", "Changes", "Compared", "Days", "Limits", "OneChange", "Pairs",
    "compare", "course", "described", "limits", "running_mean", "turned", "week_before",
]  # fmt: skip

Days = Sequence[tuple[date, float]]
WEEK, FEWEST = 7, 4  # days of a running mean, and answers that lie in them


def running_mean(points: Sequence[Point], first: date) -> list[float | None]:
    """The mean of the last seven days at each answer; None where fewer than four lie in them."""
    times = [moment(one, first) for one in points]
    return smooth([one.value for one in points], times, days=WEEK, least=FEWEST)


def week_before(points: Sequence[Point], first: date) -> float | None:
    """The mean of the seven days before the last seven; None where fewer than four answers lie
    in them. The last seven end with the latest answer, as in ``running_mean``."""
    times = [moment(one, first) for one in points]
    until = times[-1] - WEEK
    held = [one.value for one, at in zip(points, times, strict=True) if until - WEEK < at <= until]
    return fmean(held) if len(held) >= FEWEST else None


def described(points: Sequence[Point], *, a_day: int, asked: int) -> Daily | None:
    """Compliance, spread, MSSD by valid pairs only, inertia; None where nothing was asked.

    Times that were left out stay in the series without a value, so that no pair spans one.
    """
    if not asked:
        return None
    given = {one.number: float(one.value) for one in points}
    numbers = range(max(given, default=-1) + 1)
    times = [number // a_day + number % a_day * STEP for number in numbers]
    values = [given.get(number) for number in numbers]
    return describe(values, times, expected=max(asked, len(given)))


@dataclass(frozen=True)
class Limits:
    """A chart of individual days.

    Attributes:
        set_by: how many days its limits rest on.
        skipped: days before those, which are not in it.
    """

    chart: Chart
    set_by: int
    skipped: int


def limits(days: Days, baseline: Stretch | None) -> Limits | None:
    """Limits and signals; None: too few days, or no two of them in a row.

    Over a day without an answer no difference is taken, and no run goes on.

    Args:
        baseline: the phase whose days set the limits, if it has enough of them; else all do.
    """
    if len(days) < ENOUGH:
        return None
    held = [n for n, (on, _value) in enumerate(days) if baseline is None or baseline.holds(on)]
    if len(held) < ENOUGH:
        held = list(range(len(days)))
    drawn = days[held[0] :]
    breaks = {
        n for n, ((one, _a), (next_, _b)) in enumerate(pairwise(drawn), 1) if next_ > one + DAY
    }
    if len(held) < 2 + sum(n < len(held) for n in breaks):
        return None
    values = [value for _on, value in drawn]
    chart = control_chart.individuals(values, baseline=len(held), breaks=breaks)
    return Limits(chart, len(held), held[0])


@dataclass(frozen=True)
class Pairs:
    """Every day of one phase beside every day of the other."""

    better: int
    equal: int
    all: int


@dataclass(frozen=True)
class Compared:
    """Two phases that follow each other. The statistics are None where a phase is too short."""

    before: Stretch
    after: Stretch
    counts: tuple[int, int]
    pairs: Pairs | None = None
    nap: Nap | None = None
    tau_u: TauU | None = None
    corrected: CorrectedTau | None = None


def compare(days: Days, phases: Sequence[Stretch], better: Better) -> list[Compared]:
    """Each phase beside the one that follows, the earliest first."""
    return [_compared(days, one, other, better) for one, other in neighbours(phases)]


def _compared(days: Days, one: Stretch, other: Stretch, better: Better) -> Compared:
    first = [(on, value) for on, value in days if one.holds(on)]
    second = [(on, value) for on, value in days if other.holds(on)]
    counts = len(first), len(second)
    if min(counts) < ENOUGH:
        return Compared(one, other, counts)
    before, after = [value for _on, value in first], [value for _on, value in second]
    times = [float(on.toordinal() - first[0][0].toordinal()) for on, _value in (*first, *second)]
    return Compared(
        one, other, counts, _pairs(before, after, better),
        nap(before, after, better=better), tau_u(before, after, better=better),
        corrected_tau(before, after, better=better, times=times),
    )  # fmt: skip


def _pairs(before: Sequence[float], after: Sequence[float], better: Better) -> Pairs:
    sign = 1 if better == "higher" else -1
    gaps = [sign * (late - early) for late in after for early in before]
    return Pairs(sum(gap > 0 for gap in gaps), gaps.count(0), len(gaps))


def course(days: Days, phase: Stretch | None) -> Slope | None:
    """How a phase rose or fell, in points a day; None where it has too few days.

    Args:
        phase: None: the whole series.
    """
    held = [(on, value) for on, value in days if phase is None or phase.holds(on)]
    if len(held) < ENOUGH:
        return None
    start = held[0][0].toordinal()
    return theil_sen([value for _on, value in held],
                     [float(on.toordinal() - start) for on, _value in held])  # fmt: skip


def turned(days: Days) -> OneChange | Changes | None:
    """Where the level changed, if nobody marked a phase; None: too few days.

    Up to 29 days with the probability of one change at each; from 30 on as stretches of one
    level each.
    """
    if len(days) < ENOUGH:
        return None
    values = [value for _on, value in days]
    if len(values) < LONG:
        return turning.one_change(values)
    return turning.change_points(values)
