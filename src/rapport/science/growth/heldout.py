"""Clients kept out of a fit: their episodes, and what the model would have said each time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from rapport.science.growth.bands import outlook
from rapport.science.growth.calibration import Calibration, Predicted, judged
from rapport.science.growth.course import Course, Floats, columns

Given = Literal["intake", "scores so far"]


@dataclass(frozen=True)
class Episode:
    """One client's scores after the intake, in the order they were given.

    Attributes:
        times: sessions or weeks since intake, ascending. scores: at those, on the scale.
    """

    intake: float
    times: tuple[float, ...]
    scores: tuple[float, ...]
    case_mix: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if len(self.times) != len(self.scores):
            raise ValueError("each score has a time")
        if any(b <= a for a, b in zip(self.times, self.times[1:], strict=False)):
            raise ValueError("an episode's times ascend")


def episodes(
    scores: npt.ArrayLike, *, client: npt.ArrayLike, time: npt.ArrayLike, intake: npt.ArrayLike,
    case_mix: Sequence[npt.ArrayLike] = (),
) -> list[Episode]:  # fmt: skip
    """Rows gathered by client, in ascending order of the labels, each in order of time.

    >>> episodes([9, 7, 12], client=["b", "b", "a"], time=[2, 1, 1], intake=[14, 14, 13])
    [Episode(intake=13.0, times=(1.0,), scores=(12.0,), case_mix=()), \
Episode(intake=14.0, times=(1.0, 2.0), scores=(7.0, 9.0), case_mix=())]
    """
    y, t, first, *mix = (np.asarray(a, np.float64) for a in (scores, time, intake, *case_mix))
    _, who = np.unique(np.asarray(client), return_inverse=True)
    order = np.lexsort((t, who))
    starts = np.flatnonzero(np.diff(who[order], prepend=-1))
    return [
        Episode(
            float(first[rows[0]]),
            tuple(t[rows].tolist()),
            tuple(y[rows].tolist()),
            tuple(float(one[rows[0]]) for one in mix),
        )  # fmt: skip
        for rows in np.split(order, starts[1:])
    ]


def predicted(course: Course, kept_out: Sequence[Episode], *, given: Given) -> Predicted:
    """What was expected of each score: given the intake only, or the scores before it too."""
    client, every = _rows(kept_out)
    if given == "intake":
        mean, sd = _from_intake(course, every)
    else:
        likely = [one for episode in kept_out for one in _following(course, episode)]
        mean, sd = np.array(likely, dtype=np.float64).reshape(len(likely), 2).T
    return Predicted(client, every[0], every[1], mean, sd)


def _rows(kept_out: Sequence[Episode]) -> tuple[npt.NDArray[np.intp], list[Floats]]:
    """Whose each score is; times, scores, intakes and the case mix, one entry a score."""
    sizes = [len(episode.scores) for episode in kept_out]
    own = [(episode.intake, *episode.case_mix) for episode in kept_out]
    if len({len(one) for one in own}) > 1:
        raise ValueError("all episodes have the same case mix")
    repeated = [np.repeat(np.array(one, np.float64), sizes) for one in zip(*own, strict=True)]
    times = np.array([time for episode in kept_out for time in episode.times], np.float64)
    scores = np.array([score for episode in kept_out for score in episode.scores], np.float64)
    return np.repeat(np.arange(len(kept_out)), sizes), [times, scores, *repeated]


def _from_intake(course: Course, every: list[Floats]) -> tuple[Floats, Floats]:
    """What ``Outlook.at`` says before any score, of all rows together."""
    growth = course.growth
    x, f = columns(every[0], every[2], every[3:], shape=course.shape)
    own = growth.intercept_sd**2 + growth.therapist_sd**2 + growth.residual_sd**2
    variance = own + 2 * f * growth.covariance + (f * growth.slope_sd) ** 2
    return x @ np.array([one.value for one in growth.fixed]), np.sqrt(variance)


def _following(course: Course, episode: Episode) -> Iterator[tuple[float, float]]:
    known = outlook(course, intake=episode.intake, case_mix=episode.case_mix)
    for time, score in zip(episode.times, episode.scores, strict=True):
        likely = known.at(time)
        yield likely.mean, likely.sd
        known = known.after(time, score)


def calibrated(course: Course, kept_out: Sequence[Episode], *, given: Given) -> Calibration:
    """Whether the bands of ``course`` hold on clients it was not learned from.

    Args:
        given: which bands: those from the intake alone, or those that follow the scores.
    """
    found = predicted(course, kept_out, given=given)
    return judged(found, least=course.least, most=course.most)
