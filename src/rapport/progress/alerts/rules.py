"""Who looks at an alert, and who is next when nobody did. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

Stage = Literal["OWNER", "DEPUTY", "TEAM"]

FIRST = ("RESPONSIBLE", "DEPUTY", "CO_THERAPIST", "ASSESSOR")
SHORTEST, LONGEST = 5, 24 * 60  # minutes a clock may run


@dataclass(frozen=True)
class Part:
    """Somebody who is on the care team today and works here today."""

    staff: UUID
    part: str
    from_on: date


@dataclass(frozen=True)
class Holders:
    """Whose an alert is, and whose it is next."""

    owner: UUID | None
    deputy: UUID | None

    @property
    def stage(self) -> Stage:
        """Where an alert begins: with its owner, or with everybody where there is none."""
        return "TEAM" if self.owner is None else "OWNER"


def holders(team: Iterable[Part], *, stand_in: UUID | None, away: Collection[UUID] = ()) -> Holders:
    """The responsible clinician, and the deputy whom the care team or the practice names.

    Args:
        stand_in: the practice's deputy, if that person works here today.
        away: who has time off now; a deputy who is there goes before one who is not.
    """
    ordered = sorted(team, key=lambda one: (FIRST.index(one.part), one.from_on, one.staff))
    owner = ordered[0].staff if ordered else None
    named = [one.staff for one in ordered if one.part == "DEPUTY"]
    if stand_in is not None:
        named.append(stand_in)
    others = sorted((one for one in named if one != owner), key=lambda one: one in away)
    return Holders(owner, others[0] if others else None)


@dataclass(frozen=True)
class Next:
    """Where an alert goes, and when that stage's clock runs out."""

    stage: Stage
    answer_by: datetime


def passed_on(
    stage: Stage,
    held: Holders,
    *,
    answer_by: datetime,
    here: Collection[UUID],
    now: datetime,
    deputy_minutes: int,
) -> Next | None:
    """Where a waiting alert goes now, or None while it stays.

    It goes when its clock has run out, or at once when who holds it has left or has time off.
    With the whole care team it stays until somebody acknowledges it.

    Args:
        here: who of the owner and the deputy can look at it now.
    """
    if stage == "TEAM":
        return None
    holder = held.owner if stage == "OWNER" else held.deputy
    if answer_by > now and holder in here:
        return None
    if stage == "OWNER" and held.deputy is not None and held.deputy in here:
        return Next("DEPUTY", now + timedelta(minutes=deputy_minutes))
    return Next("TEAM", min(answer_by, now))


def minutes_suffice(minutes: int) -> bool:
    """Whether a clock may run this long: five minutes to a day."""
    return SHORTEST <= minutes <= LONGEST
