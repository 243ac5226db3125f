"""Promising messages, choosing what goes out, and what clients do with the links in them."""

import uuid
import zoneinfo
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from rapport.core import jobs
from rapport.core import time as clock
from rapport.core.action import action
from rapport.core.prepared import prepared
from rapport.meeting.appointments.models import Appointment
from rapport.meeting.types.models import AppointmentType
from rapport.people.clients.models import Client, Contact

from .. import channels
from . import planning, queries, rules
from .models import (
    NOTICES,
    Delivery,
    Does,
    Failing,
    Preference,
    Reminding,
    Reply,
    TypeReminders,
)

SEND = "reminder.send"


class CannotSet(Exception):
    """A choice that cannot be. ``field`` names it; the message is safe to show."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@action("reminder.plan")
def promise(
    *, by: Any, client: Client, appointment: Appointment, wanted: planning.Wanted, now: datetime
) -> Delivery | None:
    """Promise one message to ``client``; None when somebody else just did.

    One without a channel is written down as failed, so that somebody sees it.
    """
    what = {
        "appointment": appointment, "client": client, "kind": wanted.kind,
        "starts_at": appointment.starts_at, "offset": wanted.offset, "revision": wanted.revision,
        "channel": wanted.channel,
    }  # fmt: skip
    fresh = {
        "contact_id": wanted.contact, "state": Delivery.State.PLANNED, "attempts": 0, "error": "",
        "planned_at": now, "sent_at": None,
    }  # fmt: skip
    if not wanted.channel:
        fresh |= {"state": Delivery.State.FAILED, "error": "NoWay"}
    dropped = Delivery.objects.filter(**what, state=Delivery.State.DROPPED)
    try:
        with transaction.atomic():
            if dropped.update(**fresh):
                row = Delivery.objects.get(**what)
            else:
                row = Delivery.objects.create(**what, **fresh)
    except IntegrityError:
        return None
    if wanted.channel:
        send_later(row)
    return row


def tell(*, by: Any, appointment_id: uuid.UUID, kind: str, now: datetime) -> list[Delivery]:
    """Promise what is to be told of something that happened to a meeting just now.

    Nothing of one that went with its standing slot meanwhile.
    """
    row = queries.reminding()
    found = _meeting(pk=appointment_id)
    if row is None or not found:
        return []
    news = planning.news(row, found[0], kind, now)
    promised = [
        promise(by=by, client=planning.reader_of(one.reader), appointment=one.appointment,
                wanted=one, now=now)
        for one in news
    ]  # fmt: skip
    return [one for one in promised if one is not None]


@prepared
def _meeting(*, pk: Any) -> QuerySet[Appointment]:
    return Appointment.objects.select_related("client").defer("video_url").filter(pk=pk)


def send_later(row: Delivery) -> None:
    """Let a worker send it; one job at a time."""
    jobs.enqueue(SEND, delivery_id=row.pk, unique=f"{SEND}@{row.pk}")


# What the practice chooses ----------------------------------------------------------------


@action("reminder.set")
def set_reminding(
    *, by: Any, offsets: Sequence[int], order: Sequence[str], notices: Sequence[str],
    links: Sequence[str], quiet_from: time | None, quiet_until: time | None, quiet_before: bool,
    now: datetime,
) -> Reminding:  # fmt: skip
    """From now on, remind clients like this.

    Raises:
        CannotSet: a choice that cannot be.
    """
    row = queries.reminding() or Reminding(pk=1)
    row.offsets, row.channels = _offsets(offsets), _order(order)
    if not row.channels:
        raise CannotSet("order", _("Choose at least one way."))
    row.notices = [one for one in NOTICES if one in notices]
    row.links = [one for one in Does.values if one in links]
    if (quiet_from is None) != (quiet_until is None):
        field = "quiet_until" if quiet_until is None else "quiet_from"
        raise CannotSet(field, _("Quiet hours begin and end."))
    if quiet_from is not None and quiet_from == quiet_until:
        raise CannotSet("quiet_until", _("Quiet hours end at another time than they begin."))
    row.quiet_from, row.quiet_until, row.quiet_before = quiet_from, quiet_until, quiet_before
    row.changed_at = now
    row.save()
    return row


@action("reminder.set")
def stop_reminding(*, by: Any) -> None:
    """Send no reminders and no notices of meetings any more."""
    Reminding.objects.all().delete()


@action("reminder.set")
def set_type(*, by: Any, type: AppointmentType, offsets: Sequence[int] | None) -> None:
    """Remind of meetings of this type at other times; None: as of all others.

    Raises:
        CannotSet: times that cannot be.
    """
    if offsets is None:
        TypeReminders.objects.filter(type=type).delete()
        return
    TypeReminders.objects.update_or_create(type=type, defaults={"offsets": _offsets(offsets)})


# What a client chooses --------------------------------------------------------------------


@action("reminder.choose")
def choose(
    *, by: Any, client: Client, offsets: Sequence[int] | None, order: Sequence[str],
    notices: Sequence[str], says: str, zone: str, with_file: bool = True, now: datetime,
) -> Preference:  # fmt: skip
    """Remind this client like this.

    Args:
        offsets: None: as the practice does; none at all: never.
        order: channels; none: as the practice does.
        with_file: a mail brings the meeting as a file for calendar programs.

    Raises:
        CannotSet: a choice that cannot be.
    """
    if says not in Preference.Says.values:
        raise CannotSet("says", _("Choose one from the list."))
    if zone and zone not in zoneinfo.available_timezones():
        raise CannotSet("zone", _("Choose a time zone from the list."))
    row, _made = Preference.objects.update_or_create(
        client=client,
        defaults={
            "offsets": None if offsets is None else _offsets(offsets), "channels": _order(order),
            "notices": [one for one in NOTICES if one in notices], "says": says, "zone": zone,
            "with_file": with_file, "changed_at": now,
        },
    )  # fmt: skip
    return row


@action("reminder.choose")
def reads_times_in(*, by: Any, client: Client, zone: str, now: datetime) -> None:
    """Write times to somebody new as their clocks show them; what was chosen before stays."""
    if zone in zoneinfo.available_timezones() and zone != clock.zone().key:
        start = {"zone": zone, "changed_at": now}
        Preference.objects.get_or_create(client=client, defaults=start)


@action("reminder.choose")
def works_again(*, by: Any, client: Client, contact: Contact) -> None:
    """Write to a number or address again that was refused."""
    Failing.objects.filter(contact=contact, contact__client=client).delete()


@action("reminder.seen")
def took_care(*, by: Any, appointment: Appointment, now: datetime) -> None:
    """Somebody took care of the wish for another time."""
    Reply.objects.filter(appointment=appointment, does=Does.MOVE, seen_at=None).update(
        seen_at=now, seen_by=None if by.is_system else by
    )


def _offsets(given: Sequence[int]) -> list[int]:
    try:
        return rules.checked(given)
    except ValueError:
        raise CannotSet(
            "offsets",
            _("At most %(most)s reminders, from %(least)s minutes to 60 days before.")
            % {"most": rules.MOST, "least": rules.SHORTEST},
        ) from None


def _order(given: Sequence[str]) -> list[str]:
    known = channels.found()
    if any(one not in known for one in given):
        raise CannotSet("order", _("Choose from the list."))
    return list(dict.fromkeys(given))
