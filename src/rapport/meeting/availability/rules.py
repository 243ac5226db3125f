"""Which times can be offered: hours, single days, holidays, time off, meetings, limits, pieces.

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
8. *Pieces.* Of each kind that is needed, a room or a piece of equipment, one is free
   throughout, all at one place: the stretch's. The first room given is taken, at its place; of
   equipment it is enough that there is one. Buffers do not occupy them.

Each start is offered once for each clinician: in the stretch that begins first, of two that
begin together at the place given first, where all of the above holds.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise, repeat
from operator import itemgetter
from zoneinfo import ZoneInfo

from ..appointments.rules import ROOM
from .asking import Clinician, Limits, Meeting, Opening, Piece, Stretch, Wanted
from .clocks import DAY, Clock, Day, shown, until
from .spans import Merged, Span

__all__ = [
    "ROOM", "Clinician", "Limits", "Meeting", "Opening", "Piece", "Span", "Stretch", "Wanted",
    "openings",
]  # fmt: skip


def openings(
    wanted: Wanted, clinicians: Sequence[Clinician], *, first: date, last: date, now: int,
    pieces: Sequence[Piece] = (), busy_client: Sequence[Span] = (),
) -> list[Opening]:  # fmt: skip
    """Every opening from ``first`` to ``last`` (both included), by start.

    Openings of several clinicians are alternatives: each is there while none is taken. Those
    that start together keep the order of ``clinicians``.

    Args:
        now: minutes since 1970-01-01T00:00Z; of a minute that has begun, the next.
        pieces: all that may be used, the preferred ones first; read only where one is needed.
    """
    search = _Search(wanted, first, last, now, pieces, busy_client)
    found: list[Opening] = []
    for one in clinicians:
        found += search.of(one)
    if len(clinicians) > 1:
        found.sort(key=_START)
    return found


_START = itemgetter(0)
_new = tuple.__new__  # what Opening itself calls, without a call in between: there are hundreds
_Hours = tuple[int, int, int, str | None]  # from, the place's turn, until, the place


class _Search:
    """What is wanted, and what of it is the same for every clinician who is asked."""

    def __init__(
        self, wanted: Wanted, first: date, last: date, now: int,
        pieces: Sequence[Piece], busy_client: Sequence[Span],
    ) -> None:  # fmt: skip
        self.wanted, self.now = wanted, now
        self.first, self.last = first.toordinal(), last.toordinal()
        self.reach = wanted.minutes - 1
        self.client = list(self._covering(busy_client))
        self.clocks: dict[ZoneInfo, tuple[Clock, int, list[Day]]] = {}
        self.steps: dict[tuple[int, tuple[_Hours, ...]], tuple[list[int], list[int]] | None] = {}
        self.needs = sorted(set(wanted.needs))  # a room comes first
        self.pieces: dict[tuple[str, str | None], list[tuple[str, str, Merged]]] = {}
        for key, place, busy, kind in pieces:
            if kind in self.needs:
                piece = key, place, Merged(self._covering(busy))
                self.pieces.setdefault((kind, place), []).append(piece)
                self.pieces.setdefault((kind, None), []).append(piece)

    def of(self, one: Clinician) -> list[Opening]:
        """The openings of one clinician, by start."""
        if one.limits.most_in_a_row == 0:
            return []
        days = self._days(one.zone, one.limits.horizon_days)
        working = self._working(one, days)
        return self._offered(one, self._hours(working), self._shut(one, working))

    # Hours ---------------------------------------------------------------------------------

    def _days(self, zone: ZoneInfo, horizon: int) -> list[Day]:
        """The days asked for that are not over, up to the horizon."""
        if zone not in self.clocks:
            clock = Clock(zone)
            self.clocks[zone] = clock, clock.date(self.now).toordinal(), []
        clock, today, days = self.clocks[zone]
        first = max(self.first, today)
        count = max(min(self.last, today + horizon) + 1 - first, 0)
        for nth in range(first + len(days), first + count):
            days.append(clock.day(nth))
        return days if len(days) == count else days[:count]

    def _working(self, one: Clinician, days: list[Day]) -> list[tuple[Day, list[_Hours]]]:
        """The days that have hours for what is wanted, and on which there may be more of it."""
        week = {weekday: self._suiting(given) for weekday, given in one.week.items()}
        other = {day.toordinal(): self._suiting(given) for day, given in one.other.items()}
        closed = {day.toordinal() for day in one.closed}
        full = self._full(one, days)
        found = []
        for day in days:
            nth = day.ordinal
            hours = other.get(nth)
            if hours is None and nth not in closed:
                hours = week.get(day.weekday)
            if hours and nth not in full:
                found.append((day, hours))
        return found

    def _hours(self, working: list[tuple[Day, list[_Hours]]]) -> list[_Hours]:
        """The same, as instants."""
        found: list[_Hours] = []
        for day, hours in working:
            if day.base is None:
                found += _changing(day, hours)
            else:
                base = day.base
                for start, turn, end, place in hours:
                    found.append((base + start, turn, base + end, place))
        return found

    def _suiting(self, given: Sequence[Stretch]) -> list[_Hours]:
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
        if len(given) == 1:
            return [(start, 0, end, place) for place, ((start, end),) in places.items()]
        return _in_order(places)

    # What is taken -------------------------------------------------------------------------

    def _covering(self, spans: Iterable[Span]) -> Iterator[Span]:
        """The starts with which a meeting would overlap one of ``spans``."""
        reach = self.reach
        return ((start - reach, end) for start, end in spans if start < end)

    def _full(self, one: Clinician, days: list[Day]) -> set[int]:
        """The days, by ordinal, on which there may be no more of what is wanted."""
        full: set[int] = set()
        begins: list[int] = []
        for most, heavy in ((one.limits.most_a_day, False), (one.limits.heavy_a_day, True)):
            if most is None or not days or (heavy and not self.wanted.heavy):
                continue
            begins = begins or [*(day.opens(0) for day in days), days[-1].closes(DAY)]
            counted = Counter(
                bisect_right(begins, meeting.start)
                for meeting in one.meetings
                if meeting.start < meeting.end and (meeting.heavy or not heavy)
            )
            full.update(day.ordinal for n, day in enumerate(days, 1) if counted[n] >= most)
        return full

    def _shut(self, one: Clinician, working: list[tuple[Day, list[_Hours]]]) -> Merged:
        """The starts that cannot be, whatever the hours."""
        limits = one.limits
        shut = [*self.client, *self._kept_apart(one)]
        shut += self._covering(one.away)
        if limits.lunch and shown(limits.lunch[0]) < until(limits.lunch[1]):
            begin, end = shown(limits.lunch[0]), until(limits.lunch[1])
            shut += self._covering((day.opens(begin), day.closes(end)) for day, _ in working)
        if limits.most_in_a_row is not None:
            shut += self._in_a_row(one, limits.most_in_a_row)
        return Merged(shut)

    def _kept_apart(self, one: Clinician) -> list[Span]:
        """Starts that would come too near to a meeting."""
        limits, wanted, reach = one.limits, self.wanted, self.reach
        mine_before = _or(wanted.buffer_before, limits.buffer_before)
        mine_after = _or(wanted.buffer_after, limits.buffer_after)
        early = max(limits.buffer_before, mine_after) + reach
        late = max(limits.buffer_after, mine_before)
        return [
            (
                start - (early if before is None else max(before, mine_after) + reach),
                end + (late if after is None else max(after, mine_before)),
            )
            for start, end, _, before, after in one.meetings
            if start < end
        ]

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
        step, earliest = one.limits.step or self.wanted.minutes, self.now + one.limits.notice
        steps = self._steps(tuple(hours), step)
        if self.needs or steps is None:
            free = [
                (range(low + (start - low) % step, high, step), place)
                for start, _, end, place in hours
                for low, high in shut.left(max(start, earliest), end - self.reach)
            ]
            return sorted(self._chosen(one.key, free), key=_START)
        starts: list[int] = []
        ends: list[int] = []
        for part in shut.parts_left(steps[0], earliest):
            starts += steps[0][part]
            ends += steps[1][part]
        place = hours[0][3] if hours else None
        fields = zip(starts, ends, repeat(one.key), repeat(place), repeat(None))
        return list(map(_new, repeat(Opening), fields))

    def _steps(self, hours: tuple[_Hours, ...], step: int) -> tuple[list[int], list[int]] | None:
        """Every start that hours alone allow, and its end; None where there is a choice of place.

        Clinicians often keep the same hours: what is found is kept for the next.
        """
        if (step, hours) in self.steps:
            return self.steps[step, hours]
        minutes = self.wanted.minutes
        starts: list[int] = []
        ends: list[int] = []
        for start, _, end, _ in hours:
            starts += range(start, end - self.reach, step)
            ends += range(start + minutes, end + 1, step)
        choice = len({place for *_, place in hours}) > 1
        choice = choice or any(later[0] < earlier[2] for earlier, later in pairwise(hours))
        found = self.steps[step, hours] = None if choice else (starts, ends)
        return found

    def _chosen(self, key: str, free: Iterable[tuple[range, str | None]]) -> Iterator[Opening]:
        """Each start once, where everything is that it needs."""
        minutes = self.wanted.minutes
        seen: set[int] = set()
        for starts, place in free:
            for at in starts:
                if at in seen:
                    continue
                there = self._there(at, place) if self.needs else (place, None)
                if there is not None:
                    seen.add(at)
                    yield Opening(at, at + minutes, key, *there)

    def _there(self, at: int, place: str | None) -> tuple[str, str | None] | None:
        """A place where everything that is needed is free, and the room there if one is needed."""
        first, *others = self.needs
        for key, where, taken in self.pieces.get((first, place), ()):
            if at not in taken and all(self._free(kind, where, at) for kind in others):
                return where, key if first == ROOM else None
        return None

    def _free(self, kind: str, place: str, at: int) -> bool:
        return any(at not in taken for _, _, taken in self.pieces.get((kind, place), ()))


def _or(own: int | None, usual: int) -> int:
    return usual if own is None else own


def _in_order(places: Mapping[str | None, Iterable[Span]]) -> list[_Hours]:
    """Hours by their beginning, those at one place merged; a place's turn is where it stands."""
    return sorted(
        (start, turn, end, place)
        for turn, (place, spans) in enumerate(places.items())
        for start, end in Merged(spans)
    )


def _changing(day: Day, hours: Iterable[_Hours]) -> list[_Hours]:
    """When hours on the wall are, on a day on which clocks change."""
    places: dict[str | None, list[Span]] = {}
    for start, _, end, place in sorted(hours, key=itemgetter(1)):
        places.setdefault(place, []).append((day.opens(start), day.closes(end)))
    return _in_order(places)
