"""Learn one questionnaire's expected course and try its signals out: a program of its own.

Run by the nightly job as ``python -m rapport.progress.expected.learning``, so that the process
that serves pages never loads SciPy and a crash here touches nothing. It reads JSON, one value a
line, from its input: the scale, then an episode a line. It writes one JSON value. It knows no
database, no key and nobody's name.
"""

import json
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TextIO, cast

import numpy as np

from rapport.progress.expected import counting
from rapport.progress.expected.rules import Scale
from rapport.science.growth.calibration import Predicted, judged
from rapport.science.growth.course import Better, Course
from rapport.science.growth.heldout import Episode, Given, predicted
from rapport.science.growth.learning import learn
from rapport.science.growth.signals import EPISODES
from rapport.science.growth.sums import CannotFit

FOLDS = 5
PATIENT = 10  # how far behind pages this stands, in steps of niceness


@dataclass(frozen=True)
class Told:
    """An ended episode, and the stretch of the scale its intake lay in."""

    stretch: str
    episode: Episode


@dataclass(frozen=True)
class Tried:
    """What was learned without some clients, and those clients."""

    course: Course
    apart: list[Told]


class NotSettled(Exception):
    """The search for the model did not come to rest."""


def read(lines: Iterable[str]) -> tuple[Scale, list[Told]]:
    """What the job wrote: the scale, then [stretch, intake, times, scores] a line.

    Raises:
        ValueError: a line is something else.
    """
    first, *rest = lines
    scale = Scale(**json.loads(first))
    told = []
    for line in rest:
        stretch, intake, times, scores = json.loads(line)
        told.append(Told(stretch, Episode(float(intake), tuple(times), tuple(scores))))
    return scale, told


def learned(told: Sequence[Told], scale: Scale) -> dict[str, Any]:
    """All that a row of ``Fit`` holds, as plain values.

    With 300 episodes or more: the course of all of them; whether its bands hold, each client
    predicted from a course that four fifths of the others gave; and how good its signals are
    on those same clients. With fewer: how good the rules are.

    Raises:
        CannotFit: the scores do not determine a model. NotSettled: the search did not end.
    """
    if scale.points is None:
        raise ValueError("without a reliable change there is nothing to signal")
    some = [one for one in told if one.episode.scores]
    near = counting.near(one.stretch for one in some)
    found: dict[str, Any] = {
        "verdict": "TOO_FEW", "episodes": len(some), "near": near, "singular": [],
        "scores": sum(len(one.episode.scores) for one in some),
        "course": None, "at_intake": None, "so_far": None, "planned": None,
    }  # fmt: skip
    if len(some) < EPISODES:
        return found | {"quality": _ruled(some, scale)}
    course, singular = _course(some, scale)
    tried = _apart(some, scale)
    from_intake, following = _pooled(tried, "intake"), _pooled(tried, "scores so far")
    ends = {"least": scale.least, "most": scale.most}
    first, later = judged(from_intake, **ends), judged(following, **ends)
    planned = float(np.median([one.episode.times[-1] for one in some]))
    verdict = {"holds": "HOLDS", "widened": "WIDENED", "withheld": "WITHHELD"}[first.verdict]
    found |= {
        "verdict": verdict, "singular": singular, "course": course.as_data(),
        "at_intake": first.as_data(), "so_far": later.as_data(), "planned": planned,
    }  # fmt: skip
    limits = counting.limits(scale, planned)
    raised = [
        counting.replayed(
            one.episode, limits, course=each.course, calibration=first, near=near[one.stretch]
        )
        for each in tried
        for one in each.apart
    ]
    ground = "RULE" if first.verdict == "withheld" else "MODEL"
    band = counting.inside(from_intake, first, scale)
    return found | {"quality": counting.counted(raised, ground=ground, band=band)}


def _ruled(some: Sequence[Told], scale: Scale) -> dict[str, Any] | None:
    limits = counting.limits(scale, None)
    raised = [counting.replayed(one.episode, limits) for one in some]
    return counting.counted(raised, ground="RULE")


def _course(some: Sequence[Told], scale: Scale) -> tuple[Course, list[str]]:
    """Without slopes of one's own where those do not vary; and what lay on the edge."""
    rows = [(n, t, one.episode.intake, y) for n, one in enumerate(some)
            for t, y in zip(one.episode.times, one.episode.scores, strict=True)]  # fmt: skip
    client, time, intake, score = (np.array(column) for column in zip(*rows, strict=True))
    singular: list[str] = []
    for slope in (True, False):
        found = learn(
            score, client=client, time=time, intake=intake, least=scale.least, most=scale.most,
            better=cast(Better, scale.better), slope=slope,
        )  # fmt: skip
        singular += [one for one in found.growth.singular if one not in singular]
        if not found.growth.singular:
            break
    if not found.growth.converged:
        raise NotSettled
    return found, singular


def _apart(some: Sequence[Told], scale: Scale) -> list[Tried]:
    return [
        Tried(_course([o for n, o in enumerate(some) if n % FOLDS != fold], scale)[0],
              [o for n, o in enumerate(some) if n % FOLDS == fold])
        for fold in range(FOLDS)
    ]  # fmt: skip


def _pooled(tried: Sequence[Tried], given: Given) -> Predicted:
    """What was expected of everybody, each by a course that was learned without them."""
    parts = [predicted(one.course, [o.episode for o in one.apart], given=given) for one in tried]
    firsts = np.cumsum([0] + [len(one.apart) for one in tried])
    return Predicted(
        np.concatenate([part.client + n for part, n in zip(parts, firsts, strict=False)]),
        *(np.concatenate([getattr(part, name) for part in parts])
          for name in ("time", "score", "mean", "sd")),
    )  # fmt: skip


def main(source: TextIO, target: TextIO) -> int:
    """Read, learn, write; what cannot be fitted is said as a code."""
    scale, told = read(source)
    try:
        found = learned(told, scale)
    except CannotFit:
        found = {"failed": "CANNOT_FIT"}
    except NotSettled:
        found = {"failed": "NOT_SETTLED"}
    json.dump(found, target, allow_nan=False)
    return 0


if __name__ == "__main__":
    os.nice(PATIENT)
    sys.exit(main(sys.stdin, sys.stdout))
