"""Every page in a real browser, found by the walk over all addresses: axe finds nothing."""

import pytest

from rapport.people.models import Client
from tests.architecture.walk import routes
from tests.factories import ClientOf
from tests.web.stepping import inside

from .rounds import LOOKS, SIGNIN, address, coming_in, go, reads, spoilt, visited, wrong

PHONE = {"width": 390, "height": 844}

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def gone_round(page, live_server, door, rows, forms=True, **only):
    """What is wrong by page, how many pages there were, and how many forms that said no.

    A page is looked at in every look, a form that said no in the next of them.
    """
    problems, seen, refused = {}, 0, 0
    for route in visited(page, live_server, door, rows, **only):
        seen += 1
        if found := wrong(page):
            problems[str(route)] = found
        for number, status in spoilt(page) if forms else ():
            looks = LOOKS[refused % len(LOOKS) :][:1]
            found = wrong(page, looks) if status == 422 else [f"answers {status}"]
            refused += 1
            if found:
                problems[f"{route}, form {number} with nonsense in it"] = found
    return problems, seen, refused


def test_there_is_a_row_for_every_address(world):
    behind = [r for r in routes() if not r.name.startswith(SIGNIN) and r.permission != "public"]

    assert [str(r) for r in behind if address(r, world["rows"]) is None] == []


@pytest.mark.parametrize(
    ("door", "pages", "forms"), [("desk", 35, 20), ("portal", 8, 1), ("public", 7, 0)]
)
def test_axe_finds_nothing_on_any_page_or_wrong_form(
    chromium, live_server, world, door, pages, forms
):
    visit = inside(world[door], door) if door in world else None
    context = coming_in(chromium, live_server, visit)
    problems, seen, refused = gone_round(context.new_page(), live_server, door, world["rows"])
    context.close()

    assert problems == {}
    assert (seen >= pages, refused >= forms) == (True, True), (seen, refused)


def test_axe_finds_nothing_on_the_first_day(chromium, live_server, first_day):
    context = coming_in(chromium, live_server, inside(first_day["owner"]))
    problems, seen, _ = gone_round(
        context.new_page(), live_server, "desk", first_day["rows"], forms=False
    )
    context.close()

    assert problems == {}
    assert seen >= 18, seen
    assert not Client.objects.exists()


def test_axe_finds_nothing_on_a_client_of_whom_nothing_is_known(chromium, live_server, first_day):
    portal = first_day["client"]()
    rounds = [("desk", inside(first_day["clinician"])), ("portal", inside(portal, "portal"))]
    for door, visit in rounds:
        context = coming_in(chromium, live_server, visit)
        problems, seen, _ = gone_round(
            context.new_page(), live_server, door, first_day["rows"], forms=False,
            only=lambda route: "<uuid:client_id>" in route.path or route.name.startswith("portal"),
        )  # fmt: skip
        context.close()

        assert problems == {}
        assert seen >= 3


def test_a_client_is_found_as_one_types_and_opened_by_keyboard_alone(chromium, live_server, world):
    context = coming_in(chromium, live_server, inside(world["desk"]))
    page = context.new_page()
    page.goto(f"{live_server.url}/desk/")
    page.keyboard.press("Control+k")
    page.keyboard.type("wolfe")
    page.wait_for_selector("[role=option] .name")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/desk/clients/{world['rows']['client'].pk}/")

    assert page.inner_text("h1") == world["rows"]["client"].name.strip()
    context.close()


def test_without_script_one_reads_searches_and_submits(chromium, live_server, world):
    context = coming_in(chromium, live_server, inside(world["desk"]), java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/desk/clients/")
    page.fill("#q", "wolfe")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    go(page, "#found a")
    go(page, "text=Change")
    page.fill("[name=pronouns]", "she/her")
    page.click("main button[type=submit]")

    reads(page, "main", "she/her")
    context.close()


def test_what_was_removed_comes_back_by_one_button(chromium, live_server, world):
    context = coming_in(chromium, live_server, inside(world["desk"]), viewport=PHONE)
    page = context.new_page()
    page.goto(f"{live_server.url}/desk/clients/{world['rows']['client'].pk}/")
    page.click("text=Remove >> nth=0")
    page.wait_for_selector(".undo")
    assert wrong(page) == []
    assert "@example.org" not in page.inner_text(".rows >> nth=0")
    page.click("text=Undo")
    reads(page, ".rows >> nth=0", "@example.org")
    context.close()


def test_a_link_to_the_portal_is_shown_to_be_handed_over(chromium, live_server, world):
    context = coming_in(chromium, live_server, inside(world["desk"]), viewport=PHONE)
    page = context.new_page()
    page.goto(f"{live_server.url}/desk/clients/{world['rows']['client'].pk}/portal/")
    page.click("main button.btn-primary")
    page.wait_for_selector("#link")

    assert "/i/" in page.input_value("#link")
    assert wrong(page) == []
    context.close()


def test_who_belongs_to_a_couple_is_found_as_one_types(chromium, live_server, world):
    mia = ClientOf(legal_name="Mia Okafor", care_team=[world["desk"].staff])
    context = coming_in(chromium, live_server, inside(world["desk"]))
    page = context.new_page()
    page.goto(f"{live_server.url}/desk/clients/{world['rows']['couple'].pk}/members/")
    page.type("#q", "okaf")
    page.wait_for_selector("#choose .entry")
    assert wrong(page) == []
    page.click("#choose button")
    page.wait_for_selector(f"a[href='/desk/clients/{mia.pk}/']")
    context.close()
