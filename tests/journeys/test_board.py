"""The board in a real browser: dragged, moved by keys, arrived, taken back, on paper."""

import os
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from rapport.core import time
from rapport.meeting.appointments import actions, rules
from rapport.meeting.models import Appointment, Occupancy, Room
from tests.factories import (
    AnAppointment,
    AnEquipment,
    APlace,
    APractice,
    AStretch,
    AType,
    ClientOf,
    Colleague,
)
from tests.web.stepping import inside

from .rounds import coming_in, reads, wrong

PHONE = {"width": 390, "height": 844}
NARROW = """wide => document.querySelectorAll('.board__col').forEach(
    one => { one.style.inlineSize = one.style.minWidth = wide })"""
LOOK = """() => { let asked = 0; const own = window.fetch;
  window.fetch = (...given) => { asked += 1; return own(...given); };
  document.dispatchEvent(new Event('visibilitychange'));
  window.fetch = own;
  return asked; }"""
SETTLED = """() => !document.querySelector(
    '.htmx-request, .htmx-swapping, .htmx-added, .htmx-settling')"""

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def day():
    """A working day of next week, so that all of it is ahead, whatever day it is."""
    APractice(country="")  # no holiday, whatever week it is
    house = APlace(name="River house")
    fay = Colleague(roles=["FRONT_DESK"], at=[house], legal_name="Fay Desk")
    ana = Colleague(at=[house], legal_name="Ana Roth")
    ben = Colleague(at=[house], legal_name="Ben Falk")
    today = time.today()
    monday = today - timedelta(today.weekday()) + timedelta(7)
    nine = time.day_bounds(monday)[0] + timedelta(hours=9)
    for one in (ana, ben):
        AStretch(staff=one)
    mara, jonas = (
        ClientOf(care_team=[one], place=house, legal_name=name)
        for one, name in ((ana, "Mara Kühn"), (ben, "Jonas Weber"))
    )
    room = Room.objects.create(place=house, name="Garden")
    meeting = AnAppointment(client=mara, clinician=ana, place=house, starts_at=nine,
                            type=AType(name="Talk", colour="ROSE"))  # fmt: skip
    AnAppointment(client=jonas, clinician=ben, place=house, starts_at=nine, room=room)
    return {"fay": fay, "ana": ana, "ben": ben, "house": house, "monday": monday, "nine": nine,
            "meeting": meeting}  # fmt: skip


@pytest.fixture
def page(chromium, live_server, day):
    context = coming_in(chromium, live_server, inside(day["fay"].account))
    page = context.new_page()
    page.goto(f"{live_server.url}/desk/board/?on={day['monday']}")
    yield page
    context.close()


def card(meeting):
    return f"#card-{meeting.pk}"


def middle(page, selector):
    box = page.locator(selector).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + 10


def drag(page, start, end):
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + 10, start[1] + 10)
    page.mouse.move(*end, steps=5)
    page.mouse.up()


def stands(page, what):
    """Wait until ``what`` came and the board takes the next press."""
    page.wait_for_selector(what)
    page.wait_for_function(SETTLED)


def focused(page, meeting):
    """The focus comes back to the meeting when the answer stands there."""
    expect(page.locator(f"#open-{meeting.pk}")).to_be_focused()


def pictured(page, name):
    """Kept when somebody asks for pictures, to be looked at."""
    folder = os.environ.get("RAPPORT_PICTURES")
    if folder:
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_dragged_to_another_time_and_clinician_and_taken_back(page, day):
    meeting = day["meeting"]
    step = page.locator(".board__in").first.bounding_box()["height"] / page.evaluate(
        "Number(document.querySelector('.board').dataset.tall)"
    )
    start, other = middle(page, card(meeting)), page.locator(".board__col >> nth=1").bounding_box()
    end = other["x"] + other["width"] / 2, start[1] + 2 * step
    drag(page, start, end)
    stands(page, "#board-said [role=alert]")
    reads(page, "#board-said", "Ben Falk will see the record of Mara")
    page.click("#board-said >> text=Move it all the same")

    stands(page, "#board-said >> text=Moved to 11 a.m. with Ben Falk.")
    meeting.refresh_from_db()
    assert (meeting.clinician, meeting.starts_at) == (
        day["ben"], day["nine"] + timedelta(hours=2)
    )  # fmt: skip
    assert "/desk/board/" in page.url  # the click that ends a drag opens nothing
    focused(page, meeting)
    page.click("#board-said >> text=Undo")
    page.wait_for_selector("#board-said >> text=Taken back.")
    meeting.refresh_from_db()
    assert (meeting.clinician, meeting.starts_at) == (day["ana"], day["nine"])


def test_put_onto_somebody_else_nothing_moves_and_it_is_said(page, day):
    meeting = day["meeting"]
    start, other = middle(page, card(meeting)), page.locator(".board__col >> nth=1").bounding_box()
    drag(page, start, (other["x"] + 40, start[1] + 3))
    stands(page, "#board-said [role=alert]")

    reads(page, "#board-said", "Ben Falk and Jonas Weber meet.")
    assert page.locator(f"[data-column='{day['ana'].pk}'] {card(meeting)}").count() == 1
    assert page.locator(".is-here, .is-leaving").count() == 0
    meeting.refresh_from_db()
    assert meeting.revision == 1


def held(meeting):
    rows = Occupancy.objects.filter(kind="EQUIPMENT", appointment=meeting)
    return set(rows.values_list("thing", flat=True))


def test_onto_a_piece_of_equipment_by_hand_and_by_keys(page, live_server, day):
    """The meeting has two pieces, so it stands twice; each card moves by itself."""
    case, one, two = (
        AnEquipment(place=day["house"], kind=kind, name=name)
        for kind, name in (("Case", "Case 1"), ("VR", "Headset 1"), ("VR", "Headset 2"))
    )
    meeting = actions.book(
        by=day["ana"].account, client=day["meeting"].client, clinician=day["ana"],
        slot=rules.lasting(day["nine"] + timedelta(hours=2), 50), now=time.now(),
        place=day["house"], type=AType(equipment=["Case", "VR"]),
    )  # fmt: skip
    page.goto(f"{live_server.url}/desk/board/?on={day['monday']}&view=equipment")
    assert page.locator(f"[data-column='{case.pk}'] {card(meeting)}").count() == 1
    mine = f"[data-column='{one.pk}'] {card(meeting)}-2"
    start, other = middle(page, mine), page.locator(".board__col >> nth=2").bounding_box()
    drag(page, start, (other["x"] + 40, start[1] + 3))
    page.wait_for_selector("#board-said >> text=Headset 2.")
    assert held(meeting) == {case.pk, two.pk}

    page.focus(f"#open-{meeting.pk}-2")
    page.keyboard.press("m")
    page.keyboard.press("ArrowLeft")
    assert "Headset 1" in page.inner_text("[data-moving-at]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#board-said >> text=Headset 1.")
    assert held(meeting) == {case.pk, one.pk}
    assert page.evaluate("document.activeElement.id") == f"open-{meeting.pk}-2"


def test_moved_by_keys_with_words_and_put_back_by_escape(page, day):
    meeting = day["meeting"]
    page.focus(f"#open-{meeting.pk}")
    page.keyboard.press("m")
    assert page.inner_text("[data-moving-at]").startswith("9 a.m.,")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    said = page.inner_text("[data-moving-at]")
    assert said.startswith("9:15 a.m.,")
    assert page.inner_text(".is-here .card__time") == "9:15 a.m."
    assert "Ben Falk" in said
    page.keyboard.press("Escape")
    assert page.locator("[data-moving]").is_hidden()
    focused(page, meeting)
    reads(page, "#board-said", "back where it was")

    page.keyboard.press("m")
    for _ in range(4):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector("#board-said >> text=Moved to 10:05 a.m.")
    meeting.refresh_from_db()
    assert meeting.starts_at == day["nine"] + timedelta(minutes=65)
    focused(page, meeting)


def test_who_moved_it_meanwhile_wins_and_the_board_shows_it(page, day):
    meeting = day["meeting"]
    actions.move(
        by=day["ana"].account, appointment=meeting, revision=1, now=time.now(), way="HERE",
        slot=rules.lasting(day["nine"] + timedelta(hours=3), 50), clinician=day["ana"],
        place=day["house"],
    )  # fmt: skip
    page.focus(f"#open-{meeting.pk}")
    for key in ("m", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    page.wait_for_selector("#board-said [role=alert]")

    reads(page, "#board-said", "Somebody changed this appointment meanwhile.")
    reads(page, f"{card(meeting)} .card__time", "12")


def test_it_looks_by_itself_and_leaves_focus_and_a_move_alone(page, day):
    meeting = day["meeting"]
    page.focus(f"#open-{meeting.pk}")
    Appointment.objects.filter(pk=meeting.pk).update(confirmed_at=time.now())
    assert page.evaluate(LOOK) == 1
    stands(page, f"{card(meeting)}.card--confirmed")
    focused(page, meeting)

    page.keyboard.press("m")
    page.keyboard.press("ArrowDown")
    Appointment.objects.filter(pk=meeting.pk).update(confirmed_at=None)
    assert page.evaluate(LOOK) == 0
    assert page.locator(".is-here").count() == 1
    assert page.locator(f"{card(meeting)}.card--confirmed").count() == 1
    page.keyboard.press("Escape")
    page.evaluate(LOOK)
    page.wait_for_selector(f"{card(meeting)}.card--booked")


def today_at_the_desk(chromium, live_server, day, **given):
    """The board of today with somebody who comes in half an hour, and its browser."""
    meeting = day["meeting"]
    soon = time.now().replace(second=0, microsecond=0) + timedelta(minutes=10)
    Appointment.objects.filter(pk=meeting.pk).update(
        starts_at=soon, ends_at=soon + timedelta(minutes=50)
    )
    context = coming_in(chromium, live_server, inside(day["fay"].account), **given)
    page = context.new_page()
    page.goto(f"{live_server.url}/desk/board/?on={time.local(soon).date()}")
    return context, page


def test_arrived_by_one_press_and_the_rest_from_the_menu(chromium, live_server, day):
    meeting = day["meeting"]
    context, page = today_at_the_desk(chromium, live_server, day)
    page.click(f"#more-{meeting.pk}")
    page.click("#board-more >> text='15'")
    stands(page, f"{card(meeting)}.card--awaited")
    page.click(f"{card(meeting)} >> text=Arrived")
    stands(page, f"{card(meeting)}.card--arrived")
    page.wait_for_selector(f"#open-{meeting.pk}:focus, #more-{meeting.pk}:focus")
    meeting.refresh_from_db()
    assert meeting.arrived_at is not None

    page.focus(f"#more-{meeting.pk}")
    page.keyboard.press("Enter")
    expect(page.locator("#board-more")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(f"#more-{meeting.pk}")).to_be_focused()
    page.keyboard.press("Enter")
    page.click("#board-more >> text=Not here after all")
    page.wait_for_selector(f"{card(meeting)}.card--awaited")
    meeting.refresh_from_db()
    assert meeting.arrived_at is None
    context.close()


def test_the_second_of_two_quick_presses_waits_for_the_first(chromium, live_server, day):
    first = day["meeting"]
    second = Appointment.objects.exclude(pk=first.pk).get()
    soon = time.now().replace(second=0, microsecond=0) + timedelta(minutes=10)
    Appointment.objects.filter(pk=second.pk).update(
        starts_at=soon, ends_at=soon + timedelta(minutes=50)
    )
    context, page = today_at_the_desk(chromium, live_server, day)
    held = []
    page.route(f"**/{first.pk}/arrived/", lambda route: held.append(route))
    page.click(f"{card(first)} >> text=Arrived")
    page.click(f"{card(second)} >> text=Arrived")
    while not held:
        page.wait_for_timeout(20)
    held[0].continue_()
    stands(page, f"{card(first)}.card--arrived")
    stands(page, f"{card(second)}.card--arrived")
    assert Appointment.objects.filter(arrived_at=None).count() == 0
    context.close()


def test_when_somebody_arrived_is_read_whole_in_a_narrow_column(chromium, live_server, day):
    meeting = day["meeting"]
    context, page = today_at_the_desk(chromium, live_server, day)
    page.click(f"{card(meeting)} >> text=Arrived")
    stands(page, f"{card(meeting)}.card--arrived")
    page.evaluate("document.querySelectorAll('.card__state').forEach(one => {"
                  "one.lastChild.textContent = ' arrived 10:04 a.m.'})")  # fmt: skip
    cut = f"(() => {{const one = document.querySelector('{card(meeting)} .card__state');"
    cut += "return one.scrollWidth - one.clientWidth})()"
    for column in (176, 230, 280):
        page.evaluate(NARROW, f"{column}px")
        assert page.evaluate(cut) <= 0, column
    context.close()


def test_moved_on_a_phone_by_buttons_one_column_at_a_time(chromium, live_server, day):
    context = coming_in(
        chromium, live_server, inside(day["fay"].account), viewport=PHONE, has_touch=True
    )
    page, meeting = context.new_page(), day["meeting"]
    page.goto(f"{live_server.url}/desk/board/?on={day['monday']}")
    assert page.locator(".board__col:visible").count() == 1
    page.select_option("[data-board-column]", str(day["ben"].pk))
    reads(page, ".board__col:visible", "Jonas Weber")
    page.select_option("[data-board-column]", str(day["ana"].pk))
    page.tap(f"#more-{meeting.pk}")
    page.tap("#board-more >> text=Move")
    page.tap("[data-step=down]")
    page.tap("[data-put-here]")
    page.wait_for_selector("#board-said >> text=Moved to 9:15 a.m.")
    meeting.refresh_from_db()
    assert meeting.starts_at == day["nine"] + timedelta(minutes=15)
    context.close()


def test_without_script_it_is_moved_by_the_page_and_arrival_is_one_press(
    chromium, live_server, day
):
    context, page = today_at_the_desk(chromium, live_server, day, java_script_enabled=False)
    meeting = day["meeting"]
    page.click(f"{card(meeting)} >> text=Arrived")
    reads(page, card(meeting), "arrived")
    page.click(f"#more-{meeting.pk}")
    page.wait_for_url(f"**/desk/appointments/{meeting.pk}/move/**")
    context.close()


@pytest.mark.parametrize("view", ["people", "rooms", "equipment", "week"])
def test_axe_finds_nothing_and_nothing_is_too_wide(chromium, live_server, world, view):
    context = coming_in(chromium, live_server, inside(world["desk"]))
    page = context.new_page()
    page.goto(f"{live_server.url}/desk/board/?view={view}")
    problems = wrong(page)
    if view == "people":
        page.set_viewport_size({"width": 1440, "height": 900})
        page.click("[data-more] >> nth=0")
        problems += wrong(page)
    context.close()
    assert problems == []


def test_on_paper_every_line_is_there_whole(chromium, live_server, world):
    context = coming_in(chromium, live_server, inside(world["desk"]))
    page = context.new_page()
    page.goto(f"{live_server.url}/desk/board/?names=on")
    page.set_viewport_size({"width": 700, "height": 1000})
    page.emulate_media(media="print")
    pictured(page, "board-paper")
    clipped = page.evaluate("""() => [...document.querySelectorAll('.board__paper *')].filter(one =>
        one.checkVisibility() && (one.scrollWidth > one.clientWidth + 1 && one.clientWidth
        || one.getBoundingClientRect().right > innerWidth)).map(one => one.outerHTML)""")
    lines, cards = page.locator(".board__paper tbody tr").count(), page.locator(".card").count()
    hidden = page.locator(".board").is_hidden()
    context.close()
    assert clipped == []
    assert lines == cards > 0
    assert hidden


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_whole_house_stands_side_by_side(chromium, live_server, day, theme):
    """Ten people, every state, looked at when somebody asks for pictures."""
    now = time.now()
    monday, house = day["monday"], day["house"]
    rooms = [Room.objects.create(place=house, name=f"Room {n}") for n in (1, 2, 3)]
    pieces = [AnEquipment(place=house, kind="VR headset", name=f"Headset {n}") for n in (1, 2, 3)]
    staff = [day["ana"], day["ben"]]
    staff += [Colleague(at=[house], legal_name=name) for name in ("Chidi Okafor", "Dana Levi")]
    for one in staff[2:]:
        AStretch(staff=one)
    for n, one in enumerate(staff):
        for hour in (2, 3, 5, 6):
            who = ClientOf(care_team=[one], place=house, legal_name=f"Client {n} {hour}")
            at = day["nine"] + timedelta(hours=hour, minutes=15 * n)
            room = rooms[n] if n < 3 and hour % 2 else None
            met = AnAppointment(client=who, clinician=one, starts_at=at, room=room, place=house,
                                confirmed_at=now if hour == 3 else None)  # fmt: skip
            if n < 3 and hour > 3:
                Occupancy.objects.create(kind="EQUIPMENT", thing=pieces[n].pk, starts_at=at,
                                         ends_at=met.ends_at, appointment=met)  # fmt: skip
    context = coming_in(chromium, live_server, inside(day["fay"].account), color_scheme=theme)
    page = context.new_page()
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        for view in ("people", "rooms", "equipment", "week"):
            page.goto(f"{live_server.url}/desk/board/?on={monday}&view={view}")
            pictured(page, f"board-{view}-{width}-{theme}")
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width
    context.close()
