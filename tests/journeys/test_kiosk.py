"""A tablet is handed over: large type, no way out but digits; and words read aloud."""

import pytest
from playwright.sync_api import expect

from rapport.core import time
from rapport.people.accounts import pins
from rapport.progress.measures import asking
from rapport.progress.models import Sheet
from tests.factories import APlace, APractice, ClientOf, Colleague
from tests.web.stepping import inside

from .rounds import coming_in, reads, wrong
from .test_answering import PHONE, clean, link, tap

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

TABLET = {"viewport": {"width": 820, "height": 1180}, "has_touch": True}
DIGITS = "493817"
VOICES = """voices => {
  window.saidAloud = [];
  const speech = { getVoices: () => voices, cancel: () => {}, addEventListener: () => {},
    speak: (one) => window.saidAloud.push([one.lang, one.text]) };
  Object.defineProperty(window, 'speechSynthesis', { value: speech });
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
}"""


@pytest.fixture
def ana():
    APractice(name="Practice by the river", country="DE")
    ana = Colleague(at=[APlace()])
    pins.set_pin(by=ana.account, account=ana.account, pin=DIGITS, now=time.now())
    return ana


def on_desk(page):
    """Whether anything of the desk stands on the page."""
    return page.locator("nav[aria-label=Main], .palette, [data-open-palette]").count() > 0


def test_the_tablet_shows_the_questions_and_nothing_else_until_the_digits(
    chromium, live_server, ana
):
    mara = ClientOf(legal_name="Mara Lindgren", care_team=[ana], place=ana.places.get())
    asking.ask(by=ana.account, client=mara, instruments=["gad-2"], way="DESK", now=time.now())
    tablet = coming_in(chromium, live_server, inside(ana.account), **TABLET)
    desk = f"{live_server.url}/desk/"
    other, page = tablet.new_page(), tablet.new_page()
    other.goto(f"{desk}clients/{mara.pk}/")
    page.goto(f"{desk}clients/{mara.pk}/hand-over/")
    assert wrong(page) == []
    page.set_viewport_size(TABLET["viewport"])
    tap(page, "text=Hand it over now")
    assert page.url == f"{desk}kiosk/" and not on_desk(page)
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "23px"
    clean(page)
    expect(other.locator(".veil")).to_be_visible()  # a tab that stood open covers itself

    for how in (page.go_back, page.reload, lambda: page.goto(desk), other.reload):
        how()
        for one in (page, other):
            one.wait_for_load_state()
        assert not on_desk(page)
        assert "Mara" not in page.inner_text("body")
    assert other.url == f"{desk}kiosk/" and not on_desk(other)
    third = tablet.new_page()
    for path in ("clients/", f"clients/{mara.pk}/", "me/pin/", "lock/", "signin/", "signin/mine/"):
        third.goto(desk + path)
        assert not on_desk(third) and "Mara" not in third.inner_text("body"), path
    with third.expect_response("**/desk/find/**") as found:
        third.evaluate("fetch('/desk/find/?q=mara')")
    assert found.value.status == 423

    page.goto(f"{desk}kiosk/")
    tap(page, "text=Begin")
    for _ in range(2):
        clean(page)
        tap(page, ".answer >> nth=3")
    tap(page, ".answering__go")
    assert page.inner_text("h1") == "Thank you" and "Give the tablet back" in page.inner_text(
        "main"
    )
    clean(page)
    page.go_back()
    page.goto(f"{desk}kiosk/1/1/")
    reads(page, "h1", "answered already")
    assert Sheet.objects.get().source == "CLIENT"

    tap(page, "text=For the practice")
    clean(page)
    page.fill("[name=pin]", "111222")
    tap(page, "text=Open the desk")
    clean(page)
    page.fill("[name=pin]", DIGITS)
    tap(page, "text=Open the desk")
    assert page.url == desk and on_desk(page)
    tablet.close()


def test_left_alone_it_asks_and_then_covers_itself(chromium, live_server, ana):
    mara = ClientOf(legal_name="Mara Lindgren", care_team=[ana], place=ana.places.get())
    asking.ask(by=ana.account, client=mara, instruments=["gad-2"], way="DESK", now=time.now())
    tablet = coming_in(chromium, live_server, inside(ana.account), **TABLET)
    page = tablet.new_page()
    page.clock.install()
    page.goto(f"{live_server.url}/desk/clients/{mara.pk}/hand-over/")
    tap(page, "text=Hand it over now")
    tap(page, "text=Begin")
    page.clock.fast_forward(155_000)
    expect(page.get_by_role("heading", name="Are you still there?")).to_be_visible()
    page.click("dialog button")
    page.clock.fast_forward(100_000)
    expect(page.locator("dialog")).to_be_hidden()
    page.clock.fast_forward(90_000)
    expect(page.get_by_role("heading", name="This page is covered")).to_be_visible()
    clean(page)
    page.goto(f"{live_server.url}/desk/kiosk/1/1/")
    assert page.inner_text("h1") == "This page is covered"
    page.fill("[name=pin]", DIGITS)
    tap(page, "text=Go on with the questions")
    tap(page, ".answering__go")
    assert page.inner_text("#progress") == "1 of 2"
    tablet.close()


def test_larger_type_stays_for_the_sitting_and_sets_no_cookie(chromium, live_server, ana):
    phone = chromium.new_context(**PHONE)
    page, path = phone.new_page(), link(ana)
    page.goto(live_server.url + path)
    before = {one["name"] for one in phone.cookies()}
    page.get_by_role("button", name="Larger type").press("Enter")
    tap(page, "text=Begin")
    expect(page.get_by_role("button", name="Larger type")).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "23px"
    clean(page)
    page.get_by_role("button", name="Larger type").press("Enter")
    page.reload()
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "18px"
    assert {one["name"] for one in phone.cookies()} == before
    phone.close()


@pytest.mark.parametrize(
    ("voices", "there", "online"),
    [
        ([], False, False),
        ([{"lang": "fr-FR", "localService": True}], False, False),
        ([{"lang": "en-GB", "localService": False}], True, True),
        ([{"lang": "en-US", "localService": False}, {"lang": "en_GB", "localService": True}],
         True, False),
    ],
)  # fmt: skip
def test_words_are_read_in_their_language_where_there_is_a_voice(
    chromium, live_server, ana, voices, there, online
):
    phone = chromium.new_context(**PHONE)
    page, path = phone.new_page(), link(ana, "gad-2")
    page.add_init_script(
        f"({VOICES})({voices!r})".replace("True", "true").replace("False", "false")
    )
    page.goto(live_server.url + path)
    tap(page, "text=Begin")
    tap(page, ".answer >> nth=1")
    tap(page, "main >> text=Back")
    button = page.locator("[data-aloud]")
    assert (button.is_visible(), page.locator("[data-aloud-online]").is_visible()) == (
        there,
        online,
    )
    if there:
        clean(page)
        button.press("Enter")
        expect(button).to_have_text("Stop reading")
        said = page.evaluate("window.saidAloud")
        assert {one[0] for one in said} == {voices[-1]["lang"]}
        assert [one[1] for one in said][1:] == [
            page.inner_text("h1"), *page.locator(".answer span").all_inner_texts()
        ]  # fmt: skip
        page.keyboard.press("Escape")
        expect(button).to_have_text("Read aloud")
    phone.close()
