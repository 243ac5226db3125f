"""When calling off is late. No database, no clock."""

from datetime import UTC, datetime, timedelta

LONGEST = 14 * 24  # hours before a meeting


def last_moment(starts_at: datetime, hours: int) -> datetime:
    """Until when a meeting can be called off in time, in UTC.

    Args:
        starts_at: aware. hours: as time passes, so that clocks that change between do not
            count: 24 hours before ten o'clock is nine or eleven where they changed that night.
    """
    return starts_at.astimezone(UTC) - timedelta(hours=hours)


def is_late(starts_at: datetime, now: datetime, hours: int) -> bool:
    """Whether calling off at ``now`` is late. The last moment itself is in time; 0 is never."""
    return hours > 0 and now > last_moment(starts_at, hours)
