"""Promising what somebody on the waiting list is told; where nothing goes out, saying so."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

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
    entry: WaitingEntry | None = None, but: Collection[str] = (),
) -> WaitingMessage | None:  # fmt: skip
    """Promise a message by the first way that is there, in an hour in which it may go out.

    Args:
        but: channels that failed for this message.

    Returns:
        None where there is no way; then the desk sees that, and calls.
    """
    found = queries.way(client, but=but)
    if found is None:
        not_told(kind, client, offer, entry, now)
        return None
    row = WaitingMessage(
        client=client, kind=kind, offer=offer, entry=entry, channel=found[0],
        asked_at=(offer.offered_at if offer else entry.asked_at if entry else None) or now,
        contact_id=found[1].pk, path=_path(kind, client, offer, entry), planned_at=now,
    )  # fmt: skip
    row.save(force_insert=True)
    send_later(row, quiet_until(row, now))
    return row


def _path(kind: str, client: Client, offer: Offer | None, entry: WaitingEntry | None) -> str:
    if kind == Kind.OFFER and offer is not None:
        return answering.link(by=BY, offer=offer)
    if kind == Kind.STILL and entry is not None:
        return waiting.link(by=BY, client=client, entry=entry)
    return ""


def not_told(
    kind: str, client: Client, offer: Offer | None, entry: WaitingEntry | None, now: datetime
) -> None:
    """Say that nothing reached them: their time does not run, and the desk sees it."""
    if kind == Kind.OFFER and offer is not None:
        answering.not_reached(by=BY, offer=offer, now=now)
    elif kind == Kind.STILL and entry is not None:
        waiting.told(by=BY, client=client, entry=entry, how="PAGE")


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


def by_another_way(row: WaitingMessage, now: datetime) -> None:
    """Tell it by the next channel, or say that nothing reached them."""
    same = WaitingMessage.objects.filter(
        kind=row.kind, offer=row.offer_id, entry=row.entry_id, asked_at=row.asked_at
    )
    tried = set(same.exclude(state__in=WaitingMessage.LIVES).values_list("channel", flat=True))
    tell(by=BY, client=row.client, kind=row.kind, offer=row.offer, entry=row.entry, but=tried,
         now=now)  # fmt: skip


@action("reminder.bounce")
def came_back(*, by: Any, report: Report, now: datetime) -> bool:
    """Mark a mail as come back, its address as failing, and try otherwise. False: none of ours."""
    near = ("client__data_key", "offer__hour", "entry")
    sent = WaitingMessage.objects.filter(pk=report.message, channel="mail", state=State.SENT)
    row = sent.select_related(*near).first()
    if row is None:
        return False
    sent.update(state=State.BOUNCED, error=f"Bounced {report.code}")
    no_longer_works(row.contact_id, report.code, now)
    not_told(row.kind, row.client, row.offer, row.entry, now)
    by_another_way(row, now)
    return True
