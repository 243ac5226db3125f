"""When a client's course is unusual enough to say so: signals as data, each with its numbers.

Three grounds, never mixed up: "model" compares with the expected course, "change" with what
measurement error explains, and "rule" is what is left while a practice has too few episodes to
have an expected course. A signal asks a person to look; it decides nothing.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from rapport.science.growth.bands import Outlook
from rapport.science.growth.calibration import Calibration
from rapport.science.growth.course import Better

Ground = Literal["model", "change", "rule"]
Kind = Literal[
    "beyond the expected range",
    "improvement unlikely",
    "worse than at intake",
    "worse than at best",
    "no improvement by session",
    "still a case at session",
]
Colour = Literal["yellow", "red"]
GROUNDS: Mapping[Kind, Ground] = {
    "beyond the expected range": "model",
    "improvement unlikely": "model",
    "worse than at intake": "change",
    "worse than at best": "change",
    "no improvement by session": "rule",
    "still a case at session": "rule",
}
EPISODES, IN_BAND = 300, 30  # fewest closed episodes, in all and near the client's intake
LEVEL = 0.8  # its upper bound leaves out the worst tenth
UNLIKELY = 0.8
IMPROVED_BY, CASE_AT = 6, 10  # sessions


@dataclass(frozen=True)
class Signal:
    """One reason to look.

    Attributes:
        ground: what it rests on. A page labels "rule" as a rule and draws no band beside it.
        colour: red where the score before gave the same signal.
        evidence: the numbers compared, by name: scores in scale points, probabilities 0 to 1,
            times in the course's unit.
    """

    kind: Kind
    ground: Ground
    colour: Colour
    evidence: Mapping[str, float]


@dataclass(frozen=True)
class Limits:
    """What counts as a change on this questionnaire.

    Attributes:
        points: a reliable change, in scale points, > 0.
        caseness: first score of the clinical range, seen from the healthy side; None: has none.
        planned: time of the planned end, in the course's unit.
    """

    points: float
    better: Better
    caseness: float | None = None
    planned: float | None = None

    def __post_init__(self) -> None:
        if not self.points > 0:
            raise ValueError(f"a reliable change takes points above 0, not {self.points}")
        if self.better not in ("lower", "higher"):
            raise ValueError(f"better is lower or higher, not {self.better!r}")


def enough(*, episodes: int, in_band: int) -> bool:
    """Whether a practice may use a course: closed episodes in all, and with such an intake.

    >>> enough(episodes=299, in_band=100), enough(episodes=300, in_band=30)
    (False, True)
    """
    return episodes >= EPISODES and in_band >= IN_BAND


def signals(
    scores: Sequence[float], *, times: Sequence[float], intake: float, limits: Limits,
    start: Outlook | None = None, calibration: Calibration | None = None,
) -> tuple[Signal, ...]:  # fmt: skip
    """What the latest score gives reason for.

    With a course: the score lies beyond the bound that 90 % of such clients keep (given the
    intake), or no reliable improvement at the planned end has a probability above 0.8 (given
    all scores). Always: reliably worse than at intake, or than at best. Without a course, rules:
    no reliable improvement by session 6 (of somebody who was a case at intake, where that is
    known); still a case at session 10.

    Args:
        scores: after the intake, oldest first. times: of these, ascending; without a course
            the number of a score stands for its session.
        start: the client's outlook at intake, without scores; None goes by rules.
        calibration: of bands given intake. Where it withholds them, only "change" and rules speak.

    Raises:
        ValueError: times and scores differ in number, or an outlook that has seen scores.

    Source:
        Lambert et al. (2003), Clin Psychol Sci Pract 10:288-301, for bounds and rules;
        Delgadillo et al. (2018), Lancet Psychiatry 5:564-572, for the trial.

    >>> found = signals([15, 21], times=[1, 2], intake=14, limits=Limits(6, "lower"))
    >>> [(one.kind, one.ground, one.colour) for one in found]
    [('worse than at intake', 'change', 'yellow'), ('worse than at best', 'change', 'yellow')]
    >>> found[0].evidence
    {'score': 21, 'intake': 14, 'points': 6}
    """
    every = history(scores, times=times, intake=intake, limits=limits, start=start,
                    calibration=calibration)  # fmt: skip
    return every[-1] if every else ()


def history(
    scores: Sequence[float], *, times: Sequence[float], intake: float, limits: Limits,
    start: Outlook | None = None, calibration: Calibration | None = None,
) -> list[tuple[Signal, ...]]:  # fmt: skip
    """What each score gave reason for when it was the latest; the arguments are ``signals``'s.

    >>> found = history([15, 21, 13], times=[1, 2, 3], intake=14, limits=Limits(6, "lower"))
    >>> [len(one) for one in found]
    [0, 2, 0]
    """
    if len(scores) != len(times):
        raise ValueError("each score has a time")
    if start is not None and start.seen:
        raise ValueError("an outlook at intake has seen no scores")
    if not all(map(math.isfinite, (intake, *scores))):
        raise ValueError("a score is missing or infinite; leave it out")
    if calibration is not None and calibration.verdict == "withheld":
        start = None
    found: list[tuple[Signal, ...]] = []
    before: dict[Kind, dict[str, float]] = {}
    known, best = start, intake
    for session, (time, score) in enumerate(zip(times, scores, strict=True), 1):
        best = (min if limits.better == "lower" else max)(best, score)
        now = _changed(score, intake, best, limits)
        if start is None or known is None:
            now |= _ruled(score, session, intake, limits)
        else:
            known = known.after(time, score)
            now = _unexpected(score, time, limits, start, known, calibration) | now
        found.append(
            tuple(
                Signal(kind, GROUNDS[kind], "red" if kind in before else "yellow", evidence)
                for kind, evidence in now.items()
            )
        )
        before = now
    return found


def _worse_by(score: float, than: float, limits: Limits) -> float:
    return score - than if limits.better == "lower" else than - score


def _changed(
    score: float, intake: float, best: float, limits: Limits
) -> dict[Kind, dict[str, float]]:
    found: dict[Kind, dict[str, float]] = {}
    points = limits.points
    if _worse_by(score, intake, limits) >= points:
        found["worse than at intake"] = {"score": score, "intake": intake, "points": points}
    if _worse_by(score, best, limits) >= points:
        found["worse than at best"] = {"score": score, "best": best, "points": points}
    return found


def _unexpected(
    score: float, time: float, limits: Limits, start: Outlook, known: Outlook,
    calibration: Calibration | None,
) -> dict[Kind, dict[str, float]]:  # fmt: skip
    found: dict[Kind, dict[str, float]] = {}
    band = start.band(time, level=LEVEL, calibration=calibration)
    bound = band.high if limits.better == "lower" else band.low
    if _worse_by(score, bound, limits) > 0:
        found["beyond the expected range"] = {
            "score": score, "time": time, "bound": bound, "expected": start.at(time).mean
        }  # fmt: skip
    if limits.planned is None or limits.planned <= time:
        return found
    chance = known.no_improvement(limits.planned, points=limits.points)
    if chance is not None and chance > UNLIKELY:
        found["improvement unlikely"] = {
            "probability": chance, "limit": UNLIKELY, "planned": limits.planned,
            "points": limits.points, "expected": known.at(limits.planned).mean,
        }  # fmt: skip
    return found


def _ruled(
    score: float, session: int, intake: float, limits: Limits
) -> dict[Kind, dict[str, float]]:
    found: dict[Kind, dict[str, float]] = {}
    case = limits.caseness
    room = case is None or _worse_by(intake, case, limits) >= 0
    if room and session >= IMPROVED_BY and -_worse_by(score, intake, limits) < limits.points:
        found["no improvement by session"] = {
            "score": score, "intake": intake, "points": limits.points, "session": session
        }  # fmt: skip
    if case is not None and session >= CASE_AT and _worse_by(score, case, limits) >= 0:
        found["still a case at session"] = {
            "score": score, "caseness": case, "session": session
        }  # fmt: skip
    return found
