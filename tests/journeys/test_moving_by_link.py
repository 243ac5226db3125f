"""Another time by the link in a reminder, on the phone, by keyboard, without script."""

from datetime import timedelta

import pytest

from rapport.contact.models import Delivery, Reply
from rapport.contact.reminders import links
from rapport.core import time
from rapport.meeting.appointments.rules import lasting
from rapport.meeting.models import Appointment
from tests.factories import APractice

from .rounds import coming_in, go, reads
from .test_booking import PHONE, house, looked_at, pictured, small, taken_meanwhile, to_a_free_day

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

__all__ = ["house"]


@pytest.fixture
def sent(house):
    """A reminder of a meeting in three days that went out."""
    APractice._meta.model.objects.update(phone="+49 30 901820")
    now = time.now()
    starts = time.day_bounds(time.today() + timedelta(days=3))[0] + timedelta(hours=10)
    meeting = Appointment.objects.create(
        client=house["mara"], clinician=house["ana"], type=house["talk"], way="HERE",
        starts_at=starts, ends_at=lasting(starts, 50).end, booked_at=now,
        place=house["ana"].places.get(),
    )  # fmt: skip
    return Delivery.objects.create(
        client=house["mara"], appointment=meeting, kind="REMINDER", starts_at=starts,
        offset=1440, channel="mail", state="SENT", planned_at=now, sent_at=now,
    )  # fmt: skip


def test_another_time_is_chosen_on_the_phone(chromium, live_server, house, sent):
    context = coming_in(chromium, live_server, None, viewport=PHONE, timezone_id="Asia/Tokyo",
                        has_touch=True)  # fmt: skip
    page = context.new_page()
    page.goto(live_server.url + links.path(sent.pk, "MOVE", "en"))
    page.wait_for_url("**zone=Asia%2FTokyo**")
    to_a_free_day(page)
    reads(page, "main", "Times in the time zone Asia/Tokyo.")
    assert "Ana Roth" not in page.content() and "river" not in page.content()
    assert small(page) == []
    looked_at(page, "link-month")
    go(page, ".times .btn >> nth=0")
    page.wait_for_selector("text=Move to this time?")
    assert "Ana Roth" not in page.content() and "river" not in page.content()
    looked_at(page, "link-confirm")

    taken_meanwhile(house)
    page.click(".answering__go")
    page.wait_for_selector("text=just taken")
    looked_at(page, "link-taken")
    page.click(".times .btn >> nth=0")
    page.wait_for_selector("text=Kept for you until")
    page.click(".answering__go")
    page.wait_for_selector("h1 >> text=It is moved")
    looked_at(page, "link-moved")
    sent.appointment.refresh_from_db()
    assert sent.appointment.starts_at != sent.starts_at

    page.goto(live_server.url + links.path(sent.pk, "MOVE", "en"))
    assert "It is moved" in page.inner_text("h1") and page.locator("main button").count() == 0
    context.close()


def test_by_keyboard_and_without_script_and_from_right_to_left(chromium, live_server, sent):
    context = coming_in(chromium, live_server, None, viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(live_server.url + links.path(sent.pk, "MOVE", "ar"))
    to_a_free_day(page)
    page.focus(".times .btn >> nth=0")
    page.keyboard.press("Enter")
    page.wait_for_url("**/time/**")
    assert page.locator("html").get_attribute("dir") == "rtl"
    page.focus(".answering__go")
    page.keyboard.press("Enter")
    page.wait_for_selector("main:not(:has(button))")
    context.close()

    assert Reply.objects.get().seen_at is not None
    assert Appointment.objects.get().starts_at != sent.starts_at


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_none_of_them_suits(chromium, live_server, sent, language):
    context = coming_in(chromium, live_server, None, viewport=PHONE, has_touch=True)
    page = context.new_page()
    page.goto(live_server.url + links.path(sent.pk, "MOVE", language))
    pictured(page, f"link-month-{language}")
    page.click("section[aria-labelledby=otherwise] button")
    page.wait_for_selector("main:not(:has(button))")
    looked_at(page, f"link-asked-{language}")
    context.close()

    assert Reply.objects.get().seen_at is None
    assert Appointment.objects.get().starts_at == sent.starts_at


def test_where_none_can_be_chosen_the_number_stands_there(chromium, live_server, sent):
    Appointment.objects.update(type=None)
    context = coming_in(chromium, live_server, None, viewport=PHONE, has_touch=True)
    page = context.new_page()
    page.goto(live_server.url + links.path(sent.pk, "MOVE", "en"))
    assert page.locator("a[href='tel:+4930901820']").is_visible()
    assert small(page) == []
    looked_at(page, "link-wish")
    context.close()
