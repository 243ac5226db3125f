"""Which of a clinician's rules a time would break, if somebody booked it all the same.

By the engine that offers times (``rules``): a rule is broken where it alone would keep the time
from being offered. Pure, and in whole minutes, as there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import time
from typing import Any

from .asking import Clinician, Limits, Stretch, Wanted
from .clocks import Clock
from .rules import openings

WHOLE_DAY = (Stretch(time(0), time(0)),)
FREE = Limits(step=1, horizon_days=1_000_000)  # from 1970 to whatever day is asked about
NOTHING: dict[str, Any] = {"meetings": (), "away": (), "limits": FREE}  # in the way


@dataclass(frozen=True)
class Odd:
    """A rule that is broken, and the numbers that say so.

    ``code`` is of HOURS, ELSEWHERE (another place or way in these hours), AWAY, LUNCH, BUFFER,
    MANY, HEAVY (both with ``n``, the number it would have that day, and ``most``) or ROW
    (``most``).
    """

    code: str
    given: Mapping[str, int] = field(default_factory=dict)


def unusual(wanted: Wanted, one: Clinician, start: int) -> list[Odd]:
    """What is unusual about ``one`` meeting somebody at ``start``; nothing where it is offered.

    Of a time that none of their meetings takes: another cannot be had anyhow.
    """
    asked = _Asked(wanted, one, start)
    if asked.is_open():
        return []
    return [*_hours(asked), *_limits(asked)]


class _Asked:
    """The one time that is asked about."""

    def __init__(self, wanted: Wanted, one: Clinician, start: int) -> None:
        self.wanted, self.start = wanted, start
        self.clock = Clock(one.zone)
        self.day = self.clock.date(start)
        self.limits = replace(one.limits, step=1, notice=0, horizon_days=FREE.horizon_days)
        self.one = replace(one, limits=self.limits)

    def is_open(self, wanted: Wanted | None = None, **but: Any) -> bool:
        """Whether the engine would offer it, were some of it otherwise."""
        one = replace(self.one, **but)
        found = openings(
            wanted or self.wanted, [one], first=self.day, last=self.day, now=self.start
        )
        return any(opening.start == self.start for opening in found)

    def keeps(self, wanted: Wanted | None = None, **rule: Any) -> bool:
        """Whether this rule alone keeps it from being offered, at whatever hour."""
        free: dict[str, Any] = {**NOTHING, "other": {self.day: WHOLE_DAY}}
        return not self.is_open(wanted, **free | rule)


def _hours(asked: _Asked) -> list[Odd]:
    """Whether it lies in the hours, and in those for its place and way."""
    one = asked.one
    if asked.is_open(**NOTHING):
        return []
    anywhere = {
        "week": {day: _anywhere(given) for day, given in one.week.items()},
        "other": {day: _anywhere(given) for day, given in one.other.items()},
    }
    return [Odd("ELSEWHERE" if asked.is_open(**NOTHING | anywhere) else "HOURS")]


def _anywhere(given: Sequence[Stretch]) -> list[Stretch]:
    return [stretch._replace(place=None, ways=frozenset()) for stretch in given]


def _limits(asked: _Asked) -> list[Odd]:
    """Which of the other rules it breaks; of a time across midnight none is asked."""
    one, own = asked.one, asked.limits
    if asked.keeps():
        return []
    found = []
    if asked.keeps(away=one.away):
        found.append(Odd("AWAY"))
    if asked.keeps(limits=replace(FREE, lunch=own.lunch)):
        found.append(Odd("LUNCH"))
    buffers = replace(FREE, buffer_before=own.buffer_before, buffer_after=own.buffer_after)
    if asked.keeps(limits=buffers, meetings=one.meetings):
        found.append(Odd("BUFFER"))
    return [*found, *_counted(asked)]


def _counted(asked: _Asked) -> list[Odd]:
    """How many there would be that day, of heavy ones, and in a row."""
    own, wanted = asked.limits, replace(asked.wanted, buffer_before=0, buffer_after=0)
    meetings = [one._replace(buffer_before=0, buffer_after=0) for one in asked.one.meetings]
    that_day = [one for one in meetings if asked.clock.date(one.start) == asked.day]
    heavy = sum(one.heavy for one in that_day)
    found = []
    if own.most_a_day is not None and len(that_day) >= own.most_a_day:
        found.append(Odd("MANY", {"n": len(that_day) + 1, "most": own.most_a_day}))
    if wanted.heavy and own.heavy_a_day is not None and heavy >= own.heavy_a_day:
        found.append(Odd("HEAVY", {"n": heavy + 1, "most": own.heavy_a_day}))
    row = replace(FREE, most_in_a_row=own.most_in_a_row, rest=own.rest)
    if asked.keeps(wanted, limits=row, meetings=meetings):
        found.append(Odd("ROW", {"most": own.most_in_a_row or 0}))
    return found
