"""The desk's home: the day's sessions in order, free hours between them, and what needs you."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rapport.core import audit, policy
from rapport.core import time as clock
from rapport.meeting.appointments import queries as meetings
from rapport.meeting.appointments import rules
from rapport.meeting.availability import queries as availability
from rapport.meeting.availability.queries import DayHours, why_in_words
from rapport.meeting.models import Appointment
from rapport.people.staff.models import CLINICAL
from rapport.progress.alerts import queries as alerts
from rapport.progress.measures import queries as measures
from rapport.progress.measures.latest import Latest, latest
from rapport.record.notes import queries as notes
from rapport.web import alerting, informants
from rapport.web import measures as said
from rapport.web.page import page

from .rows import undo_for

MOST = 5  # lines of each thing that needs somebody; the rest is a number and a link
WORTH_OFFERING = 30  # minutes
UNPLANNED = (Appointment.Status.CANCELLED, Appointment.Status.REQUESTED)


@dataclass(frozen=True)
class First:
    """The first lines of something that waits, and how many there are in all."""

    shown: list[Any]
    total: int


@dataclass(frozen=True)
class Free:
    """A stretch between sessions that nobody has taken."""

    slot: rules.Slot


@dataclass(frozen=True)
class Away:
    """A stretch of the day's hours in which one is away, and why in words."""

    slot: rules.Slot
    why: str


@dataclass(frozen=True)
class Session:
    """One session of the day, with what its row can say and do."""

    meeting: Appointment
    scores: list[Latest] = field(default_factory=list)
    note: Any = None
    at_risk: bool = False
    begun: bool = False

    @property
    def open(self) -> bool:
        """Whether somebody still has to say how it went."""
        return self.meeting.status == Appointment.Status.BOOKED


@page("desk.open")
@require_safe
def today(request: Any) -> HttpResponse:
    """The day of whoever is signed in: a clinician's own, or the house's for everybody else."""
    by, now, day = request.user, clock.now(), clock.today()
    treats = by.staff.has(*CLINICAL)
    if treats:
        held = meetings.on_day(by=by, staff=by.staff, day=day)
    else:
        held = meetings.of_the_house(by=by, day=day)
    audit.shown("people.client", [one.client_id for one in held])
    waiting, alone = alerts.waiting_for(by=by), alerts.without_anybody(by=by, most=MOST)
    first = waiting.shown[0].pk if waiting.shown else None
    context: dict[str, Any] = {
        "today": day,
        "now": now,
        "treats": treats,
        "kept": sum(one.status == Appointment.Status.KEPT for one in held),
        "planned": sum(one.status not in UNPLANNED for one in held),
        "may_admit": policy.allows("client.admit", by),
        "settles": treats or by.staff.has("FRONT_DESK"),
        "alone": alone,
        "alerting": alerting.said(first, len(waiting.shown) + waiting.rest, alone),
        "most": MOST,
        "undo": undo_for(request, by),
    }
    if treats:
        context |= {
            "alerts": waiting,
            "unsigned": _unsigned(by, day),
            "unanswered": _unanswered(by, now),
        }
        hours = availability.days(by=by, staff=by.staff, first=day, last=day)[day]
        context["lines"] = _clinician(by, held, waiting, hours, now)
        context["marks"] = hours.marks
    else:
        context["lines"] = [Session(one, begun=_begun(one, now)) for one in held]
    return render(request, "desk/today.html", context)


def _clinician(
    by: Any, held: list[Appointment], waiting: alerts.Waiting, hours: DayHours, now: datetime
) -> list[Session | Free | Away]:
    """Sessions with what is known of them, free hours and time away between, by time."""
    scores = latest(by=by, clients={one.client_id for one in held})
    written = notes.of_appointments(by=by, appointments=[one.pk for one in held])
    at_risk = {alert.client_id for alert in waiting.shown}
    sessions = [
        Session(
            one,
            scores.get(one.client_id, [])[:2],
            written.get(one.pk),
            one.client_id in at_risk,
            _begun(one, now),
        )
        for one in held
    ]
    taken = [one.slot for one in held if one.status != Appointment.Status.CANCELLED]
    free = [one for one in hours.free(taken, least=WORTH_OFFERING) if one.end > now]
    away = [Away(one.slot, why_in_words(one.why)) for one in hours.away_around(taken)]
    lines: list[Session | Free | Away] = [*sessions, *(Free(one) for one in free), *away]
    return sorted(lines, key=_begins)


def _first(shown: list[Any]) -> First:
    """The lines and how many there are in all, which each of them knows."""
    return First(shown, shown[0].of if shown else 0)


def _unsigned(by: Any, day: date) -> First:
    """Notes that wait for somebody; ``age`` on each is in days."""
    found = _first(notes.first_waiting(by=by, most=MOST))
    for note in found.shown:
        note.age = (day - note.happened_on).days
    return found


def _unanswered(by: Any, now: datetime) -> First:
    """What was asked and not answered; ``short`` on each is what the measure is called, ``who``
    who else was asked."""
    found = _first(measures.first_unanswered(by=by, now=now, most=MOST))
    for asked in found.shown:
        asked.short, asked.who = said.short(asked.instrument), informants.who(asked.informant)
    return found


def _begins(line: Session | Free | Away) -> datetime:
    return line.meeting.starts_at if isinstance(line, Session) else line.slot.start


def _begun(meeting: Appointment, now: datetime) -> bool:
    """Whether it can be said by now how it went."""
    return meeting.starts_at - rules.EARLY <= now
