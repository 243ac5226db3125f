"""The demo's waiting list: who waits for what, and hours that fell free for them."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any

from rapport.core import time as clock
from rapport.core.policy import System
from rapport.demo import cast
from rapport.demo.cases import Case
from rapport.demo.days import Days
from rapport.meeting.appointments import actions as appointments
from rapport.meeting.appointments import answers, rules
from rapport.meeting.models import Appointment
from rapport.meeting.waiting import actions, answering, hours, offering, places, queries

GIVEN_BACK = timedelta(hours=2, minutes=10)  # ago
OFFERED = timedelta(minutes=50)  # ago
EVENING = time(19)  # after everybody's last hour


@dataclass(frozen=True)
class Wish:
    """What somebody on the list could take; ``with_`` are clinicians, none means anybody."""

    urgency: int
    remark: str = ""
    with_: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    ways: tuple[str, ...] = ()
    weekdays: tuple[int, ...] = ()
    parts: tuple[str, ...] = ()
    from_at: time | None = None
    until_at: time | None = None
    notice: int = 3


WISHES = (
    Wish(
        2,
        "Comes from the next town, cannot be here before nine.",
        types=("FIRST",),
        from_at=time(9),
    ),
    Wish(1, "Sent by the hospital after three nights there.", types=("FIRST",)),
    Wish(
        3,
        "Works in shifts; the new plan comes on Fridays.",
        types=("FIRST",),
        parts=("MORNING", "AFTERNOON"),
        notice=24,
    ),
    Wish(3, with_=("ana", "sam"), types=("FIRST",), ways=("VIDEO",), parts=("EVENING",)),
    Wish(2, "Would rather talk to a woman.", with_=("ana", "clara"), types=("FIRST",)),
    Wish(3, types=("FIRST",), weekdays=(2, 4), until_at=time(14)),
)
EARLIER = (
    Wish(2, "Exam on the 12th, would like one more hour before it.", with_=("ana",),
         types=("SESSION",), notice=2),
    Wish(3, "The late hour suits badly since the child is at school.", with_=("ana",),
         types=("SESSION",), parts=("MORNING",), notice=12),
)  # fmt: skip


def plan(cases: list[Case], days: Days) -> None:
    """Who waits for a first place, and who for an earlier hour than their own."""
    waiting = [one for one in cases if one.person.status == "WAITING"]
    for case, wish in zip(waiting, WISHES, strict=False):
        since = max(case.admitted + timedelta(minutes=50), days.now - timedelta(days=35))
        days.at(since, partial(_put, case, wish))
    theirs = [
        one for one in cases
        if one.person.clinician == "ana" and one.person.status == "ACTIVE" and one.n > cast.RISK
    ]  # fmt: skip
    for n, (case, wish) in enumerate(zip(theirs[-2:], EARLIER, strict=False)):
        at = max(case.admitted + timedelta(hours=1), days.now - timedelta(days=6 + 5 * n))
        days.at(at, partial(_put, case, wish))
    if cases:
        house = cases[0].house
        days.at(days.now - GIVEN_BACK, partial(_given_back, house))
        days.at(days.now - OFFERED, partial(_offered, house))
        days.at(days.now - OFFERED, partial(_place_offered, house))


def _put(case: Case, wish: Wish, now: datetime) -> None:
    house = case.house
    actions.put(
        by=case.carer, client=case.client, now=now, urgency=wish.urgency, remark=wish.remark,
        clinicians=[house.staff[one] for one in wish.with_],
        types=[house.types[one] for one in wish.types], ways=list(wish.ways),
        weekdays=list(wish.weekdays), parts=list(wish.parts), from_at=wish.from_at,
        until_at=wish.until_at, notice_hours=wish.notice,
    )  # fmt: skip


def _given_back(house: Any, now: datetime) -> None:
    """Somebody of Ana's calls off the next working day's hour, too late by the terms."""
    start, end = clock.day_bounds(house.shape.nextday)
    rows = Appointment.objects.filter(
        clinician=house.staff["ana"], status="BOOKED", starts_at__gte=start, starts_at__lt=end,
        client__restricted=False, client__account=None,
    ).exclude(client__legal_name=cast.NAMED[cast.RISK])  # fmt: skip
    row = rows.select_related("client").order_by("starts_at").first()
    if row is None:
        return
    gone = appointments.cancel(
        by=house.account("fay"), appointment=row, side="CLIENT", revision=row.revision, now=now,
        reason="Fever since this morning.",
    )  # fmt: skip
    answers.mark_late(
        by=house.account("ana"), appointment=gone, late=True, revision=gone.revision, now=now
    )
    hours.after_cancelling(appointment_id=gone.pk, now=now)


def _offered(house: Any, now: datetime) -> None:
    """Fay offers the nearest free hour to whom it suits, one after the other."""
    for hour in queries.free_hours(now=now):
        if queries.fitting(hour=hour, now=now):
            offering.offer(by=house.account("fay"), hour=hour, now=now, how="IN_TURN")
            for offer in hour.offers.filter(state="OFFERED"):
                answering.not_reached(by=System("contact"), offer=offer, now=now)
            return


def _place_offered(house: Any, now: datetime) -> None:
    """An evening of Ana's week is free from next week on; Fay offers the place as a whole."""
    day = house.shape.nextday + timedelta(weeks=1)
    start = rules.on_the_wall(day, EVENING, clock.zone())
    hour = hours.free(
        by=house.account("ana"), staff=house.staff["ana"], slot=rules.lasting(start, 50), now=now,
        place=house.place("ana"), rule=places.weekly(day, 1), holidays="SKIP",
    )  # fmt: skip
    if queries.fitting(hour=hour, now=now):
        offering.offer(by=house.account("fay"), hour=hour, now=now, how="IN_TURN", standing=True)
