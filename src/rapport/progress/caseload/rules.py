"""Why a client needs attention, and in what order clients stand. Pure.

The order is said on the page in one sentence: the first reason of a line decides, in the order of
``REASONS``; within a reason who has waited longest comes first; whoever has none comes after all
of these, the latest change first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

Reason = Literal["alert", "red", "amber", "worse", "unmeasured", "unbooked", "due"]
REASONS: tuple[Reason, ...] = get_args(Reason)

LONG = timedelta(weeks=8)
"""A latest score older than this says little about now, as on a client's picture."""


@dataclass(frozen=True)
class Why:
    """One reason.

    Attributes:
        since: from when on; None: nobody knows.
        instrument: the questionnaire it is about, if it is about one.
        id: of the alert or the signal, where it is one.
    """

    reason: Reason
    since: datetime | None
    instrument: str = ""
    id: Any = None


@dataclass(frozen=True)
class Flag:
    """A signal that is open. since: the first of its level in an unbroken row."""

    id: Any
    instrument: str
    red: bool
    since: datetime


@dataclass(frozen=True)
class Change:
    """The first and the latest comparable score of a questionnaire in this care.

    Attributes:
        first, last: means of two where the practice judges by those.
        reliable: by more than it errs, by the method in use.
        form: the questionnaire as the practice judges by it.
    """

    instrument: str
    first: float
    last: float
    at: datetime
    lower_is_better: bool
    reliable: bool
    form: Any = None

    @property
    def worse(self) -> bool:
        """Whether it changed for the worse by more than the questionnaire errs."""
        apart = self.last - self.first
        return self.reliable and (apart > 0 if self.lower_is_better else apart < 0)


@dataclass(frozen=True)
class Facts:
    """What is known of one client.

    Attributes:
        active: in care, so that a meeting ahead is to be expected.
        alerts: id and instant of each that waits, the oldest first.
        measured_at: the latest score of all. missed_at: when the latest questionnaire that was
            asked could be answered no more. waits_since: the oldest that can be answered still.
        asked, answered: of what was asked and can be answered no more, or was.
        held: sessions. last_at, next_at: the latest and the next one.
    """

    active: bool = True
    alerts: tuple[tuple[Any, datetime], ...] = ()
    flags: tuple[Flag, ...] = ()
    changes: tuple[Change, ...] = ()
    measured_at: datetime | None = None
    missed_at: datetime | None = None
    waits_since: datetime | None = None
    asked: int = 0
    answered: int = 0
    held: int = 0
    last_at: datetime | None = None
    next_at: datetime | None = None

    @property
    def changed_at(self) -> datetime | None:
        """When something happened last: a session, or a score."""
        return max((one for one in (self.measured_at, self.last_at) if one), default=None)


def whys(facts: Facts, *, now: datetime) -> tuple[Why, ...]:
    """Every reason to look at a client, the most pressing first."""
    found = [Why("alert", at, id=pk) for pk, at in facts.alerts[:1]]
    flags = sorted(facts.flags, key=lambda one: (not one.red, one.since))
    found += [Why("red" if one.red else "amber", one.since, one.instrument, one.id)
              for one in flags]  # fmt: skip
    said = {one.instrument for one in flags}
    worse = (one for one in facts.changes if one.worse and one.instrument not in said)
    found += [Why("worse", one.at, one.instrument) for one in sorted(worse, key=_at)]
    if _unmeasured(facts, now):
        found.append(Why("unmeasured", facts.measured_at))
    if facts.active and facts.next_at is None:
        found.append(Why("unbooked", facts.last_at))
    if facts.waits_since is not None:
        found.append(Why("due", facts.waits_since))
    return tuple(found)


def _at(change: Change) -> datetime:
    return change.at


def _unmeasured(facts: Facts, now: datetime) -> bool:
    """Something was asked in vain since the latest score, and that is long ago or there is none."""
    if facts.missed_at is None:
        return False
    measured = facts.measured_at
    return measured is None or (facts.missed_at > measured and now - measured > LONG)


Place = tuple[int, float, str]


def place(whys: Sequence[Why], changed_at: datetime | None, tie: str) -> Place:
    """Where a line stands, for ``sorted``: see the module. ``tie`` decides between equals."""
    if whys:
        first = whys[0]
        since = first.since.timestamp() if first.since else float("-inf")
        return REASONS.index(first.reason), since, tie
    return len(REASONS), -changed_at.timestamp() if changed_at else float("inf"), tie


def run_since(run: Sequence[tuple[datetime, bool]]) -> datetime:
    """Since when the level of the last signal of ``run`` stands, the oldest first: at and red."""
    since, red = run[-1]
    for at, was_red in reversed(run):
        if was_red is not red:
            break
        since = at
    return since


def main(counts: Sequence[tuple[str, int, datetime]], whys: Sequence[Why]) -> str:
    """The questionnaire a line shows: that of its first reason, else the one with most scores.

    Args:
        counts: each with its number of scores and when the latest was; of as many the one
            answered last counts.
    """
    there = {name for name, _n, _at in counts}
    named = (one.instrument for one in whys if one.instrument in there)
    best = max(counts, key=lambda one: (one[1], one[2], one[0]), default=("", 0, None))
    return next(named, best[0])
