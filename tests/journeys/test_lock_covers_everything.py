"""The lock covers the page, and nothing of the page can climb over it."""

import os

import pytest
from playwright.sync_api import sync_playwright

from tests.factories import APlace, APractice, ClientOf, Colleague
from tests.web.stepping import inside

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

LOCK = "new BroadcastChannel('rapport-lock').postMessage('locked')"
TOP = """() => { const at = document.elementFromPoint(innerWidth / 2, innerHeight * 0.2);
  return !!at && !!at.closest('.veil'); }"""


@pytest.fixture
def desk(live_server):
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps a loop in this thread
    APractice()
    house = APlace()
    ana = Colleague(roles=["CLINICIAN"], at=[house])
    ClientOf(legal_name="Mara Kühn", care_team=[ana], place=house)
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"]
        )
        context = browser.new_context()
        for name, morsel in inside(ana.account).cookies.items():
            context.add_cookies([{"name": name, "value": morsel.value, "url": live_server.url}])
        page = context.new_page()
        page.goto(f"{live_server.url}/desk/")
        yield page
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


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
