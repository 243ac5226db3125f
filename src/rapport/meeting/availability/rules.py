"""Which times can be offered: hours, single days, holidays, time off, meetings, limits, rooms.

Times are whole minutes since 1970-01-01T00:00Z and stretches of them half-open, so that two
that touch share nothing. What a time on the wall means where clocks change, with its missing
and its doubled hour, stands in ``clocks``. Pure: the caller says what time it is.

**An opening** is a start ``s``, and with it ``[s, s + minutes)``, for which all of this holds:

1. *Hours.* It lies in one stretch of one day of the clinician: of ``other[day]`` where that day
   has hours of its own (none is a day off; they stand on a holiday too), else of the week,
   unless the day is ``closed``. Stretches that do not suit the way or the place are left out;
   those that remain, have the same place and touch or overlap are one. A stretch until 0:00
   lasts to the end of its day; none crosses midnight.
2. *Steps.* ``s`` is the beginning of that stretch or any number of steps later. Steps are
   minutes that pass, also while clocks change.
3. *Notice and horizon.* ``s`` is not before ``now + notice``, and its day not later than
   ``horizon_days`` after today. Both, and ``first`` and ``last``, by the clinician's clock.
4. *Free.* It overlaps no time off, nothing outside, no lunch, nothing that the client has.
5. *Buffers.* It overlaps no meeting, and between it and a meeting lie the minutes that the
   earlier one wants after it, and those that the later one wants before it: not one after the
   other, so the longer counts. They are kept free of meetings and of nothing else: they may
   lie in lunch, in time off, or before the day's hours begin.
6. *Most a day, heavy ones a day.* A meeting counts to the day on which it starts. A day that
   has as many as it may is not offered; for the heavy ones, to heavy ones.
7. *Most in a row.* Two meetings are in a row when fewer than ``rest`` minutes lie between the
   end of one and the start of the next, whatever fills them. With this one added, no row that
   it belongs to may be longer than ``most_in_a_row``.
8. *A room*, where one is needed: at the stretch's place, free throughout. The first one given
   is taken. Buffers do not occupy it.

Each start is offered once for each clinician: in the stretch that begins first, of two that
begin together at the place given first, where all of the above holds.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple
from zoneinfo import ZoneInfo

from .clocks import Clock, Day, shown, until
from .spans import Merged, Span


class Stretch(NamedTuple):
    """Hours on the wall in which a clinician meets people."""

    from_at: time
    until_at: time
    place: str | None = None  # None: wherever is wanted
    ways: frozenset[str] = frozenset()  # none: every way


class Meeting(NamedTuple):
    """Time a clinician has given away to somebody; a hold is one too."""

    start: int
    end: int
    heavy: bool = False
    buffer_before: int | None = None  # minutes; None: the clinician's
    buffer_after: int | None = None


class Room(NamedTuple):
    """A room, where it is, and when it is taken."""

    key: str
    place: str
    busy: Sequence[Span] = ()


class Opening(NamedTuple):
    """A time that can be had, with whom and where."""

    start: int
    end: int
    clinician: str
    place: str | None = None
    room: str | None = None


@dataclass(frozen=True)
class Limits:
    """How much a clinician takes on, in minutes, days and meetings; None is no limit."""

    buffer_before: int = 0
    buffer_after: int = 0
    notice: int = 0
    horizon_days: int = 60
    most_a_day: int | None = None
    most_in_a_row: int | None = None
    heavy_a_day: int | None = None
    rest: int = 30  # minutes without a meeting that end a row
    lunch: tuple[time, time] | None = None
    step: int = 15  # minutes; 0: the length that is wanted

    def __post_init__(self) -> None:
        least = min(self.buffer_before, self.buffer_after, self.notice, self.horizon_days,
                    self.rest, self.step)  # fmt: skip
        if least < 0:
            raise ValueError("buffers, notice, horizon, rest and step are not less than nothing")


@dataclass(frozen=True)
class Clinician:
    """One clinician's hours, and what is taken of them.

    What is taken holds for the days asked for and one more at either end: buffers and rows
    reach across midnight. In any order, overlapping or not; what ends no later than it starts
    is nothing.
    """

    key: str
    zone: ZoneInfo
    week: Mapping[int, Sequence[Stretch]]  # 1 Monday to 7 Sunday (ISO 8601)
    other: Mapping[date, Sequence[Stretch]] = field(default_factory=dict)
    closed: frozenset[date] = frozenset()
    away: Sequence[Span] = ()
    meetings: Sequence[Meeting] = ()
    limits: Limits = Limits()


@dataclass(frozen=True)
class Wanted:
    """What somebody would like to book."""

    minutes: int
    way: str
    heavy: bool = False
    buffer_before: int | None = None  # minutes; None: the clinician's
    buffer_after: int | None = None
    place: str | None = None
    needs_room: bool = False

    def __post_init__(self) -> None:
        if self.minutes < 1:
            raise ValueError("a meeting lasts a minute at least")
        if min(self.buffer_before or 0, self.buffer_after or 0) < 0:
            raise ValueError("buffers are not less than nothing")


def openings(
    wanted: Wanted, clinicians: Sequence[Clinician], *, first: date, last: date, now: int,
    rooms: Sequence[Room] = (), busy_client: Sequence[Span] = (),
) -> list[Opening]:  # fmt: skip
    """Every opening from ``first`` to ``last`` (both included), by start.

    Openings of several clinicians are alternatives: each is there while none is taken. Those
    that start together keep the order of ``clinicians``.

    Args:
        now: minutes since 1970-01-01T00:00Z; of a minute that has begun, the next.
        rooms: all that may be used, the preferred ones first; read only where one is needed.
    """
    search = _Search(wanted, first, last, now, rooms, busy_client)
    found: list[Opening] = []
    for one in clinicians:
        found += search.of(one)
    if len(clinicians) > 1:
        found.sort(key=_START)
    return found


_START = itemgetter(0)
_Hours = tuple[int, int, int, str | None]  # from, the place's turn, until, the place


class _Search:
    """What is wanted, and what of it is the same for every clinician who is asked."""

    def __init__(
        self, wanted: Wanted, first: date, last: date, now: int,
        rooms: Sequence[Room], busy_client: Sequence[Span],
    ) -> None:  # fmt: skip
        self.wanted, self.now = wanted, now
        self.first, self.last = first.toordinal(), last.toordinal()
        self.reach = wanted.minutes - 1
        self.client = list(self._covering(busy_client))
        self.clocks: dict[ZoneInfo, tuple[Clock, int]] = {}
        self.rooms: dict[str | None, list[tuple[str, str, Merged]]] = {}
        for key, place, busy in rooms if wanted.needs_room else ():
            room = key, place, Merged(self._covering(busy))
            self.rooms.setdefault(place, []).append(room)
            self.rooms.setdefault(None, []).append(room)

    def of(self, one: Clinician) -> list[Opening]:
        """The openings of one clinician, by start."""
        if one.limits.most_in_a_row == 0:
            return []
        clock, today = self._clock(one.zone)
        until_day = min(self.last, today + one.limits.horizon_days)
        days = range(max(self.first, today), until_day + 1)
        full = self._full(one, clock, days)
        hours: list[_Hours] = []
        lunches: list[Span] = []
        for nth, stretches in self._stretches(one, days):
            if nth not in full:
                day = clock.day(nth)
                hours += _on(day, stretches)
                lunches += _lunch(day, one.limits.lunch)
        return self._offered(one, hours, Merged(self._shut(one, lunches)))

    def _clock(self, zone: ZoneInfo) -> tuple[Clock, int]:
        """The clock of a zone, and its today."""
        found = self.clocks.get(zone)
        if found is None:
            clock = Clock(zone)
            found = self.clocks[zone] = clock, clock.date(self.now).toordinal()
        return found

    def _covering(self, spans: Iterable[Span]) -> Iterator[Span]:
        """The starts with which a meeting would overlap one of ``spans``."""
        reach = self.reach
        return ((start - reach, end) for start, end in spans if start < end)

    # Hours ---------------------------------------------------------------------------------

    def _stretches(self, one: Clinician, days: range) -> Iterator[tuple[int, list[_Hours]]]:
        """The days, by ordinal, that have hours for what is wanted."""
        week = {weekday: self._suiting(given) for weekday, given in one.week.items()}
        other = {day.toordinal(): self._suiting(given) for day, given in one.other.items()}
        closed = {day.toordinal() for day in one.closed}
        for nth in days:
            hours = other.get(nth)
            if hours is None and nth not in closed:
                hours = week.get((nth - 1) % 7 + 1)
            if hours:
                yield nth, hours

    def _suiting(self, given: Iterable[Stretch]) -> list[_Hours]:
        """The hours of a day in which the way and the place can be had, as the wall shows them."""
        wanted = self.wanted
        places: dict[str | None, list[Span]] = {}
        for from_at, until_at, place, ways in given:
            if ways and wanted.way not in ways:
                continue
            if wanted.place and place and place != wanted.place:
                continue
            hours = shown(from_at), until(until_at)
            if hours[0] < hours[1]:
                places.setdefault(wanted.place or place, []).append(hours)
        return _in_order(places)

    # What is taken -------------------------------------------------------------------------

    def _full(self, one: Clinician, clock: Clock, days: range) -> set[int]:
        """The days, by ordinal, on which there may be no more of what is wanted."""
        full: set[int] = set()
        begins: list[int] = []
        for most, heavy in ((one.limits.most_a_day, False), (one.limits.heavy_a_day, True)):
            if most is None or (heavy and not self.wanted.heavy):
                continue
            begins = begins or [clock.day(nth).opens(0) for nth in (*days, days.stop)]
            counted = Counter(
                bisect_right(begins, meeting.start)
                for meeting in one.meetings
                if meeting.start < meeting.end and (meeting.heavy or not heavy)
            )
            full.update(nth for n, nth in enumerate(days, 1) if counted[n] >= most)
        return full

    def _shut(self, one: Clinician, lunches: list[Span]) -> Iterator[Span]:
        """The starts that cannot be, whatever the hours."""
        yield from self.client
        yield from self._covering(lunches)
        yield from self._covering(one.away)
        yield from self._kept_apart(one)
        if one.limits.most_in_a_row is not None:
            yield from self._in_a_row(one, one.limits.most_in_a_row)

    def _kept_apart(self, one: Clinician) -> Iterator[Span]:
        """Starts that would come too near to a meeting."""
        limits, wanted, reach = one.limits, self.wanted, self.reach
        mine_before = _or(wanted.buffer_before, limits.buffer_before)
        mine_after = _or(wanted.buffer_after, limits.buffer_after)
        usual_before = max(limits.buffer_before, mine_after)
        usual_after = max(limits.buffer_after, mine_before)
        for start, end, _, before, after in one.meetings:
            if start < end:
                early = usual_before if before is None else max(before, mine_after)
                late = usual_after if after is None else max(after, mine_before)
                yield start - early - reach, end + late

    def _in_a_row(self, one: Clinician, most: int) -> Iterator[Span]:
        """Starts that would make a row longer than ``most``: of one row, or of two they join."""
        rest, reach = one.limits.rest, self.reach
        rows: list[tuple[int, int, int]] = []
        for start, end in sorted(meeting[:2] for meeting in one.meetings):
            if start >= end:
                continue
            if rows and start - rows[-1][1] < rest:
                begun, ended, count = rows.pop()
                rows.append((begun, max(ended, end), count + 1))
            else:
                rows.append((start, end, 1))
        for start, end, count in rows:
            if count >= most:
                yield start - rest - reach, end + rest
        for (_, end, count), (start, _, more) in pairwise(rows):
            if count + more >= most:
                yield start - rest - reach, end + rest

    # What is left --------------------------------------------------------------------------

    def _offered(self, one: Clinician, hours: list[_Hours], shut: Merged) -> list[Opening]:
        key, minutes, step = one.key, self.wanted.minutes, one.limits.step or self.wanted.minutes
        earliest = self.now + one.limits.notice
        chosen = self.wanted.needs_room or len({turn for _, turn, _, _ in hours}) > 1
        found: list[Opening] = []
        seen: set[int] = set()
        for start, _, end, place in hours:
            for low, high in shut.left(max(start, earliest), end - self.reach):
                starts = range(low + (start - low) % step, high, step)
                if chosen:
                    found += self._chosen(key, starts, place, seen)
                else:
                    found += [Opening(at, at + minutes, key, place) for at in starts]
        if chosen:
            found.sort(key=_START)
        return found

    def _chosen(
        self, key: str, starts: range, place: str | None, seen: set[int]
    ) -> Iterator[Opening]:
        """Each start once, with a room where one is needed."""
        minutes = self.wanted.minutes
        for at in starts:
            if at in seen:
                continue
            if not self.wanted.needs_room:
                seen.add(at)
                yield Opening(at, at + minutes, key, place)
                continue
            for room, where, taken in self.rooms.get(place, ()):
                if at not in taken:
                    seen.add(at)
                    yield Opening(at, at + minutes, key, where, room)
                    break


def _or(own: int | None, usual: int) -> int:
    return usual if own is None else own


def _in_order(places: Mapping[str | None, Iterable[Span]]) -> list[_Hours]:
    """Hours by their beginning, those at one place merged; a place's turn is where it stands."""
    return sorted(
        (start, turn, end, place)
        for turn, (place, spans) in enumerate(places.items())
        for start, end in Merged(spans)
    )


def _on(day: Day, hours: Sequence[_Hours]) -> list[_Hours]:
    """When hours on the wall are, on one day."""
    if day.before == day.after:
        base = day.midnight - day.before
        return [(base + start, turn, base + end, place) for start, turn, end, place in hours]
    places: dict[str | None, list[Span]] = {}
    for start, _, end, place in sorted(hours, key=itemgetter(1)):
        places.setdefault(place, []).append((day.opens(start), day.closes(end)))
    return _in_order(places)


def _lunch(day: Day, lunch: tuple[time, time] | None) -> list[Span]:
    if lunch is None or not shown(lunch[0]) < until(lunch[1]):
        return []
    return [(day.opens(shown(lunch[0])), day.closes(until(lunch[1])))]
