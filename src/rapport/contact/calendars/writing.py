"""Meetings as iCalendar (RFC 5545): when, and a title that gives nobody away. No word more.

Times are written in UTC, so that no program has to know a zone's rules.
"""

import unicodedata
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from rapport.meeting.models import Appointment
from rapport.people.clients.rules import initials

from .models import Title

PRODUCT = "-//calendar//1//EN"
"""Programs show it; the name of this one would say what kind of house it comes from."""

FILE_NAME = "appointment.ics"
LONGEST_TITLE = 60
STATUS: dict[str, str] = {
    Appointment.Status.REQUESTED: "TENTATIVE", Appointment.Status.CANCELLED: "CANCELLED",
}  # fmt: skip
"""What RFC 5545 calls the state of a meeting; every other is confirmed."""


@dataclass(frozen=True)
class Entry:
    """One entry. ``stamp`` is when it became what it is, so that the same text comes again."""

    uid: uuid.UUID
    start: datetime
    end: datetime
    title: str
    stamp: datetime
    revision: int = 1
    status: str = "CONFIRMED"


def entry(appointment: Appointment, title: str, *, uid: uuid.UUID | None = None) -> Entry:
    """A meeting as an entry of a calendar."""
    return Entry(
        uid or appointment.pk, appointment.starts_at, appointment.ends_at, title,
        appointment.booked_at, appointment.revision, STATUS.get(appointment.status, "CONFIRMED"),
    )  # fmt: skip


def busy() -> str:
    """What a meeting is called where nothing may be said."""
    return _("Busy")


def neutral() -> str:
    """What a client's meeting is called unless they chose a word of their own."""
    return _("Appointment")


def masked(appointment: Appointment, title: str) -> str:
    """What a clinician's meeting is called outside, as they chose."""
    shown = initials(appointment.client.name) if title == Title.INITIALS else ""
    return shown or busy()


def tidy(title: str) -> str:
    """A title on one line, without signs that steer anything."""
    plain = "".join(
        sign if unicodedata.category(sign)[0] != "C" else " " for sign in title
    )  # fmt: skip
    return " ".join(plain.split())[:LONGEST_TITLE].rstrip()


def text(entries: Iterable[Entry], *, subscribed: bool = False) -> bytes:
    """A whole calendar with these entries.

    Args:
        subscribed: it is read again and again, and says how often.
    """
    whole = Calendar()
    whole.add("prodid", PRODUCT)
    whole.add("version", "2.0")
    whole.add("calscale", "GREGORIAN")
    if subscribed:
        whole.add("method", "PUBLISH")
        whole.add("refresh-interval", timedelta(hours=1), {"VALUE": "DURATION"})
        whole.add("x-published-ttl", "PT1H")
    for one in entries:
        whole.add_component(_event(one))
    made: bytes = whole.to_ical()
    return made


def _event(one: Entry) -> Event:
    event = Event()
    event.add("uid", str(one.uid))
    event.add("dtstamp", one.stamp.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", one.start.astimezone(UTC))
    event.add("dtend", one.end.astimezone(UTC))
    event.add("summary", tidy(one.title) or busy())
    event.add("sequence", one.revision)
    event.add("status", one.status)
    event.add("transp", "TRANSPARENT" if one.status == "CANCELLED" else "OPAQUE")
    event.add("class", "PRIVATE")
    return event


def moved(
    theirs: bytes, *, start: datetime, end: datetime, revision: int, stamp: datetime
) -> bytes:
    """An entry as it is in a calendar elsewhere, at another time: what else stands in it stays.

    Raises:
        ValueError: it has not exactly one event.
    """
    whole = Calendar.from_ical(theirs)
    events = list(whole.walk("VEVENT"))
    if len(events) != 1:
        raise ValueError("not one event")
    event = events[0]
    for name in ("dtstart", "dtend", "duration", "sequence", "dtstamp"):
        event.pop(name, None)
    event.add("dtstamp", stamp.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", start.astimezone(UTC))
    event.add("dtend", end.astimezone(UTC))
    event.add("sequence", revision)
    made: bytes = whole.to_ical()
    return made


def attach(letter: EmailMessage, made: bytes) -> None:
    """Put a calendar into a mail, as a file that programs open."""
    letter.add_attachment(
        made, maintype="text", subtype="calendar", filename=FILE_NAME,
        params={"charset": "utf-8", "method": "PUBLISH"},
    )  # fmt: skip
