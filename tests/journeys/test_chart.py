"""A course of scores in a real browser: read by arrow keys, by pointing, on paper, in Arabic."""

import pytest
from playwright.sync_api import expect

from rapport.core import time
from rapport.people.models import Account, CareTeamMember
from tests.factories import LONG_AGO, AnAccount, AnAlert, APlace, APractice, ClientOf, Colleague
from tests.web.desk.test_outcomes import ended
from tests.web.stepping import inside

from .houses import course as given
from .rounds import coming_in, reads, wrong

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def jonas():
    """Somebody with a course of scores and an alert, in Ana's care."""
    APractice()
    ana = Colleague()
    client = ClientOf(care_team=[ana], account=AnAccount(realm="PORTAL"))
    given(client, time.now())
    AnAlert(sheet=client.sheets.latest("answered_at"), owner=ana)
    return client


@pytest.fixture
def desk(jonas):
    return inside(jonas.care_team.get().staff.account)


@pytest.fixture
def course(chromium, live_server, jonas, desk):
    """The desk's page about PHQ-9 over time, in a window."""
    context = coming_in(chromium, live_server, desk)
    page = context.new_page()
    page.goto(f"{live_server.url}/desk/clients/{jonas.pk}/course/phq-9/")
    yield page
    context.close()


def test_arrow_keys_read_the_points(course):
    reader = course.get_by_role("slider")
    latest = reader.inner_text()
    assert "6, mild; 15 less than on" in latest
    assert reader.get_attribute("aria-valuetext") == latest
    reader.focus()
    course.keyboard.press("ArrowLeft")
    assert "8, mild" in reader.inner_text()
    course.keyboard.press("Home")
    assert reader.get_attribute("aria-valuenow") == "1"
    assert "21, severe" in reader.inner_text()
    course.keyboard.press("ArrowLeft")
    assert reader.get_attribute("aria-valuenow") == "1"
    course.keyboard.press("End")
    assert reader.inner_text() == latest
    assert course.locator(".chart__svg--wide .is-read").get_attribute("data-point") == "7"


def test_pointing_at_a_dot_reads_it(course):
    course.locator(".chart__svg--wide [data-point='2']").hover()
    expect(course.get_by_role("slider")).to_contain_text("20, severe")
    expect(course.get_by_role("slider")).to_contain_text("prorated")


def test_the_drawing_fits_the_window(course):
    assert course.locator(".chart__svg--wide").is_visible()
    course.set_viewport_size({"width": 390, "height": 844})
    assert course.locator(".chart__svg--narrow").is_visible()
    assert not course.locator(".chart__svg--wide").is_visible()
    assert wrong(course) == []


def test_on_paper_stands_the_wide_one_and_nothing_to_press(course):
    course.emulate_media(media="print")
    assert course.locator(".chart__svg--wide").is_visible()
    assert not course.get_by_role("slider").is_visible()


def test_time_runs_from_left_to_right_in_arabic_too(course):
    course.evaluate("document.documentElement.dir = 'rtl'")
    dots = course.locator(".chart__svg--wide [data-point]")
    places = [dots.nth(n).bounding_box()["x"] for n in range(dots.count())]
    assert places == sorted(places)


def test_in_the_portal_the_same_numbers_stand(chromium, live_server, jonas):
    portal = inside(Account.objects.get(pk=jonas.account.pk), "portal")
    context = coming_in(chromium, live_server, portal, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{live_server.url}/portal/course/phq-9/")
    reads(page, "main", "add up to 6 of 27")
    assert page.locator(".chart__svg--narrow").is_visible()
    assert wrong(page) == []
    context.close()


def test_a_waiting_alert_stands_on_every_page_of_the_desk(chromium, live_server, jonas, desk):
    context = coming_in(chromium, live_server, desk)
    page = context.new_page()
    page.goto(f"{live_server.url}/desk/staff/")
    page.click("text=An alert waits for you")
    page.wait_for_url(f"**/desk/alerts/{jonas.alerts.get().pk}/")
    context.close()


def test_the_funnel_is_read_by_arrow_keys_and_by_buttons(chromium, live_server):
    APractice()
    house = APlace()
    people = [Colleague(at=[house]) for _ in range(5)]
    for who in people:
        for n in range(12):
            client = ended(who, house, 14 + n % 5, 4 if n < 6 else 13 + n % 5)
            if who is not people[0]:  # who sees every record chooses days
                CareTeamMember.objects.create(client=client, staff=people[0], from_on=LONG_AGO)
    context = coming_in(chromium, live_server, inside(people[0].account))
    page = context.new_page()
    page.goto(f"{live_server.url}/desk/outcomes/clinicians/?since=2029-01-01&until=2031-01-01")
    reader = page.get_by_role("slider")
    latest = reader.inner_text()
    reader.focus()
    page.keyboard.press("Home")
    assert "chance" in latest and reader.inner_text() != latest
    page.keyboard.press("ArrowRight")
    second = reader.inner_text()
    page.get_by_role("button", name="the point before").click()
    assert reader.inner_text() != second
    assert page.locator(".chart__svg--wide .is-read").get_attribute("data-point") == "0"
    assert wrong(page) == []
    context.close()
