"""By which ways people on the waiting list can be told, and what they were told."""

import uuid
from collections.abc import Collection, Iterable
from typing import Any

from rapport.people.clients.models import Client, Contact

from .. import channels
from ..reminders import queries as reminders
from ..reminders import rules
from ..reminders.models import Preference

Way = tuple[str, Contact]


def readers(client: Client) -> list[Client]:
    """Who is written to, with their keys at hand: the client; of a couple or family that has no
    address of its own, whoever belongs to it."""
    ids = reminders.readers([client])[client.pk]
    if ids == [client.pk]:
        return [client]
    there = Client.objects.filter(pk__in=ids, archived_at=None, data_key__destroyed_at=None)
    return list(there.select_related("data_key").order_by("pk"))


def way(reader: Client, *, but: Collection[str] = ()) -> Way | None:
    """The first channel, and its contact, that may be used for somebody; as reminders are
    sent: in their order or else the practice's. Where the practice does not remind,
    by whatever is set up, mail first.

    Args:
        but: channels that failed for this message.
    """
    usable = reminders.ways([reader.pk]).get(reader.pk, {})
    found = rules.next_channel(_order(_usual(), reminders.preference(reader)), but, usable)
    return (found, usable[found]) if found else None


def reachable(*, by: Any, clients: Iterable[Client]) -> set[uuid.UUID]:
    """Which of these clients there is a way to."""
    readers = reminders.readers(clients)
    ids = {one for some in readers.values() for one in some}
    if not ids:
        return set()
    own = {one.client_id: one for one in Preference.objects.filter(client__in=ids)}
    usual = _usual()
    reached = {
        one for one, usable in reminders.ways(ids).items()
        if rules.next_channel(_order(usual, own.get(one)), (), usable)
    }  # fmt: skip
    return {client for client, some in readers.items() if not reached.isdisjoint(some)}


def _usual() -> list[str]:
    row = reminders.reminding()
    return row.channels if row else sorted(channels.found(), key=lambda one: one != "mail")


def _order(usual: list[str], own: Preference | None) -> list[str]:
    return rules.in_order(usual, own.channels if own else [])
