"""Reminding clients, at the time of day they chose, of what they are asked each day.

Nothing is remembered beside the choice and what went out: whoever has answered, is in a pause,
or is asked nothing any more is not reminded, and a server that was off for an evening sends
nothing at night.
"""

import uuid
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rapport.core import time as clock
from rapport.core.action import action
from rapport.people.clients.models import Client, Contact
from rapport.progress.daily import queries as daily
from rapport.progress.schedules import care

from . import queries, rules
from .actions import CannotSet, send_later
from .models import Delivery, Kind, Preference
from .queries import FAILED

State = Delivery.State


@action("reminder.own")
def choose(*, by: Any, at: time | None, now: datetime) -> Preference:
    """Be reminded each day at ``at`` on one's own wall; None: not any more.

    Raises:
        CannotSet: nothing is sent at that time.
    """
    own = queries.preference(by.client)
    if at is not None and is_quiet(own, at, now):
        raise CannotSet("at", _("Nothing is sent at that time of day. Choose another."))
    own.daily_at, own.changed_at = at, now
    own.save()
    return own


def is_quiet(own: Preference, at: time, now: datetime) -> bool:
    """Whether a time of day lies in the practice's quiet hours, today."""
    quiet, zone = queries.quiet(queries.reminding_daily(now), own), queries.zone_of(own)
    came = datetime.combine(now.astimezone(zone).date(), at, tzinfo=zone)
    return quiet is not None and quiet.around(came.astimezone(UTC)) is not None


def reaches(*, client: Client, now: datetime) -> Contact | None:
    """Where a reminder would go to, of a client whom somebody has opened; None: nowhere."""
    order = rules.in_order(queries.reminding_daily(now).channels,
                           queries.preference(client).channels)  # fmt: skip
    usable = queries.ways([client.pk]).get(client.pk, {})
    return next((usable[one] for one in order if one in usable), None)


def ends(now: datetime) -> datetime:
    """When the day that is asked now is over, on the practice's clock."""
    tomorrow = clock.local(now).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(0), tzinfo=clock.zone()).astimezone(UTC)


def due(*, now: datetime) -> list[uuid.UUID]:
    """Whom to remind now: the time they chose has come, and nothing went out about today."""
    chosen = Preference.objects.exclude(daily_at=None).filter(
        client__archived_at=None, client__data_key__destroyed_at=None
    )
    come = [
        own.client_id for own in chosen.order_by("client")
        if own.daily_at and rules.daily_due(own.daily_at, queries.zone_of(own), now)
    ]  # fmt: skip
    stand = [one for one in Delivery.State.values if one not in FAILED]  # found by the index
    done = Delivery.objects.filter(kind=Kind.DAILY, starts_at=ends(now), state__in=stand)
    told = set(done.values_list("client", flat=True))
    return [one for one in come if one not in told]


@action("reminder.plan")
def promise(*, by: Any, client: Client, now: datetime) -> Delivery | None:
    """Promise today's reminder by the first way that was not tried; None: nothing is to be sent.

    Where there is no way at all, that is written down as failed, so that somebody sees it.
    """
    own, row = queries.preference(client), queries.reminding_daily(now)
    quiet = queries.quiet(row, own)
    if not wanted(client, own, now) or (quiet is not None and quiet.around(now) is not None):
        return None
    of_day = Delivery.objects.filter(client=client, kind=Kind.DAILY, starts_at=ends(now))
    tried = set(of_day.values_list("channel", flat=True))
    usable = queries.ways([client.pk]).get(client.pk, {})
    channel = rules.next_channel(rules.in_order(row.channels, own.channels), tried, usable) or ""
    if not channel and tried:
        return None
    return _promised(client, channel, usable, now)


def _promised(
    client: Client, channel: str, usable: dict[str, Contact], now: datetime
) -> Delivery | None:  # fmt: skip
    end: dict[str, Any] = {"contact_id": usable[channel].pk} if channel else {
        "state": State.FAILED, "error": "NoWay",
    }  # fmt: skip
    try:
        with transaction.atomic():
            made = Delivery.objects.create(
                client=client, kind=Kind.DAILY, starts_at=ends(now), channel=channel,
                planned_at=now, **end,
            )  # fmt: skip
    except IntegrityError:
        return None  # somebody else just did
    if channel:
        send_later(made)
    return made


def wanted(client: Client, own: Preference, now: datetime) -> bool:
    """Whether a client still wants to be reminded, and today is still to be answered."""
    if own.daily_at is None or daily.waits(client=client, now=now) is not True:
        return False
    standing = care.standing(client, now=now)
    return not (standing.died or standing.forbidden)
