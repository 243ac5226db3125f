"""Answers to a questionnaire that add up to what a story says."""

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """How many questions, the highest answer, and which questions people answer high first."""

    items: int
    top: int
    lean: tuple[int, ...] = ()


SCALES = {
    "phq-9": Scale(9, 3, (2, 2, 3, 4, 2, 2, 2, 1, 1)),
    "gad-7": Scale(7, 3, (3, 3, 3, 2, 1, 2, 2)),
    "phq-2": Scale(2, 3),
    "gad-2": Scale(2, 3),
    "pcl-5": Scale(20, 4, (4, 3, 2, 4, 3, 4, 4, 1, 2, 2, 3, 3, 2, 2, 2, 1, 4, 3, 3, 4)),
    "audit-c": Scale(3, 4, (3, 2, 2)),
}


def answers(instrument: str, total: int, seed: int, item_nine: int = 0) -> dict[str, int]:
    """The same plausible answers for the same seed, with exactly this total.

    Args:
        instrument: id of the questionnaire, one of ``SCALES``.
        total: sum of all answers.
        item_nine: the answer to the PHQ-9's last question; it is part of the total.

    Raises:
        KeyError: no such questionnaire here.
        ValueError: no answers add up to that.
    """
    scale = SCALES[instrument]
    dice = random.Random(f"{instrument} {total} {seed}")  # noqa: S311  invention, no secret
    given = dict.fromkeys(map(str, range(1, scale.items + 1)), 0)
    lean = dict(zip(given, scale.lean or (1,) * scale.items, strict=True))
    if instrument == "phq-9":
        given["9"] = item_nine
        lean["9"] = 0
    if instrument == "audit-c" and total:
        given["1"] = 1  # who never drinks has nothing else to answer
    left = total - sum(given.values())
    while left > 0:
        room = [key for key in given if lean[key] and given[key] < scale.top]
        if not room:
            break
        weights = [lean[key] / (1 + given[key]) for key in room]
        given[dice.choices(room, weights)[0]] += 1
        left -= 1
    if left or not 0 <= item_nine <= scale.top:
        raise ValueError(f"no answers to {instrument} add up to {total}")
    return given
