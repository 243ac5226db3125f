"""Sending what was promised: looked at again at the last moment, marked, sent, marked.

Between the two marks a worker can die. Then nobody knows whether the message went out. By a
channel on which twice is once to the reader (mail, by its Message-ID) it is sent again, and
``Delivery.again`` counts it; by any other it is not, and stands as perhaps sent. What is
called off in the seconds between the first mark and the server's answer is still sent; the
notice that it is called off follows it.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from rapport.meeting.appointments.models import Appointment
from rapport.people.clients.models import Client, Contact

from .. import channels
from ..channels import Channel, Message, NotSent
from . import daily, planning, queries, rules, words
from .models import Delivery, Failing, Kind, Preference, Reminding

ATTEMPTS = 24  # the last hours apart: most of a day
State = Delivery.State


@dataclass(frozen=True)
class _Going:
    """What one run has taken on; its marks name the run."""

    row: Delivery
    channel: Channel
    message: Message
    contact: Contact
    reminding: Reminding
    own: Preference


def attempt(*, delivery_id: uuid.UUID, now: datetime) -> None:
    """Send a promised message, unless that was done or is wanted no more.

    Raises:
        NotSent: it did not work this time, and is tried again.
    """
    going = _taken(delivery_id, now)
    if going is None:
        return
    try:
        going.channel.send(going.message)
    except NotSent as problem:
        _not_sent(going, problem, now)
    else:
        _mark(going, state=State.SENT, sent_at=now, error="")


def _taken(delivery_id: uuid.UUID, now: datetime) -> _Going | None:
    """Look whether it is to go out, and mark it as on its way, in one transaction."""
    with transaction.atomic():
        promised = Delivery.objects.filter(pk=delivery_id, state__in=[State.PLANNED, State.SENDING])
        row = promised.select_for_update().first()
        if row is None:
            return None
        appointment, client = _meeting(row), planning.reader_of(row.client_id)
        is_daily, own = row.kind == Kind.DAILY, queries.preference(client)
        reminding = queries.reminding_daily(now) if is_daily else queries.reminding()
        end = _end(row, appointment, client, reminding, own, now)
        channel, contact = _way(row)
        if end is None and (channel is None or contact is None):
            end = State.FAILED, "NotSafe" if channel else "NotReady"
        elif end is None and channel and row.state == State.SENDING and not channel.again:
            end = State.UNSURE, "Lost"  # a run before this one did not come back
        if end is not None:
            row.state, row.error = end
            row.save(update_fields=["state", "error"])
        if end is not None or reminding is None or channel is None or contact is None:
            return None
        row.again += row.state == State.SENDING
        row.state, row.attempts = State.SENDING, row.attempts + 1
        row.save(update_fields=["state", "attempts", "again"])
        contact.client = client  # its data key is loaded already
        message = words.daily(row, to=contact.plain, client=client, now=now)
        if appointment is not None:
            message = words.written(
                row, to=contact.plain, client=client, appointment=appointment, own=own,
                offered=reminding.links, now=now,
            )  # fmt: skip
        return _Going(row, channel, message, contact, reminding, own)


def _meeting(row: Delivery) -> Appointment | None:
    """What a message is about, locked until it is on its way; of a daily reminder None."""
    if row.appointment_id is None:
        return None
    meetings = Appointment.objects.select_related("clinician").defer("video_url")
    locked = meetings.select_for_update(of=("self",), no_key=True)
    return locked.filter(pk=row.appointment_id).first() or planning.as_told(row)


def _end(
    row: Delivery, appointment: Appointment | None, client: Client, reminding: Reminding | None,
    own: Preference, now: datetime,
) -> tuple[str, str] | None:  # fmt: skip
    """The state it is to have instead of going out now, and why; None when it goes."""
    wrong = _unwanted(row, appointment, client, reminding, own, now)
    if wrong or reminding is None:
        return State.DROPPED, wrong
    if row.kind == Kind.DAILY:
        return _daily_end(row, reminding, own, now)
    if now >= row.starts_at:
        return State.FAILED if row.attempts else State.DROPPED, row.error or "Over"
    if not rules.may_go(now, row.starts_at, queries.quiet(reminding, own)):
        return State.PLANNED, row.error  # looked at again once the quiet hours are over
    return None


def _daily_end(
    row: Delivery, reminding: Reminding, own: Preference, now: datetime
) -> tuple[str, str] | None:  # fmt: skip
    """The same of a daily reminder: it goes near its time and never in quiet hours, or not."""
    quiet = queries.quiet(reminding, own)
    if quiet is not None and quiet.around(now) is not None:
        return State.DROPPED, "Quiet"
    if now >= min(row.starts_at, row.planned_at + rules.LATE):
        return State.FAILED if row.attempts else State.DROPPED, row.error or "Late"
    return None


def _unwanted(
    row: Delivery, appointment: Appointment | None, client: Client, reminding: Reminding | None,
    own: Preference, now: datetime,
) -> str:  # fmt: skip
    """Why it is to be told no more; "" when it is."""
    if reminding is None:
        return "SwitchedOff"
    if client.archived_at is not None or client.data_key.destroyed_at is not None:
        return "Left"
    if appointment is None:
        return "" if daily.wanted(client, own, now) else "NotWanted"
    if not planning.still_true(row, appointment):
        return "NoLongerTrue"
    if row.kind == Kind.REMINDER:
        return "NotWanted" if own.offsets == [] else ""
    return "" if row.kind in reminding.notices and row.kind in own.notices else "NotWanted"


def _way(row: Delivery) -> tuple[Channel | None, Contact | None]:
    """The channel as far as it can be used, and the contact as far as it is safe, now."""
    channel = channels.ready().get(row.channel)
    if channel is None:
        return None, None
    theirs = Contact.objects.filter(client=row.client_id).select_related("failing")
    contact = theirs.filter(pk=row.contact_id).first() if row.contact_id else None
    safe = contact is not None and channel.fits(contact) and not queries.fails(contact)
    return channel, contact if safe else None


def _not_sent(going: _Going, problem: NotSent, now: datetime) -> None:
    """Write the failure down; try again later unless it is final or another way has its turn."""
    row = going.row
    if problem.address:
        _refused(going.contact, problem.code, now)
    if problem.perhaps and not going.channel.again:
        _mark(going, state=State.UNSURE, error=problem.code)
        return
    late = rules.gives_up(row.planned_at, row.starts_at, now)
    if (
        problem.final or row.attempts >= ATTEMPTS
        or late and planning.another_way(row, going.reminding, going.own)
    ):  # fmt: skip
        _mark(going, state=State.FAILED, error=problem.code)
        return
    _mark(going, state=State.PLANNED, error=problem.code, again=row.again + problem.perhaps)
    raise problem


def _refused(contact: Contact, code: str, now: datetime) -> None:
    """Write to it no more until it is changed."""
    Failing.objects.update_or_create(
        contact=contact, defaults={"lookup": contact.lookup, "code": code, "since": now}
    )


def _mark(going: _Going, **end: Any) -> None:
    """Write down how this run ended, unless a later one has taken over."""
    mine = Delivery.objects.filter(pk=going.row.pk, attempts=going.row.attempts)
    mine.filter(state=State.SENDING).update(**end)
