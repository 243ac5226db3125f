"""How a meeting stands at an instant, and how meetings at once share a column."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

PATIENCE = timedelta(minutes=5)  # after its beginning somebody is called late
LANES = 12  # beside each other at most
SETTLED = {"REQUESTED": "asked", "KEPT": "kept", "MISSED": "missed"}


class Known(NamedTuple):
    """What is known of a meeting: codes and instants."""

    status: str
    starts: datetime
    ends: datetime
    here: bool  # held in person: somebody comes through the door
    arrived: datetime | None = None
    expected: datetime | None = None
    confirmed: bool = False
    called_off_late: bool = False


def state(one: Known, now: datetime) -> str:
    """How it stands: asked, booked, confirmed, awaited, late, arrived, session, over, kept,
    missed, off or off-late.

    ``awaited`` is who called that they come later, ``late`` who should be here and is not,
    ``over`` what nobody has said anything of since it ended.
    """
    if one.status == "CANCELLED":
        return "off-late" if one.called_off_late else "off"
    if one.status in SETTLED:
        return SETTLED[one.status]
    if now >= one.ends:
        return "over"
    if one.arrived is not None:
        return "session" if now >= one.starts else "arrived"
    if one.here and now >= due(one) + PATIENCE:
        return "late"
    if one.expected is not None:
        return "awaited"
    return "confirmed" if one.confirmed else "booked"


def due(one: Known) -> datetime:
    """When somebody should be here."""
    return max(one.starts, one.expected or one.starts)


def turns(one: Known, now: datetime) -> datetime | None:
    """Until when it stands as it does at ``now`` if nobody does anything; None is for good.

    It is no later than the next instant at which ``state`` answers otherwise.
    """
    if one.status == "CANCELLED" or one.status in SETTLED:
        return None
    steps = (one.starts, one.ends, due(one) + PATIENCE)
    return min((at for at in steps if at > now), default=None)


def lanes(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The lane of each span and how many lanes there are where it stands, from 0.

    Args:
        spans: half-open ``[start, end)`` in rows, in order of their start. Those that overlap,
            straight or through others, share their width.
    """
    found: list[int] = []
    of: list[int] = []
    group: list[int] = []  # places in ``spans`` of those that hang together
    free: list[int] = []  # the row from which each lane is free again

    def close() -> None:
        for place in group:
            of[place] = len(free)

    for place, (start, end) in enumerate(spans):
        if free and start >= max(free):
            close()
            group, free = [], []
        lane = next((n for n, until in enumerate(free) if until <= start), len(free))
        lane = min(lane, LANES - 1)
        if lane == len(free):
            free.append(end)
        else:
            free[lane] = max(free[lane], end)
        group.append(place)
        found.append(lane)
        of.append(0)
    close()
    return list(zip(found, of, strict=True))
