"""On the smallest telephone, in long words and from the right: nothing leaves the screen."""

import pytest

from tests.factories import APractice, ClientOf, Colleague
from tests.web.stepping import inside

from .rounds import WIDE, coming_in, visited

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

WIDTHS = (390, 320)
DIRECTIONS = {"en": "ltr", "de": "ltr", "ar": "rtl"}
STARTS = """names => names.map(name => {
  const box = document.querySelector(name).getBoundingClientRect();
  const page = document.documentElement.getBoundingClientRect();
  return Math.round(document.dir === 'rtl' ? page.right - box.right : box.left - page.left); })"""


@pytest.mark.parametrize("language", DIRECTIONS)
@pytest.mark.parametrize(("door", "pages"), [("desk", 35), ("portal", 3), ("public", 3)])
def test_no_page_scrolls_sideways(chromium, live_server, world, door, pages, language):
    visit = None
    if door in world:
        world[door].language = language
        world[door].save(update_fields=["language"])
        visit = inside(world[door], door)
    context = coming_in(chromium, live_server, visit, locale=language)
    page, problems, seen = context.new_page(), {}, 0
    for route in visited(page, live_server, door, world["rows"]):
        seen += 1
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            if out := page.evaluate(WIDE):
                problems[f"{route} at {width}"] = out
        direction = page.evaluate("document.dir || 'ltr'")
        if direction != DIRECTIONS[language] and route.name != "elsewhere":
            problems[f"{route}"] = f"runs {direction}"
    context.close()

    assert problems == {}
    assert seen >= pages


def test_from_the_right_everything_begins_where_it_does_from_the_left(chromium, live_server, world):
    """Counted from the side where lines begin, things stand at the same places."""
    starts = []
    for language in ("en", "ar"):
        world["desk"].language = language
        world["desk"].save(update_fields=["language"])
        context = coming_in(chromium, live_server, inside(world["desk"]))
        page = context.new_page()
        page.goto(f"{live_server.url}/desk/clients/")
        starts.append(page.evaluate(STARTS, [".mark", ".bar li", "h1", "#q", "#found li a"]))
        context.close()

    assert starts[0] == starts[1]


def test_one_long_word_for_pronouns_breaks(chromium, live_server):
    APractice()
    ana = Colleague()
    mara = ClientOf(care_team=[ana], pronouns="W" * 40)
    context = coming_in(chromium, live_server, inside(ana.account))
    page = context.new_page()
    page.goto(f"{live_server.url}/desk/clients/{mara.pk}/")
    wide = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        wide[width] = page.evaluate(WIDE)
    context.close()

    assert wide == dict.fromkeys(WIDTHS)
