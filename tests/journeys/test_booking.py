"""Booking on a phone in a real browser: a client in the portal, a stranger on the public page."""

import os
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from rapport.contact.asking import actions as asking
from rapport.contact.models import Inquiry
from rapport.core import time
from rapport.core.policy import System
from rapport.meeting.appointments.rules import lasting
from rapport.meeting.models import Appointment, AppointmentType, Diary
from rapport.meeting.requests import actions
from rapport.meeting.requests.queries import Choice
from rapport.meeting.terms import actions as terms
from rapport.meeting.terms import queries as in_terms
from rapport.people.models import Account, Client
from rapport.web.booking import tokens
from tests.factories import (
    AnAccount,
    APlace,
    APractice,
    ASource,
    AStretch,
    AType,
    ClientOf,
    Colleague,
)
from tests.web.stepping import inside

from .rounds import WIDE, coming_in, go, reads, wrong

PHONE = {"width": 390, "height": 844}

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def house():
    APractice(name="Practice by the river", hours="Monday to Friday, 9 to 17: 030 901820")
    place = APlace(name="River house", address="Am Fluss 3")
    ana = Colleague(at=[place], legal_name="Ana Roth")
    Diary.objects.create(staff=ana)
    for weekday in range(1, 8):
        AStretch(staff=ana, weekday=weekday, place=place)
    account = AnAccount(realm=Account.Realm.PORTAL)
    mara = ClientOf(care_team=[ana], place=place, account=account, legal_name="Mara Kühn")
    terms.set_terms(
        by=System("test"), hours=24, from_on=time.today(), now=time.now(),
        texts={"en": "If you cannot come, call off a day before. Later, the hour is yours to pay."},
    )  # fmt: skip
    everybody = ["STAFF", "ACTIVE", "PUBLIC"]
    talk = AType(name="A talk", bookers=everybody, ways=["HERE", "VIDEO"], price_tag="90 €")
    return {"ana": ana, "mara": mara, "talk": talk,
            "account": Account.objects.get(pk=account.pk)}  # fmt: skip


def pictured(page, name):
    """Kept when somebody asks for pictures: on a phone and a desk, lit and dark."""
    folder = os.environ.get("RAPPORT_PICTURES")
    if not folder:
        return
    for width, height, theme in ((390, 844, "light"), (1440, 900, "light"), (390, 844, "dark")):
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
        page.screenshot(path=f"{folder}/{name}-{width}-{theme}.png", full_page=True)
    page.evaluate("document.documentElement.dataset.theme = 'light'")
    page.set_viewport_size(PHONE)


def looked_at(page, name):
    """Pictures, then what axe and the narrowest screen say."""
    pictured(page, name)
    found = wrong(page)
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        found += [f"wider than {width}: {out}"] if (out := page.evaluate(WIDE)) else []
    page.set_viewport_size(PHONE)
    page.evaluate("document.documentElement.dataset.theme = 'light'")
    assert found == [], name


def small(page):
    """What can be tapped and is smaller than 44 pixels in its lower or narrower side."""
    return page.evaluate("""() => [...document.querySelectorAll('main .btn, .month a, main select')]
      .filter(one => one.checkVisibility()).map(one => [one.textContent.trim().slice(0, 30),
        one.getBoundingClientRect()])
      .filter(([, box]) => box.height < 44 || box.width < 44).map(([words]) => words)""")


def to_a_free_day(page):
    """On to the next month on the last day of one; then every part of the day is opened."""
    if not page.query_selector(".times .btn"):
        go(page, "[rel=next]")
        page.wait_for_selector(".times .btn", state="attached")
    for part in page.query_selector_all("details:not([open]):has(.times) > summary"):
        part.press("Enter")


def test_a_client_books_moves_and_calls_off_on_the_phone(chromium, live_server, house):
    visit = inside(house["account"], "portal")
    context = coming_in(chromium, live_server, visit, viewport=PHONE, timezone_id="Asia/Tokyo",
                        has_touch=True)  # fmt: skip
    page = context.new_page()
    page.goto(f"{live_server.url}/portal/")
    go(page, "text=Book a time")
    looked_at(page, "portal-offered")
    page.click("main a.btn-primary")
    page.wait_for_url("**zone=Asia%2FTokyo**")
    to_a_free_day(page)
    reads(page, "main", "Times in the time zone Asia/Tokyo.")
    assert small(page) == []
    looked_at(page, "portal-month")
    page.click(".times .btn >> nth=0")
    page.wait_for_selector("text=Book this time?")
    reads(page, "main", "On the practice's clock")
    looked_at(page, "portal-confirm")
    page.click(".answering__go")
    page.wait_for_selector(".field__errors")
    looked_at(page, "portal-confirm-wrong")
    page.check("[name=accepted]")
    page.click(".answering__go")
    page.wait_for_url("**/portal/meetings/**")
    looked_at(page, "portal-meeting")
    made = Appointment.objects.get()
    assert (made.client, made.status) == (house["mara"], "BOOKED")

    page.click("main >> text=Move")
    page.wait_for_url("**zone=Asia%2FTokyo**")
    to_a_free_day(page)
    page.click(".times .btn >> nth=-1")
    page.wait_for_selector("text=Move to this time?")
    looked_at(page, "portal-move")
    page.click(".answering__go")
    page.wait_for_url(f"**/portal/meetings/{made.pk}/")
    before = made.starts_at
    made.refresh_from_db()
    assert made.starts_at != before

    page.click("main .btn >> text=Call it off")
    page.wait_for_selector("h1 >> text=Call it off?")
    looked_at(page, "portal-call-off")
    page.click("main button.btn-primary")
    page.wait_for_url("**/portal/")
    made.refresh_from_db()
    assert (made.status, made.cancelled_by) == ("CANCELLED", "CLIENT")
    context.close()


def test_that_it_counts_as_late_is_read_before(chromium, live_server, house):
    soon = (time.now() + timedelta(hours=5)).replace(second=0, microsecond=0)
    choice = Choice(house["talk"], "VIDEO", house["ana"], lasting(soon, 50))
    made = Appointment.objects.create(
        client=house["mara"], clinician=house["ana"], type=choice.type, way=choice.way,
        starts_at=choice.slot.start, ends_at=choice.slot.end, booked_at=time.now(),
    )  # fmt: skip
    terms.accept_with(made, in_terms.in_force(day=time.today()), "en", time.now())
    context = coming_in(chromium, live_server, inside(house["account"], "portal"), viewport=PHONE)
    page = context.new_page()
    page.goto(f"{live_server.url}/portal/meetings/{made.pk}/call-off/")
    reads(page, "main", "It counts as called off late.")
    looked_at(page, "portal-call-off-late")
    page.click("text=Call it off late")
    page.wait_for_url("**/portal/")
    made.refresh_from_db()
    assert made.late is True
    context.close()


def test_a_stranger_asks_and_loses_nothing_when_somebody_is_quicker(
    chromium, live_server, house, monkeypatch
):
    monkeypatch.setattr(tokens, "QUICK", 0)  # a program fills forms in faster than people
    AppointmentType.objects.update(needs_approval=True)
    context = coming_in(chromium, live_server, None, viewport=PHONE, timezone_id="Europe/Berlin",
                        has_touch=True)  # fmt: skip
    page = context.new_page()
    page.goto(live_server.url)
    looked_at(page, "front")
    go(page, "text=Ask for a first meeting")
    looked_at(page, "first")
    page.click("main a.btn-primary")
    page.wait_for_url("**zone=Europe%2FBerlin**")
    to_a_free_day(page)
    looked_at(page, "first-month")
    page.click(".times .btn >> nth=0")
    page.wait_for_selector("text=Ask for this time")
    looked_at(page, "first-form")
    page.fill("[name=name]", "Jo Quiet")
    page.fill("[name=mail]", "jo@example.net")
    page.check("[name=safe_to_write]")
    page.fill("[name=words]", "I sleep badly.")
    page.check("[name=accepted]")
    taken_meanwhile(house)
    page.click("button.answering__go")
    page.wait_for_selector(".field__errors")
    expect(page.locator("[name=words]")).to_have_value("I sleep badly.")
    page.check("[name=may_contact]")
    page.click("button.answering__go")
    page.wait_for_selector("text=just taken")
    expect(page.locator("[name=words]")).to_have_value("I sleep badly.")
    looked_at(page, "first-taken")
    page.click(".times .btn >> nth=0")
    page.wait_for_selector("text=Kept for you until")
    expect(page.locator("[name=mail]")).to_have_value("jo@example.net")
    page.click("button.answering__go")
    page.wait_for_selector("text=Thank you. We have it.")
    looked_at(page, "first-thanks")
    context.close()

    made = Appointment.objects.get(status="REQUESTED")
    assert (made.client.status, made.client.legal_name) == ("INQUIRY", "Jo Quiet")
    assert Client.objects.filter(status="INQUIRY").count() == 1


def test_a_stranger_asks_without_a_time_on_the_phone(chromium, live_server, house, monkeypatch):
    monkeypatch.setattr(tokens, "QUICK", 0)  # a program fills forms in faster than people
    asking.set_page(by=System("test"), is_open=True, shows_names=True)
    ASource(name="A friend")
    context = coming_in(chromium, live_server, None, viewport=PHONE, has_touch=True)
    page = context.new_page()
    page.goto(live_server.url)
    go(page, "text=Ask us")
    assert small(page) == []
    looked_at(page, "ask")
    page.fill("[name=name]", "Jo Quiet")
    page.fill("[name=words]", "I sleep badly.")
    page.select_option("[name=clinician]", label="Ana Roth")
    page.select_option("[name=source]", label="A friend")
    page.check("[name=may_contact]")
    page.click("button.answering__go")
    page.wait_for_selector(".field__errors")
    looked_at(page, "ask-wrong")
    expect(page.locator("[name=words]")).to_have_value("I sleep badly.")
    page.fill("[name=phone]", "+49 30 901820")
    page.click("button.answering__go")
    page.wait_for_selector("text=Thank you. We have it.")
    looked_at(page, "ask-thanks")
    context.close()

    inquiry = Inquiry.objects.get()
    assert (inquiry.clinician, inquiry.source.name) == (house["ana"], "A friend")


def taken_meanwhile(house):
    """The hold runs out, and somebody else has the hour."""
    held = actions.Hold.objects.get()
    slot = held.slot
    held.delete()
    actions.diary.book(by=System("test"), client=house["mara"], clinician=house["ana"], slot=slot,
                       now=time.now())  # fmt: skip


def test_a_time_is_booked_by_keyboard_alone_and_without_script(chromium, live_server, house):
    visit = inside(house["account"], "portal")
    context = coming_in(chromium, live_server, visit, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/portal/book/{house['talk'].pk}/")
    to_a_free_day(page)
    page.focus(".times .btn >> nth=0")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Book this time?")
    page.focus("[name=accepted]")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/portal/meetings/**")
    context.close()

    assert Appointment.objects.get().client == house["mara"]


def test_the_desk_answers_what_was_asked(chromium, live_server, house):
    slow = AType(name="An assessment", bookers=["ACTIVE"], needs_approval=True)
    soon = time.day_bounds(time.today() + timedelta(days=3))[0] + timedelta(hours=10)
    Appointment.objects.create(
        client=house["mara"], clinician=house["ana"], type=slow, status="REQUESTED",
        starts_at=soon, ends_at=soon + timedelta(minutes=50), booked_at=time.now(),
        booked_by=house["account"],
    )  # fmt: skip
    context = coming_in(chromium, live_server, inside(house["ana"].account))
    page = context.new_page()
    page.goto(f"{live_server.url}/desk/")
    page.set_viewport_size(PHONE)
    looked_at(page, "desk-today")
    go(page, "text=Answer them")
    looked_at(page, "desk-requests")
    page.goto(f"{live_server.url}/desk/appointments/{Appointment.objects.get().pk}/")
    looked_at(page, "desk-asked-for")
    go(page, "text=Say no")
    page.fill("[name=words]", "That week is full. The one after is not.")
    looked_at(page, "desk-decline")
    page.click("main button.btn-primary")
    page.wait_for_url("**/desk/requests/")
    context.close()

    assert Appointment.objects.get().status == "CANCELLED"
