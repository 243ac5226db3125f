"""Promising what somebody on the waiting list is told; where nothing goes out, saying so."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from rapport.core import jobs
from rapport.core.action import action
from rapport.core.policy import System
from rapport.meeting.models import Offer, WaitingEntry
from rapport.meeting.waiting import actions as waiting
from rapport.meeting.waiting import answering
from rapport.people.clients.models import Client

from ..reminders import queries as reminders
from ..reminders.bounces import Report, no_longer_works
from . import queries
from .models import WaitingMessage

SEND = "waiting.send"
BY = System("contact")
Kind, State = WaitingMessage.Kind, WaitingMessage.State


@action("reminder.plan")
def tell(
    *, by: Any, client: Client, kind: str, now: datetime, offer: Offer | None = None,
    entry: WaitingEntry | None = None,
) -> list[WaitingMessage]:  # fmt: skip
    """Promise a message by the first way that is there, in an hour in which it may go out; to
    each who belongs to a couple or family that has no address of its own, with the same link.

    Returns:
        None of them where there is no way; then the desk sees that, and calls.
    """
    found = [(one, way) for one in queries.readers(client) if (way := queries.way(one))]
    if not found:
        not_told(kind, offer, entry, now)
        return []
    path = _path(kind, offer, entry)
    at = (offer.offered_at if offer else entry.asked_at if entry else None) or now
    said = {"kind": kind, "offer": offer, "entry": entry, "asked_at": at}
    return [_promised(reader, way, path, said, now) for reader, way in found]


def _promised(
    reader: Client, way: queries.Way, path: str, said: dict[str, Any], now: datetime
) -> WaitingMessage:
    row = WaitingMessage(client=reader, channel=way[0], contact_id=way[1].pk, path=path,
                         planned_at=now, **said)  # fmt: skip
    row.save(force_insert=True)
    send_later(row, quiet_until(row, now))
    return row


def _path(kind: str, offer: Offer | None, entry: WaitingEntry | None) -> str:
    if kind == Kind.OFFER and offer is not None:
        return answering.link(by=BY, offer=offer)
    if kind == Kind.STILL and entry is not None:
        return waiting.link(by=BY, client=entry.client, entry=entry)
    return ""


def not_told(
    kind: str, offer: Offer | None, entry: WaitingEntry | None, now: datetime
) -> None:  # fmt: skip
    """Say that nothing reached them: their time does not run, and the desk sees it."""
    if kind == Kind.OFFER and offer is not None:
        answering.not_reached(by=BY, offer=offer, now=now)
    elif kind == Kind.STILL and entry is not None:
        waiting.told(by=BY, client=entry.client, entry=entry, how="PAGE")


def fails(row: WaitingMessage, now: datetime) -> None:
    """Say so where a message reaches nobody, unless it reaches another of a couple or family."""
    if not _reaches_another(row):
        not_told(row.kind, row.offer, row.entry, now)


def _same(row: WaitingMessage) -> QuerySet[WaitingMessage]:
    """What tells the same, to whomever and by whichever way."""
    return WaitingMessage.objects.filter(
        kind=row.kind, offer=row.offer_id, entry=row.entry_id, asked_at=row.asked_at
    )


def _reaches_another(row: WaitingMessage) -> bool:
    well = Q(state__in=(State.SENT, State.SENDING)) | Q(state=State.PLANNED, error="")
    return _same(row).filter(well).exclude(client=row.client_id).exists()


def quiet_until(message: WaitingMessage, now: datetime) -> datetime | None:
    """When the client's quiet hours end that ``now`` lies in; None outside, and where they end
    no sooner than the hour begins that it is about."""
    row = reminders.reminding()
    quiet = reminders.quiet(row, reminders.preference(message.client)) if row else None
    found = quiet.around(now) if quiet else None
    if found is None or message.offer is not None and found[1] >= message.offer.hour.starts_at:
        return None
    return found[1]


def send_later(row: WaitingMessage, at: datetime | None = None) -> None:
    """Let a worker send it, not before ``at``; one job at a time."""
    jobs.enqueue(SEND, run_at=at, message_id=row.pk, unique=f"{SEND}@{row.pk}")


def by_another_way(row: WaitingMessage, path: str, now: datetime) -> None:
    """Tell the same reader by the next channel, or say that nothing reached them.

    Args:
        path: the link, where it is known still; a new one ends that of another reader.
    """
    tried = _same(row).filter(client=row.client_id).exclude(state__in=WaitingMessage.LIVES)
    way = queries.way(row.client, but=set(tried.values_list("channel", flat=True)))
    if way is None or (not path and _reaches_another(row)):
        fails(row, now)
        return
    said = {"kind": row.kind, "offer": row.offer, "entry": row.entry, "asked_at": row.asked_at}
    _promised(row.client, way, path or _path(row.kind, row.offer, row.entry), said, now)


@action("reminder.bounce")
def came_back(*, by: Any, report: Report, now: datetime) -> bool:
    """Mark a mail as come back, its address as failing, and try otherwise. False: none of ours."""
    near = ("client__data_key", "offer__hour", "entry__client")
    sent = WaitingMessage.objects.filter(pk=report.message, channel="mail", state=State.SENT)
    row = sent.select_related(*near).first()
    if row is None:
        return False
    sent.update(state=State.BOUNCED, error=f"Bounced {report.code}")
    no_longer_works(row.contact_id, report.code, now)
    fails(row, now)
    by_another_way(row, "", now)
    return True
