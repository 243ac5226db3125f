"""Putting a tablet into a client's hands: what they are to answer there, and nothing else."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from rapport.core.action import action
from rapport.people.clients.models import Client

from .models import Asked

MOST = 12
"""So many questionnaires at most are answered in one go."""


class NothingWaits(Exception):
    """There is nothing to answer. The message is safe to show and says what to do."""


def waiting(*, client: Client, now: datetime) -> list[Asked]:
    """What ``client`` can answer now, whichever way it was asked, in the order it is answered.

    What somebody else is asked about the client is not among it.
    """
    found = Asked.objects.filter(
        client=client,
        state=Asked.State.OPEN,
        expires_at__gt=now,
        informant=None,
        in_interview=False,
    )
    return list(found.defer("draft").order_by("asked_at", "sitting", "part", "pk")[:MOST])


def handed(ids: list[str]) -> list[Asked]:
    """What was handed over under ``ids``, in that order, in whatever state it is; with the key."""
    rows = Asked.objects.select_related("client__data_key").in_bulk(ids)
    found = {str(pk): row for pk, row in rows.items()}
    return [found[one] for one in ids if one in found]


@action("measure.hand_over")
def hand_over(*, by: Any, client: Client, now: datetime) -> list[Asked]:
    """What ``client`` answers on the device of ``by``; the caller closes the desk on it.

    Whoever answers there is the client: the sheets say so.

    Raises:
        NothingWaits: nothing was asked, or all of it was answered.
    """
    found = waiting(client=client, now=now)
    if not found:
        raise NothingWaits(_("Nothing waits for this client any more. Ask for answers first."))
    return found
