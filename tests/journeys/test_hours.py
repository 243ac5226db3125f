"""Hours, time off and types in a real browser: by keyboard alone, and without script on a phone."""

from datetime import timedelta

import pytest

from rapport.core import time
from rapport.meeting.models import Appointment, TimeOff, WorkingHours
from tests.factories import AnAppointment, APlace, APractice, AType, ClientOf, Colleague
from tests.web.stepping import inside

from .rounds import coming_in, reads, wrong

PHONE = {"width": 390, "height": 844}

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def week():
    APractice(country="")  # no holiday, whatever week it is
    house = APlace(name="River house")
    ana = Colleague(at=[house], legal_name="Ana Roth")
    mara = ClientOf(care_team=[ana], place=house, legal_name="Mara Kühn")
    monday = time.today() - timedelta(time.today().weekday()) + timedelta(7)
    nine = time.day_bounds(monday)[0] + timedelta(hours=9)
    AnAppointment(client=mara, clinician=ana, place=house, starts_at=nine)
    return {"ana": ana, "mara": mara, "monday": monday, "nine": nine}


def test_a_week_off_is_taken_and_its_meetings_called_off_by_keyboard_alone(
    chromium, live_server, week
):
    context = coming_in(chromium, live_server, inside(week["ana"].account))
    page = context.new_page()
    page.goto(f"{live_server.url}/desk/staff/{week['ana'].pk}/hours/time-off/")
    page.fill("[name=from_on]", str(week["monday"]))
    page.fill("[name=until_on]", str(week["monday"] + timedelta(days=4)))
    page.focus("[name=until_on]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#looked")
    reads(page, "main", "Mara Kühn")
    assert wrong(page) == []
    page.focus("[name=seen]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/time-off/**")
    page.focus("[name=meeting]")
    page.keyboard.press("Space")
    assert not page.is_checked("[name=meeting]")
    page.keyboard.press("Space")
    page.focus("[name=reason]")
    page.keyboard.type("Away.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=1 meeting is called off.")
    context.close()

    assert TimeOff.objects.get().ends_at - TimeOff.objects.get().starts_at == timedelta(days=5)
    assert Appointment.objects.get().status == "CANCELLED"


def test_without_script_hours_are_set_and_a_type_is_booked_on_a_phone(chromium, live_server, week):
    AType(name="Session", position=1)
    AType(name="Couple session", minutes=75, position=2)
    context = coming_in(
        chromium, live_server, inside(week["ana"].account), java_script_enabled=False,
        viewport=PHONE,
    )  # fmt: skip
    page = context.new_page()
    page.goto(f"{live_server.url}/desk/staff/{week['ana'].pk}/hours/week/")
    page.check("[name=weekdays][value='6']")
    page.fill("[name=from_at]", "10:00")
    page.fill("[name=until_at]", "13:30")
    page.click("main form.form button[type=submit]")
    page.wait_for_selector("[aria-label^='Remove Saturday']")
    page.click("[aria-label^='Remove Saturday']")
    page.click(".undo button")
    page.wait_for_selector("[aria-label^='Remove Saturday']")
    assert WorkingHours.objects.filter(weekday=6).count() == 1

    page.goto(f"{live_server.url}/desk/calendar/book/?client={week['mara'].pk}")
    page.select_option("[name=type]", label="Couple session, 75 minutes")
    page.fill("[name=on]", str(week["monday"]))
    page.fill("[name=at]", "14:00")
    page.select_option("[name=clinician]", str(week["ana"].pk))
    page.click("main form.form button[type=submit]")
    page.wait_for_url("**/desk/appointments/**")
    context.close()

    made = Appointment.objects.get(type__name="Couple session")
    assert made.slot.minutes == 75
