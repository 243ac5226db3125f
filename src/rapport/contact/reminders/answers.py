"""What a link in a message does when its button is pressed; looking at it does nothing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from rapport.core import events
from rapport.core.action import action
from rapport.meeting.appointments import actions as meetings
from rapport.meeting.appointments import confirming
from rapport.meeting.appointments.changing import LINK as BY
from rapport.meeting.appointments.models import Appointment
from rapport.meeting.events import ClientActed
from rapport.meeting.terms import queries as terms

from . import planning, queries
from .links import Holder
from .models import Delivery, Does, Preference, Reply

Status = Appointment.Status


class Closed(Exception):
    """The link does nothing any more. ``why`` is one of the codes of ``Asked.why``."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class CountsAsLate(Exception):
    """Calling it off now is late, and the page did not say so before the button was pressed."""


@dataclass(frozen=True)
class Asked:
    """What a link asks: about which meeting, and whether it still can be answered.

    Attributes:
        until: when calling off counted as in time, where it is late by now; else None.
        why: "" while it can; else "done" (by this link), "taken_back" (what it did), "begun",
            "moved", "moved_for_it" (which it asked for), "called_off".
    """

    delivery: Delivery
    meeting: Appointment
    own: Preference
    why: str
    until: datetime | None = None


def look(holder: Holder, *, now: datetime) -> Asked | None:
    """What the link of ``holder`` asks; None when its message is there no more."""
    delivery = Delivery.objects.select_related("client").filter(pk=holder.delivery_id).first()
    if delivery is None or delivery.appointment_id is None:
        return None
    found = Appointment.objects.filter(pk=delivery.appointment_id).first()
    meeting = found or planning.as_told(delivery)
    own = queries.preference(delivery.client)
    why = why_not(holder.does, delivery, meeting, now)
    late = not why and holder.does == Does.CANCEL and _is_late(meeting, now)
    return Asked(delivery, meeting, own, why, terms.until(appointment=meeting) if late else None)


def _is_late(meeting: Appointment, now: datetime) -> bool:
    return terms.counts_as_late(appointment=meeting, now=now)


def why_not(does: str, delivery: Delivery, meeting: Appointment, now: datetime) -> str:
    """Why a link that ``does`` this does nothing any more, of the codes of ``Asked.why``.

    What somebody took care of before the message was written was not done by its link.
    """
    replies = Reply.objects.filter(
        appointment=meeting, client=delivery.client_id, starts_at=delivery.starts_at, does=does
    )
    used = replies.exclude(seen_at__lt=delivery.planned_at).first()
    if meeting.status == Status.CANCELLED:
        return "done" if used and does == Does.CANCEL else "called_off"
    if now >= meeting.starts_at or meeting.status != Status.BOOKED:
        return "begun"
    if meeting.starts_at != delivery.starts_at:
        return "moved_for_it" if used and does == Does.MOVE else "moved"
    if used:
        return "taken_back" if does == Does.CANCEL or used.seen_at else "done"
    return "begun" if now >= delivery.starts_at else ""


@action("reminder.answer")
def answer(*, by: Holder, delivery: Delivery, now: datetime, knows_late: bool = False) -> Reply:
    """Do what the link is for, once; one for another time asks for it. Announces ClientActed,
    except of a meeting that stands.

    Args:
        knows_late: the page said that calling off counts as late.

    Raises:
        Closed: it was done, or the meeting is over, at another time, or called off.
        CountsAsLate: it does, and the page did not say so.
    """
    meeting = held(by, delivery, now)
    if by.does == Does.CONFIRM:
        confirming.confirm(by=BY, appointment=meeting, now=now)
    elif by.does == Does.CANCEL:
        if not knows_late and _is_late(meeting, now):
            raise CountsAsLate
        _call_off(meeting, now)
    if by.does != Does.CONFIRM:
        events.announce(ClientActed(meeting.pk))
    return replied(by, delivery, meeting, now)


def held(by: Holder, delivery: Delivery, now: datetime) -> Appointment:
    """The meeting a link is about, held until this is done.

    Raises:
        Closed: the link does nothing any more.
    """
    rows = Appointment.objects.select_related("client__data_key", "clinician", "type")
    found = rows.select_for_update(of=("self",), no_key=True).filter(pk=delivery.appointment_id)
    meeting = found.first() or planning.as_told(delivery)
    why = why_not(by.does, delivery, meeting, now)
    if why:
        raise Closed(why)
    return meeting


def replied(
    by: Holder, delivery: Delivery, meeting: Appointment, now: datetime,
    seen_at: datetime | None = None,
) -> Reply:  # fmt: skip
    """Write down what was done by the link, so that it does nothing more.

    Args:
        seen_at: when it was taken care of, if nobody has to.
    """
    which: dict[str, Any] = {
        "client": delivery.client, "appointment": meeting, "does": by.does,
        "starts_at": delivery.starts_at,
    }  # fmt: skip
    what = {"at": now, "seen_at": seen_at, "seen_by": None}
    return Reply.objects.update_or_create(**which, defaults=what)[0]


def _call_off(meeting: Appointment, now: datetime) -> None:
    try:
        with transaction.atomic():
            meetings.cancel(
                by=BY, appointment=meeting, side=Appointment.Side.CLIENT,
                revision=meeting.revision, now=now,
            )  # fmt: skip
    except meetings.CannotBook as problem:
        raise Closed("changed") from problem


def of_token(holder: Any, delivery: Delivery) -> bool:
    """Whether ``holder`` came with a link of this message."""
    return isinstance(holder, Holder) and holder.delivery_id == delivery.pk
