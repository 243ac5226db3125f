"""Reading what was keyed and is no sheet yet, within what ``by`` may see."""

import uuid
from typing import Any

from rapport.people.clients.models import Client

from ..informants import queries as informants
from .models import Keyed, KeyingTwice

WAITS = (Keyed.State.ONCE, Keyed.State.DIFFERS)


def twice() -> bool:
    """Whether paper is keyed twice here."""
    return KeyingTwice.objects.filter(pk=1).exists()


def get(*, by: Any, keyed_id: uuid.UUID) -> Keyed:
    """One keying of a client whose clinical record ``by`` may read.

    Raises:
        Keyed.DoesNotExist: none, or not for ``by``.
    """
    near = ("client__data_key", "first_by", "second_by")
    return Keyed.objects.clinical_to(by).select_related(*near).get(pk=keyed_id)


def differing(*, by: Any, differing_id: uuid.UUID) -> Keyed:
    """The same, where both keyings are to be compared.

    Raises:
        Keyed.DoesNotExist: none, or not for ``by``.
    """
    return get(by=by, keyed_id=differing_id)


def waiting_of(*, by: Any, client: Client, most: int = 50) -> list[Keyed]:
    """What a client whom ``by`` has opened has keyed and not counted, the oldest first."""
    near = [f"asked__{one}" for one in informants.NEAR]
    found = client.keyed.filter(state__in=WAITS).select_related(*near)
    found = found.defer("first", "second", "asked__draft", "asked__calls")
    rows = list(found.order_by("first_at", "pk")[:most])
    for row in rows:
        if row.asked.informant is not None:
            informants.named(row.asked.informant, client)
    return rows
