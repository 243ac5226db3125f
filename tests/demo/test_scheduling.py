"""The demo shows scheduling in use, and what it invents holds together."""

from datetime import timedelta

import pytest

from rapport.contact.calendars.models import Feed, Outside, Pushed
from rapport.contact.inquiries.models import Inquiry
from rapport.contact.models import Delivery, Failing, Reply
from rapport.core import time as clock
from rapport.core import verify
from rapport.demo import cast
from rapport.meeting.availability.models import Busy, OtherHours, TimeOff, WorkingHours
from rapport.meeting.models import Appointment, AppointmentType, Introduction, Occupancy
from rapport.meeting.requests import queries as requests
from rapport.meeting.series.models import LeftOut, Pause, Series
from rapport.meeting.terms.models import Accepted, Terms
from rapport.meeting.waiting.models import FreedHour, Offer, WaitingEntry
from rapport.people.models import Account
from tests.demo.test_filling import filled
from tests.demo.test_weeks import NOON

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_practice_opens_with_scheduling_in_use():
    """One filling, looked at from every side: it takes some seconds."""
    filled(NOON, clients=44)
    today = clock.local(NOON).date()
    of_series(today)
    of_today_and_the_waiting_list()
    of_what_was_told()
    of_rules(today)
    of_equipment()
    of_elsewhere()
    assert [str(problem) for _name, problem in verify.everything() if problem] == []


def of_series(today):
    rules = {one.rule.split(";BYDAY")[0] for one in Series.objects.all()}
    assert {"FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=2", "FREQ=MONTHLY"} <= rules
    assert Series.objects.filter(starts_on__lt=today).count() > 10
    turns = next(one for one in Series.objects.all() if len(one.rooms) == 2)
    assert turns.appointments.values("room").distinct().count() == 2
    pause = Pause.objects.get()
    assert pause.offered and pause.from_on > today
    assert pause.until_on - pause.from_on == timedelta(days=20)
    assert LeftOut.objects.filter(pause=pause).exists()
    kept = Appointment.objects.filter(series__isnull=False, status="KEPT")
    assert kept.exists() and not kept.filter(starts_at__gt=NOON).exists()


def of_equipment():
    taken = Occupancy.objects.filter(kind="EQUIPMENT", appointment__starts_at__gt=NOON)
    assert {one.appointment.type.equipment[0] for one in taken} == {"VR headset"}


def of_today_and_the_waiting_list():
    asked = Appointment.objects.filter(status="REQUESTED")
    mara = Account.objects.get(email="mara@demo.invalid").client
    stranger = Introduction.objects.get().client
    assert {one.client_id for one in asked} == {mara.pk, stranger.pk}
    for who in ("sam", "fay"):  # asked for with Sam, in the house whose front desk Fay is
        by = Account.objects.get(email=f"{who}@demo.invalid")
        staff = by.staff if who == "sam" else None
        with clock.at(NOON):
            seen = requests.of_today(by=by, staff=staff, now=NOON, most=20)
        assert stranger.pk in {one.client_id for one in seen if one.status == "REQUESTED"}
    assert Accepted.objects.filter(client=mara).exists()
    assert Inquiry.objects.get(client=stranger).stage == "NEW"
    here = Appointment.objects.get(arrived_at__isnull=False)
    assert here.way == "HERE" and NOON < here.starts_at < NOON + timedelta(hours=2)
    assert Appointment.objects.get(expected_at__isnull=False).starts_at >= here.starts_at
    entries = WaitingEntry.objects.all()
    assert len({one.urgency for one in entries}) == 3
    assert {one.wants for one in entries} == {"FIRST", "HOUR"}
    assert FreedHour.objects.filter(state="OPEN").exists()
    asked = Offer.objects.filter(state="OFFERED", hour__state="RUNNING")
    assert sorted(one.hour.standing for one in asked) == [False, True]
    late = Appointment.objects.filter(late=True)
    assert late.exists() and Appointment.objects.filter(status="MISSED").exists()


def of_what_was_told():
    states = set(Delivery.objects.values_list("state", flat=True))
    assert {"SENT", "BOUNCED", "FAILED"} <= states
    assert Failing.objects.count() == 1
    assert Appointment.objects.exclude(confirmed_at=None).exists()
    assert Reply.objects.filter(does="MOVE", seen_at=None).count() == 1


def of_rules(today):
    types = AppointmentType.objects.all()
    assert any("PUBLIC" in one.bookers for one in types)
    assert {one.needs_approval for one in types if "ACTIVE" in one.bookers} == {True, False}
    assert len({one.colour for one in types}) > 6 and types.filter(heavy=True).exists()
    assert WorkingHours.objects.values("place").distinct().count() == 3  # two, and by video
    assert OtherHours.objects.filter(on__gt=today).exists()
    training = TimeOff.objects.get(why="TRAINING")
    during = Appointment.objects.filter(
        clinician=training.staff, starts_at__lt=training.ends_at, ends_at__gt=training.starts_at
    )
    assert training.starts_at > NOON and during.filter(status="BOOKED").exists()
    assert [one.hours for one in Terms.objects.order_by("version")] == [48, 24]


def of_elsewhere():
    assert Feed.objects.count() == Outside.objects.count() == 1
    assert Busy.objects.filter(starts_at__gt=NOON).count() == 2
    assert Pushed.objects.get(state="CONFLICT").theirs is not None


def test_one_name_is_written_from_right_to_left():
    assert any("\u0600" <= sign <= "\u06ff" for name in cast.NAMED.values() for sign in name)
