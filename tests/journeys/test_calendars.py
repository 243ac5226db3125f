"""Calendars elsewhere by keyboard, and on a phone: an address made, a difference decided."""

import re

import pytest

from rapport.contact.models import Feed, Pushed
from tests.web.stepping import inside

from .rounds import coming_in, go, wrong

PHONE = {"width": 390, "height": 844}

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def tab_to(page, what, most=120):
    """Press Tab until ``what`` (a selector) has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("what => document.activeElement.matches(what)", what):
            return
    raise AssertionError(f"no Tab leads to {what}")


def test_what_differs_is_decided_by_keyboard(chromium, live_server, world):
    context = coming_in(chromium, live_server, inside(world["desk"]))
    page = context.new_page()
    page.goto(f"{live_server.url}/desk/")
    tab_to(page, ".needs a[href='/desk/me/calendars/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/me/calendars/")
    pushed = world["rows"]["pushed"]
    tab_to(page, f"form[action$='{pushed.pk}/'] button[value=LEAVE]")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"form[action$='{pushed.pk}/']", state="detached")

    assert Pushed.objects.get(pk=pushed.pk).state == "LEFT"
    context.close()


def test_an_address_is_made_by_keyboard_and_shown_once(chromium, live_server, world):
    before = bytes(Feed.objects.get(account=world["desk"]).token)
    context = coming_in(chromium, live_server, inside(world["desk"]))
    page = context.new_page()
    page.goto(f"{live_server.url}/desk/me/calendars/")
    tab_to(page, "button[value=new]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#link")

    link = page.input_value("#link")
    assert re.fullmatch(rf"{live_server.url}/c/[\w-]{{43}}\.ics", link)
    assert bytes(Feed.objects.get(account=world["desk"]).token) != before
    assert wrong(page) == []
    assert page.request.get(link).headers["content-type"].startswith("text/calendar")
    page.goto(f"{live_server.url}/desk/me/calendars/")
    assert page.query_selector("#link") is None
    context.close()


def test_a_client_on_a_phone_has_their_meetings_in_their_calendar(chromium, live_server, world):
    context = coming_in(chromium, live_server, inside(world["portal"], "portal"), viewport=PHONE)
    page = context.new_page()
    page.goto(f"{live_server.url}/portal/")
    with page.expect_download() as got:
        page.click("a[download] >> nth=0")
    assert got.value.suggested_filename == "appointment.ics"
    go(page, "text=Have all of them in my calendar")
    page.fill("[name=words]", "Yoga")
    small = "one => { const box = one.getBoundingClientRect(); return box.height < 44 }"
    touched = page.query_selector_all("main .btn, main [name=words]")
    assert touched and not any(one.evaluate(small) for one in touched)
    page.click("button[value=new]")
    page.wait_for_selector("#link")
    assert wrong(page) == []
    context.close()
