"""The lock covers the page, and nothing of the page can climb over it."""

import pytest

from tests.factories import APlace, APractice, ClientOf, Colleague
from tests.web.stepping import inside

from .rounds import coming_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

LOCK = "new BroadcastChannel('rapport-lock').postMessage('locked')"
TOP = """() => { const at = document.elementFromPoint(innerWidth / 2, innerHeight * 0.2);
  return !!at && !!at.closest('.veil'); }"""


@pytest.fixture
def desk(chromium, live_server):
    APractice()
    house = APlace()
    ana = Colleague(roles=["CLINICIAN"], at=[house])
    ClientOf(legal_name="Mara Kühn", care_team=[ana], place=house)
    context = coming_in(chromium, live_server, inside(ana.account))
    page = context.new_page()
    page.goto(f"{live_server.url}/desk/")
    yield page
    context.close()


def lock(page):
    page.evaluate(LOCK)
    page.wait_for_selector(".veil:not([hidden])")


def test_what_was_open_is_covered_too(desk):
    desk.keyboard.press("Control+k")
    desk.wait_for_selector("dialog.palette[open] [role=option]")
    lock(desk)

    assert desk.evaluate(TOP)
    assert desk.query_selector("dialog[open]") is None


def test_no_key_opens_anything_over_the_lock(desk):
    lock(desk)
    for key in ("Control+k", "?"):
        desk.evaluate("document.activeElement.blur()")
        desk.keyboard.press(key)
        assert desk.query_selector("dialog[open]") is None, key
    assert desk.evaluate(TOP)


def test_lock_in_the_menu_covers_the_other_tabs_at_once(desk):
    other = desk.context.new_page()
    other.goto(desk.url)
    assert not other.evaluate(TOP)
    desk.click(".me > summary")
    desk.click(".me form[action$='/lock/'] button")
    desk.wait_for_selector("main")

    other.wait_for_selector(".veil:not([hidden])")
    assert other.evaluate(TOP)
