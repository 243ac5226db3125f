"""Asking by the calendar: every week, every other week, every four, whether one meets or not."""

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction

from rapport.core.action import action
from rapport.people.clients.models import Client

from . import asking, rules
from .models import Ask, Asked

AT_ONCE = 500  # clients; the rest at the next stroke


def waiting(*, now: datetime, most: int = AT_ONCE) -> list[uuid.UUID]:
    """Clients for whom the day has come, whoever waits longest first."""
    due = Ask.objects.filter(ended_at=None, next_at__lte=now)
    alive = due.filter(client__archived_at=None, client__data_key__destroyed_at=None)
    found = alive.order_by("next_at").values_list("client", flat=True)[: 4 * most]
    return list(dict.fromkeys(found))[:most]


@action("measure.ask_due")
def ask_due(*, by: Any, client_id: uuid.UUID, now: datetime) -> list[Asked]:
    """Ask a client what is due by the calendar, in one sitting.

    What still waits for an answer is not asked beside it; its next day comes all the same.
    """
    due = Ask.objects.filter(client=client_id, ended_at=None, next_at__lte=now)
    with transaction.atomic():
        rows = list(due.select_for_update().order_by("instrument"))
        if not rows:
            return []
        client = Client.objects.select_related("data_key", "account").get(pk=client_id)
        waits = client.asked.filter(state=Asked.State.OPEN, expires_at__gt=now)
        there = set(waits.values_list("instrument", flat=True))
        names = [
            one.instrument for one in rows
            if one.instrument not in there and asking.is_known(one.instrument, client)
        ]  # fmt: skip
        put = asking.sitting(by, client, names, asking.way_to(client), now, send=True)
        for row in rows:
            if row.next_at is not None and row.every_days:
                row.next_at = rules.next_round(last=row.next_at, every_days=row.every_days, now=now)
        Ask.objects.bulk_update(rows, ["next_at"])
    return [one.asked for one in put]
