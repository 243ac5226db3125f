"""What the practice has planned, set for one client and for whoever is asked about them."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

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


def begins(episode: Episode, now: datetime) -> datetime:
    """When what is asked as care begins is asked."""
    return max(now, rules.morning(episode.opened_on, clock.zone()))


def for_client(episode: Episode, *, now: datetime) -> list[Ask]:
    """What the client is asked; what is set already stays."""
    lines = _lines(episode, now, whom="")
    return [made for line in lines for made in _set(line, episode, None, now)]


def for_others(episode: Episode, *, now: datetime, late: bool = False) -> list[Ask]:
    """What people around the client are asked who may know of the care, where the client agreed.

    What was set in this stretch of care and ended since is not set again.

    Args:
        late: care goes on already; what was planned after it began is for nobody in it.
    """
    lines = _lines(episode, now, whom__gt="")
    if late:
        begun = clock.day_bounds(episode.opened_on)[1]
        lines = [one for one in lines if one.set_at < begun]
    if not lines or episode.client.is_together or not informants.agreed(episode.client_id):
        return []
    around = RelatedPerson.objects.filter(client=episode.client_id).order_by("pk")
    people = list(around.exclude(may_know=RelatedPerson.MayKnow.NOTHING))
    return [
        made for line in lines for person in _asked(line, people, episode.client)
        for made in _set(line, episode, Informant.of(person), now)
    ]  # fmt: skip


def _lines(episode: Episode, now: datetime, **whom: str) -> list[PlanLine]:
    """Care that began long ago, as in a table that was read in, has none for its beginning."""
    found = PlanLine.objects.filter(ended_at=None, **whom).order_by("instrument", "pk")
    fresh = episode.opened_on > clock.local(now - rules.LATE).date()
    return list(found if fresh else found.exclude(occasion=Occasion.INTAKE))


def _asked(
    line: PlanLine, people: Iterable[RelatedPerson], client: Client
) -> list[RelatedPerson]:  # fmt: skip
    if line.whom in OF_MINORS and client.kind != Client.Kind.MINOR:
        return []
    return [one for one in people if one.relation in RELATIONS[line.whom]]


def _set(line: PlanLine, episode: Episode, who: Informant | None, now: datetime) -> list[Ask]:
    """One of the client's, or somebody else's, own, unless one like it stands."""
    alike = [line.occasion]
    if line.occasion in (Occasion.SESSION, Occasion.DAYS):
        alike = [Occasion.SESSION, Occasion.DAYS]  # everybody has one rhythm
    theirs = Ask.objects.filter(
        client=episode.client_id, informant=who, occasion__in=alike, instrument=line.instrument,
        count=line.count,
    )  # fmt: skip
    stands = Q(ended_at=None) if who is None else Q(ended_at=None) | Q(episode=episode)
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
            set_at=now,
            since=first if line.occasion == Occasion.REVIEW else None,
        )  # fmt: skip
    ]
