"""What the practice has planned, set for one client and for whoever is asked about them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q

from rapport.core import time as clock
from rapport.people.clients.models import Client, RelatedPerson
from rapport.people.episodes.models import Episode

from ..informants import queries as informants
from ..informants.models import Informant
from ..measures.models import Ask, Occasion
from . import rules
from .models import PlanLine

Relation, Whom = RelatedPerson.Relation, PlanLine.Whom
RELATIONS: dict[str, tuple[str, ...]] = {
    Whom.PARENTS: (Relation.PARENT, Relation.GUARDIAN), Whom.TEACHERS: (Relation.TEACHER,),
    Whom.PARTNER: (Relation.PARTNER,),
}  # fmt: skip
OF_MINORS = (Whom.PARENTS, Whom.TEACHERS)
"""A grown client's parents are asked by hand alone."""
IN_RHYTHM = (Occasion.SESSION, Occasion.DAYS)
"""Of these everybody has one."""


def begins(episode: Episode, now: datetime) -> datetime:
    """When what is asked as care begins is asked."""
    return max(now, rules.morning(episode.opened_on, clock.zone()))


def for_client(episode: Episode, *, now: datetime) -> list[Ask]:
    """What the client is asked; what is set already stays."""
    lines = _lines(episode, now, whom="")
    return [made for line in lines for made in _set(line, episode, None, now)]


def for_others(episode: Episode, *, now: datetime, late: bool = False) -> list[Ask]:
    """What people around the client are asked who may know of the care, where the client agreed.

    What was set in this stretch of care, or in one beside it that goes on, and ended since is not
    set again.

    Args:
        late: care goes on already; what was planned after it began is for nobody in it.
    """
    lines = _lines(episode, now, whom__gt="")
    if late:
        lines = [one for one in lines if _was_planned(one, episode)]
    if not lines or episode.client.is_together or not informants.agreed(episode.client_id):
        return []
    people = [one for one in _around(episode.client) if may_know(one)]
    return [
        made for line in lines for person in _asked(line, people, episode.client)
        for made in _set(line, episode, Informant.of(person), now)
    ]  # fmt: skip


@dataclass(frozen=True)
class Awaited:
    """A line of the plan by which others are to be asked about a client, and are not yet.

    Attributes:
        people: who is to be asked once the client agrees. silent: who is noted, where nobody
            like that may know of the care; with neither, nobody like that is noted.
    """

    line: PlanLine
    people: list[RelatedPerson]
    silent: list[RelatedPerson]


def awaited(client: Client, *, now: datetime) -> list[Awaited]:
    """What the plan asks others about a client once the client agrees, somebody is noted around
    them, or who is noted may know. Five statements at most."""
    if client.is_together or client.archived_at is not None:
        return []
    lines = list(PlanLine.objects.filter(ended_at=None, whom__gt="").order_by("instrument", "pk"))
    begun = list(client.episodes.filter(closed_on=None)) if lines else []
    lines = [one for one in lines if any(
        _was_planned(one, episode) and _still_due(one, episode, now) for episode in begun
    )]  # fmt: skip
    if not lines:
        return []
    around = _around(client)
    done = None if informants.agreed(client.pk) else _set_before(client, begun)
    found = (_awaited(line, client, around, done) for line in lines)
    return [one for one in found if one is not None]


def _awaited(
    line: PlanLine, client: Client, around: list[RelatedPerson], done: set[Any] | None
) -> Awaited | None:
    """None where nothing is missing, or nobody need be there: not everybody has a partner.

    Args:
        done: what was set before, where the client has not agreed.
    """
    if line.whom in OF_MINORS and client.kind != Client.Kind.MINOR:
        return None
    like = _asked(line, around, client)
    know = [one for one in like if may_know(one)]
    if know:
        left = [] if done is None else [one for one in know if (one.pk, *_what(line)) not in done]
        return Awaited(line, left, []) if left else None
    return Awaited(line, [], like) if like or line.whom in OF_MINORS else None


def _set_before(client: Client, begun: Iterable[Episode]) -> set[Any]:
    """Who is asked what by itself, or was in these stretches of care."""
    theirs = Ask.objects.filter(client=client, informant__person__isnull=False)
    rows = theirs.filter(Q(ended_at=None) | Q(episode__in=begun)).annotate(
        whom=F("informant__person")
    )
    return {(one.whom, *_what(one)) for one in rows.defer("calls")}


def _what(one: Any) -> tuple[str, str, int]:
    """What a rule or a line asks, and when; two that are alike say the same."""
    return one.instrument, "" if one.occasion in IN_RHYTHM else one.occasion, one.count


def may_know(person: RelatedPerson) -> bool:
    """Whether somebody around a client may know that the client comes here."""
    return person.may_know != RelatedPerson.MayKnow.NOTHING


def _around(client: Client) -> list[RelatedPerson]:
    return list(RelatedPerson.objects.filter(client=client).order_by("pk"))


def _lines(episode: Episode, now: datetime, **whom: str) -> list[PlanLine]:
    found = PlanLine.objects.filter(ended_at=None, **whom).order_by("instrument", "pk")
    return [one for one in found if _still_due(one, episode, now)]


def _still_due(line: PlanLine, episode: Episode, now: datetime) -> bool:
    """Care that began long ago, as in a table that was read in, has none for its beginning."""
    fresh = episode.opened_on > clock.local(now - rules.LATE).date()
    return fresh or line.occasion != Occasion.INTAKE


def _was_planned(line: PlanLine, episode: Episode) -> bool:
    """Whether it was planned by the day on which care began."""
    return line.set_at < clock.day_bounds(episode.opened_on)[1]


def _asked(
    line: PlanLine, people: Iterable[RelatedPerson], client: Client
) -> list[RelatedPerson]:  # fmt: skip
    if line.whom in OF_MINORS and client.kind != Client.Kind.MINOR:
        return []
    return [one for one in people if one.relation in RELATIONS[line.whom]]


def _set(line: PlanLine, episode: Episode, who: Informant | None, now: datetime) -> list[Ask]:
    """One of the client's, or somebody else's, own, unless one like it stands."""
    alike = IN_RHYTHM if line.occasion in IN_RHYTHM else (line.occasion,)
    theirs = Ask.objects.filter(
        client=episode.client_id, informant=who, occasion__in=alike, instrument=line.instrument,
        count=line.count,
    )  # fmt: skip
    stands = Q(ended_at=None)
    if who is not None:
        stands |= Q(episode=episode) | Q(episode__closed_on=None, episode__isnull=False)
    if theirs.filter(stands).exists():
        return []
    first = begins(episode, now)
    at_once = line.occasion in (Occasion.INTAKE, Occasion.DAYS, Occasion.MONTH)
    return [
        Ask.objects.create(
            client=episode.client,
            instrument=line.instrument,
            occasion=line.occasion,
            count=line.count,
            every_days=line.every_days,
            hours_before=line.hours_before,
            next_at=first if at_once else None,
            episode=episode,
            informant=who,
            language=line.language,
            set_at=now,
            since=first if line.occasion == Occasion.REVIEW else None,
        )  # fmt: skip
    ]
