"""Reading who answers about a client, and whether the client agreed that others are asked."""

import uuid
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from rapport.people.clients.models import Client
from rapport.people.consents.models import Consent

from ..measures.models import Score
from .models import Informant

MOST = 200
NEAR = ("informant__person", "informant__rater")
"""What naming the informant of a sheet, a score or something asked needs."""


def agreed(client_id: uuid.UUID) -> bool:
    """Whether a consent to asking other people about the client stands."""
    kept = Consent.objects.filter(client=client_id, kind=Consent.Kind.OTHERS, withdrawn_on=None)
    return kept.exists()


def may_be_asked() -> Q:
    """Of rows that belong to a client: those of the client's own, and where a consent to asking
    other people stands, those of others."""
    agreed = Consent.objects.filter(
        client=OuterRef("client"), kind=Consent.Kind.OTHERS, withdrawn_on=None
    )
    return Q(informant=None) | Q(Exists(agreed))


def of_client(*, by: Any, client: Client) -> list[Informant]:
    """Everybody who was asked, or answered, about a client whom ``by`` has opened."""
    rows = Informant.objects.filter(client=client).select_related("person", "rater")
    return [named(one, client) for one in rows.order_by("kind", "pk")[:MOST]]


def named(informant: Informant, client: Client) -> Informant:
    """The informant with the client's key at hand, so that the name can be read."""
    informant.client = client
    if informant.person is not None:
        informant.person.client = client
    return informant


def scored(*, by: Any, client: Client) -> list[str]:
    """Which questionnaires others answered about ``client``, as far as ``by`` may read it. One
    statement; corrections count alone."""
    found: QuerySet[Score] = Score.of_all.clinical_to(by).filter(
        client=client, informant__isnull=False, sheet__replaced_by=None
    )
    names = found.order_by("instrument").values_list("instrument", flat=True)
    return list(names.distinct()[:MOST])


def scores(*, by: Any, client: Client, instrument: str, most: int) -> list[Score]:
    """What others answered about ``client`` on one questionnaire, the oldest first, as far as
    ``by`` may read it; with who they are. One statement; corrections count alone."""
    found: QuerySet[Score] = Score.of_all.clinical_to(by).filter(
        client=client, instrument=instrument, informant__isnull=False, sheet__replaced_by=None
    )
    near = found.select_related("sheet", *NEAR).defer("sheet__answers", "sheet__facts")
    return list(near.order_by("-at", "pk")[:most])[::-1]
