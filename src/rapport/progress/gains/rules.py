"""Which scores follow each other as sessions do, and where they leap for the better. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from rapport.science.change import Better
from rapport.science.sudden_gains import sudden_gains

NEAR = timedelta(weeks=4)
"""The criteria speak of one session and the next. Of two scores farther apart nobody knows
whether what lies between them came suddenly; how far that is, Rapport chose."""

SHARE = 0.25  # of the score before; Tang & DeRubeis (1999), J Consult Clin Psychol 67:894-904


@dataclass(frozen=True)
class At:
    """A score of a day; ``points`` None: answered, and not to be compared."""

    id: Any
    on: date
    points: float | None


@dataclass(frozen=True)
class Leap:
    """A sudden gain, and what each of the three criteria compared.

    Attributes:
        size: how much better, in points, > 0.
        reliable: how many points the first criterion asks for.
        means, bar, critical: of the third; see ``science.sudden_gains``.
        lost: the first later score that lost half of it or more; None: it has held so far.
    """

    before: At
    after: At
    size: float
    reliable: float
    means: tuple[float, float]
    bar: float
    critical: float
    lost: At | None

    @property
    def share(self) -> float | None:
        """The gain as a share of the score before, 0 to 1 and above; None where that was 0."""
        return self.size / abs(self.before.points) if self.before.points else None


def leaps(scores: Iterable[At], *, reliable: float | None, better: Better) -> list[Leap]:
    """The sudden gains of a course, given the oldest first; none where no change is reliable.

    Of several scores of one day the last counts.
    """
    if not reliable:
        return []
    row = list(_row(scores))
    there = {place: one for place, one in enumerate(row) if one is not None}
    points = [one.points if one is not None else None for one in row]
    found = sudden_gains(points, reliable=reliable, better=better, share=SHARE).gains
    return [
        Leap(there[one.session], there[one.session + 1], one.size, reliable, one.means, one.bar,
             one.critical, None if one.reversed_at is None else there[one.reversed_at])
        for one in found
    ]  # fmt: skip


def _row(scores: Iterable[At]) -> Iterable[At | None]:
    """One a day, and None where the next one is too far away to follow it."""
    days = {one.on: one for one in scores}
    before: At | None = None
    for one in days.values():
        if before is not None and one.on - before.on > NEAR:
            yield None
        yield one
        before = one
