"""When somebody is told again that questions wait. Pure."""

from datetime import datetime, timedelta

DAYS = (1, 2, 3, 4, 5, 7)
"""How many days lie between one mail and the next."""
MOST = (0, 1, 2, 3)
"""How often somebody is told again; 0 is never."""
BETWEEN = timedelta(hours=20)
"""Between two mails about questions to one client, however many sittings wait."""
MOMENT = timedelta(minutes=10)
"""For this long after a mail nobody sends another by hand: a button was pressed twice."""


def is_due(*, number: int, last: datetime, days: int, most: int, now: datetime) -> bool:
    """Whether the reminder after the one with ``number`` (0 is the first mail) is due."""
    return number < most and last + timedelta(days=days) <= now
