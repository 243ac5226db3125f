"""What a clinician may ask of a day. No database, no clock, no Django."""

from collections.abc import Iterable, Mapping
from datetime import time
from typing import Any

from ..appointments.rules import LONGEST, SHORTEST, Unfit

STEPS = (0, 5, 10, 15, 20, 30, 60)  # minutes between offered starts; 0 is the type's length
DAYS_OF_NOTICE = 60
RANGES: Mapping[str, tuple[int, int]] = {
    "buffer_before": (0, 120), "buffer_after": (0, 120),
    "notice_minutes": (0, DAYS_OF_NOTICE * 24 * 60), "horizon_days": (1, 730),
    "most_a_day": (1, 24), "most_in_a_row": (1, 24), "heavy_a_day": (0, 24),
}  # fmt: skip
UNLIMITED = ("most_a_day", "most_in_a_row", "heavy_a_day")


def check(said: Mapping[str, Any], *, week: Iterable[tuple[time, time]]) -> None:
    """Look whether what somebody says of their days can be.

    Args:
        said: any fields of Diary. week: the stretches of their week, of any weekday.

    Raises:
        Unfit: a number out of range, half a lunch, or one that no day's hours touch.
    """
    if "minutes" in said and not SHORTEST <= said["minutes"] <= LONGEST:
        raise Unfit("minutes", "length", shortest=SHORTEST, longest=LONGEST)
    for field, (least, most) in RANGES.items():
        value = said.get(field, least)
        if value is None and field in UNLIMITED:
            continue
        if not least <= value <= most:
            raise Unfit(field, "between", least=least, most=most)
    if said.get("step", 0) not in STEPS:
        raise Unfit("step", "step")
    _lunch(said.get("lunch_from"), said.get("lunch_until"), list(week))


def _lunch(begins: time | None, ends: time | None, week: list[tuple[time, time]]) -> None:
    if begins is None and ends is None:
        return
    if begins is None or ends is None:
        raise Unfit("lunch_from" if begins is None else "lunch_until", "lunch_half")
    if ends <= begins:
        raise Unfit("lunch_until", "lunch_order")
    if week and not any(opens < ends and _before(begins, closes) for opens, closes in week):
        raise Unfit("lunch_from", "lunch_outside")


def _before(at: time, closes: time) -> bool:
    """Whether ``at`` is before the end of a stretch, whose 0:00 is the end of the day."""
    return at < closes or closes == time(0)
