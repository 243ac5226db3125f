"""The calendar in a real browser: axe, and a meeting booked by keyboard alone."""

import os
import re
from datetime import timedelta

import pytest

from rapport.core import time
from rapport.meeting.models import Appointment
from tests.factories import AnAppointment, APlace, APractice, ClientOf, Colleague
from tests.web.stepping import inside

from .rounds import coming_in, go, reads, visited, wrong

PHONE = {"width": 390, "height": 844}

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def week():
    """A working week of next week, so that all of it is ahead, whatever day it is."""
    APractice()
    house = APlace(name="River house")
    ana = Colleague(at=[house], legal_name="Ana Roth")
    ben = Colleague(at=[house], legal_name="Ben Falk")
    mara, jonas = (
        ClientOf(care_team=[ana], place=house, legal_name=name) for name in ("Mara Kühn", "Jonas")
    )
    today = time.today()
    monday = today - timedelta(today.weekday()) + timedelta(7)
    nine = time.day_bounds(monday)[0] + timedelta(hours=9)
    hidden = ClientOf(care_team=[ben], place=house, legal_name="Noa Hidden")
    for hours, client, status in (
        (0, mara, "KEPT"), (1, jonas, "BOOKED"), (26, mara, "MISSED"), (28, hidden, "BOOKED")
    ):  # fmt: skip
        AnAppointment(
            client=client, clinician=ana, place=house, status=status,
            starts_at=nine + timedelta(hours=hours),
        )  # fmt: skip
    return {"ana": ana, "mara": mara, "monday": monday, "nine": nine}


def pictured(page, name):
    """Kept when somebody asks for pictures, to be looked at."""
    folder = os.environ.get("RAPPORT_PICTURES")
    if folder:
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_axe_finds_nothing_on_the_pages_of_meeting(chromium, live_server, world):
    context = coming_in(chromium, live_server, inside(world["desk"]))
    page = context.new_page()
    ours = ("desk_calendar", "desk_appointment", "desk_hours", "desk_room", "desk_type",
            "desk_stretch", "desk_day", "desk_time_off")  # fmt: skip
    problems, seen = {}, 0
    for route in visited(
        page, live_server, "desk", world["rows"], only=lambda r: r.name.startswith(ours)
    ):
        seen += 1
        if found := wrong(page):
            problems[str(route)] = found
    for view in ("day", "list"):
        page.goto(f"{live_server.url}/desk/calendar/?view={view}")
        if found := wrong(page):
            problems[view] = found
    client = world["rows"]["client"].pk
    page.goto(f"{live_server.url}/desk/calendar/book/?client={client}")
    problems |= {"book": found} if (found := wrong(page)) else {}
    page.fill("[name=minutes]", "1")
    go(page, "main button[type=submit]")
    problems |= {"book, wrong": found} if (found := wrong(page)) else {}
    context.close()

    assert problems == {}
    assert seen >= 7


def test_a_meeting_is_booked_by_keyboard_alone(chromium, live_server, week):
    context = coming_in(chromium, live_server, inside(week["ana"].account))
    page = context.new_page()
    page.goto(f"{live_server.url}/desk/calendar/?on={week['monday']}")
    page.focus(".slot a:has-text('Jonas')")
    page.keyboard.press("ArrowUp")
    assert page.inner_text(":focus .name") == "Mara Kühn"
    page.keyboard.press("ArrowRight")
    assert "Tuesday" in page.text_content(":focus")
    page.keyboard.press("Enter")
    page.wait_for_selector("#q:focus")
    page.keyboard.type("kuhn")
    page.wait_for_selector("#whom >> text=1 client fits")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("[name=minutes]")
    page.focus("[name=at]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/appointments/**")

    made = Appointment.objects.exclude(once=None).get()
    assert made.starts_at == week["nine"] + timedelta(days=1)
    context.close()


@pytest.mark.parametrize("viewport", [None, PHONE], ids=["wide", "phone"])
def test_without_script_a_free_time_is_booked_and_moved(chromium, live_server, week, viewport):
    context = coming_in(
        chromium, live_server, inside(week["ana"].account), java_script_enabled=False,
        **({"viewport": viewport} if viewport else {}),
    )  # fmt: skip
    page = context.new_page()
    page.goto(f"{live_server.url}/desk/calendar/?on={week['monday']}")
    go(page, ".slot--free a:has-text('Wednesday') >> nth=0")
    page.fill("#q", "kuhn")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    go(page, "#whom a")
    go(page, "main button[type=submit]")
    go(page, "text=Move")
    page.fill("[name=at]", "12:00")
    go(page, "main button[type=submit]")

    made = Appointment.objects.exclude(once=None).get()
    assert made.starts_at == week["nine"] + timedelta(days=2, hours=3)
    reads(page, "main", "moved")
    context.close()


@pytest.mark.parametrize("script", [True, False])
def test_a_phone_shows_the_day_below_two_rows_of_controls(chromium, live_server, week, script):
    context = coming_in(
        chromium, live_server, inside(week["ana"].account), java_script_enabled=script
    )
    page = context.new_page()
    page.set_viewport_size(PHONE)
    page.goto(f"{live_server.url}/desk/calendar/?on={week['monday']}")
    controls = "main :is(.head__act, .turning) :is(.btn, input, select):visible"
    rows = {round(one.bounding_box()["y"] / 30) for one in page.locator(controls).all()}
    assert len(rows) <= 2

    page.focus(".fold > summary")
    page.keyboard.press("Enter")
    for _ in range(2):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Week"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**view=list**")

    page.set_viewport_size({"width": 1440, "height": 900})
    assert page.locator(".fold > summary").is_hidden()
    page.fill(".fold [name=on]", str(week["monday"]))
    page.click(".fold button")
    page.wait_for_url(f"**on={week['monday']}**")
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_week_stands_side_by_side_or_below_each_other(chromium, live_server, week, theme):
    context = coming_in(chromium, live_server, inside(week["ana"].account), color_scheme=theme)
    page = context.new_page()
    one = Appointment.objects.filter(status="BOOKED").earliest("starts_at")
    monday = f"calendar/?on={week['monday']}"
    pages = {
        "week": monday, "day": f"{monday}&view=day", "list": f"{monday}&view=list",
        "appointment": f"appointments/{one.pk}/",
        "book": f"calendar/book/?client={week['mara'].pk}", "diary": "me/diary/",
    }  # fmt: skip
    for width, columns in ((1440, 5), (390, 1)):
        page.set_viewport_size({"width": width, "height": 900})
        for name, path in pages.items():
            page.goto(f"{live_server.url}/desk/{path}")
            pictured(page, f"{name}-{width}-{theme}")
        page.goto(f"{live_server.url}/desk/{pages['week']}")
        lefts = {day.bounding_box()["x"] for day in page.query_selector_all(".day")}
        assert len(lefts) == columns
        assert not re.search(r"\bNoa\b", page.content())
    context.close()
