"""A whole questionnaire on a phone: by taps, by keyboard, without script; help at once."""

import pytest

from rapport.core import time
from rapport.progress.measures import asking
from rapport.progress.models import Alert, Asked, Sheet
from tests.factories import AnAccount, APractice, ClientOf, Colleague
from tests.progress.held_here import built, draft, question
from tests.web.stepping import inside

from .rounds import AXE, RUN, TURN, WIDE, coming_in, reads

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


SMALL = """() => [...document.querySelectorAll('main button, main .btn, .help-now a')]
  .filter(one => one.checkVisibility() && one.getBoundingClientRect().height < 44)
  .map(one => one.outerHTML.slice(0, 80))"""


@pytest.fixture
def ana():
    APractice(name="Practice by the river", country="DE", hours="Mon-Fri 9-17, 030 901820")
    return Colleague()


def link(ana, instrument="phq-9", **given):
    mara = ClientOf(legal_name="Mara Lindgren", care_team=[ana], **given)
    (put,) = asking.ask(
        by=ana.account, client=mara, instruments=[instrument], way="LINK", now=time.now()
    )
    return put.path


def tap(page, what):
    with page.expect_navigation():
        page.tap(what)


def clean(page):
    """Axe finds nothing, nothing is wider than the phone, every target is large enough."""
    page.wait_for_load_state()
    page.evaluate(AXE)
    for theme in ("light", "dark", "contrast"):
        page.evaluate(TURN, theme)
        assert page.evaluate(RUN) == [], (page.url, theme)
        assert page.evaluate(WIDE) is None, (page.url, theme)
    small = page.evaluate(SMALL)
    assert small == [], page.url


def test_nine_questions_take_one_tap_each_and_item_nine_brings_help_at_once(
    chromium, live_server, ana
):
    phone = chromium.new_context(**PHONE)
    page, taps = phone.new_page(), 0
    page.goto(live_server.url + link(ana))
    clean(page)
    assert page.locator("a[href='tel:112']").first.is_visible()
    reads(page, "main", "Mon-Fri 9-17")
    reads(page, "main", "are told of that answer")
    begin, help = (page.locator(s).bounding_box() for s in (".answering__go", ".help-now a"))
    assert begin["y"] + begin["height"] < help["y"]  # both in sight, neither over the other

    tap(page, "text=Begin")
    for number in range(1, 11):
        assert page.url.endswith(f"/{number}/")
        if number in (1, 9, 10):
            clean(page)
        assert page.locator(".risk-box").count() == (number > 9)
        if number > 9:  # help first, before anything is handed in; the question below it
            assert page.locator(".risk-box .risk svg").is_visible()
            call = page.locator(".risk-box a[href='tel:112']")
            assert call.bounding_box()["y"] + call.bounding_box()["height"] <= 844
        for one in page.locator(".answer").all():  # every answer without scrolling
            box = one.bounding_box()
            assert number > 9 or box["y"] + box["height"] <= 844, number
        tap(page, "text=Several days" if number < 10 else "text=Somewhat difficult")
        taps += 1
    clean(page)
    assert page.locator(".risk-box a[href='tel:112']").is_visible()
    assert not Sheet.objects.exists()
    tap(page, ".answering__go")
    taps += 2

    clean(page)
    assert page.locator(".risk-box a[href='tel:112']").is_visible()
    assert page.locator(".risk-box .risk svg").is_visible()
    assert taps == 12 and Alert.objects.count() == 1
    page.reload()
    assert page.locator(".risk-box").count() == 1 and Sheet.objects.count() == 1
    phone.close()


def test_by_keyboard_alone_with_number_keys(chromium, live_server, ana):
    desk = chromium.new_context(viewport={"width": 1440, "height": 900})
    page = desk.new_page()
    page.goto(live_server.url + link(ana))
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == "Begin":
            break
    page.keyboard.press("Enter")
    for number in range(1, 11):
        page.wait_for_url(f"**/{number}/")
        page.keyboard.press("9")  # there is no ninth answer: nothing happens
        with page.expect_navigation():
            page.keyboard.press("1")
    page.wait_for_url("**/check/")
    reads(page, "h1", "last question")
    clean(page)
    desk.close()


def test_of_0_to_10_a_digit_is_the_answer_itself_at_the_client_and_in_the_preview(
    chromium, live_server, ana
):
    olga = Colleague(roles=["OWNER", "CLINICIAN"])
    form = built(olga.account, question(), question(text="And today?"), now=time.now(), missing=0)
    form.draft = draft(question(), question(text="And today?"))
    form.save(update_fields=["draft"])
    preview = f"/desk/practice/questionnaires/{form.pk}/preview/"
    desk = coming_in(chromium, live_server, inside(olga.account))
    page = desk.new_page()
    for first, second in ((f"{link(ana, form.code)}1/1/", "**/2/"), (preview, "**n=2**")):
        page.goto(live_server.url + first)
        assert page.inner_text(".answer[value='10'] kbd") == "+"
        for key, address in (("3", second), ("+", "**")):
            with page.expect_navigation(url=address):
                page.keyboard.press(key)
    assert "a=1%3A3" in page.url and "a=2%3A10" in page.url
    assert Asked.objects.get().draft["answers"] == {"1": 3, "2": 10}
    desk.close()


def test_without_script_back_forward_and_resuming_later(chromium, live_server, ana):
    path = link(ana)
    phone = chromium.new_context(**PHONE, java_script_enabled=False)
    page = phone.new_page()
    page.goto(live_server.url + path)
    tap(page, "text=Begin")
    tap(page, "text=Nearly every day")
    tap(page, "text=Leave this open")
    tap(page, "text=Not at all")
    tap(page, "main >> text=Back")
    assert page.locator("[aria-pressed=true]").inner_text().startswith("Not at all")
    tap(page, "text=Forward")
    assert page.inner_text("#progress") == "4 of 10"
    phone.close()

    other = chromium.new_context(**PHONE, java_script_enabled=False)
    page = other.new_page()
    page.goto(live_server.url + path)
    tap(page, "text=Go on")
    assert page.inner_text("#progress") == "2 of 10"
    page.goto(f"{live_server.url}{path}1/check/")
    reads(page, "h1", "questions are still open")
    tap(page, ".answering__go")
    assert page.inner_text("h1") == "Thank you"
    assert Sheet.objects.get().score.status == "NOT_SCORABLE"
    other.close()


@pytest.mark.parametrize(("language", "direction"), [("de", "ltr"), ("ar", "rtl")])
def test_in_another_language_and_direction_it_stays_clean(
    chromium, live_server, ana, language, direction
):
    phone = chromium.new_context(**PHONE)
    page = phone.new_page()
    page.goto(live_server.url + link(ana, languages=[language]))
    assert page.get_attribute("html", "dir") == direction
    clean(page)
    tap(page, ".answering__go")
    clean(page)
    phone.close()


def test_what_is_over_and_what_never_was_are_calm(chromium, live_server, ana):
    phone = chromium.new_context(**PHONE)
    page, path = phone.new_page(), link(ana)
    Asked.objects.update(state="WITHDRAWN", closed_at=time.now())
    for where in (path, "/m/never/"):
        page.goto(live_server.url + where)
        clean(page)
        assert page.locator("a[href='tel:112']").is_visible()
    tap(page, "[data-quick-exit]")
    page.wait_for_url("**/elsewhere/")
    phone.close()


def test_in_the_portal_it_is_the_same(chromium, live_server, ana):
    account = AnAccount(realm="PORTAL")
    noa = ClientOf(care_team=[ana], account=account)
    asking.ask(by=ana.account, client=noa, instruments=["gad-2"], way="PORTAL", now=time.now())
    phone = coming_in(chromium, live_server, inside(account, "portal"), **PHONE)
    page = phone.new_page()
    page.goto(f"{live_server.url}/portal/")
    clean(page)
    tap(page, "main >> text=Answer")
    clean(page)
    tap(page, "text=Begin")
    for _ in range(2):
        clean(page)
        tap(page, "text=Several days")
    tap(page, ".answering__go")
    clean(page)
    tap(page, "text=To my page")
    reads(page, "main", "nothing you have to do")
    phone.close()
