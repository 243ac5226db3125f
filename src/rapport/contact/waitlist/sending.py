"""Sending what was promised to people on the waiting list: marked, sent, marked.

Between the two marks a worker can die. As with reminders, it is then sent again only by a
channel on which twice is once to the reader; by any other, somebody calls.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation

from rapport.core.policy import System
from rapport.meeting.models import Offer, WaitingEntry
from rapport.meeting.waiting import actions as waiting
from rapport.meeting.waiting import answering
from rapport.meeting.waiting.models import Told
from rapport.people.clients.models import Contact
from rapport.people.practice import queries as practices

from .. import channels
from ..channels import Channel, Message, NotSent
from ..notices import letters
from ..notices.kinds import KINDS
from ..reminders import queries as reminders
from ..reminders.bounces import no_longer_works
from . import actions, queries
from .models import WaitingMessage

ATTEMPTS = 24
PATIENCE = 6  # attempts by one channel where another could do, some five minutes
BY = System("contact")
Kind, State = WaitingMessage.Kind, WaitingMessage.State

SAYS = {Kind.OFFER: "offer", Kind.GONE: "offer_gone", Kind.STILL: "still_looking"}


@dataclass(frozen=True)
class _Going:
    """What one run has taken on; its marks name the run."""

    row: WaitingMessage
    channel: Channel
    message: Message


def attempt(*, message_id: uuid.UUID, now: datetime) -> None:
    """Send a promised message, unless that was done or it is true no more.

    Raises:
        NotSent: it did not work this time, and is tried again.
    """
    with transaction.atomic():
        going = _taken(message_id, now)
    if going is None:
        return
    try:
        going.channel.send(going.message)
    except NotSent as problem:
        if _not_sent(going, problem, now):
            raise
    else:
        with transaction.atomic():
            if _mark(going, state=State.SENT, sent_at=now, error="", path=""):
                _heard(going.row, now)


def _taken(message_id: uuid.UUID, now: datetime) -> _Going | None:
    """Look whether it is to go out, and mark it as on its way."""
    promised = WaitingMessage.objects.filter(state__in=[State.PLANNED, State.SENDING])
    rows = promised.select_related("client__data_key", "offer__hour", "entry__client")
    row = rows.select_for_update(of=("self",)).filter(pk=message_id).first()
    if row is None or actions.quiet_until(row, now) is not None:
        return None  # looked at again once the quiet hours are over
    if not _is_true(row, now):
        _end(row, State.DROPPED, "NoLongerTrue")
        return None
    channel = channels.ready().get(row.channel)
    contact = Contact.objects.filter(pk=row.contact_id).select_related("failing").first()
    if channel is None or contact is None or not channel.fits(contact) or reminders.fails(contact):
        path = row.path
        _end(row, State.FAILED, "NotSafe" if channel else "NotReady")
        actions.by_another_way(row, path, now)
        return None
    if row.state == State.SENDING and not channel.again:
        _end(row, State.UNSURE, "Lost")  # a run before this one did not come back
        actions.fails(row, now)
        return None
    row.state, row.attempts = State.SENDING, row.attempts + 1
    row.save(update_fields=["state", "attempts"])
    contact.client = row.client  # its data key is loaded already
    return _Going(row, channel, _written(row, contact.plain, now))


def _is_true(row: WaitingMessage, now: datetime) -> bool:
    """Whether what it says of the hour, or asks, still is so."""
    client = row.client
    if client.archived_at is not None or client.data_key.destroyed_at is not None:
        return False
    if row.offer is not None:
        ahead = row.offer.hour.starts_at > now
        if row.kind == Kind.GONE:
            return ahead and row.offer.state != Offer.State.OFFERED
        open_ = row.offer.state == Offer.State.OFFERED and row.offer.told != Told.CALL
        return open_ and row.offer.answer_by is not None and row.offer.answer_by > now
    return isinstance(row.entry, WaitingEntry) and row.entry.asked_at == row.asked_at


def _written(row: WaitingMessage, to: str, now: datetime) -> Message:
    """A sentence that names nobody, in the client's language, and the link."""
    kind, practice = KINDS[SAYS[Kind(row.kind)]], practices.current()
    language = reminders.language(row.client, dict(settings.LANGUAGES))
    with translation.override(language):
        link = ((str(kind.link), letters.address(row.path)),) if row.path else ()
        return Message(
            id=row.pk, to=to, subject=str(kind.subject), language=language, now=now, links=link,
            words="\n".join(str(one) for one in (kind.body, kind.more) if one),
            sign=practice.discreet_name if practice else "",
        )  # fmt: skip


def _heard(row: WaitingMessage, now: datetime) -> None:
    if row.kind == Kind.OFFER and row.offer is not None:
        answering.reached(by=BY, offer=row.offer, now=now)
    elif row.kind == Kind.STILL and row.entry is not None:
        waiting.told(by=BY, client=row.entry.client, entry=row.entry, how=Told.SENT)


def _not_sent(going: _Going, problem: NotSent, now: datetime) -> bool:
    """Write the failure down; whether it is tried again by the same channel.

    Until something reached them, their time to answer does not run.
    """
    row = going.row
    with transaction.atomic():
        if problem.address:
            no_longer_works(row.contact_id, problem.code, now)
        if problem.perhaps and not going.channel.again:
            if _mark(going, state=State.UNSURE, error=problem.code, path=""):
                actions.fails(row, now)
            return False
        tried = row.attempts >= PATIENCE and queries.way(row.client, but=[row.channel])
        if problem.final or tried or row.attempts >= ATTEMPTS:
            if _mark(going, state=State.FAILED, error=problem.code, path=""):
                actions.by_another_way(row, row.path, now)
            return False
        if _mark(going, state=State.PLANNED, error=problem.code):
            actions.fails(row, now)
        return True


def _end(row: WaitingMessage, state: str, error: str) -> None:
    row.state, row.error, row.path = state, error, ""
    row.save(update_fields=["state", "error", "path"])


def _mark(going: _Going, **end: Any) -> bool:
    """Write down how this run ended, unless a later one has taken over."""
    mine = WaitingMessage.objects.filter(pk=going.row.pk, attempts=going.row.attempts)
    fresh = mine.filter(state=State.SENDING).select_for_update().first()
    if fresh is None:
        return False
    fresh.client = going.row.client  # its data key is loaded already
    for name, value in end.items():
        setattr(fresh, name, value)
    fresh.save(update_fields=list(end))
    return True
