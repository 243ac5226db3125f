"""Time off and the waiting list: nothing is offered while somebody is away, and again after."""

from datetime import timedelta

import pytest

from rapport.core import jobs
from rapport.core import time as clock
from rapport.core.policy import System
from rapport.meeting.appointments import actions as appointments
from rapport.meeting.appointments.rules import Slot, lasting
from rapport.meeting.availability import actions as availability
from rapport.meeting.models import FreedHour, Offer, TimeOff
from rapport.meeting.waiting import answering, offering
from tests.factories import NOW, AFreedHour, AWaitingEntry, ClientOf, Colleague

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nine_o_clock")]

BY = System("test")
AT = NOW + timedelta(days=2)
DAY = timedelta(days=1)


@pytest.fixture
def hour(ana, house):
    return AFreedHour(clinician=ana, place=house, starts_at=AT, ends_at=AT + timedelta(minutes=50))


def off(staff, start=AT - DAY, end=AT + DAY):
    return availability.take_time_off(
        by=BY, staff=staff, slot=Slot(start, end), why="ILL", now=NOW
    )  # fmt: skip


def heard():
    jobs.run_due(clock.now(), loud=True)
    return list(FreedHour.objects.order_by("starts_at").values_list("state", flat=True))


def offered(hour):
    entry = AWaitingEntry(client=ClientOf())
    offering.offer(by=BY, hour=hour, now=NOW, how="IN_TURN")
    return Offer.objects.get(entry=entry)


def test_an_hour_of_somebody_who_is_away_then_is_taken_back_and_who_was_asked_is_told(ana, hour):
    offer = offered(hour)
    off(ana)

    assert heard() == ["AWAY"]
    offer.refresh_from_db()
    assert offer.state == "WITHDRAWN"
    with pytest.raises(answering.Closed, match="not on offer"):
        answering.accept(by=BY, offer=offer, now=NOW)


def test_hours_beside_it_and_of_others_stay_on_offer(ana, hour):
    off(ana, AT + timedelta(minutes=50), AT + DAY)
    off(Colleague())

    assert heard() == ["OPEN"]


def test_who_is_there_after_all_has_those_hours_again(ana, hour):
    away = off(ana)
    assert heard() == ["AWAY"]
    availability.take_back_time_off(by=BY, time_off=away)

    assert heard() == ["OPEN"]
    again = FreedHour.objects.get()
    assert (again.pk, again.place_id, again.round) == (hour.pk, hour.place_id, 2)


def test_the_place_that_begins_with_such_an_hour_can_be_offered_again_too(ana, hour):
    rule = "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE"
    FreedHour.objects.update(rule=rule, holidays="KEEP")
    away = off(ana)
    assert heard() == ["AWAY"]
    availability.take_back_time_off(by=BY, time_off=away)
    assert heard() == ["OPEN"]

    hour.refresh_from_db()
    assert (hour.rule, hour.holidays) == (rule, "KEEP")


@pytest.mark.parametrize("side", ["CLINICIAN", "CLIENT"])
def test_so_has_who_called_meetings_off_for_it(ana, house, side):
    mara = ClientOf(care_team=[ana], place=house)
    slot = lasting(AT, 50)
    one = appointments.book(by=BY, client=mara, clinician=ana, slot=slot, now=NOW, place=house)
    away = off(ana)
    appointments.cancel(by=BY, appointment=one, side=side, revision=1, now=NOW)
    assert heard() == []
    availability.take_back_time_off(by=BY, time_off=away)

    assert heard() == ["OPEN"]
    assert FreedHour.objects.get().slot == slot


def test_what_was_kept_free_or_is_taken_meanwhile_is_not(ana, house, hour):
    away = off(ana)
    heard()
    mara = ClientOf(care_team=[ana], place=house)
    appointments.book(by=BY, client=mara, clinician=ana, slot=lasting(AT, 50), now=NOW, place=house)
    kept = AFreedHour(clinician=ana, place=house, starts_at=AT + timedelta(hours=2), state="KEPT")
    availability.take_back_time_off(by=BY, time_off=TimeOff.objects.get(pk=away.pk))

    assert heard() == ["AWAY", "KEPT"]
    assert kept.pk
