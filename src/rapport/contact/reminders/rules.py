"""When a client is told of a meeting. Pure: instants, offsets and quiet hours, nothing else."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHORTEST, LONGEST = 5, 60 * 24 * 60  # minutes before a meeting that a reminder may be
MOST = 4  # reminders of one meeting
EARLIER = timedelta(minutes=15)  # how long before quiet hours begin "before" is
LATE = timedelta(hours=2)  # by how much a daily reminder may come after its time
PATIENCE = 2  # of the time that is left, one part of two is spent on the first channel


@dataclass(frozen=True)
class Quiet:
    """Hours in which nobody is told anything, on one zone's wall; they may pass midnight.

    Attributes:
        before: a reminder that falls into them goes out before they begin, else after.
    """

    from_at: time
    until_at: time
    zone: ZoneInfo
    before: bool = False

    def __post_init__(self) -> None:
        if self.from_at == self.until_at:
            raise ValueError("quiet hours end at another time than they begin")

    def around(self, at: datetime) -> tuple[datetime, datetime] | None:
        """The quiet stretch ``[start, end)`` that ``at`` lies in, in UTC; None outside.

        A wall-clock time that does not exist counts as the same time by the clock before it
        changed, and of one that comes twice the first counts.
        """
        local = at.astimezone(self.zone)
        wall, today = local.time().replace(fold=0), local.date()
        if self.from_at < self.until_at:
            if not self.from_at <= wall < self.until_at:
                return None
            first, last = today, today
        elif wall >= self.from_at:
            first, last = today, today + timedelta(days=1)
        elif wall < self.until_at:
            first, last = today - timedelta(days=1), today
        else:
            return None
        start = datetime.combine(first, self.from_at, tzinfo=self.zone).astimezone(UTC)
        end = datetime.combine(last, self.until_at, tzinfo=self.zone).astimezone(UTC)
        return (start, end) if start <= at < end else None


def moment(starts_at: datetime, offset: int, quiet: Quiet | None = None) -> datetime:
    """When the reminder ``offset`` minutes before a meeting goes out, always before it starts.

    One that falls into quiet hours goes out when they end, or ``EARLIER`` before they begin:
    as the practice says, and always before where they do not end before the meeting starts.
    """
    at = starts_at - timedelta(minutes=offset)
    found = quiet.around(at) if quiet else None
    if found is None or quiet is None:
        return at
    begins, ends = found
    return begins - EARLIER if quiet.before or ends >= starts_at else ends


def may_go(now: datetime, starts_at: datetime, quiet: Quiet | None = None) -> bool:
    """Whether something about a meeting may go out now.

    Not once it has started, and not in quiet hours, unless they end no sooner than it starts.
    """
    if now >= starts_at:
        return False
    found = quiet.around(now) if quiet else None
    return found is None or found[1] >= starts_at


def due(
    offsets: Iterable[int], starts_at: datetime, now: datetime, *, told: datetime | None,
    quiet: Quiet | None = None,
) -> int | None:  # fmt: skip
    """The offset whose reminder goes out now, or None.

    Of several that are due, after a night without power, only the nearest to the meeting goes
    out; and none when the client was told of this time at or after its moment, as when a
    meeting is booked for this afternoon.

    Args:
        told: when the client was last told of the meeting at this time.
    """
    passed = [one for one in offsets if moment(starts_at, one, quiet) <= now]
    if not passed or not may_go(now, starts_at, quiet):
        return None
    nearest = min(passed)
    if told is not None and told >= moment(starts_at, nearest, quiet):
        return None
    return nearest


def daily_due(at: time, zone: ZoneInfo, now: datetime) -> bool:
    """Whether a time of day has come on somebody's wall, at most ``LATE`` ago, on that day."""
    came = datetime.combine(now.astimezone(zone).date(), at, tzinfo=zone).astimezone(UTC)
    return came <= now < came + LATE


def checked(offsets: Iterable[int]) -> list[int]:
    """Offsets in order, each once, the farthest first.

    Raises:
        ValueError: too many, too near or too far.
    """
    found = sorted(set(offsets), reverse=True)
    if len(found) > MOST or any(not SHORTEST <= one <= LONGEST for one in found):
        raise ValueError("offsets that cannot be")
    return found


def applying(
    practice: Sequence[int], of_type: Sequence[int] | None, own: Sequence[int] | None
) -> list[int]:
    """Which offsets a meeting has: the client's own, else its type's, else the practice's.

    None says nothing about it; an empty list says: none.
    """
    return list(own if own is not None else of_type if of_type is not None else practice)


def in_order(practice: Sequence[str], own: Sequence[str]) -> list[str]:
    """Channels to try one after the other: the client's, else the practice's, each once."""
    return list(dict.fromkeys(own or practice))


def next_channel(
    order: Sequence[str], tried: Collection[str], usable: Collection[str]
) -> str | None:
    """The first that can be used for this client and has not failed for this message."""
    return next((one for one in order if one in usable and one not in tried), None)


def gives_up(planned_at: datetime, starts_at: datetime, now: datetime) -> bool:
    """Whether a channel that does not work has had its time, and the next one gets the rest."""
    return now >= planned_at + (starts_at - planned_at) / PATIENCE
