"""Somebody rings: entered, moved on and taken back by keyboard alone, also on a phone."""

import re

import pytest
from playwright.sync_api import expect

from rapport.contact.models import Inquiry
from rapport.core import time
from tests.factories import AnInquiry, AnInquiryTask, APlace, APractice, Colleague
from tests.web.stepping import inside

from .rounds import coming_in, reads, wrong

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def fay():
    APractice(country="DE")
    return Colleague(roles=["FRONT_DESK"], at=[APlace()])


@pytest.mark.parametrize("size", [PHONE, {"width": 1440, "height": 900}])
def test_a_call_is_entered_and_moved_on_by_keyboard_alone(chromium, live_server, fay, size):
    context = coming_in(chromium, live_server, inside(fay.account), viewport=size)
    page = context.new_page()
    page.goto(f"{live_server.url}/desk/inquiries/")
    while page.evaluate("document.activeElement.innerText") != "Enter an inquiry":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#id_name:focus")
    page.keyboard.type("Nadia Ferrand")
    page.keyboard.press("Tab")
    page.keyboard.type("none")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.wait_for_selector("#id_phone_error")
    expect(page.locator("#id_name")).to_have_value("Nadia Ferrand")
    page.focus("#id_phone")
    page.keyboard.press("Control+a")
    page.keyboard.type("030 901820")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/desk/inquiries/[0-9a-f-]{36}/"))
    reads(page, "main", "safe to leave a message")

    page.goto(f"{live_server.url}/desk/inquiries/")
    while page.evaluate("document.activeElement.value") != "CALLED":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(".undo")
    assert Inquiry.objects.get().stage == "CALLED"
    assert wrong(page) == []
    page.set_viewport_size(size)
    while page.evaluate("document.activeElement.innerText") != "Undo":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("button[value=CALLED]")
    assert Inquiry.objects.get().stage == "NEW"
    context.close()


def test_a_second_press_while_the_first_is_on_its_way_sends_nothing(
    chromium, live_server, world
):  # fmt: skip
    """Whoever pressed may look no more after the first: the second would be a 404."""
    path = f"/desk/inquiries/{AnInquiry().pk}/start/"
    context = coming_in(chromium, live_server, inside(world["desk"]))
    page = context.new_page()
    page.goto(f"{live_server.url}{path}")
    kept_back = page.evaluate("""() => {
        const kept = [];
        window.addEventListener("submit", (event) => {
            kept.push(event.defaultPrevented);
            event.preventDefault();  // the answer is still on its way
        });
        const press = document.querySelector("main form button:not([type=button])");
        press.click();
        press.click();
        return kept;
    }""")

    assert kept_back == [False, True]
    context.close()


def test_what_is_due_comes_to_today_by_itself(chromium, live_server, world):
    task = AnInquiryTask(inquiry=world["rows"]["inquiry"], due_on=time.today(), words="Ask Jo")
    context = coming_in(chromium, live_server, inside(world["desk"]))
    page = context.new_page()
    page.goto(f"{live_server.url}/desk/")
    page.wait_for_selector(f"[hx-trigger=load] a[href='/desk/inquiries/{task.inquiry_id}/']")

    assert wrong(page) == []
    context.close()


def test_a_letter_is_printed_without_the_page_around_it(chromium, live_server, world):
    rows = world["rows"]
    context = coming_in(chromium, live_server, inside(world["desk"]))
    page = context.new_page()
    path = f"/desk/inquiries/{rows['inquiry'].pk}/letters/{rows['referral'].pk}/"
    page.goto(live_server.url + path)
    page.emulate_media(media="print")

    assert not page.is_visible(".bar")
    assert not page.is_visible(".crumb")
    assert page.is_visible("main h1")
    context.close()
