"""Meetings of a time off that are called off together: who is told, and one button back."""

import re
from datetime import timedelta

import pytest

from rapport.contact.models import MailServer, Reminding
from rapport.core import time as clock
from rapport.meeting.models import Appointment, Occupancy
from tests.factories import (
    NOW,
    AContact,
    AnAppointment,
    APlace,
    APractice,
    ATimeOff,
    ClientOf,
    Colleague,
)
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def earlier():
    with clock.at(NOW - HOUR):
        yield


class Week:
    """Ana is away, and three meetings stand in the way; two are called off."""

    def __init__(self):
        APractice()
        house = APlace()
        self.ana = Colleague(at=[house])
        self.desk = inside(self.ana.account)
        self.meetings = [
            AnAppointment(client=ClientOf(care_team=[self.ana], place=house), place=house,
                          clinician=self.ana, starts_at=NOW + n * HOUR)
            for n in range(3)
        ]  # fmt: skip
        self.page = f"/desk/time-off/{ATimeOff(staff=self.ana).pk}/"

    def call_off(self):
        first = [f"{one.pk}:1" for one in self.meetings[:2]]
        self.desk.post(self.page, {"meeting": first, "reason": "Away."})
        return self.desk.get(self.page).content.decode()

    def put_back(self, page):
        asked = re.search(r'name="meetings" value="([^"]+)"', page)[1]
        self.desk.post(f"{self.page}undo/", {"meetings": asked})
        return self.desk.get(self.page).content.decode()

    @property
    def booked(self):
        return Appointment.objects.filter(status="BOOKED").count()


@pytest.fixture
def week():
    return Week()


def test_all_of_them_are_taken_back_by_one_button(week):
    page = week.call_off()
    assert "2 meetings are called off." in page
    assert week.booked == 1

    assert "2 meetings are booked again." in week.put_back(page)

    assert week.booked == 3
    assert Occupancy.objects.filter(kind="CLINICIAN").count() == 3


def test_an_hour_that_somebody_has_since_stays_called_off_and_is_said(week):
    page = week.call_off()
    AnAppointment(client=ClientOf(care_team=[week.ana]), clinician=week.ana, starts_at=NOW)

    shown = week.put_back(page)

    assert "1 meeting is booked again." in shown
    assert "or their time is taken" in shown
    assert week.booked == 3


@pytest.mark.parametrize("asked", ["", "x", "x:1,1:x", "\x00:1", "{other}:1"])
def test_nothing_else_is_put_back(week, asked):
    other = AnAppointment(
        client=ClientOf(care_team=[week.ana]), clinician=Colleague(), status="CANCELLED",
        cancelled_by="CLIENT", starts_at=NOW,
    )  # fmt: skip
    week.call_off()
    week.desk.post(f"{week.page}undo/", {"meetings": asked.format(other=other.pk)})

    assert week.booked == 1


@pytest.mark.parametrize(
    ("notices", "words"),
    [(["CANCELLED"], "told by a message"), (["BOOKED"], "No message goes out by itself")],
)
def test_whether_clients_hear_of_it_is_said_before(week, notices, words):
    Reminding.objects.create(notices=notices, changed_at=NOW)
    MailServer.objects.create(host="127.0.0.1", port=9, from_address="post@example.org",
                              security="NONE", changed_at=NOW)  # fmt: skip
    AContact(client=week.meetings[0].client, kind="MAIL", value="mara@home.example",
             plain="mara@home.example", safe_to_write=True)  # fmt: skip
    pages = (week.page, f"/desk/appointments/{week.meetings[0].pk}/cancel/")
    assert all(words in week.desk.get(page).content.decode() for page in pages)


def test_where_nobody_is_reminded_moving_says_that_one_has_to_call(week):
    page = week.desk.get(f"/desk/appointments/{week.meetings[0].pk}/move/").content.decode()
    assert "No message goes out by itself: tell the client." in page
