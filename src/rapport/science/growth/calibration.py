"""Whether bands hold what they say, on clients the model has not seen, and what mends them.

Scores pile up at the floor of a scale and courses bend, so the normal band may be wrong where
the model is right on average. Then the quantiles seen replace the normal ones, each side apart
and by fifths of the expected score; where that does not help either, the band is withheld.
"""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Verdict = Literal["holds", "widened", "withheld"]
LEVELS = (0.5, 0.8, 0.9)
FEWEST = 500  # predictions below which nothing can be said
GROUPS = 5
HOLDS = (0.78, 0.82)  # share within the 80 % band
MISSED = (0.07, 0.13)  # share above it, and at most so many below
MISSED_SOMEWHERE = 0.14  # in any fifth of the scale or third of the time


@dataclass(frozen=True)
class Coverage:
    """Shares of scores, 0 to 1: within each band of ``LEVELS``; below and above the 80 % band."""

    within: tuple[float, ...]
    below: float
    above: float
    worst: float  # the larger of both in the part of scale or time where it is largest
    scores: int


@dataclass(frozen=True)
class Calibration:
    """What clients kept out of the fit showed.

    Attributes:
        verdict: "holds": normal bands are right; "widened": with ``down`` and ``up`` they are;
            "withheld": draw none.
        before: coverage of normal bands. after: of the bands as ``verdict`` leaves them, on
            clients apart from those that ``down`` and ``up`` come from; None with nothing changed.
        knots: expected scores at which the next two hold, ascending; between them a line.
        down, up: by level, in standard deviations of the prediction, one a knot.
    """

    verdict: Verdict
    before: Coverage | None
    after: Coverage | None
    knots: tuple[float, ...]
    down: dict[float, tuple[float, ...]]
    up: dict[float, tuple[float, ...]]

    def reach(self, mean: float, level: float) -> tuple[float, float]:
        """How far a band reaches down and up, in standard deviations.

        Raises:
            ValueError: the band is withheld, or the level is none of ``LEVELS``.
        """
        if self.verdict == "withheld":
            raise ValueError("the band is withheld: it did not hold on clients kept out of the fit")
        if level not in LEVELS:
            raise ValueError(f"a calibrated band has one of the levels {LEVELS}, not {level}")
        return (
            float(np.interp(mean, self.knots, self.down[level])),
            float(np.interp(mean, self.knots, self.up[level])),
        )

    def as_data(self) -> dict[str, Any]:
        """Plain values for JSON."""
        data = asdict(self)
        sides = {side: {str(k): v for k, v in data[side].items()} for side in ("down", "up")}
        return data | sides

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Calibration":
        """What ``as_data`` gave.

        Raises:
            ValueError: it is something else.
        """
        try:
            before, after = (
                Coverage(**one | {"within": tuple(one["within"])}) if one else None
                for one in (data["before"], data["after"])
            )
            down, up = (
                {float(k): tuple(v) for k, v in data[side].items()} for side in ("down", "up")
            )
            return cls(data["verdict"], before, after, tuple(data["knots"]), down, up)
        except (KeyError, TypeError, AttributeError) as problem:
            raise ValueError(f"this is no calibration: {problem}") from problem


@dataclass(frozen=True)
class Predicted:
    """Scores of clients kept out, and what was expected of each; one entry a score."""

    client: npt.NDArray[np.intp]
    time: Floats
    score: Floats
    mean: Floats
    sd: Floats

    def of(self, chosen: Any) -> "Predicted":
        return Predicted(*(getattr(self, name)[chosen] for name in self.__annotations__))


_FLAT: dict[float, tuple[float, ...]] = {0.5: (0.6744898,), 0.8: (1.2815516,), 0.9: (1.6448536,)}
PLAIN = Calibration("holds", None, None, (0.0,), _FLAT, _FLAT)  # normal bands as they are


def judged(found: Predicted, *, least: float, most: float) -> Calibration:
    """Whether normal bands hold, and if not, whether the quantiles seen do.

    Half of the clients give the quantiles, the others the coverage. A share above 82 % alone
    is no fault where the scale cuts the band off: nobody can score below it.

    Args:
        least, most: ends of the scale; bands are cut off there.

    Raises:
        ValueError: a number is missing.
    """
    for array in (found.time, found.score, found.mean, found.sd):
        if len(array) != len(found.score) or not np.isfinite(array).all():
            raise ValueError("each score has a time and what was expected of it")
    if len(found.score) < FEWEST:
        return replace(PLAIN, verdict="withheld")
    before = covered(found, PLAIN, least=least, most=most)
    if HOLDS[0] <= before.within[1] <= HOLDS[1] and _even(before):
        return replace(PLAIN, before=before)
    _, order = np.unique(found.client, return_inverse=True)
    one, other = found.of(order % 2 == 0), found.of(order % 2 == 1)
    knots, down, up = _quantiles(one)
    mended = Calibration("widened", before, None, knots, down, up)
    after = covered(other, mended, least=least, most=most)
    good = MISSED[0] <= after.above <= MISSED[1] and after.below <= MISSED[1] and _even(after)
    return Calibration("widened" if good else "withheld", before, after, knots, down, up)


def _even(found: Coverage) -> bool:
    """Whether no part misses more than it may, and two standard errors of such a share."""
    chance = 2 * math.sqrt(0.1 * 0.9 * GROUPS / found.scores)
    return found.worst <= MISSED_SOMEWHERE + chance


def covered(found: Predicted, by: Calibration, *, least: float, most: float) -> Coverage:
    """How many scores lie within the bands that ``by`` draws."""
    within = []
    for level in LEVELS:
        low, high = (
            np.clip(found.mean + sign * np.interp(found.mean, by.knots, side[level]) * found.sd,
                    least, most)
            for sign, side in ((-1, by.down), (1, by.up))
        )  # fmt: skip
        below, above = found.score < low, found.score > high
        within.append(1 - float(below.mean() + above.mean()))
        if level == 0.8:
            misses = (below, above)
    parts = [_part(found.mean, GROUPS), _part(found.time, 3)]
    worst = max(
        float(miss[part == n].mean()) for part in parts for n in np.unique(part) for miss in misses
    )
    return Coverage(
        tuple(within), float(misses[0].mean()), float(misses[1].mean()), worst, len(found.score)
    )


def _part(by: Floats, groups: int) -> Any:
    """Which of so many parts of equal size each entry belongs to."""
    edges = np.quantile(by, np.arange(1, groups) / groups)
    return np.searchsorted(edges, by, side="right")


def _quantiles(
    found: Predicted,
) -> tuple[tuple[float, ...], dict[float, tuple[float, ...]], dict[float, tuple[float, ...]]]:
    part, off = _part(found.mean, GROUPS), (found.score - found.mean) / found.sd
    groups = np.unique(part)
    knots = tuple(float(np.median(found.mean[part == n])) for n in groups)
    down, up = (
        {
            level: tuple(
                float(sign * np.quantile(off[part == n], (1 + sign * level) / 2)) for n in groups
            )
            for level in LEVELS
        }
        for sign in (-1, 1)
    )
    return knots, down, up
