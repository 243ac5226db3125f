"""Looking what is to be told: from what stands in the diary and what went out, each time anew.

Nothing is remembered beside that. A meeting that moves is due anew for its new time, one that
is cancelled is due for nothing, and a server that was off for a day catches up once.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from rapport.core.prepared import named, prepared
from rapport.meeting.appointments.models import Appointment, Change
from rapport.people.clients.models import Client

from . import queries, rules
from .models import NOTICES, Delivery, Kind, Preference, Reminding, TypeReminders
from .queries import FAILED

DAY = timedelta(days=1)
BATCH = 500  # ids in one statement
GONE = 1_000_000  # the revision of a meeting that is no more: above all a meeting ever had
BOOKED, CANCELLED = Appointment.Status.BOOKED, Appointment.Status.CANCELLED


@dataclass(frozen=True)
class Wanted:
    """One message that ought to go out, and how. No channel: there is no way to the client."""

    appointment: Appointment
    reader: uuid.UUID
    kind: str
    channel: str
    contact: uuid.UUID | None
    offset: int = 0
    revision: int = 0


@dataclass(frozen=True)
class _Due:
    appointment: Appointment
    reader: uuid.UUID
    kind: str
    offset: int
    revision: int
    rows: tuple[Delivery, ...]  # what was tried for the very same message


def wanted(*, now: datetime) -> list[Wanted]:
    """Everything that is to be promised now."""
    row = queries.reminding()
    if row is None:
        return []
    due = [
        *_reminders(row, now), *_notices_that_failed(now), *_stands_after_all(row, now),
        *_gone(row, now),
    ]  # fmt: skip
    own = _preferences(one.reader for one in due)
    return _with_channels(row, due, own)


def news(row: Reminding, appointment: Appointment, kind: str, now: datetime) -> list[Wanted]:
    """What is to be told of something that happened to a meeting just now."""
    if kind not in row.notices or appointment.starts_at <= now:
        return []
    stands = CANCELLED if kind == Kind.CANCELLED else BOOKED
    if appointment.status != stands or _said_for_the_series(appointment, kind):
        return []
    readers = _readers([appointment])[appointment.client_id]
    own, before = _preferences(readers), _of(appointment)
    due = []
    for reader in readers:
        theirs, rows = own.get(reader), before[appointment.pk, reader]
        known = kind != Kind.CANCELLED and _knows(rows, appointment)
        if not known and (theirs is None or kind in theirs.notices):
            same = _same(rows, kind, appointment, revision=appointment.revision)
            due.append(_Due(appointment, reader, kind, 0, appointment.revision, same))
    return _with_channels(row, due, own)


def _knows(rows: Iterable[Delivery], meeting: Appointment) -> bool:
    """Whether the client knows the time it has now: another room is no other time. That it is
    theirs, who asked for it does not know before somebody approves it."""
    lives = [one for one in rows if one.state in Delivery.LIVES]
    if lives:
        last = max(lives, key=_planned)
        return last.starts_at == meeting.starts_at and last.kind != Kind.CANCELLED
    changes = Change.objects.filter(appointment=meeting, revision=meeting.revision)
    same = changes.exclude(what=Change.What.APPROVED)
    return any(one.before.get("starts_at") == meeting.starts_at.isoformat() for one in same)


def _planned(row: Delivery) -> datetime:
    return row.planned_at


def _said_for_the_series(appointment: Appointment, kind: str) -> bool:
    """A standing slot is told once when it begins, not once for every day of it; but who was
    told that a day is off hears that it is not."""
    if kind != Kind.BOOKED or appointment.series_id is None:
        return False
    off = Delivery.objects.filter(
        starts_at=appointment.starts_at, kind=Kind.CANCELLED, state__in=Delivery.TOLD
    )
    if off.filter(client__in=_readers([appointment])[appointment.client_id]).exists():
        return False
    others = Delivery.objects.filter(kind=kind, appointment__series=appointment.series_id)
    return others.exclude(appointment=appointment).exists()


# What is due ------------------------------------------------------------------------------


def _reminders(row: Reminding, now: datetime) -> list[_Due]:
    of_types = dict(TypeReminders.objects.values_list("type", "offsets"))
    chosen = Preference.objects.exclude(offsets=None).values_list("offsets", flat=True)
    every = [*row.offsets, *(one for some in (*of_types.values(), *chosen) for one in some or [])]
    if not every:
        return []
    until = now + timedelta(minutes=max(every)) + DAY
    ahead = Appointment.objects.filter(
        status=BOOKED, starts_at__gt=now, starts_at__lte=until,
        client__archived_at=None, client__data_key__destroyed_at=None,
    )  # fmt: skip
    found = list(ahead.select_related("client").defer("video_url").order_by("starts_at", "pk"))
    readers = _readers(found)
    own = _preferences(one for some in readers.values() for one in some)
    before = _rows(appointment__in=ahead.values("pk"))
    former = queries.last_words(now)
    due = []
    for meeting in found:
        for reader in readers[meeting.client_id]:
            theirs, rows = own.get(reader), before[meeting.pk, reader]
            offsets = rules.applying(
                row.offsets, of_types.get(meeting.type_id), theirs.offsets if theirs else None
            )
            offset = rules.due(
                offsets, meeting.starts_at, now, quiet=queries.quiet(row, theirs),
                told=_told(rows, meeting, former.get((reader, meeting.starts_at))),
            )  # fmt: skip
            if offset is not None:
                same = _same(rows, Kind.REMINDER, meeting, offset=offset)
                due.append(_Due(meeting, reader, Kind.REMINDER, offset, 0, same))
    return due


def _told(
    rows: Iterable[Delivery], meeting: Appointment, former: Delivery | None
) -> datetime | None:
    """When the client was last told of the meeting at the time it has now.

    Args:
        former: what they were told last of a meeting at that time that is gone.
    """
    lives = [
        one.planned_at for one in (*rows, *([former] if former else []))
        if one.state in Delivery.LIVES and one.starts_at == meeting.starts_at
        and one.kind != Kind.CANCELLED
    ]  # fmt: skip
    return max(lives, default=None)


def _notices_that_failed(now: datetime) -> list[_Due]:
    """Notices of the last day that one channel has failed to bring: another may."""
    notices = Delivery.objects.filter(
        kind__in=NOTICES, state__in=FAILED, planned_at__gt=now - DAY,
        appointment__starts_at__gt=now,
    )  # fmt: skip
    due: dict[tuple[uuid.UUID, uuid.UUID, str, int], _Due] = {}
    failed = list(notices.select_related("appointment__client"))
    before = _rows(appointment__in={one.appointment_id for one in failed})
    for one in failed:
        same = _same(before[one.appointment_id, one.client_id], one.kind, one.meeting,
                     revision=one.revision)  # fmt: skip
        if still_true(one, one.meeting) and not any(r.state in Delivery.LIVES for r in same):
            due[one.meeting.pk, one.client_id, one.kind, one.revision] = _Due(
                one.meeting, one.client_id, one.kind, 0, one.revision, same
            )
    return list(due.values())


def _stands_after_all(row: Reminding, now: datetime) -> list[_Due]:
    """Who was told that a meeting is called off, which somebody has taken back, is told so."""
    if Kind.BOOKED not in row.notices:
        return []
    wrong = list(queries.told_cancelled(now))
    before = _rows(appointment__in={one.appointment_id for one in wrong})
    due = []
    for one in wrong:
        meeting = one.meeting
        same = _same(before[meeting.pk, one.client_id], Kind.BOOKED, meeting,
                     revision=meeting.revision)  # fmt: skip
        due.append(_Due(meeting, one.client_id, Kind.BOOKED, 0, meeting.revision, same))
    return due


def _gone(row: Reminding, now: datetime) -> list[_Due]:
    """Who was told of a meeting that went with its standing slot hears that it is off."""
    if Kind.CANCELLED not in row.notices:
        return []
    latest = {(one.appointment_id, one.client_id): one for one in queries.told_of_gone(now)}
    before = _rows(appointment__in={meeting for meeting, _reader in latest})
    own = _preferences(reader for _meeting, reader in latest)
    due = []
    for (meeting, reader), told in latest.items():
        theirs = own.get(reader)
        if told.kind == Kind.CANCELLED or theirs and Kind.CANCELLED not in theirs.notices:
            continue
        stood = as_told(told)
        same = _same(before[meeting, reader], Kind.CANCELLED, stood, revision=GONE)
        due.append(_Due(stood, reader, Kind.CANCELLED, 0, GONE, same))
    return due


def as_told(told: Delivery) -> Appointment:
    """A meeting that is gone, as far as a message about it remembers it."""
    return Appointment(
        pk=told.appointment_id, status=CANCELLED, starts_at=told.starts_at,
        ends_at=told.starts_at, booked_at=told.planned_at, revision=GONE,
    )  # fmt: skip


def still_true(delivery: Delivery, meeting: Appointment) -> bool:
    """Whether what a message says of its meeting is so."""
    if delivery.kind == Kind.CANCELLED:
        return meeting.status == CANCELLED
    return meeting.status == BOOKED and meeting.starts_at == delivery.starts_at


# Around them ------------------------------------------------------------------------------


def _readers(meetings: Iterable[Appointment]) -> dict[uuid.UUID, list[uuid.UUID]]:
    """Who is told, by the client of the meeting."""
    return queries.readers(one.client for one in meetings)


def _preferences(readers: Iterable[uuid.UUID]) -> dict[uuid.UUID, Preference]:
    ids, found = sorted(set(readers)), {}
    for start in range(0, len(ids), BATCH):
        for one in _chosen(**named(ids[start : start + BATCH])):
            found[one.client_id] = one
    return found


@prepared
def _chosen(**ids: Any) -> QuerySet[Preference]:
    return Preference.objects.filter(client__pk__in=list(ids.values()))


def _rows(**about: Any) -> dict[tuple[uuid.UUID | None, uuid.UUID], list[Delivery]]:
    """Every message about these meetings, by meeting and reader."""
    return _sorted(Delivery.objects.filter(**about))


def _of(meeting: Appointment) -> dict[tuple[uuid.UUID | None, uuid.UUID], list[Delivery]]:
    """Every message about one meeting, by meeting and reader."""
    return _sorted(_about(meeting=meeting.pk))


@prepared
def _about(*, meeting: Any) -> QuerySet[Delivery]:
    return Delivery.objects.filter(appointment=meeting)


def _sorted(rows: Iterable[Delivery]) -> dict[tuple[uuid.UUID | None, uuid.UUID], list[Delivery]]:
    found: dict[tuple[uuid.UUID | None, uuid.UUID], list[Delivery]] = defaultdict(list)
    for one in rows:
        found[one.appointment_id, one.client_id].append(one)
    return found


def _same(
    rows: Iterable[Delivery], kind: str, meeting: Appointment, *, offset: int = 0, revision: int = 0
) -> tuple[Delivery, ...]:
    """Those of ``rows`` that are tries of the very same message."""
    return tuple(
        one for one in rows
        if one.kind == kind and one.offset == offset and one.revision == revision
        and (kind != Kind.REMINDER or one.starts_at == meeting.starts_at)
    )  # fmt: skip


def _with_channels(
    row: Reminding, due: Sequence[_Due], own: dict[uuid.UUID, Preference]
) -> list[Wanted]:
    """Each with the first channel that may be used for its reader and has not failed for it."""
    ways = queries.ways(one.reader for one in due)
    found = []
    for one in due:
        if any(tried.state in Delivery.LIVES for tried in one.rows):
            continue
        theirs, failed = own.get(one.reader), {r.channel for r in one.rows if r.state in FAILED}
        order = rules.in_order(row.channels, theirs.channels if theirs else [])
        usable = ways.get(one.reader, {})
        channel = rules.next_channel(order, failed, usable) or ""
        if channel or not failed:
            contact = usable[channel].pk if channel else None
            found.append(Wanted(one.appointment, one.reader, one.kind, channel, contact,
                                one.offset, one.revision))  # fmt: skip
    return found


def another_way(delivery: Delivery, row: Reminding, own: Preference) -> bool:
    """Whether a message that does not go out by its channel might by the next."""
    ways = queries.ways([delivery.client_id]).get(delivery.client_id, {})
    tried = Delivery.objects.filter(
        appointment=delivery.appointment_id, client=delivery.client_id, kind=delivery.kind,
        starts_at=delivery.starts_at, offset=delivery.offset, revision=delivery.revision,
        state__in=FAILED,
    ).values_list("channel", flat=True)  # fmt: skip
    order = rules.in_order(row.channels, own.channels)
    return rules.next_channel(order, {*tried, delivery.channel}, ways) is not None


def reader_of(pk: uuid.UUID) -> Client:
    """Who is written to, with the key at hand."""
    found = _reader(pk=pk)
    if not found:
        raise Client.DoesNotExist
    return found[0]


@prepared
def _reader(*, pk: Any) -> QuerySet[Client]:
    return Client.objects.select_related("data_key").filter(pk=pk)
