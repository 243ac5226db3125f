"""Links in messages on a phone, and choosing how one is reminded: by keyboard, without script."""

from datetime import timedelta

import pytest

from rapport.contact.models import Delivery, Preference, Reminding, Reply
from rapport.contact.reminders import links
from rapport.core import time
from rapport.meeting.models import Appointment
from tests.factories import AnAccount, AnAppointment, APractice, ClientOf, Colleague
from tests.web.stepping import inside

from .rounds import coming_in, reads, wrong

PHONE = {"width": 390, "height": 844}

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def sent():
    """A reminder of a meeting tomorrow that went out."""
    now = time.now()
    APractice(hours="Monday to Friday, 9 to 17")
    Reminding.objects.create(changed_at=now)
    ana = Colleague()
    mara = ClientOf(legal_name="Mara Lindgren", care_team=[ana],
                    account=AnAccount(realm="PORTAL"))  # fmt: skip
    starts = (now + timedelta(days=1)).replace(minute=0, second=0, microsecond=0)
    meeting = AnAppointment(client=mara, clinician=ana, starts_at=starts)
    return Delivery.objects.create(
        client=mara, appointment=meeting, kind="REMINDER", starts_at=meeting.starts_at,
        offset=1440, channel="mail", state="SENT", planned_at=now, sent_at=now,
    )  # fmt: skip


@pytest.mark.parametrize(
    "does, then",
    [("CONFIRM", "It is noted that you will be there"), ("CANCEL", "It is called off"),
     ("MOVE", "you would like another time")],
)  # fmt: skip
def test_a_link_is_looked_at_and_pressed_by_keyboard(chromium, live_server, sent, does, then):
    context = coming_in(chromium, live_server, None, viewport=PHONE)
    page = context.new_page()
    address = live_server.url + links.path(sent.pk, does)
    page.goto(address)
    assert wrong(page) == []
    page.set_viewport_size(PHONE)
    button = page.locator("main button[type=submit]")
    assert button.bounding_box()["height"] >= 44
    assert not Reply.objects.exists()
    for _ in range(10):
        page.keyboard.press("Tab")
        if button.evaluate("one => one === document.activeElement"):
            break
    page.keyboard.press("Enter")
    page.wait_for_selector(f"h1:has-text('{then}')")
    assert wrong(page) == []
    assert Reply.objects.get().does == does

    page.goto(address)
    assert then in page.inner_text("h1") and page.locator("main button").count() == 0
    context.close()


def test_without_script_a_link_works_all_the_same(chromium, live_server, sent):
    context = coming_in(chromium, live_server, None, viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(live_server.url + links.path(sent.pk, "CONFIRM"))
    page.click("main button[type=submit]")
    reads(page, "h1", "It is noted")
    assert Appointment.objects.get().confirmed_at is not None
    context.close()


@pytest.mark.parametrize("path", ["/a/nothing/", "begun"])
def test_a_link_that_does_nothing_any_more_is_calm(chromium, live_server, sent, path):
    if path == "begun":
        Delivery.objects.update(starts_at=time.now() - timedelta(hours=1))
        path = links.path(sent.pk, "CANCEL")
    context = coming_in(chromium, live_server, None, viewport=PHONE)
    page = context.new_page()
    page.goto(live_server.url + path)
    assert wrong(page) == []
    assert page.locator("main button").count() == 0
    context.close()


def test_a_client_chooses_on_the_phone_what_a_message_says(chromium, live_server, sent):
    visit = inside(sent.client.account, "portal")
    context = coming_in(chromium, live_server, visit, viewport=PHONE)
    page = context.new_page()
    page.goto(f"{live_server.url}/portal/reminders/")
    page.check("[name=says][value=PRACTICE]")
    page.check("[name=remind][value=OWN]")
    page.fill("[name=before_0_0]", "3")
    page.select_option("[name=before_0_1]", "H")
    page.click("main button[type=submit]")
    page.wait_for_selector("text=Saved.")
    own = Preference.objects.get()
    assert (own.says, own.offsets) == ("PRACTICE", [180])
    context.close()
