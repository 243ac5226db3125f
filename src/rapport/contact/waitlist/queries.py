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


def way(client: Client, *, but: Collection[str] = ()) -> Way | None:
    """The first channel, and its contact, that may be used for the client; as reminders are
    sent: in the client's order or else the practice's. Where the practice does not remind,
    by whatever is set up, mail first.

    Args:
        but: channels that failed for this message.
    """
    usable = reminders.ways([client.pk]).get(client.pk, {})
    found = rules.next_channel(_order(_usual(), reminders.preference(client)), but, usable)
    return (found, usable[found]) if found else None


def reachable(*, by: Any, clients: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Which of these clients there is a way to."""
    ids = set(clients)
    if not ids:
        return set()
    own = {one.client_id: one for one in Preference.objects.filter(client__in=ids)}
    usual = _usual()
    return {
        client for client, usable in reminders.ways(ids).items()
        if rules.next_channel(_order(usual, own.get(client)), (), usable)
    }  # fmt: skip


def _usual() -> list[str]:
    row = reminders.reminding()
    return row.channels if row else sorted(channels.found(), key=lambda one: one != "mail")


def _order(usual: list[str], own: Preference | None) -> list[str]:
    return rules.in_order(usual, own.channels if own else [])
