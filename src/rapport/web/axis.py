"""Which days stand on an axis of time. Pure."""

from collections.abc import Iterable
from datetime import date, timedelta


def spread(first: date, last: date, most: int) -> list[date]:
    """At most ``most`` days from ``first`` to ``last`` for an axis: months where they fit.

    Of a short time the days themselves, evenly; of one day that day.
    """
    if last <= first:
        return [first]
    months = list(_months(first, last))
    for step in (1, 2, 3, 4, 6, 12, 24, 60, 120):
        chosen = [one for one in months if (one.year * 12 + one.month - 1) % step == 0]
        if 2 <= len(chosen) <= most:
            return chosen
    days = (last - first).days
    count = max(min(most, days + 1), 2)
    return list(dict.fromkeys(first + timedelta(days=round(days * n / (count - 1)))
                              for n in range(count)))  # fmt: skip


def _months(first: date, last: date) -> Iterable[date]:
    month = first if first.day == 1 else _next_month(first)
    while month <= last:
        yield month
        month = _next_month(month)


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
