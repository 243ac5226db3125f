"""How far a day sheet looks ahead, and when it is too old to be relied on. Pure."""

import re
import uuid
from datetime import date, datetime, timedelta

SHORTEST, LONGEST, USUAL = 1, 14, 7
"""Days that a sheet shows, today among them."""
OLD = timedelta(hours=24)
_KEPT = re.compile(r"day-sheet-[0-9a-f]{8}\.html")


def is_old(made_at: datetime | None, now: datetime) -> bool:
    """Whether a sheet made then must not be relied on; so must none at all."""
    return made_at is None or now - made_at > OLD


def days(first: date, length: int) -> list[date]:
    """The days of a sheet that begins on ``first``."""
    return [first + timedelta(n) for n in range(length)]


def name_of_day(day: date) -> str:
    """What the file is called that somebody takes along. It names nobody."""
    return f"day-sheet-{day.isoformat()}.html"


def name_of_sheet(sheet: uuid.UUID) -> str:
    """What the file is called that is written again every night. It names nobody."""
    return f"day-sheet-{sheet.hex[:8]}.html"


def is_ours(name: str) -> bool:
    """Whether a file is called as those are that are written every night."""
    return _KEPT.fullmatch(name) is not None
