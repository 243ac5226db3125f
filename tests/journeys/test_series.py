"""Standing slots in a real browser: axe, and one booked, moved and paused by keyboard alone."""

import os
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from rapport.core import time
from rapport.meeting.models import Appointment, Pause, Series
from tests.factories import AnAppointment, APlace, APractice, ARoom, ClientOf, Colleague
from tests.web.stepping import inside

from .rounds import TURN, coming_in, go, reads, spoilt, visited, wrong

SIZES = ((1440, 900), (390, 844))

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def week():
    APractice()
    house = APlace(name="River house")
    ana = Colleague(at=[house], legal_name="Ana Roth")
    for name in ("Garden", "Attic"):
        ARoom(place=house, name=name)
    mara, jonas = (
        ClientOf(care_team=[ana], place=house, legal_name=name) for name in ("Mara Kühn", "Jonas")
    )
    today = time.today()
    monday = today - timedelta(today.weekday()) + timedelta(14)
    ten = time.day_bounds(monday)[0] + timedelta(hours=10)
    AnAppointment(client=jonas, clinician=ana, starts_at=ten + timedelta(28), place=house)
    return {"ana": ana, "mara": mara, "monday": monday}


def pictured(page, name):
    """Kept when somebody asks for pictures, to be looked at: wide and narrow, light and dark."""
    folder = os.environ.get("RAPPORT_PICTURES")
    for width, height in SIZES if folder else ():
        page.set_viewport_size({"width": width, "height": height})
        for theme in ("light", "dark"):
            page.evaluate(TURN, theme)
            page.screenshot(path=f"{folder}/{name}-{width}-{theme}.png", full_page=True)


def test_axe_finds_nothing_on_the_pages_of_standing_slots(chromium, live_server, world):
    context = coming_in(chromium, live_server, inside(world["desk"]))
    page = context.new_page()
    problems, seen, refused = {}, 0, 0
    for route in visited(
        page, live_server, "desk", world["rows"], only=lambda r: r.name.startswith("desk_series")
    ):
        seen += 1
        problems |= {str(route): found} if (found := wrong(page)) else {}
        pictured(page, f"long-{route.name}")
        for number, status in spoilt(page):
            refused += 1
            found = wrong(page) if status == 422 else [f"answers {status}"]
            problems |= {f"{route}, form {number}": found} if found else {}
    context.close()

    assert problems == {}
    assert (seen, refused) == (6, 5)


def typed(page, name, value):
    page.focus(f"main [name={name}]")
    page.keyboard.type(value)


def pressed(page, words):
    page.get_by_role("button", name=words, exact=True).focus()
    page.keyboard.press("Enter")


def test_a_standing_slot_is_booked_moved_and_paused_by_keyboard_alone(chromium, live_server, week):
    context = coming_in(chromium, live_server, inside(week["ana"].account))
    page, monday = context.new_page(), week["monday"]
    page.goto(f"{live_server.url}/desk/calendar/book/?client={week['mara'].pk}")
    page.get_by_role("link", name="Book a standing slot").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("main [name=often]")
    pictured(page, "begin")
    page.fill("main [name=on]", monday.isoformat())
    page.fill("main [name=at]", "10:00")
    pressed(page, "Book")
    page.wait_for_selector("#taken")
    reads(page, "main", "Jonas")
    assert wrong(page) == []
    pictured(page, "taken")
    page.focus("main [name=skip]")
    page.keyboard.press("Space")
    pressed(page, "Book")
    page.wait_for_selector("#ahead")
    expect(page.locator("h1")).to_have_text("Every Monday, 10 a.m.")
    assert wrong(page) == []

    go(page, "#ahead ~ ul a >> nth=1")
    page.get_by_role("link", name="Move").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("main [name=scope]")
    assert wrong(page) == []
    pictured(page, "move")
    page.focus("main [name=scope][value=ONE]")
    page.keyboard.press("ArrowDown")
    page.fill("main [name=at]", "15:00")
    pressed(page, "Move")
    page.wait_for_selector("#ahead")
    expect(page.locator("h1")).to_have_text("Every Monday, 3 p.m.")

    page.get_by_role("link", name="Pause").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("main [name=weeks]")
    typed(page, "weeks", "3")
    pressed(page, "Pause")
    page.wait_for_selector("text=The hours are kept.")
    pictured(page, "opened")
    assert Pause.objects.get().series == Series.objects.get(ended_on=None)
    pressed(page, "Take the pause back")
    page.wait_for_selector("text=The hours are kept.", state="detached")
    page.goto(f"{live_server.url}/desk/clients/{week['mara'].pk}/")
    pictured(page, "client")
    reads(page, ".matters", "every Monday")
    context.close()
    assert not Pause.objects.exists() and Appointment.objects.filter(nth_on=monday).exists()
