"""Feeds: the secret in their address, and what whoever holds it reads. The door asks here."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import translation

from rapport.core import time as clock
from rapport.core import tokens
from rapport.meeting.models import Appointment
from rapport.people.models import Account, Client, Staff
from rapport.people.practice import queries as practices
from rapport.people.staff.models import CLINICAL

from . import writing
from .models import Feed, Title

BACK, AHEAD = timedelta(days=31), timedelta(days=366)
MOST = 2_000
READ_EVERY = timedelta(hours=1)
Status = Appointment.Status


def path(token: str) -> str:
    """Where the feed of a token stands."""
    return f"/c/{token}.ics"


def of(*, by: Any) -> Feed | None:
    """The feed of whoever asks, if they have one."""
    return Feed.objects.filter(account=by.pk).first()


def read(*, token: str, now: datetime) -> bytes | None:
    """What stands at a feed's address; None for a secret that opens nothing (any more).

    Notes that it was read, at most once an hour.
    """
    near = ("account___staff", "account___client")
    feed = Feed.objects.select_related(*near).filter(token=tokens.digest(token)).first()
    if feed is None or not feed.account.is_active:
        return None
    staff, client = feed.account.staff, feed.account.client
    if staff is not None and (not staff.works_on(clock.today()) or not staff.has(*CLINICAL)):
        return None
    if staff is None and client is None:
        return None
    if feed.read_at is None or feed.read_at < now - READ_EVERY:
        Feed.objects.filter(pk=feed.pk).update(read_at=now)
    with translation.override(_language(feed.account)):
        entries = of_staff(feed, staff, now) if staff else of_client(feed, client, now)
        return writing.text(entries, subscribed=True)


def _language(account: Account) -> str:
    practice = practices.current()
    return account.language or (practice.locale if practice else "en")


def of_staff(feed: Feed, staff: Staff, now: datetime) -> list[writing.Entry]:
    """A clinician's meetings, under the titles they chose."""
    rows = _around(Appointment.objects.filter(clinician=staff), now)
    called = titles(feed.account, feed.title, rows)
    return [writing.entry(one, called[one.pk]) for one in rows]


def titles(account: Account, title: str, rows: list[Appointment]) -> dict[uuid.UUID, str]:
    """What each meeting is called outside; initials only where ``account`` may know the client."""
    known: set[uuid.UUID] = set()
    if title == Title.INITIALS:
        clients = Client.objects.visible_to(account).filter(pk__in={one.client_id for one in rows})
        known = set(clients.values_list("pk", flat=True))
    return {
        one.pk: writing.masked(one, title if one.client_id in known else Title.BUSY) for one in rows
    }


def of_client(feed: Feed, client: Client | None, now: datetime) -> list[writing.Entry]:
    """A client's own meetings, and those of a couple or family they belong to."""
    theirs = Q(client=client) | Q(client__members__member=client)
    among = Appointment.objects.filter(pk__in=Appointment.objects.filter(theirs).values("pk"))
    return [writing.entry(one, feed.words or writing.neutral()) for one in _around(among, now)]


def title_for(client: Client) -> str:
    """What a client's own calendar calls a meeting: their word, or a neutral one."""
    own = Feed.objects.filter(account=client.account_id).exclude(words="")
    return own.values_list("words", flat=True).first() or writing.neutral()


def _around(rows: QuerySet[Appointment], now: datetime) -> list[Appointment]:
    """Those that take or took time, from a month ago to a year ahead."""
    near = rows.filter(starts_at__gte=now - BACK, starts_at__lt=now + AHEAD)
    held = near.exclude(status=Status.CANCELLED).select_related("client")
    return list(held.defer("video_url").order_by("starts_at", "pk")[:MOST])
