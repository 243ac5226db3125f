"""One client's course against what is expected: reasons for a signal, and the bands to draw.

Loaded where a score arrives or a course is drawn, and not before: it needs NumPy.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from rapport.science.growth.bands import Outlook, outlook
from rapport.science.growth.calibration import Calibration
from rapport.science.growth.course import Better, Course
from rapport.science.growth.signals import Limits, enough, history

from .models import Fit
from .rules import Reason, Scale, Series

LEVEL = 0.8


@dataclass(frozen=True)
class Known:
    """What holds for somebody with such an intake.

    Attributes:
        start: the outlook at intake. so_far: the calibration that follows the scores.
    """

    start: Outlook
    at_intake: Calibration
    so_far: Calibration


@dataclass(frozen=True)
class Edge:
    """The 80 % band and its middle at one time, in weeks since intake and scale points."""

    week: float
    low: float
    middle: float
    high: float


def known(fit: Fit, intake: float, near: int) -> Known | None:
    """The stored fit for one intake; None: too few episodes began near it."""
    if not enough(episodes=fit.episodes, in_band=near):
        return None
    course = Course.of(fit.course or {})
    return Known(
        outlook(course, intake=intake),
        Calibration.of(fit.at_intake or {}), Calibration.of(fit.so_far or {}),
    )  # fmt: skip


def reasons(
    series: Series, scale: Scale, *, about: Known | None, planned: float | None
) -> list[Reason]:
    """What the latest score gives reason for; with ``about`` by the bands, else by rules."""
    if scale.points is None or not series.later:
        return []
    found = history(
        [one.total for one in series.later], times=series.times, intake=series.intake.total,
        limits=Limits(scale.points, cast(Better, scale.better), scale.caseness, planned),
        start=about.start if about else None, calibration=about.at_intake if about else None,
    )  # fmt: skip
    return [
        Reason(one.kind, one.ground, one.colour == "red", dict(one.evidence)) for one in found[-1]
    ]


def from_intake(about: Known, weeks: Sequence[float]) -> list[Edge]:
    """The band given the intake alone: what each score is compared with."""
    return [_edge(about.start, one, about.at_intake) for one in weeks]


def ahead(about: Known, series: Series, weeks: Sequence[float]) -> list[Edge]:
    """The band given all scores so far; empty where that one does not hold."""
    if about.so_far.verdict == "withheld":
        return []
    now = about.start
    for time, one in zip(series.times, series.later, strict=True):
        now = now.after(time, one.total)
    return [_edge(now, one, about.so_far) for one in weeks]


def _edge(given: Outlook, week: float, by: Calibration) -> Edge:
    band = given.band(week, level=LEVEL, calibration=by)
    course = given.course
    middle = min(max(given.at(week).mean, course.least), course.most)
    return Edge(week, band.low, middle, band.high)
