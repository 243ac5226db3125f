"""Which backups are kept, and which one is next to go. No clock, no files."""

from collections.abc import Callable, Hashable, Iterable
from datetime import datetime

DAYS, WEEKS, MONTHS = 7, 5, 12


def keep_rule(
    made: Iterable[datetime],
    now: datetime,
    *,
    days: int = DAYS,
    weeks: int = WEEKS,
    months: int = MONTHS,
) -> set[datetime]:
    """The backups to keep: the newest of each of the last days, weeks and months that have one.

    Periods without a backup do not count, so that a practice that was closed for a while
    loses none of its history. The newest of all is always kept, and so is one that claims
    to come from the future, because a clock that went wrong must not delete anything.
    """
    ordered = sorted(set(made), reverse=True)
    future = {at for at in ordered if at > now}
    past = [at for at in ordered if at <= now]
    return (
        future
        | set(ordered[:1])
        | _newest_of(past, days, lambda at: at.date())
        | _newest_of(past, weeks, lambda at: at.isocalendar()[:2])
        | _newest_of(past, months, lambda at: (at.year, at.month))
    )


def _newest_of(
    past: list[datetime], periods: int, period: Callable[[datetime], Hashable]
) -> set[datetime]:
    newest: dict[Hashable, datetime] = {}
    for at in past:
        newest.setdefault(period(at), at)
    return set(list(newest.values())[:periods])


def file_name(now: datetime, chance: str) -> str:
    """A name that tells nobody what is inside: time and a random part."""
    return f"{now:%Y%m%d-%H%M%S}-{chance}.age"
