"""Which days a picture covers, and what a course says: pure, without words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, get_args

Wanted = Literal["episode", "year", "all"]
WANTED: tuple[Wanted, ...] = get_args(Wanted)

LEAD = timedelta(days=28)
"""Answers so long before an episode opens belong to its beginning."""

FEW = 3
"""With fewer comparable scores a single day can tip the verdict."""

OLD = timedelta(weeks=8)
"""A latest score older than this says little about now."""

Moved = Literal["one", "begun", "versions", "same", "within", "better", "worse", "unjudged"]
"""What happened since the first comparable score. one: there is only one. begun: the latest is
the first of its episode; earlier ones are not compared. versions: the latest is of another
version. within: no more than measurement error. unjudged: nothing is known to tell a change from
measurement error."""

Caveat = Literal["few", "prorated", "versions", "no_room", "worst_end", "old", "disagree"]
"""What to keep in mind. no_room: the first score lay so near the healthy end that a change beyond
measurement error could not have shown. worst_end: the latest is the worst the form can say.
disagree: the published rule and the arithmetic come to two verdicts."""


@dataclass(frozen=True)
class Days:
    """A stretch of days, both counted in."""

    first: date
    last: date


def days(
    wanted: Wanted, *, today: date, episode: tuple[date, date | None] | None, known: Iterable[date]
) -> Days:
    """The days a picture covers; never none.

    Args:
        episode: first day and last day (None: it goes on) of the one that counts; without one
            everything is shown in its place.
        known: days on which there is something to show.
    """
    there = sorted(day for day in known if day <= today)
    if wanted == "year":
        return Days(today - timedelta(days=365), today)
    if wanted == "episode" and episode is not None and episode[0] <= today:
        opened, closed = episode
        first = next((day for day in there if day >= opened - LEAD), opened)
        return Days(min(first, opened), min(closed or today, today))
    first = min([*there[:1], *([episode[0]] if episode else []), today])
    return Days(first, today)


@dataclass(frozen=True)
class Seen:
    """One score as the reading needs it.

    Attributes:
        clinical: on the clinical side of the cut-off; None: nobody knows.
        current: of the version the library has.
    """

    at: datetime
    points: float
    clinical: bool | None
    prorated: bool = False
    current: bool = True


@dataclass(frozen=True)
class Verdict:
    """How the latest was judged against the first.

    Attributes:
        reliable: more than measurement error; None: nothing is known to judge by.
        needed: how many points that takes; None: not known.
        disagree: another way to judge it comes to the other verdict.
        means: what was compared, of the first two scores and of the last two; None: the first
            score and the latest.
    """

    reliable: bool | None
    needed: float | None = None
    disagree: bool = False
    means: tuple[float, float] | None = None


@dataclass(frozen=True)
class Reading:
    """What a course says.

    Attributes:
        first: what ``last`` is compared with; None where nothing is compared.
        crossed: the two lie on different sides of the cut-off.
        means: as the verdict compared them; None: the two scores themselves.
    """

    moved: Moved
    last: Seen
    first: Seen | None = None
    crossed: bool = False
    caveats: tuple[Caveat, ...] = ()
    means: tuple[float, float] | None = None

    @property
    def points(self) -> float:
        """Latest minus first, in scale points."""
        return self.last.points - self.first.points if self.first else 0


def reading(
    seen: Sequence[Seen], verdict: Verdict | None, *, first: Seen | None, lower_is_better: bool,
    scale: tuple[int, int], now: datetime,
) -> Reading:  # fmt: skip
    """Read a course.

    Args:
        seen: at least one score, the oldest first.
        verdict: on the latest against ``first``, if both can be compared.
        first: what later scores are compared with; None: nothing can be.
        scale: the lowest and the highest total there is.

    Raises:
        ValueError: there is no score, or a verdict on nothing.
    """
    if not seen:
        raise ValueError("a course without a score says nothing")
    if verdict is not None and first is None:
        raise ValueError("a verdict is about two scores")
    last = seen[-1]
    compared = first if verdict is not None else None
    crossed = compared is not None and compared.clinical is not None \
        and last.clinical is not None and compared.clinical is not last.clinical  # fmt: skip
    moved = _moved(seen, compared, verdict, lower_is_better)
    caveats = tuple(_caveats(seen, compared, verdict, lower_is_better, scale, now))
    means = verdict.means if verdict is not None else None
    return Reading(moved, last, compared, crossed, caveats, means)


def _moved(
    seen: Sequence[Seen], first: Seen | None, verdict: Verdict | None, lower_is_better: bool
) -> Moved:
    if first is None or verdict is None:
        if len(seen) == 1:
            return "one"
        alike = seen[-1].current and any(one.current for one in seen[:-1])
        return "begun" if alike else "versions"
    earlier, later = verdict.means or (first.points, seen[-1].points)
    points = later - earlier
    if not points and verdict.means is None:
        return "same"
    if verdict.reliable is None:
        return "unjudged"
    if not verdict.reliable:
        return "within"
    return "better" if (points < 0) is lower_is_better else "worse"


def _caveats(
    seen: Sequence[Seen], first: Seen | None, verdict: Verdict | None, lower_is_better: bool,
    scale: tuple[int, int], now: datetime,
) -> Iterable[Caveat]:  # fmt: skip
    last = seen[-1]
    healthy, worst = scale if lower_is_better else scale[::-1]
    if first is not None and verdict is not None:
        if sum(one.current and one.at >= first.at for one in seen) < FEW:
            yield "few"
        if verdict.needed is not None and abs(first.points - healthy) < verdict.needed:
            yield "no_room"
        if verdict.disagree:
            yield "disagree"
    if last.prorated or (first is not None and first.prorated):
        yield "prorated"
    if len({one.current for one in seen}) > 1:
        yield "versions"
    if last.points == worst:
        yield "worst_end"
    if now - last.at > OLD:
        yield "old"
