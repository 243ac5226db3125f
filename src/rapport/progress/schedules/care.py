"""What may still be asked as care goes on, ends, and after it has ended."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from rapport.core import time as clock
from rapport.people.clients.models import Client
from rapport.people.consents.models import Consent
from rapport.people.episodes.models import Episode

from ..informants import queries as informants
from ..measures.models import Ask, Occasion

AFTER_CARE = (Occasion.FOLLOW_UP, Occasion.RAISED)
"""What is asked after care has ended only of whoever agreed to that."""
WITH_CARE = (Occasion.INTAKE, Occasion.DAYS, Occasion.MONTH, Occasion.REVIEW, Occasion.DATE)
"""What ends with care."""


@dataclass(frozen=True)
class Standing:
    """How a client stands to being asked.

    Attributes:
        over: every stretch of care has ended. agreed: to be asked after that.
        forbidden: they agreed to messages once, and have taken that back.
    """

    died: bool
    over: bool
    agreed: bool
    forbidden: bool

    def why_not(self, occasion: str) -> str:
        """Of ``Ask.Ended``; "" when it may be asked."""
        if self.died:
            return Ask.Ended.DIED
        if self.over and occasion in WITH_CARE:
            return Ask.Ended.CARE
        if occasion == Occasion.FOLLOW_UP or (self.over and occasion == Occasion.RAISED):
            if self.forbidden:
                return Ask.Ended.FORBIDDEN
            return "" if self.agreed else Ask.Ended.NO_WORD
        return ""


def standing(client: Client, *, now: datetime) -> Standing:
    """How ``client`` stands today, in two statements."""
    today = clock.local(now).date()
    ends = list(client.episodes.values_list("closed_on", "close_reason"))
    over = [(on, why) for on, why in ends if on is not None and on <= today]
    kinds = (Consent.Kind.FOLLOW_UP, Consent.Kind.MESSAGES)
    signed = list(client.consents.filter(kind__in=kinds).values_list("kind", "withdrawn_on"))
    stands = {kind for kind, withdrawn in signed if withdrawn is None}
    return Standing(
        died=any(why == Episode.Reason.DIED for _on, why in over),
        over=bool(ends) and len(over) == len(ends),
        agreed=Consent.Kind.FOLLOW_UP in stands,
        forbidden=Consent.Kind.MESSAGES in {kind for kind, _withdrawn in signed} - stands,
    )


def why_not(client: Client, rows: Iterable[Ask], *, now: datetime) -> dict[uuid.UUID, str]:
    """Which of ``rows`` may not be asked any more, and why, by their id."""
    found, asks = standing(client, now=now), list(rows)
    told = {row.pk: found.why_not(row.occasion) for row in asks}
    others = [row for row in asks if row.informant_id is not None and not told[row.pk]]
    agreed = bool(others) and informants.agreed(client.pk)
    for row in others:
        if row.informant is not None and row.informant.is_gone:
            told[row.pk] = Ask.Ended.GONE
        elif not agreed:
            told[row.pk] = Ask.Ended.UNAGREED
    return {pk: why for pk, why in told.items() if why}
