"""Asking what the day has come for: at intervals, as care begins and ends, and after it."""

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction

from rapport.core import time as clock
from rapport.core.action import action
from rapport.people.clients.models import Client

from ..informants.models import Informant
from ..schedules import care
from ..schedules import rules as schedules
from . import asking, rules
from .models import Ask, Asked, Occasion

AT_ONCE = 500  # clients; the rest at the next stroke


def waiting(*, now: datetime, most: int = AT_ONCE) -> list[uuid.UUID]:
    """Clients for whom the day has come, whoever waits longest first."""
    due = Ask.objects.filter(ended_at=None, next_at__lte=now)
    alive = due.filter(client__archived_at=None, client__data_key__destroyed_at=None)
    found = alive.order_by("next_at").values_list("client", flat=True)[: 4 * most]
    return list(dict.fromkeys(found))[:most]


@action("measure.ask_due")
def ask_due(*, by: Any, client_id: uuid.UUID, now: datetime) -> list[Asked]:
    """Ask a client, and whoever else is asked about them, what is due by the calendar, each in one
    sitting.

    What still waits for an answer is not asked beside it; its next day comes all the same.
    What may not be asked any more, or comes once, ends, and says why.
    """
    due = Ask.objects.filter(client=client_id, ended_at=None, next_at__lte=now)
    with transaction.atomic():
        locked = due.select_for_update(of=("self",)).select_related("informant")
        rows = list(locked.order_by("instrument", "set_at"))
        if not rows:
            return []
        client = Client.objects.select_related("data_key", "account").get(pk=client_id)
        over = care.why_not(client, rows, now=now)
        waits = client.asked.filter(state=Asked.State.OPEN, expires_at__gt=now, in_interview=False)
        there = set(waits.values_list("instrument", "informant"))
        wanted: dict[Informant | None, dict[str, Ask]] = {}
        for one in rows:
            if one.pk not in over and (one.instrument, one.informant_id) not in there:
                if asking.is_known(one.instrument, client):
                    wanted.setdefault(one.informant, {}).setdefault(one.instrument, one)
        put = [each for who, asks in wanted.items() for each in _put(by, client, who, asks, now)]
        for row in rows:
            _go_on(row, over.get(row.pk, ""), now)
        Ask.objects.bulk_update(rows, ["next_at", "ended_at", "ended_why"])
    return [one.asked for one in put]


def _put(
    by: Any, client: Client, who: Informant | None, asks: dict[str, Ask], now: datetime
) -> list[asking.Put]:
    """One sitting of the client's, or of somebody else's who is asked about them."""
    if who is None:
        return asking.sitting(by, client, asks, asking.way_to(client), now, send=True)
    for one in asks.values():
        one.client = client  # its data key is loaded already
    calls = next((one.calls for one in asks.values() if one.calls), "")
    return asking.sitting(
        by, client, asks, Asked.Way.LINK, now, informant=who, calls=calls, send=True
    )


def _go_on(row: Ask, over: str, now: datetime) -> None:
    """When it is asked again; what comes once, or may be asked no more, ends."""
    if over:
        row.ended_at, row.ended_why = now, over
    elif row.every_days and row.next_at is not None:
        row.next_at = rules.next_round(last=row.next_at, every_days=row.every_days, now=now)
    elif row.occasion == Occasion.MONTH:
        first, today = clock.local(row.set_at).date(), clock.local(now).date()
        day = schedules.next_month(first=first, after=today)
        row.next_at = schedules.morning(day, clock.zone())
    elif row.occasion == Occasion.REVIEW:
        row.next_at = None  # the next sessions decide
    else:
        row.ended_at, row.ended_why = now, Ask.Ended.DONE
