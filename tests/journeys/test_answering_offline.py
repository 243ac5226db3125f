"""A phone without a network: every answer kept, locked, sent once; help at once; nothing left."""

from hashlib import sha256

import pytest
from playwright.sync_api import expect

from rapport.core import time
from rapport.progress.measures import asking
from rapport.progress.models import Alert, Asked, Sheet
from tests.factories import AnAccount, ClientOf, Colleague
from tests.progress.held_here import built, question
from tests.web.stepping import inside

from .rounds import AXE, RUN, WIDE, coming_in
from .test_answering import PHONE, SMALL, ana, link, tap  # noqa: F401  a fixture

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

READY = """async () => { const one = await navigator.serviceWorker.ready;
  return one.active.state === 'activated' && (await caches.keys()).length === 1; }"""
LEFT = """async () => {
  const rows = await new Promise((done) => { const asked = indexedDB.open('rapport-answers', 1);
    asked.onsuccess = () => { const open = asked.result;
      if (!open.objectStoreNames.length) return done([]);
      const all = open.transaction(['sittings', 'keys']);
      const found = []; let n = 2;
      for (const name of ['sittings', 'keys']) all.objectStore(name).getAll().onsuccess = (e) => {
        found.push(...e.target.result); if (!--n) { open.close(); done(found); } }; } });
  const inside = await Promise.all(rows.map(async (one) => one.sealed
    ? new TextDecoder('latin1').decode(one.sealed) : String(one)));
  const workers = await navigator.serviceWorker.getRegistrations();
  return { rows: inside, caches: await caches.keys(), workers: workers.map((one) => one.scope) };
}"""
TAPS = "window.taps = 0; document.addEventListener('click', () => { window.taps += 1; }, true)"
KEPT = """(name) => navigator.locks.request(name, () => window.taps)"""


def laid_ready(page):
    """The worker has what it needs, and the questions are locked away."""
    page.wait_for_function(READY)
    for _ in range(600):
        if page.evaluate(LEFT)["rows"]:
            return
        page.wait_for_timeout(50)
    raise AssertionError("nothing was laid ready")


def onwards(page, what):
    """Press something; it is kept here, and what comes after it stands there."""
    page.locator(what).wait_for()
    title = page.locator("h1")
    before = title.inner_text()
    page.click(what)
    expect(title).not_to_have_text(before)


def answer(page, number):
    """Choose an answer by its place."""
    onwards(page, f".answer >> nth={number}")


def known(page, yes):
    """Beside help stands whether anybody here knows: one of both sentences, never both."""
    for which, stands in (("yes", yes), ("no", not yes)):
        expect(page.locator(f"[data-known={which}]")).to_be_visible(visible=stands)


def clean(page):
    page.evaluate(AXE)
    assert page.evaluate(RUN) == [], page.url
    assert page.evaluate(WIDE) is None
    assert page.evaluate(SMALL) == []


def test_answered_without_a_network_closed_opened_again_and_sent_once(
    chromium, live_server, ana  # noqa: F811
):  # fmt: skip
    phone = chromium.new_context(**PHONE)
    page, path = phone.new_page(), link(ana)
    page.goto(live_server.url + path)
    laid_ready(page)
    tap(page, "text=Begin")
    tap(page, "text=Several days")
    page.wait_for_load_state("networkidle")
    phone.set_offline(True)

    tap(page, "text=Several days")  # by the page of the server: the worker keeps it
    state = page.locator("[data-offline-state]")
    expect(state).to_contain_text("not sent yet")
    expect(page.locator("#progress")).to_have_text("3 of 10")
    clean(page)
    for _ in range(6):
        answer(page, 1)
    expect(page.locator(".risk-box")).to_be_hidden()
    answer(page, 2)  # item nine
    expect(page.locator(".risk-box a[href='tel:112']")).to_be_visible()
    expect(page.locator(".risk-box")).to_contain_text("nobody here knows of it")
    known(page, yes=False)
    clean(page)
    page.close()

    left = None
    page = phone.new_page()  # reopened, still without a network
    page.goto(live_server.url + path)
    expect(page.locator("#progress")).to_have_text("10 of 10")
    expect(page.locator(".risk-box a[href='tel:112']")).to_be_visible()
    page.click("button[data-back]")
    expect(page.locator(".answer[aria-pressed=true]")).to_contain_text("More than half")
    page.keyboard.press("3")
    expect(page.locator("#progress")).to_have_text("10 of 10")
    page.click("[data-leave]")  # how difficult it was: open, though it needs no answer
    expect(page.locator("h1")).to_have_text("Some questions are still open")
    expect(page.locator("[data-missing] li")).to_have_count(1)
    expect(page.locator("[data-missing]")).to_contain_text("no answer; it needs none")
    clean(page)
    page.click("[data-missing] button")
    answer(page, 0)
    expect(page.locator("h1")).to_have_text("That was the last question")
    page.click("[data-hand-in]")
    expect(page.locator("h1")).to_have_text("Nothing was sent yet")
    clean(page)
    left = page.evaluate(LEFT)
    assert len(left["rows"]) == 1 and len(left["caches"]) == 1
    assert not any(word in left["rows"][0] for word in ("answers", "pleasure", "phq", "steps"))
    assert [one.endswith(path) for one in left["workers"]] == [True]
    assert not Sheet.objects.exists()

    phone.set_offline(False)
    expect(page.locator("h1").first).to_have_text("You do not have to be alone with this")
    sheet = Sheet.objects.get()
    assert (sheet.answers["1"], sheet.answers["9"], Alert.objects.count()) == (1, 2, 1)
    page.wait_for_function("async () => !(await caches.keys()).length")
    assert page.evaluate(LEFT) == {"rows": [], "caches": [], "workers": []}
    phone.close()


def test_once_a_risky_answer_is_sent_help_no_longer_says_that_nobody_knows(
    chromium, live_server, ana  # noqa: F811
):  # fmt: skip
    phone = chromium.new_context(**PHONE)
    page, path = phone.new_page(), link(ana)
    page.goto(live_server.url + path)
    laid_ready(page)
    phone.set_offline(True)
    page.reload()
    for _ in range(8):
        answer(page, 0)
    answer(page, 1)  # item nine
    expect(page.locator(".risk-box")).to_contain_text("nobody here knows of it")
    known(page, yes=False)
    phone.set_offline(False)
    expect(page.locator("[data-offline-state]")).to_contain_text("was sent")
    expect(page.locator(".risk-box")).to_contain_text("Your answers so far were sent")
    known(page, yes=True)
    assert Asked.objects.get().kept_at is not None
    phone.set_offline(True)
    page.click("button[data-back]")
    answer(page, 2)
    known(page, yes=False)
    phone.close()


def test_what_was_sent_on_the_way_is_not_named_as_open(
    chromium, live_server, ana  # noqa: F811
):  # fmt: skip
    phone = chromium.new_context(**PHONE)
    page, path = phone.new_page(), link(ana)
    page.goto(live_server.url + path)
    laid_ready(page)
    phone.set_offline(True)
    page.reload()
    for _ in range(4):
        answer(page, 1)
    onwards(page, "[data-leave]")
    phone.set_offline(False)
    expect(page.locator("[data-offline-state]")).to_contain_text("was sent")
    for _ in range(5):
        answer(page, 0)

    expect(page.locator("h1")).to_have_text("Some questions are still open")
    expect(page.locator("[data-missing] li")).to_have_count(1)
    page.click("[data-missing] button")
    expect(page.locator("#progress")).to_have_text("5 of 10")
    page.click("button[data-back]")
    expect(page.locator(".answer[aria-pressed=true]")).to_contain_text("Several days")
    phone.close()


def test_an_answer_of_the_server_that_was_lost_is_asked_for_again_from_two_tabs(
    chromium, live_server, ana  # noqa: F811
):  # fmt: skip
    phone = chromium.new_context(**PHONE)
    page, path = phone.new_page(), link(ana, "gad-2")
    page.goto(live_server.url + path)
    laid_ready(page)
    phone.set_offline(True)
    page.reload()
    for _ in range(2):
        answer(page, 3)
    page.click("[data-hand-in]")
    expect(page.locator("h1")).to_have_text("Nothing was sent yet")
    phone.set_offline(False)
    other = phone.new_page()
    lost = []

    def lose(route):
        route.fetch()  # the server takes it; its answer never arrives
        lost.append(route.request.url)
        route.abort()

    phone.route("**/send/", lose, times=1)
    other.goto(live_server.url + path)
    expect(page.locator("h1")).to_contain_text("Thank you")
    assert Sheet.objects.count() == 1 and Asked.objects.get().state == "ANSWERED"
    assert len(lost) <= 1
    phone.close()


def test_another_version_meanwhile_keeps_the_answers_and_says_whom_to_call(
    chromium, live_server, ana  # noqa: F811
):  # fmt: skip
    phone = chromium.new_context(**PHONE)
    page, path = phone.new_page(), link(ana, "gad-2")
    page.goto(live_server.url + path)
    laid_ready(page)
    phone.set_offline(True)
    page.reload()
    for _ in range(2):
        answer(page, 0)
    page.click("[data-hand-in]")
    Asked.objects.update(version=9)
    phone.set_offline(False)
    state = page.locator("[data-offline-state]")
    expect(state).to_contain_text("has changed since it was asked")
    expect(state).to_contain_text("kept on this device")
    page.reload()  # with a network, on the page of the server
    expect(page.locator("main [role=alert]")).to_contain_text("were not sent")
    assert not Sheet.objects.exists() and len(page.evaluate(LEFT)["rows"]) == 1
    page.click("text=Clear this device")
    with page.expect_navigation():
        page.click("text=Clear it now")
    page.wait_for_function("async () => !(await caches.keys()).length")
    assert page.evaluate(LEFT)["rows"] == []
    phone.close()


def test_a_clock_wrong_by_a_year_changes_nothing(chromium, live_server, ana):  # noqa: F811
    phone = chromium.new_context(**PHONE)
    page, path, before = phone.new_page(), link(ana, "gad-2"), time.now()
    page.clock.set_fixed_time("2019-01-01T12:00:00")
    page.goto(live_server.url + path)
    laid_ready(page)
    phone.set_offline(True)
    page.reload()
    for _ in range(2):
        answer(page, 0)
    page.click("[data-hand-in]")
    expect(page.locator("h1")).to_have_text("Nothing was sent yet")
    phone.set_offline(False)
    expect(page.locator("h1")).to_have_text("Thank you")
    assert before < Sheet.objects.get().answered_at < time.now()
    phone.close()


def test_words_a_day_and_what_is_not_for_somebody_are_asked_as_with_a_network(
    chromium, live_server, ana  # noqa: F811
):  # fmt: skip
    olga = Colleague(roles=["OWNER", "CLINICIAN"])
    form = built(
        olga.account, question(kind="text", counts=False, section="Last night"),
        question(kind="date", counts=False), question(), now=time.now(),
    )  # fmt: skip
    phone = chromium.new_context(**PHONE)
    page, path = phone.new_page(), link(ana, form.code)
    page.goto(live_server.url + path)
    laid_ready(page)
    tap(page, "text=Begin")
    phone.set_offline(True)
    page.fill("textarea", "I lay awake.\nUntil four.")
    page.tap("text=Go on")  # by the page of the server: the worker keeps it
    expect(page.locator("#progress")).to_have_text("2 of 3")
    page.fill("input[type=date]", "2026-02-03")
    page.tap("text=Go on")
    page.click("button[data-back]")
    page.click("button[data-back]")
    expect(page.locator("textarea")).to_have_value("I lay awake.\nUntil four.")
    expect(page.locator("[data-section]")).to_have_text("Last night")
    page.locator("textarea").press("1")  # a letter here, no answer
    clean(page)
    page.tap("text=Go on")
    expect(page.locator("input[type=date]")).to_have_value("2026-02-03")
    page.tap("text=Go on")
    expect(page.locator("#progress")).to_have_text("3 of 3")
    page.keyboard.press("4")  # of 0 to 10 a digit is the answer itself
    page.click("[data-hand-in]")
    phone.set_offline(False)
    expect(page.locator("h1")).to_have_text("Thank you")
    assert Sheet.objects.get().answers == {
        "1": "I lay awake.\nUntil four.1",
        "2": "2026-02-03",
        "3": 4,
    }
    phone.close()


def test_what_is_not_for_a_body_is_not_asked_without_a_network(
    chromium, live_server, ana  # noqa: F811
):  # fmt: skip
    phone = chromium.new_context(**PHONE)
    page, path = phone.new_page(), link(ana, "phq-15")
    page.goto(live_server.url + path)
    laid_ready(page)
    phone.set_offline(True)
    page.reload()
    expect(page.locator("#progress")).to_have_text("1 of 16")
    page.get_by_role("button", name="Male", exact=True).click()
    expect(page.locator("#progress")).to_have_text("2 of 15")
    phone.close()


def test_the_second_half_of_a_double_tap_answers_nothing(chromium, live_server, ana):  # noqa: F811
    phone = chromium.new_context(**PHONE, reduced_motion="reduce")
    page, path = phone.new_page(), link(ana)
    page.goto(live_server.url + path)
    laid_ready(page)
    phone.set_offline(True)
    page.reload()
    answer = page.locator(".answer >> nth=1")
    expect(answer).to_have_css("pointer-events", "auto")
    box, session = answer.bounding_box(), phone.new_cdp_session(page)
    session.send("Animation.enable")
    session.send("Animation.setPlaybackRate", {"playbackRate": 0})  # the moment it is drawn stays
    page.evaluate(TAPS)
    name = f"rapport-answers-{sha256(path.encode()).hexdigest()[:32]}"
    for taps in (1, 2):
        page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.wait_for_function(f"window.taps === {taps}")
        assert page.evaluate(KEPT, name) == taps  # what a tap began is over
        assert page.inner_text("#progress") == "2 of 10"
    session.send("Animation.setPlaybackRate", {"playbackRate": 1})
    onwards(page, ".answer >> nth=0")
    expect(page.locator("#progress")).to_have_text("3 of 10")
    phone.close()


def test_a_question_that_another_page_took_away_says_so_when_it_is_answered(
    chromium, live_server, ana  # noqa: F811
):  # fmt: skip
    phone = chromium.new_context(**PHONE)
    page, other, path = phone.new_page(), phone.new_page(), link(ana)
    page.goto(live_server.url + path)
    laid_ready(page)
    phone.set_offline(True)
    page.reload()
    other.goto(live_server.url + path)
    other.click("text=Clear this device")
    other.click("text=Clear it now")
    expect(other.locator("h1")).to_have_text("This device is clear")
    phone.set_offline(False)
    answer(page, 1)
    expect(page.locator("h1")).to_have_text("This device is clear")
    phone.close()


def test_in_the_portal_too_and_cleared_by_hand(chromium, live_server, ana):  # noqa: F811
    account = AnAccount(realm="PORTAL")
    noa = ClientOf(care_team=[ana], account=account)
    asking.ask(by=ana.account, client=noa, instruments=["gad-2"], way="PORTAL", now=time.now())
    phone = coming_in(chromium, live_server, inside(account, "portal"), **PHONE)
    page, where = phone.new_page(), f"/portal/measures/{Asked.objects.get().pk}/"
    page.goto(live_server.url + where)
    laid_ready(page)
    phone.set_offline(True)
    page.reload()
    answer(page, 2)
    expect(page.locator("#progress")).to_have_text("2 of 2")
    page.close()
    page = phone.new_page()
    page.goto(live_server.url + where)
    expect(page.locator("#progress")).to_have_text("2 of 2")
    phone.set_offline(False)
    answer(page, 2)
    page.click("[data-hand-in]")
    expect(page.locator("h1")).to_have_text("Thank you")
    assert Sheet.objects.get().answers == {"1": 2, "2": 2}
    phone.close()
