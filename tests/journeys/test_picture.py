"""The one picture of all measures: read by keyboard on the desk, by thumb in the portal."""

import pytest

from rapport.core import time
from rapport.people.models import Account
from tests.factories import AMark, AnAccount, APractice, AScore, ASheet, ClientOf, Colleague
from tests.web.stepping import inside

from .houses import course as given
from .rounds import coming_in, reads, wrong

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def jonas():
    """Somebody with two measures, something that happened, and a step that was reached."""
    APractice()
    client = ClientOf(care_team=[Colleague()], account=AnAccount(realm="PORTAL"))
    given(client, time.now())
    AScore(sheet=ASheet(client=client, instrument="gad-7", answered_at=time.now()), total=7,
           total_rounded=7, band="mild")  # fmt: skip
    AMark(client=client, words="Moved house", on=time.today())
    AMark(client=client, kind="MILESTONE", words="Back at work", on=time.today(), shared=True)
    return client


def test_the_desk_reads_every_chart_by_keyboard_and_notes_what_happened(
    chromium, live_server, jonas
):
    desk = inside(jonas.care_team.get().staff.account)
    context = coming_in(chromium, live_server, desk)
    page = context.new_page()
    page.goto(f"{live_server.url}/desk/clients/{jonas.pk}/picture/?span=all")
    readers = page.get_by_role("slider")
    assert readers.count() == 2
    phq = page.get_by_role("slider", name="PHQ-9: read the points with the arrow keys")
    assert "6, mild; 15 less than on" in phq.inner_text()
    phq.focus()
    for key, number in (("ArrowLeft", "7"), ("PageDown", "1"), ("End", "8"), ("Home", "1")):
        page.keyboard.press(key)
        assert phq.get_attribute("aria-valuenow") == number
    assert "21, severe" in phq.get_attribute("aria-valuetext")
    page.keyboard.press("Tab")  # on to the button for the next point
    page.keyboard.press("Enter")
    assert phq.get_attribute("aria-valuenow") == "2"
    aloud = page.locator("section", has=phq).get_by_role("status")
    assert "19, " in aloud.inner_text()
    assert phq.inner_text() == aloud.inner_text()
    assert wrong(page) == []
    page.emulate_media(media="print")
    assert not phq.is_visible()
    assert page.locator(".chart__svg--wide").first.is_visible()
    page.emulate_media(media="screen")
    page.get_by_role("link", name="Life event").press("Enter")
    page.get_by_label("In a few words").fill("A new job")
    page.keyboard.press("Enter")
    page.wait_for_url("**/picture/#happened")
    reads(page, "#happened", "A new job")
    context.close()


def test_the_portal_at_390_shows_it_large_and_lets_the_client_note_something(
    chromium, live_server, jonas
):
    portal = inside(Account.objects.get(pk=jonas.account.pk), "portal")
    context = coming_in(chromium, live_server, portal, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{live_server.url}/portal/picture/?span=all")
    words = page.inner_text("main")
    assert "you are doing better than on" in words
    assert "Back at work" in words
    assert "Moved house" not in words
    assert wrong(page) == []
    first = page.get_by_role("button", name="PHQ-9: the point before").bounding_box()
    assert min(first["width"], first["height"]) >= 44
    page.get_by_role("button", name="PHQ-9: the point before").click()
    assert "8 of 27" in page.locator("[role=slider]").last.inner_text()
    page.get_by_role("link", name="Note something").click()
    page.get_by_label("What happened, in a few words").fill("My sister came")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/portal/picture/#happened")
    reads(page, "#happened", "My sister came")
    context.close()
