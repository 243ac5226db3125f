"""How many statements it takes is fixed, however many meetings and messages there are."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.contact.models import Delivery
from rapport.contact.reminders import planning
from rapport.core import events
from rapport.meeting.events import AppointmentBooked
from tests.factories import AnAppointment, AType, ClientOf, Colleague
from tests.web.stepping import inside

from .conftest import DAY, NOW

pytestmark = pytest.mark.django_db

FRIDAY = NOW + 4 * DAY
MARKS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


def counted(act):
    with CaptureQueriesContext(connection) as said:
        act()
    return [q["sql"] for q in said if not q["sql"].startswith(MARKS)]


def told(house, by):
    for _ in range(by):
        starts = FRIDAY + Delivery.objects.count() * timedelta(minutes=5)
        meeting = AnAppointment(client=house.mara, clinician=house.ana, starts_at=starts,
                                ends_at=starts + timedelta(minutes=5))  # fmt: skip
        Delivery.objects.create(
            client=house.mara, appointment=meeting, kind="REMINDER", starts_at=starts, offset=60,
            channel="mail", state="FAILED", planned_at=NOW,
        )  # fmt: skip


PAGES = {"/desk/practice/reminders/": 17, "client": 16, "appointment": 14, "/desk/": 14}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_takes_as_many_for_thirty_messages_as_for_two(house, page):
    house.reminds()
    olga = Colleague(roles=["OWNER"], at=[house.place])
    first = AnAppointment(client=house.mara, clinician=house.ana, starts_at=FRIDAY - DAY)
    address = {"client": f"/desk/clients/{house.mara.pk}/reminders/",
               "appointment": f"/desk/appointments/{first.pk}/"}.get(page, page)  # fmt: skip
    browser = inside((olga if "practice" in page else house.ana).account)
    told(house, 2)
    assert browser.get(address).status_code == 200
    few = counted(lambda: browser.get(address))
    told(house, 28)
    AType()
    many = counted(lambda: browser.get(address))

    assert len(many) == len(few), "\n".join(many)
    assert len(many) <= PAGES[page], (len(many), "\n".join(many))


def test_booking_costs_no_statement_more_than_without_reminders(house, monkeypatch):
    house.reminds()
    house.reached()
    house.books(FRIDAY)
    whole = counted(lambda: house.books(FRIDAY + DAY))
    ours = [one for one in events._listeners[AppointmentBooked] if one.startswith("contact.")]
    others = [one for one in events._listeners[AppointmentBooked] if one not in ours]
    monkeypatch.setitem(events._listeners, AppointmentBooked, others)
    without = counted(lambda: house.books(FRIDAY + 2 * DAY))

    assert len(ours) == 1
    assert len(whole) == len(without), "\n".join(whole)


def test_looking_what_is_due_takes_as_many_for_forty_meetings_as_for_two(house):
    house.reminds(notices=["CANCELLED"])

    def grown(by):
        for _ in range(by):
            client = ClientOf(place=house.place)
            house.reached(client, f"client-{client.pk}@home.example")
            Delivery.objects.create(
                client=client, appointment_id=uuid.uuid4(), kind="REMINDER", starts_at=FRIDAY,
                offset=60, channel="mail", state="SENT", planned_at=NOW,
            )  # of a meeting that went with its standing slot  # fmt: skip
            starts = FRIDAY + planning.Appointment.objects.count() * timedelta(minutes=30)
            AnAppointment(client=client, clinician=house.ana, starts_at=starts,
                          ends_at=starts + timedelta(minutes=30))  # fmt: skip
        return counted(lambda: planning.wanted(now=FRIDAY - DAY / 2))

    few, many = grown(2), grown(38)
    assert len(many) == len(few), "\n".join(many)
    assert len(many) <= 17, "\n".join(many)
