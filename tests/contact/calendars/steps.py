"""What somebody does to meetings here, and to their entries elsewhere."""

import re
from datetime import timedelta

import vobject

from rapport.contact.calendars import actions, queries, syncing
from rapport.contact.models import Outside
from rapport.core import time as clock
from rapport.meeting.appointments import actions as appointments
from rapport.meeting.appointments.rules import Slot
from rapport.meeting.models import Appointment

from .test_feeds import when

HOUR = timedelta(hours=1)


def book(ana, mara, at=None, **more):
    at = at or when()
    return appointments.book(
        by=ana.account,
        client=mara,
        clinician=ana,
        slot=Slot(at, at + HOUR),
        now=clock.now(),
        **more,
    )


def move(ana, meeting, at):
    fresh = Appointment.objects.get(pk=meeting.pk)
    return appointments.move(
        by=ana.account, appointment=fresh, slot=Slot(at, at + HOUR), revision=fresh.revision,
        now=clock.now(), clinician=ana, way=fresh.way, place=fresh.place,
    )  # fmt: skip


def cancel(ana, meeting):
    fresh = Appointment.objects.get(pk=meeting.pk)
    return appointments.cancel(
        by=ana.account, appointment=fresh, side="CLIENT", revision=fresh.revision, now=clock.now()
    )


def turn(row):
    fresh = Outside.objects.select_related("staff__account").get(pk=row.pk)
    went = syncing.turn(outside=fresh, now=clock.now())
    return went, fresh.error


def well(row, times=1):
    for _ in range(times):
        assert turn(row) == (True, "")


def shown(text):
    return vobject.readOne(text).vevent


def put_elsewhere(radicale, file, at, until=None):
    """Somebody moves an entry with their calendar program, and writes a note to it."""
    text = radicale.entries()[file]
    text = re.sub(r"DTSTART:\S+", f"DTSTART:{at:%Y%m%dT%H%M%SZ}", text)
    text = re.sub(r"DTEND:\S+", f"DTEND:{until or at + HOUR:%Y%m%dT%H%M%SZ}", text)
    text = re.sub(r"DESCRIPTION:.*\r?\n", "", text)
    radicale.write(file, text.replace("END:VEVENT", "DESCRIPTION:bring the keys\r\nEND:VEVENT"))


def decide(ana, what):
    (one,) = queries.conflicts(by=ana.account)
    found = queries.pushed(by=ana.account, pushed_id=one.pk)
    actions.decide(by=ana.account, pushed=found, what=what, now=clock.now())


def only(radicale):
    ((file, text),) = radicale.entries().items()
    return file, shown(text)
