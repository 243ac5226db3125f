"""Finding process notes: for whoever wrote them, and for nobody else."""

import uuid
from typing import Any

from django.db.models import QuerySet

from rapport.people.clients import queries as clients
from rapport.people.clients.models import Client

from .models import ProcessNote


def of_client(*, by: Any, client: Client) -> QuerySet[ProcessNote]:
    """What ``by`` wrote about the client, the latest first."""
    found: QuerySet[ProcessNote] = ProcessNote.objects.visible_to(by).filter(client=client)
    return found.select_related("author_key__data_key").order_by("-created_at", "pk")


def get(*, by: Any, process_note_id: uuid.UUID) -> ProcessNote:
    """One process note of ``by``'s own.

    Raises:
        ProcessNote.DoesNotExist: none, or another's: the two look the same.
    """
    found: QuerySet[ProcessNote] = ProcessNote.objects.visible_to(by)
    return found.select_related("author_key__data_key", "client").get(pk=process_note_id)


def client(*, by: Any, client_id: uuid.UUID) -> Client:
    """A client whom ``by`` may know of, or about whom ``by`` has written.

    Whoever left a care team does not see the client any more, and still reads what they wrote.

    Raises:
        Client.DoesNotExist: neither.
    """
    try:
        return clients.get(by=by, client_id=client_id)
    except Client.DoesNotExist:
        mine = ProcessNote.objects.visible_to(by).values("client")
        return Client.objects.filter(pk__in=mine).get(pk=client_id)


def wrote_about(by: Any, client: Client) -> bool:
    """Whether ``by`` has process notes about the client."""
    return ProcessNote.objects.visible_to(by).filter(client=client).exists()
