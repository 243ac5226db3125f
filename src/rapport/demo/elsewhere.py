"""Ana's calendars outside the house: a feed, and an account of which nobody asks the server."""

from datetime import timedelta
from typing import Any

from rapport.contact.calendars import actions
from rapport.contact.calendars.models import Outside, Pushed
from rapport.core import time as clock
from rapport.core.policy import System
from rapport.demo.week import LUNCH
from rapport.meeting.appointments.rules import Slot
from rapport.meeting.availability import actions as availability
from rapport.meeting.models import Appointment

WRITTEN = 6  # meetings that stand there
CONFLICT = 2  # which of them was moved there
BUSY = ((1, LUNCH, 60), (3, LUNCH + 6, 90))  # working days ahead, hour of the day's row, minutes
ASKED_AGAIN = timedelta(days=90)  # the server does not exist, and so is left alone
WINDOW = 60  # days


def connect(house: Any) -> None:
    """A feed with initials, an account that was read a moment ago, one meeting moved there."""
    staff, by, now = house.staff["ana"], house.account("ana"), clock.now()
    actions.make_feed(by=by, title="INITIALS", now=now)
    row = Outside(
        staff=staff, kind="DAV", name="Ana: At home", host="calendar.demo.invalid",
        username="ana", writes=True, title="INITIALS", added_at=now - timedelta(days=40),
        tried_at=now - timedelta(minutes=3), fetched_at=now - timedelta(minutes=3),
        next_at=now + ASKED_AGAIN, busy=len(BUSY),
    )  # fmt: skip
    row.keep(address="https://calendar.demo.invalid/ana/home/", password="invented")  # noqa: S106  opens nothing
    row.save(force_insert=True)
    spans = [_span(house, *one) for one in BUSY]
    today = clock.today()
    availability.set_busy(
        by=System("calendars"), staff=staff, source=row.pk, spans=spans, first=today,
        last=today + timedelta(days=WINDOW),
    )  # fmt: skip
    ahead = Appointment.objects.filter(clinician=staff, status="BOOKED", starts_at__gt=now)
    for n, meeting in enumerate(ahead.order_by("starts_at", "pk")[:WRITTEN]):
        written = Pushed(
            outside=row, appointment=meeting, starts_at=meeting.starts_at, state="WRITTEN",
            ends_at=meeting.ends_at, written_at=now - timedelta(days=1), tag=f'"{n}"',
        )  # fmt: skip
        if n == CONFLICT:
            later = timedelta(hours=1)
            written.state, written.what, written.theirs_tag = "CONFLICT", "MOVED", '"moved"'
            written.theirs_starts_at = meeting.starts_at + later
            written.theirs_ends_at = meeting.ends_at + later
        written.save()


def _span(house: Any, ahead: int, hour: int, minutes: int) -> Slot:
    day = house.shape.today
    for _n in range(ahead):
        day = house.shape.worked(day + timedelta(days=1), 1)
    start = house.shape.at(day, hour)
    return Slot(start, start + timedelta(minutes=minutes))
