"""What the demo's clients were told of their meetings, and what they did with it."""

from datetime import datetime, time, timedelta
from functools import partial
from typing import Any

from rapport.contact.reminders import actions, answers, bounces, delivering, planning
from rapport.contact.reminders.links import Holder
from rapport.contact.reminders.models import Delivery, Does, Kind
from rapport.core.jobs import Job
from rapport.core.policy import System
from rapport.demo import cast, opening, standing
from rapport.demo.cases import Case
from rapport.demo.days import Days
from rapport.meeting.appointments import answers as marks
from rapport.meeting.models import Appointment
from rapport.people.models import Contact

BY = System("reminders")
BACK = 4  # days of messages
LOOKS = (time(8, 5), time(12, 5), time(16, 5), time(20, 5))
WITHOUT = timedelta(days=21)  # since when there are reminders at all
LATELY = timedelta(days=60)
ANSWERS = (Does.CONFIRM, Does.CONFIRM, Does.MOVE, Does.CONFIRM)


def plan(cases: list[Case], days: Days) -> None:
    """Rules of three weeks ago, messages of the last days, answers and trouble of today."""
    if not cases:
        return
    house = cases[0].house
    days.at(days.now - WITHOUT, lambda now: opening.remind(house.by, house.types, now))
    quiet = [one for one in cases if cast.no_texts(one.n)]
    unreached = next((one for one in quiet if standing.is_steady(one, "ana")), None)
    for case in quiet:
        if case is not unreached:
            days.at(max(case.admitted, days.now - WITHOUT) + timedelta(minutes=55),
                    partial(_never, case))  # fmt: skip
    if cases[0].person.status == "ACTIVE":
        days.at(days.now - timedelta(days=8), partial(_named, cases[0]))
    for back in range(BACK, -1, -1):
        day = house.shape.today - timedelta(days=back)
        for at in LOOKS:
            days.at(datetime.combine(day, at, tzinfo=house.shape.zone), _look)
    days.at(days.now - timedelta(minutes=9), _look)
    days.at(days.now - timedelta(minutes=8), _answered)
    days.at(days.now - timedelta(minutes=7), partial(_came_back, house))
    days.at(days.now - timedelta(minutes=6), partial(_late, house))


def _never(case: Case, now: datetime) -> None:
    """Who does not want to be texted is reminded on paper, at the end of each hour."""
    actions.choose(by=case.house.by, client=case.client, offsets=[], order=[], notices=[],
                   says="NEUTRAL", zone="", now=now)  # fmt: skip


def _named(case: Case, now: datetime) -> None:
    """Mara wants to be told twice, and by whom."""
    actions.choose(by=case.house.by, client=case.client, offsets=[48 * 60, 180], order=[],
                   notices=["BOOKED", "MOVED", "CANCELLED"], says="PRACTICE", zone="",
                   now=now)  # fmt: skip


def _look(now: datetime) -> None:
    """What the clock does every five minutes; a message goes out at once, with no job left."""
    for one in planning.wanted(now=now):
        reader = planning.reader_of(one.reader)
        row = actions.promise(by=BY, client=reader, appointment=one.appointment, wanted=one,
                              now=now)  # fmt: skip
        if row is not None:
            delivering.attempt(delivery_id=row.pk, now=now)
    Job.objects.filter(name=actions.SEND).delete()


def _answered(now: datetime) -> None:
    """Some say that they come, one asks for another time."""
    sent = Delivery.objects.filter(state="SENT", starts_at__gt=now, appointment__status="BOOKED")
    rows = sent.select_related("client", "appointment").order_by("starts_at", "pk")
    for row, does in zip(rows, ANSWERS, strict=False):
        answers.answer(by=Holder(row.pk, does), delivery=row, now=now)


def _came_back(house: Any, now: datetime) -> None:
    """A mail of before there was the folder, that nobody has got."""
    ahead = Appointment.objects.filter(
        status="BOOKED", starts_at__gt=now + timedelta(days=1), client__restricted=False,
        client__account=None, clinician=house.staff["ana"],
    ).exclude(pk__in=Delivery.objects.exclude(appointment=None).values("appointment"))  # fmt: skip
    mails = Contact.objects.filter(kind="MAIL", safe_to_write=True)
    found = ahead.filter(client__in=mails.values("client")).select_related("client")
    meeting = found.order_by("starts_at", "pk").first()
    if meeting is None:
        return
    contact = mails.get(client=meeting.client)
    wanted = planning.Wanted(
        meeting, meeting.client_id, Kind.REMINDER, "mail", contact.pk, offset=opening.REMIND
    )
    row: Any = actions.promise(
        by=BY, client=planning.reader_of(meeting.client_id), appointment=meeting, wanted=wanted,
        now=now,
    )  # fmt: skip
    Delivery.objects.filter(pk=row.pk).update(state="SENT", sent_at=now)
    bounces.came_back(by=BY, report=bounces.Report(row.pk, "5.1.1"), now=now)
    Job.objects.filter(name=actions.SEND).delete()


def _late(house: Any, now: datetime) -> None:
    """Of what clients called off lately, one in three counted as late."""
    gone = Appointment.objects.filter(
        status="CANCELLED", cancelled_by="CLIENT", late=False,
        starts_at__range=(now - LATELY, now),
    )  # fmt: skip
    for row in gone.select_related("client", "clinician__account").order_by("starts_at", "pk")[::3]:
        marks.mark_late(by=row.clinician.account, appointment=row, late=True,
                        revision=row.revision, now=now)  # fmt: skip
