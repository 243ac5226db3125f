"""Reading marks. Every function answers within what ``by`` may see."""

import uuid
from datetime import date
from typing import Any

from django.db.models import Q

from rapport.people.clients.models import Client

from .models import Mark

MOST = 100
VERSIONS = 20


def of(
    *, by: Any, client: Client, first: date | None = None, last: date | None = None
) -> list[Mark]:
    """The latest marks of a client whom ``by`` has opened, at most ``MOST``, oldest first.

    The client sees what is shared. One statement.

    Args:
        first, last: from that day on, up to that day; both are counted in.
    """
    return _of(client, Q() if by.client is None else Q(shared=True), first, last)


def _of(client: Client, which: Q, first: date | None, last: date | None) -> list[Mark]:
    found = Mark.objects.filter(which, client=client, replaced_by=None, removed_at=None)
    if first is not None:
        found = found.filter(on__gte=first)
    if last is not None:
        found = found.filter(on__lte=last)
    rows = list(found.order_by("-on", "-set_at", "pk")[:MOST])[::-1]
    for one in rows:
        one.client = client  # its data key is loaded already
    return rows


def get(*, by: Any, mark_id: uuid.UUID) -> Mark:
    """One mark of a client whose clinical record ``by`` may read, corrected or removed too.

    Raises:
        Mark.DoesNotExist: none, or not for ``by``.
    """
    found = Mark.objects.clinical_to(by).select_related("client__data_key", "set_by")
    mark: Mark = found.get(pk=mark_id)
    return mark


def own(*, by: Any, own_mark_id: uuid.UUID) -> Mark:
    """A mark that the client who asks made and that was not corrected since.

    Raises:
        Mark.DoesNotExist: none, or somebody else's.
    """
    mine = by.client.pk if by.client is not None else None
    found = Mark.objects.filter(client=mine, by_client=True, replaced_by=None)
    return found.select_related("client__data_key").get(pk=own_mark_id)


def before(mark: Mark) -> list[Mark]:
    """What ``mark`` said before it was corrected, the latest first, at most ``VERSIONS``.

    One statement.
    """
    every = list(
        Mark.objects.filter(client=mark.client_id)
        .filter(replaced_by__isnull=False)
        .select_related("set_by")
        .order_by("-set_at")[: MOST * VERSIONS]
    )
    by_next = {one.replaced_by_id: one for one in every}
    found: list[Mark] = []
    at = mark
    while len(found) < VERSIONS and (earlier := by_next.get(at.pk)) is not None:
        earlier.client = mark.client  # its data key is loaded already
        found.append(earlier)
        at = earlier
    return found
