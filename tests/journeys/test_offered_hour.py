"""An hour is called off on the desk, offered, taken on a phone, and stands in the calendar."""

import re
from datetime import timedelta

import pytest

from rapport.contact.models import MailServer, WaitingMessage
from rapport.core import jobs, time
from rapport.core.policy import System
from rapport.meeting.appointments import actions as meetings
from rapport.meeting.appointments.rules import lasting
from rapport.meeting.models import Appointment, Offer, Series
from rapport.meeting.waiting import answering, places
from tests.factories import (
    NOW,
    AContact,
    AFreedHour,
    AnAccount,
    AnAppointment,
    APlace,
    APractice,
    AWaitingEntry,
    ClientOf,
    Colleague,
)
from tests.web.stepping import inside

from .rounds import AXE, RUN, TURN, WIDE, coming_in, reads
from .test_answering import SMALL
from .test_booking import pictured

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def clean(page, phone=True):
    """Axe finds nothing in any look, nothing is wider than the window, targets are large."""
    page.wait_for_load_state()
    page.evaluate(AXE)
    for theme in ("light", "dark", "contrast"):
        page.evaluate(TURN, theme)
        assert page.evaluate(RUN) == [], (page.url, theme)
        assert page.evaluate(WIDE) is None, (page.url, theme)
    if phone:
        assert page.evaluate(SMALL) == [], page.url


def enter(page, what):
    """Press a button by keyboard, and wait for what comes."""
    page.focus(what)
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.fixture
def house():
    APractice(name="Practice by the river", country="DE")
    place = APlace()
    ana = Colleague(at=[place], legal_name="Ana Roth")
    mara = ClientOf(legal_name="Mara Lindgren", care_team=[ana], place=place)
    noa = ClientOf(legal_name="Noa Falk", care_team=[ana], place=place, status="WAITING",
                   account=AnAccount(realm="PORTAL"))  # fmt: skip
    day = time.day_bounds(time.today() + timedelta(days=3))[0]
    meeting = AnAppointment(client=mara, clinician=ana, place=place,
                            starts_at=day + timedelta(hours=10))  # fmt: skip
    return {"ana": ana, "noa": noa, "meeting": meeting}


def test_from_calling_off_to_the_calendar(chromium, live_server, house, monkeypatch):
    MailServer.objects.create(host="127.0.0.1", port=9, from_address="post@example.org",
                              security="NONE", changed_at=NOW)  # fmt: skip
    AContact(client=house["noa"], kind="MAIL", value="noa@home.example",
             plain="noa@home.example", safe_to_write=True)  # fmt: skip
    AWaitingEntry(client=house["noa"])
    desk = coming_in(chromium, live_server, inside(house["ana"].account))
    page = desk.new_page()
    page.goto(f"{live_server.url}/desk/appointments/{house['meeting'].pk}/cancel/")
    page.check("text=by the client")
    page.click("text=Cancel the appointment >> nth=-1")
    page.wait_for_selector("text=cancelled by the client")
    jobs.run_due()

    page.goto(f"{live_server.url}/desk/")
    reads(page, "main", "1 person could take this hour")
    clean(page, phone=False)
    page.focus("main button:has-text('Offer')")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Who is asked")
    clean(page, phone=False)
    jobs.run_due()
    path = WaitingMessage.objects.get().path
    assert re.fullmatch(r"/o/[^/]+/", path)

    phone = chromium.new_context(**PHONE)
    hand = phone.new_page()
    hand.goto(live_server.url + path)
    clean(hand)
    hand.tap("text=I take it")
    hand.wait_for_selector("text=It is yours")
    clean(hand)
    hand.goto(live_server.url + path)
    reads(hand, "main", "It is yours")
    phone.close()

    given = Appointment.objects.get(status="BOOKED")
    page.reload()
    page.wait_for_selector("text=accepted")
    page.goto(f"{live_server.url}/desk/calendar/?view=day&on={given.starts_at:%Y-%m-%d}")
    reads(page, "main", "Noa Falk")
    desk.close()


def test_by_keyboard_alone_and_without_script(chromium, live_server, house):
    AWaitingEntry(client=house["noa"])
    context = coming_in(chromium, live_server, inside(house["ana"].account),
                        java_script_enabled=False)  # fmt: skip
    page = context.new_page()
    start = time.local(house["meeting"].ends_at + timedelta(hours=1))
    page.goto(f"{live_server.url}/desk/waiting/hours/free/?at={start:%Y-%m-%dT%H:%M}")
    enter(page, "main button[type=submit]")
    reads(page, "main", "1 person could take it")
    enter(page, "text=Offer one after the other")
    enter(page, "text=Takes it")

    assert Offer.objects.get().state == "ACCEPTED"
    reads(page, "main", "Booked.")
    context.close()


def test_in_the_portal_one_joins_and_takes_an_hour(chromium, live_server, house):
    phone = coming_in(chromium, live_server, inside(house["noa"].account, "portal"), **PHONE)
    page = phone.new_page()
    page.goto(f"{live_server.url}/portal/")
    page.tap("text=Would another time suit you better?")
    page.wait_for_selector("text=Put me on the list")
    clean(page)
    page.tap("text=Put me on the list")
    page.wait_for_selector("text=You are on the list")
    clean(page)
    desk = inside(house["ana"].account)
    at = time.local(house["meeting"].ends_at + timedelta(hours=1))
    hour = desk.post("/desk/waiting/hours/free/", {
        "on": f"{at:%Y-%m-%d}", "at": f"{at:%H:%M}", "minutes": "50", "where": "",
        "clinician": str(house["ana"].pk),
    })  # fmt: skip
    desk.post(f"{hour.headers['Location']}offer/")

    page.goto(f"{live_server.url}/portal/")
    clean(page)
    page.tap("main >> text=Answer")
    page.wait_for_selector("text=I take it")
    clean(page)
    page.tap("text=I cannot then")
    page.wait_for_selector("text=Thank you for saying so")
    clean(page)
    assert Offer.objects.get().state == "DECLINED"
    phone.close()


def test_the_place_of_a_slot_that_ended_is_offered_and_taken_on_the_phone(
    chromium, live_server, house
):
    AWaitingEntry(client=house["noa"])
    start = house["meeting"].starts_at + timedelta(days=7)
    hour = AFreedHour(clinician=house["ana"], place=house["meeting"].place, starts_at=start,
                      ways=["HERE", "VIDEO"], rule=places.weekly(start.date(), 1))  # fmt: skip
    meetings.book(by=System("test"), client=house["meeting"].client, clinician=house["ana"],
                  slot=lasting(start + timedelta(days=14), 50), now=time.now())  # fmt: skip
    desk = coming_in(chromium, live_server, inside(house["ana"].account))
    page = desk.new_page()
    page.goto(f"{live_server.url}/desk/waiting/hours/{hour.pk}/")
    clean(page, phone=False)
    pictured(page, "place-desk")
    page.focus("text=Offer the place one after the other")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    clean(page, phone=False)
    pictured(page, "place-desk-asked")
    page.goto(f"{live_server.url}/desk/waiting/hours/")
    pictured(page, "place-desk-list")

    path = answering.link(by=System("test"), offer=Offer.objects.get())
    phone = chromium.new_context(**PHONE)
    hand = phone.new_page()
    hand.goto(live_server.url + path)
    clean(hand)
    pictured(hand, "place-link")
    hand.tap("text=I take it")
    hand.wait_for_selector("text=It is yours")
    clean(hand)
    pictured(hand, "place-taken")
    phone.close()
    page.goto(f"{live_server.url}/desk/series/{Series.objects.get().pk}/")
    reads(page, "main", "Noa Falk")
    desk.close()

    assert Appointment.objects.filter(client=house["noa"]).count() > 40
