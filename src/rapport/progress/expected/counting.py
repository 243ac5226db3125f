"""How good signals are, counted on ended episodes: what they found, how soon, at what cost.

``growth.quality`` gives the same as shares, of one course; here each client may have been
predicted from a course of its own, and the counts and intervals are kept.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, cast

import numpy as np

from rapport.progress.expected.rules import Scale
from rapport.science.growth.bands import outlook
from rapport.science.growth.calibration import PLAIN, Calibration, Predicted
from rapport.science.growth.course import Better, Course
from rapport.science.growth.heldout import Episode
from rapport.science.growth.signals import EPISODES, Limits, Signal, enough, history

LEVEL = 0.8
Z = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True)
class Replayed:
    """One episode score by score.

    Attributes:
        raised: signals at each score but the last, which is no warning any more.
        worse: it ended reliably worse than it began.
        before: weeks from each of those scores to the last.
    """

    raised: list[tuple[Signal, ...]]
    worse: bool
    before: tuple[float, ...]


def near(stretches: Iterable[str]) -> dict[str, int]:
    """How many episodes began in each stretch of the scale."""
    return dict(sorted(Counter(stretches).items()))


def limits(scale: Scale, planned: float | None) -> Limits:
    """What counts as a change, for ``growth.signals``."""
    if scale.points is None:
        raise ValueError("nobody published how large a change must be")
    return Limits(scale.points, cast(Better, scale.better), scale.caseness, planned)


def replayed(
    episode: Episode, limits: Limits, *, course: Course | None = None,
    calibration: Calibration | None = None, near: int = 0,
) -> Replayed:  # fmt: skip
    """What each score would have given reason for.

    Args:
        course: learned without this client; None, or with fewer than 30 ``near``: by rules.
    """
    start = None
    if course is not None and enough(episodes=EPISODES, in_band=near):
        start = outlook(course, intake=episode.intake)
    raised = history(
        episode.scores[:-1], times=episode.times[:-1], intake=episode.intake, limits=limits,
        start=start, calibration=calibration,
    )  # fmt: skip
    rise = episode.scores[-1] - episode.intake
    worse = (rise if limits.better == "lower" else -rise) >= limits.points
    last = episode.times[-1]
    return Replayed(raised, worse, tuple(last - one for one in episode.times[:-1]))


def inside(found: Predicted, calibration: Calibration, scale: Scale) -> list[tuple[int, int]]:
    """By client, how many scores lay within the 80 % band, of how many.

    Where the band is withheld: within the one that would have been drawn.
    """
    by = PLAIN if calibration.verdict == "withheld" else calibration
    low, high = (
        np.clip(found.mean + sign * np.interp(found.mean, by.knots, side[LEVEL]) * found.sd,
                scale.least, scale.most)
        for sign, side in ((-1, by.down), (1, by.up))
    )  # fmt: skip
    within = (found.score >= low) & (found.score <= high)
    hits, of = np.bincount(found.client, weights=within), np.bincount(found.client)
    return [(int(a), int(m)) for a, m in zip(hits, of, strict=True)]


def counted(
    some: Sequence[Replayed], *, ground: str, band: Sequence[tuple[int, int]] = ()
) -> dict[str, Any] | None:
    """The figures as plain values; None: no episode has two scores after the intake.

    ``clients`` and how many ended ``worse``; of any signal (``amber``) and of red ones: how many
    of those were ``found``; ``lead``, the quartiles of scores from the first signal to the last
    score, and ``weeks``, their median; of the others how many were ``alarmed``, and ``false``
    signals at how many ``looks``, with a 95 % interval ``low`` to ``high`` of the share. Shares
    of scores have intervals by client, since one client's scores hang together.
    """
    long = [one for one in some if one.raised]
    if not long:
        return None
    return {
        "ground": ground, "clients": len(long), "worse": sum(one.worse for one in long),
        "amber": _signals(long, lambda one: True),
        "red": _signals(long, lambda one: one.colour == "red"),
        "band": _shares(band) if band else None,
    }  # fmt: skip


def _signals(long: Sequence[Replayed], counts: Callable[[Signal], bool]) -> dict[str, Any]:
    found: list[tuple[int, float]] = []
    false: list[tuple[int, int]] = []
    for one in long:
        hits = [any(map(counts, at)) for at in one.raised]
        if not one.worse:
            false.append((sum(hits), len(hits)))
        elif any(hits):
            first = hits.index(True)
            found.append((len(hits) - first, one.before[first]))
    shares = _shares(false)
    return {
        "found": len(found), "alarmed": sum(hits > 0 for hits, _ in false),
        "lead": np.quantile([n for n, _ in found], (0.25, 0.5, 0.75)).tolist() if found else None,
        "weeks": float(np.median([weeks for _, weeks in found])) if found else None,
        "false": shares["hits"], "looks": shares["of"], "low": shares["low"],
        "high": shares["high"],
    }  # fmt: skip


def _shares(by: Sequence[tuple[int, int]]) -> dict[str, Any]:
    """A share of scores with an interval by client: linearised variance of a ratio.

        p = sum a / sum m     var = n / (n - 1) sum (a - p m)^2 / (sum m)^2

    Source:
        Cochran (1977), Sampling Techniques, 3rd ed., section 2.11.
    """
    hits, looks = sum(a for a, _ in by), sum(m for _, m in by)
    low = high = None
    if len(by) > 1 and looks:
        p = hits / looks
        spread = sum((a - p * m) ** 2 for a, m in by) * len(by) / (len(by) - 1)
        wide = Z * math.sqrt(spread) / looks
        low, high = max(0.0, p - wide), min(1.0, p + wide)
    return {"hits": hits, "of": looks, "low": low, "high": high}
