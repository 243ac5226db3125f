"""How a score came about, step by step, so that every number can be opened."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rapport.science.scoring import (
    NOT_APPLICABLE,
    Answer,
    Key,
    Result,
    Sum,
    points_of,
    score,
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One item: what was answered, and what it counts.

    Attributes:
        counts: points; None where it was not answered or does not apply.
        turned: it counts the other way round: lowest + highest - answer.
        away: it does not apply.
    """

    key: str
    answer: Answer
    counts: int | None
    turned: bool
    away: bool
    low: int
    high: int


@dataclass(frozen=True)
class Opened:
    """A whole sheet, opened.

    Attributes:
        added: what the answered items of the total come to.
        answered, applicable: how many items that is, of how many.
        raised: for each rule of the instrument, whether it holds; None: nobody knows.
    """

    lines: list[Line]
    counted: list[int]
    added: int
    answered: int
    applicable: int
    total: Sum
    result: Result
    raised: list[bool | None]

    @property
    def missing(self) -> int:
        """How many items that count have no answer."""
        return self.applicable - self.answered


def opened(key: Key, answers: Mapping[str, Answer], facts: Mapping[str, Any]) -> Opened:
    """The steps from raw answers to the score, as ``scoring.score`` takes them.

    Raises:
        BadAnswers: an answer that the form does not have.
    """
    result, points = score(key, answers, facts), points_of(key, answers, facts)
    lines = {item: _line(key, item, answers.get(item), points.get(item)) for item in key.values}
    counted = [counts for item in key.total.items if (counts := lines[item].counts) is not None]
    return Opened(
        lines=list(lines.values()),
        counted=counted,
        added=sum(counted),
        answered=len(counted),
        applicable=sum(not lines[item].away for item in key.total.items),
        total=key.total,
        result=result,
        raised=[rule.holds(answers) for rule in key.risks],
    )


def _line(key: Key, item: str, answer: Answer, points: Any) -> Line:
    number = points if isinstance(points, int) else None
    low, high = min(key.values[item]), max(key.values[item])
    turned, away = item in key.reverse, points == NOT_APPLICABLE
    return Line(item, answer, number, turned, away, low, high)
