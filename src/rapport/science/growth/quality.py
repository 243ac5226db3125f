"""How good signals are, on clients kept out of the fit: what they find, and what they cost."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from rapport.science.growth.bands import outlook
from rapport.science.growth.calibration import PLAIN, Calibration, covered
from rapport.science.growth.course import Course
from rapport.science.growth.heldout import Episode, predicted
from rapport.science.growth.signals import Kind, Limits, Signal, history

ALL: tuple[Kind, ...] = (
    "beyond the expected range", "improvement unlikely", "worse than at intake",
    "worse than at best", "no improvement by session", "still a case at session",
)  # fmt: skip


@dataclass(frozen=True)
class Alerts:
    """What signals of one colour are worth. Shares are 0 to 1; NaN where there is nobody.

    Attributes:
        sensitivity: share with a signal before the last score, of those who ended worse.
        specificity: share without any, of the others.
        per_hundred: signals per 100 scores. false_per_hundred: to clients who did not end worse,
            per 100 scores of theirs.
        cumulative: share of clients who did not end worse with a false alarm by their first,
            second ... score, of those seen so long.
        lead: median number of scores from the first signal to the last score, of those found.
    """

    sensitivity: float
    specificity: float
    per_hundred: float
    false_per_hundred: float
    cumulative: tuple[float, ...]
    lead: float


@dataclass(frozen=True)
class Quality:
    """Signals and bands on clients kept out.

    Attributes:
        yellow: any signal counts. red: only the second in succession.
        outside, above: share of scores outside and above the 80 % band given the intake; NaN
            without a course.
        clients, worse: how many, and how many of them ended worse.
    """

    yellow: Alerts
    red: Alerts
    outside: float
    above: float
    clients: int
    worse: int


def quality(
    kept_out: Sequence[Episode], *, limits: Limits, course: Course | None = None,
    calibration: Calibration | None = None, worse: Sequence[bool] | None = None,
    kinds: Sequence[Kind] = ALL,
) -> Quality:  # fmt: skip
    """Replay every episode score by score and count.

    A signal counts from the first score to the last but one: what the last score says is no
    warning any more.

    Args:
        kept_out: with at least two scores each; shorter ones are left out.
        course: None replays the rules. calibration: of its bands given intake.
        worse: who ended worse, where that is known otherwise; None: whose last score is
            reliably worse than the intake.
        kinds: which signals count.

    Raises:
        ValueError: nobody is left, or ``worse`` has another length.

    >>> steady, rising = Episode(14, (1, 2, 3), (13, 12, 12)), Episode(14, (1, 2, 3), (16, 21, 22))
    >>> found = quality([steady, rising], limits=Limits(6, "lower"))
    >>> found.worse, found.yellow.sensitivity, found.yellow.specificity, found.yellow.lead
    (1, 1.0, 1.0, 1.0)
    """
    if worse is not None and len(worse) != len(kept_out):
        raise ValueError("each episode ended worse or did not")
    long = [n for n, episode in enumerate(kept_out) if len(episode.scores) >= 2]
    if not long:
        raise ValueError("no episode has two scores")
    some = [kept_out[n] for n in long]
    ended = [_ended_worse(e, limits) for e in some] if worse is None else [worse[n] for n in long]
    raised = [_replayed(episode, limits, course, calibration, kinds) for episode in some]
    outside = above = math.nan
    if course is not None:
        outside, above = _missed(course, some, calibration)
    return Quality(
        _counted(raised, ended, lambda one: True),
        _counted(raised, ended, lambda one: one.colour == "red"),
        outside, above, len(some), sum(map(bool, ended)),
    )  # fmt: skip


def _ended_worse(episode: Episode, limits: Limits) -> bool:
    rise = episode.scores[-1] - episode.intake
    return (rise if limits.better == "lower" else -rise) >= limits.points


def _replayed(
    episode: Episode, limits: Limits, course: Course | None, calibration: Calibration | None,
    kinds: Sequence[Kind],
) -> list[list[Signal]]:  # fmt: skip
    start = (
        outlook(course, intake=episode.intake, case_mix=episode.case_mix)
        if course is not None
        else None
    )
    every = history(
        episode.scores[:-1], times=episode.times[:-1], intake=episode.intake, limits=limits,
        start=start, calibration=calibration,
    )  # fmt: skip
    return [[one for one in given if one.kind in kinds] for given in every]


def _counted(
    raised: list[list[list[Signal]]], ended: Sequence[bool], counts: Callable[[Signal], bool]
) -> Alerts:
    hits = [[any(map(counts, at)) for at in client] for client in raised]
    found = [any(client) for client, bad in zip(hits, ended, strict=True) if bad]
    spared = [not any(client) for client, bad in zip(hits, ended, strict=True) if not bad]
    false = [client for client, bad in zip(hits, ended, strict=True) if not bad]
    lead = [
        len(client) - client.index(True)
        for client, bad in zip(hits, ended, strict=True)
        if bad and any(client)
    ]
    by = []
    for seen in range(1, max(map(len, false), default=0) + 1):
        so_long = [any(client[:seen]) for client in false if len(client) >= seen]
        by.append(_share(so_long))
    every = [one for client in hits for one in client]
    wrong = [one for client in false for one in client]
    return Alerts(
        _share(found), _share(spared), 100 * _share(every), 100 * _share(wrong), tuple(by),
        float(np.median(lead)) if lead else math.nan,
    )  # fmt: skip


def _share(of: Sequence[bool]) -> float:
    return sum(of) / len(of) if of else math.nan


def _missed(
    course: Course, some: Sequence[Episode], calibration: Calibration | None
) -> tuple[float, float]:
    if calibration is not None and calibration.verdict == "withheld":
        return math.nan, math.nan
    found = covered(
        predicted(course, some, given="intake"), calibration or PLAIN,
        least=course.least, most=course.most,
    )  # fmt: skip
    return found.below + found.above, found.above
