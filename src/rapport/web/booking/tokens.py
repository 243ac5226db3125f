"""What somebody chose, signed into the address of the next page: ids and times, no names.

So a page knows what was wanted also after the time has run out, and nothing typed is lost.
"""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core import signing

from rapport.core import time as clock
from rapport.meeting.requests.queries import Choice

LASTS = 24 * 60 * 60  # seconds
QUICK, OLD = 3, 4 * 60 * 60  # seconds between a form that is shown and one that is sent


@dataclass(frozen=True)
class Kept:
    """A choice and the hold that keeps it, by their ids.

    Attributes:
        hold: also what a form sent twice is known by. moves: of an appointment that is moved.
    """

    hold: uuid.UUID
    type: uuid.UUID
    way: str
    clinician: uuid.UUID
    start: datetime
    zone: str
    place: uuid.UUID | None = None
    room: uuid.UUID | None = None
    moves: uuid.UUID | None = None


def signed(
    door: str, choice: Choice, *, hold_id: uuid.UUID, zone: str, moves: uuid.UUID | None = None
) -> str:
    """The address's part for the next page."""
    said = {
        "h": hold_id.hex, "t": choice.type.pk.hex, "w": choice.way, "c": choice.clinician.pk.hex,
        "s": int(choice.slot.start.timestamp()), "z": zone,
        "p": choice.place and choice.place.pk.hex, "r": choice.room and choice.room.pk.hex,
        "m": moves and moves.hex,
    }  # fmt: skip
    return signing.dumps(said, salt=f"booking.{door}")


def read(door: str, text: str) -> Kept | None:
    """What was signed; None for anything else, or when it is a day old."""
    try:
        said: dict[str, Any] = signing.loads(text[:2000], salt=f"booking.{door}", max_age=LASTS)
    except signing.BadSignature:
        return None
    ids: dict[str, Any] = {name: said[name] and uuid.UUID(said[name]) for name in "htcprm"}
    return Kept(
        ids["h"], ids["t"], said["w"], ids["c"], datetime.fromtimestamp(said["s"], UTC), said["z"],
        ids["p"], ids["r"], ids["m"],
    )  # fmt: skip


def stamp() -> str:
    """When a form was shown, signed: a program sends it back too soon or keeps it too long."""
    return signing.dumps(int(clock.now().timestamp()), salt="booking.stamp")


def age(text: str) -> int | None:
    """Seconds since a form was shown; None for a stamp that is none of ours."""
    try:
        shown: int = signing.loads(text[:200], salt="booking.stamp")
    except signing.BadSignature:
        return None
    return int(clock.now().timestamp()) - shown
