"""Reading what is asked when, within what ``by`` may see."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q

from rapport.core import time as clock
from rapport.meeting.appointments.models import Appointment
from rapport.people.clients.models import Client

from ..informants import queries as informants
from ..measures import alone
from ..measures.models import Ask, Asked, Occasion
from .models import PlanLine, Recheck

ENDED_FOR = timedelta(days=90)
MOST = 60
FEWEST = 10
OPEN, ANSWERED = Asked.State.OPEN, Asked.State.ANSWERED


def line(*, by: Any, line_id: uuid.UUID) -> PlanLine:
    """One line of the practice's plan.

    Raises:
        PlanLine.DoesNotExist: there is none with this id.
    """
    return PlanLine.objects.get(pk=line_id)


def recheck(*, by: Any, recheck_id: uuid.UUID) -> Recheck:
    """One rule of what a result calls for.

    Raises:
        Recheck.DoesNotExist: there is none with this id.
    """
    return Recheck.objects.get(pk=recheck_id)


def lines(*, by: Any) -> list[PlanLine]:
    """The practice's plan, in the order in which care goes on."""
    order = {occasion: place for place, occasion in enumerate(Occasion.values)}
    found = list(PlanLine.objects.filter(ended_at=None))
    return sorted(found, key=lambda one: (order[one.occasion], one.count, one.instrument, one.whom))


def rechecks(*, by: Any) -> list[Recheck]:
    """What results call for."""
    return list(Recheck.objects.filter(ended_at=None).order_by("instrument", "condition", "then"))


@dataclass(frozen=True)
class Scheduled:
    """One schedule of a client.

    Attributes:
        left: sessions until a review, of one that counts them.
    """

    rule: Ask
    left: int | None = None


def of_client(*, by: Any, client: Client, now: datetime) -> list[Scheduled]:
    """What a client whom ``by`` has opened is asked by itself: what comes next first; then
    what ended by itself of late."""
    late = Q(ended_at__gt=now - ENDED_FOR) & ~Q(ended_why__in=["", Ask.Ended.DONE])
    rows = client.asks.filter(Q(ended_at=None) | late)
    near = rows.select_related("recheck", "because", *informants.NEAR)
    near = near.defer("because__answers", "because__facts", "calls")
    whom = F("informant").asc(nulls_first=True)  # what one person is asked stands together
    order = F("ended_at").asc(nulls_first=True), "set_at", whom, "instrument", "pk"
    found = list(near.order_by(*order)[:MOST])
    counting = [one for one in found if one.occasion == Occasion.REVIEW and one.ended_at is None]
    held: list[datetime] = []
    if counting:
        since = min(one.since or one.set_at for one in counting)
        kept = Appointment.objects.filter(client=client, status=Appointment.Status.KEPT)
        held = list(kept.filter(starts_at__gt=since).values_list("starts_at", flat=True))
    for one in found:
        if one.informant is not None:
            informants.named(one.informant, client)
    told = [Scheduled(one, _left(one, held) if one in counting else None) for one in found]
    return sorted(told, key=lambda s: _order(s.rule))


def _left(rule: Ask, held: list[datetime]) -> int:
    since = rule.since or rule.set_at
    return max(0, rule.count - sum(at > since for at in held))


def _order(rule: Ask) -> tuple[bool, bool, float, int]:
    at = rule.next_at.timestamp() if rule.next_at else 0.0
    return rule.ended_at is not None, rule.next_at is None, at, rule.count


@dataclass(frozen=True)
class Completion:
    """Of what was asked and can be answered no more, or was: how much was answered."""

    answered: int
    asked: int


@dataclass(frozen=True)
class Returned:
    """How much came back from a client, and from others who were asked about them."""

    client: Completion
    others: Completion


def completion(*, by: Any, client: Client, now: datetime) -> Returned:
    """How much of what a client whom ``by`` has opened, and others about them, were asked came
    back. One statement.

    What was withdrawn counts nowhere; what still waits is not missing yet.
    """
    own, over, answered = Q(informant=None), _over(now), Q(state=ANSWERED)
    found = client.asked.filter(in_interview=False).aggregate(
        asked=Count("pk", filter=own & over), answered=Count("pk", filter=own & answered),
        others=Count("pk", filter=~own & over), by_others=Count("pk", filter=~own & answered),
    )  # fmt: skip
    return Returned(
        Completion(found["answered"], found["asked"]),
        Completion(found["by_others"], found["others"]),
    )


def _over(now: datetime) -> Q:
    return Q(state=ANSWERED) | Q(state=OPEN, expires_at__lte=now)


def completion_of_practice(
    *, by: Any, instrument: str, since: date, until: date, now: datetime
) -> Completion | None:
    """How much of what everybody was asked of one questionnaire came back.

    Args:
        since, until: the first and the last day on which it was asked.

    Returns:
        None where fewer than ``FEWEST`` people were asked: it would tell of single ones.
    """
    first, last = clock.day_bounds(since)[0], clock.day_bounds(until)[1]
    rows = Asked.objects.filter(
        instrument=alone.whole(instrument),  # a part is asked with the rest of its questionnaire
        asked_at__gte=first,
        asked_at__lt=last,
        informant=None,
        in_interview=False,
    )
    found = rows.filter(_over(now)).aggregate(
        asked=Count("pk"), answered=Count("pk", filter=Q(state=ANSWERED)),
        people=Count("client", distinct=True),
    )  # fmt: skip
    if found["people"] < FEWEST:
        return None
    return Completion(found["answered"], found["asked"])
