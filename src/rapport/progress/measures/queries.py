"""Reading what was asked and answered. Every function answers within what ``by`` may see."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Count, QuerySet, Window

from rapport.core import time as clock
from rapport.core import tokens
from rapport.core.prepared import prepared
from rapport.people.clients import scopes
from rapport.people.clients.models import Client

from ..informants import queries as informants
from .models import Ask, Asked, Score, Sheet

OPEN = Asked.State.OPEN
MOST = 100


def by_token(*, token: str) -> Asked | None:
    """What the link with ``token`` asks, in whatever state it is; with client and key."""
    found: list[Asked] = _by_digest(digest=tokens.digest(token))
    return found[0] if found else None


@prepared
def _by_digest(*, digest: Any) -> QuerySet[Asked]:
    return Asked.objects.filter(token=digest).select_related("client__data_key")


def spoken_before(*, by: Any, client: Client) -> dict[str, str]:
    """In which language each questionnaire was last answered by the client, as far as ``by`` may
    read it. One statement."""
    rows = Score.objects.clinical_to(by).filter(client=client, sheet__replaced_by=None)
    latest = rows.order_by("-at").values_list("instrument", "sheet__language")[:MOST]
    return dict(reversed(latest))


def stands_already(
    *, by: Any, client: Client, instrument: str, source: str, answers: Mapping[str, Any], on: date
) -> bool:  # fmt: skip
    """Whether the very same answers of that day, from the same source, are on file, as far as
    ``by`` may read them. One statement."""
    begin, end = clock.day_bounds(on)
    rows = Sheet.objects.clinical_to(by).filter(
        client=client, instrument=instrument, source=source, replaced_by=None,
        answered_at__gte=begin, answered_at__lt=end,
    ).order_by("-answered_at")[:MOST]  # fmt: skip
    return any(_given(_named(one, client).answers) == _given(answers) for one in rows)


def _given(answers: Mapping[str, Any]) -> dict[str, Any]:
    return {key: one for key, one in answers.items() if one is not None}


def sitting(*, asked: Asked) -> list[Asked]:
    """What is answered in one go with ``asked``, itself among them, in the order of the parts."""
    if asked.sitting is None:
        return [asked]
    found = list(Asked.objects.filter(sitting=asked.sitting).order_by("part"))
    for one in found:
        one.client = asked.client  # its data key is loaded already
    return found


def own(*, by: Any, asked_id: uuid.UUID) -> Asked:
    """A questionnaire that was put to the client who asks.

    Raises:
        Asked.DoesNotExist: none, or somebody else's.
    """
    mine = by.client.pk if by.client is not None else None
    rows = Asked.objects.filter(informant=None, in_interview=False)
    return rows.select_related("client__data_key").get(pk=asked_id, client=mine)


def open_for(*, client: Client, now: datetime) -> list[Asked]:
    """What the client is asked and can answer in the portal now, the most urgent first."""
    found = Asked.objects.filter(client=client, state=OPEN, expires_at__gt=now, informant=None)
    return list(found.exclude(way=Asked.Way.DESK).defer("draft").order_by("expires_at", "pk"))


def answered_by(*, client: Client) -> list[str]:
    """Measures of which the client who asks has a score, by library id."""
    mine = Score.objects.filter(client=client)
    scored = mine.filter(total_rounded__isnull=False, sheet__replaced_by=None)
    return sorted(scored.order_by().values_list("instrument", flat=True).distinct())


def asked(*, by: Any, asked_id: uuid.UUID) -> Asked:
    """One questionnaire of a client whose clinical record ``by`` may read.

    Raises:
        Asked.DoesNotExist: none, or not for ``by``.
    """
    return Asked.objects.clinical_to(by).select_related("client__data_key").get(pk=asked_id)


def interview(*, by: Any, interview_id: uuid.UUID) -> Asked:
    """One that is asked in an interview, of a client whose clinical record ``by`` may read.

    Raises:
        Asked.DoesNotExist: none, or not for ``by``.
    """
    rows = Asked.objects.clinical_to(by).filter(in_interview=True)
    return rows.select_related("client__data_key").get(pk=interview_id)


def rule(*, by: Any, rule_id: uuid.UUID) -> Ask:
    """One standing rule of a client whose clinical record ``by`` may read.

    Raises:
        Ask.DoesNotExist: none, or not for ``by``.
    """
    return Ask.objects.clinical_to(by).get(pk=rule_id)


def rules_of(*, by: Any, client: Client) -> list[Ask]:
    """What a client whom ``by`` has opened is asked by itself, by questionnaire."""
    return list(client.asks.filter(ended_at=None).order_by("instrument"))


def waiting_of(*, by: Any, client: Client) -> list[Asked]:
    """What a client whom ``by`` has opened was asked and has not answered, the latest first."""
    near = ("appointment", "asked_by___staff", "rule__recheck", "rule__because", *informants.NEAR)
    found = client.asked.filter(state=OPEN).select_related(*near)
    apart = ("rule__calls", "rule__because__answers", "rule__because__facts")
    found = found.defer("draft", "calls", *apart)
    rows = found.order_by("-asked_at", "sitting", "part", "pk")  # what one link opens together
    return [_named(one, client) for one in rows[:MOST]]


def _named(row: Any, client: Client) -> Any:
    """With the key at hand, which opens the name of who answered, too."""
    row.client = client
    if row.informant is not None:
        informants.named(row.informant, client)
    return row


def sheets_of(*, by: Any, client: Client, most: int = MOST) -> list[Sheet]:
    """Sheets of a client whom ``by`` has opened, with scores, the latest first."""
    return [_named(one, client) for one in _sheets(most, client=client.pk)]


@prepared
def _sheets(most: int, *, client: Any) -> QuerySet[Sheet]:
    found = Sheet.objects.filter(client=client).select_related("score", *informants.NEAR)
    return found.defer("answers", "facts", "notes").order_by("-answered_at", "pk")[:most]


def sheet(*, by: Any, sheet_id: uuid.UUID) -> Sheet:
    """One sheet of a client whose clinical record ``by`` may read, with score and key.

    Raises:
        Sheet.DoesNotExist: none, or not for ``by``.
    """
    near = ("client__data_key", "score", "entered_by", "asked", "replaces", *informants.NEAR)
    found = Sheet.objects.clinical_to(by).select_related(*near).get(pk=sheet_id)
    return _named(found, found.client)


def unanswered(*, by: Any, now: datetime) -> QuerySet[Asked]:
    """What clients whom ``by`` treats, and others about them, were asked and can still answer, the
    most urgent first."""
    found: QuerySet[Asked] = Asked.objects.clinical_to(by).filter(
        informants.may_be_asked(), state=OPEN, expires_at__gt=now, in_interview=False
    )
    near = found.select_related("client__data_key", *informants.NEAR)
    return near.defer("draft", "calls").order_by("expires_at", "pk")


def first_unanswered(*, by: Any, now: datetime, most: int) -> list[Asked]:
    """The first ``most`` of ``unanswered``; ``of`` on each is how many there are in all."""
    what, values = scopes.asker(by)
    found: list[Asked] = _first_unanswered(what, most, **values, at=now)
    return [_named(one, one.client) for one in found]


@prepared
def _first_unanswered(
    what: str, most: int, *, mine: Any, today: Any, now: Any, at: Any
) -> QuerySet[Asked]:
    found = unanswered(by=scopes.Asker(what, mine, today, now), now=at)
    return found.annotate(of=Window(Count("pk")))[:most]
