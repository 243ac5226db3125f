"""The slow engine: every minute looked at by itself, straight from what ``rules`` says.

It shares nothing with the engine but the nouns: no bisection, no merging, no offsets. What the
clock shows is asked of the zone for each minute.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from rapport.meeting.availability.rules import ROOM, Opening

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def shown(minute, zone):
    """What the clock on the wall shows at that minute."""
    return (EPOCH + minute * MINUTE).astimezone(zone).replace(tzinfo=None)


@lru_cache(maxsize=64)
def around(day, zone):
    """Every minute of three days, and what the clock shows then."""
    middle = (datetime.combine(day, time(12), UTC) - EPOCH) // MINUTE
    return [(at, shown(at, zone)) for at in range(middle - 36 * 60, middle + 36 * 60)]


def stretch(day, from_at, until_at, zone):
    """From the first minute that shows the beginning or later to the last before the end."""
    begin = datetime.combine(day, from_at)
    end = datetime.combine(day, until_at) + (DAY if until_at == time(0) else timedelta())
    minutes = around(day, zone)
    first = next(at for at, wall in minutes if wall >= begin)
    last = max(at for at, wall in minutes if wall < end)
    return range(first, last + 1) if begin < end else range(0)


def hours_of(one, day):
    if day in one.other:
        return one.other[day]
    return () if day in one.closed else one.week.get(day.isoweekday(), ())


def runs(one, wanted, day):
    """Unbroken minutes of the day's hours at one place, in the order in which they are tried."""
    at_place = {}
    for each in hours_of(one, day):
        if each.ways and wanted.way not in each.ways:
            continue
        if None not in (wanted.place, each.place) and wanted.place != each.place:
            continue
        if each.from_at < each.until_at or each.until_at == time(0):
            minutes = stretch(day, each.from_at, each.until_at, one.zone)
            at_place.setdefault(wanted.place or each.place, set()).update(minutes)
    found = []
    for turn, (place, minutes) in enumerate(at_place.items()):
        for first in sorted(minute for minute in minutes if minute - 1 not in minutes):
            last = first
            while last + 1 in minutes:
                last += 1
            found.append((first, turn, range(first, last + 1), place))
    return [(run, place) for _, _, run, place in sorted(found)]


def minutes_of(spans):
    return {minute for start, end in spans for minute in range(start, end)}


def near(one, wanted, start, end):
    """Whether a meeting lies over it, or nearer than somebody's buffer."""

    def either(own, usual):
        return usual if own is None else own

    limits = one.limits
    for meeting in one.meetings:
        if meeting.end <= meeting.start:
            continue
        pairs = (
            (meeting.buffer_after, limits.buffer_after, wanted.buffer_before, limits.buffer_before),
            (wanted.buffer_after, limits.buffer_after, meeting.buffer_before, limits.buffer_before),
        )
        after, before = (max(either(a, b), either(c, d)) for a, b, c, d in pairs)
        if not (start - meeting.end >= after or meeting.start - end >= before):
            return True
    return False


def in_a_row(one, start, end):
    """How many meetings stand in a row with this one, itself included."""
    others = {n: (m.start, m.end) for n, m in enumerate(one.meetings) if m.start < m.end}
    row, grew = [(start, end)], True
    while grew:
        grew = False
        for key, (begins, ends) in list(others.items()):
            if any(begins - e < one.limits.rest and b - ends < one.limits.rest for b, e in row):
                row.append(others.pop(key))
                grew = True
    return len(row)


def fits_the_day(one, wanted, day):
    def counted(heavy):
        return sum(
            shown(m.start, one.zone).date() == day
            for m in one.meetings
            if m.start < m.end and (m.heavy or not heavy)
        )

    limits = one.limits
    if limits.most_a_day is not None and counted(heavy=False) >= limits.most_a_day:
        return False
    most = limits.heavy_a_day if wanted.heavy else None
    return most is None or counted(heavy=True) < most


def of_a_day(one, wanted, day, now, pieces, busy_client):
    limits = one.limits
    if day > shown(now, one.zone).date() + limits.horizon_days * DAY:
        return
    if not fits_the_day(one, wanted, day):
        return
    taken = minutes_of(one.away) | minutes_of(busy_client)
    if limits.lunch:
        taken |= set(stretch(day, *limits.lunch, one.zone))
    occupied = [(piece, minutes_of(piece.busy)) for piece in pieces]
    offered = set()
    for run, place in runs(one, wanted, day):
        for start in run[:: limits.step or wanted.minutes]:
            end = start + wanted.minutes
            if end > run[-1] + 1 or start < now + limits.notice or start in offered:
                continue
            if taken & set(range(start, end)) or near(one, wanted, start, end):
                continue
            most = limits.most_in_a_row
            if most is not None and in_a_row(one, start, end) > most:
                continue
            where, room = place, None
            if wanted.needs:
                free = [
                    each
                    for each, minutes in occupied
                    if place in (None, each.place) and not minutes & set(range(start, end))
                ]
                whole = [
                    each
                    for each in free
                    if each.kind == min(wanted.needs)
                    and set(wanted.needs)
                    <= {other.kind for other in free if other.place == each.place}
                ]
                if not whole:
                    continue
                where, room = whole[0].place, whole[0].key if ROOM in wanted.needs else None
            offered.add(start)
            yield Opening(start, end, one.key, where, room)


def openings(wanted, clinicians, *, first, last, now, pieces=(), busy_client=()):
    found = []
    for nth, one in enumerate(clinicians):
        for days in range((last - first).days + 1):
            day: date = first + days * DAY
            for opening in of_a_day(one, wanted, day, now, pieces, busy_client):
                found.append((opening.start, nth, opening))
    return [opening for *_, opening in sorted(found)]
