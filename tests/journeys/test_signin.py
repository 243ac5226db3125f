"""A person with a browser: passkeys, apps, links, the lock, and the other device."""

import re
from contextlib import contextmanager

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from rapport.core import time
from rapport.core.policy import System
from rapport.people.accounts import invitations
from tests.web.signin.conftest import (
    PASSWORD,
    app_code,
    give_password,
    make_client,
    make_staff,
)

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def device(chromium, live_server):
    """Opens devices; each has its own cookies and, if wanted, its own passkeys."""
    opened, blocked = [], []

    def look(message):
        if "Content Security Policy" in message.text:
            blocked.append(message.text)

    def open_one(*, key: bool = True, **given) -> Page:
        context = chromium.new_context(base_url=live_server.url, locale="en", **given)
        page = context.new_page()
        page.on("console", look)
        if key:
            session = context.new_cdp_session(page)
            session.send("WebAuthn.enable")
            session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
        opened.append(context)
        return page

    yield open_one
    for context in opened:
        context.close()
    assert blocked == []


def link_for(account, purpose="STAFF"):
    _made, path = invitations.make(
        by=System("test"), account=account, purpose=purpose, now=time.now()
    )
    return path


def begin_with_passkey(page, path):
    page.goto(path)
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("button", name="Make a passkey").click()
    page.get_by_role("button", name="Show my recovery codes").click()
    codes = page.locator("#recovery-codes code")
    expect(codes).to_have_count(10)
    return codes.all_inner_texts()


def enter_password(page, mail="ana@example.org", door="desk"):
    page.goto(f"/{door}/signin/?next=/{door}/signin/mine/")
    page.get_by_label("Mail address").fill(mail)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()


@contextmanager
def settled(page):
    """Wait for the page that the block leads to."""
    with page.expect_navigation():
        yield


def heading(page, text):
    return expect(page.get_by_role("heading", name=text, level=1))


def test_an_invitation_a_passkey_and_in_without_a_password(device):
    page = device()
    codes = begin_with_passkey(page, link_for(make_staff(password=None, app=False)))
    assert len(set(codes)) == 10
    page.goto("/desk/signin/mine/")
    heading(page, "My sign-in").to_be_visible()
    page.evaluate("fetch('/desk/signin/out/')")  # a GET ends nothing
    page.context.clear_cookies()

    page.goto("/desk/signin/?next=/desk/signin/mine/")
    with settled(page):
        page.get_by_role("button", name="Use a passkey").click()
    heading(page, "My sign-in").to_be_visible()
    assert page.url.endswith("/desk/signin/mine/")


def test_a_stranger_who_guesses_does_not_keep_a_passkey_out(device):
    page = device()
    begin_with_passkey(page, link_for(make_staff(password=None, app=False)))
    page.context.clear_cookies()
    for n in range(30):
        thief = Client(REMOTE_ADDR=f"198.51.100.{n}")
        last = give_password(thief, password=f"guess number {n}")
    assert last.status_code == 429
    page.goto("/desk/signin/?next=/desk/signin/mine/")
    with settled(page):
        page.get_by_role("button", name="Use a passkey").click()
    heading(page, "My sign-in").to_be_visible()


def test_a_passkey_of_the_desk_does_not_open_the_portal(device):
    page = device()
    begin_with_passkey(page, link_for(make_staff(password=None, app=False)))
    page.context.clear_cookies()
    page.goto("/portal/signin/")
    with settled(page):
        page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("alert").first).to_contain_text("did not work here")


def test_a_cancelled_passkey_says_what_to_do_next(device):
    page = device(key=False)
    page.goto("/desk/signin/")
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new Error('no')); }")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("alert").first).to_contain_text("sign in with your password below")


def test_password_then_the_app(device):
    make_staff()
    page = device(key=False)
    enter_password(page)
    page.get_by_label("Code").fill(app_code())
    page.get_by_role("button", name="Sign in").click()
    heading(page, "My sign-in").to_be_visible()


def test_a_client_comes_in_through_the_portal_with_a_passkey(device):
    page = device(viewport={"width": 390, "height": 800}, has_touch=True)
    begin_with_passkey(page, link_for(make_client(password=None, app=False), "CLIENT"))
    page.goto("/portal/signin/mine/")
    heading(page, "My sign-in").to_be_visible()
    page.goto("/desk/signin/mine/")
    heading(page, "Sign in to the desk").to_be_visible()


def test_setting_up_the_app_without_javascript(device):
    page = device(key=False, java_script_enabled=False)
    page.goto(link_for(make_staff(password=None, app=False)))
    page.get_by_role("button", name="Begin").click()
    page.get_by_label("New password").fill("a sentence of my own")
    with settled(page):
        page.get_by_role("button", name="Use a password").click()
    page.goto("/desk/signin/set-up/")
    page.get_by_role("link", name="An app with codes").click()
    secret = page.locator("#app-secret").inner_text().replace(" ", "")
    page.get_by_label("Code").fill(app_code(secret))
    page.get_by_role("button", name="Connect").click()
    page.get_by_role("button", name="Show my recovery codes").click()
    expect(page.locator("#recovery-codes li")).to_have_count(10)


def test_a_new_password_by_link_still_asks_the_factor(device):
    account = make_staff()
    page = device(key=False)
    page.goto(link_for(account, "RESET"))
    page.get_by_role("button", name="Begin").click()
    page.get_by_label("New password").fill("a sentence of my own")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("Your new password is kept. Sign in with it.")).to_be_visible()
    page.get_by_label("Mail address").fill("ana@example.org")
    page.get_by_label("Password").fill("a sentence of my own")
    page.get_by_role("button", name="Go on").click()
    heading(page, "One more step").to_be_visible()


def test_the_lock_keeps_what_was_typed(device):
    page = device()
    begin_with_passkey(page, link_for(make_staff(password=None, app=False)))
    page.goto("/desk/signin/mine/passkeys/add/")
    name = page.get_by_label("Name of this passkey")
    name.fill("The one in the drawer")
    lock(page)
    page.evaluate(
        "() => { const form = document.querySelector('form[data-passkey=make]');"
        " form.elements.credential.value = '{}'; form.submit(); }"
    )
    heading(page, "The desk is locked").to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_label("Name of this passkey")).to_have_value("The one in the drawer")


def test_the_veil_falls_over_an_idle_page_and_a_passkey_lifts_it(device):
    page = device()
    page.clock.install()
    begin_with_passkey(page, link_for(make_staff(password=None, app=False)))
    page.goto("/desk/signin/mine/passkeys/add/")
    name = page.get_by_label("Name of this passkey")
    name.fill("The one in the drawer")
    with page.expect_response("**/desk/lock/") as locked:
        page.clock.fast_forward(14 * 60_000 + 10_000)
    assert locked.value.status == 204
    expect(page.get_by_role("heading", name="Locked while you were away")).to_be_visible()
    told = "fetch('/desk/signin/mine/', {redirect: 'manual'}).then((answer) => answer.status)"
    assert page.evaluate(told) == 423, "the server knows too"
    page.locator(".veil").get_by_role("button", name="Use a passkey").click()
    expect(page.locator(".veil")).to_be_hidden()
    expect(name).to_have_value("The one in the drawer")
    assert page.evaluate(told) == 200


def test_the_veil_opens_by_password_and_stays_for_a_wrong_one(device):
    make_staff()
    page = device(key=False)
    page.clock.install()
    enter_password(page)
    page.get_by_label("Code").fill(app_code())
    page.get_by_role("button", name="Sign in").click()
    heading(page, "My sign-in").to_be_visible()
    page.wait_for_load_state()
    page.clock.fast_forward(14 * 60_000 + 10_000)
    word = page.locator("#veil-password")
    word.fill("not this one")
    word.press("Enter")
    expect(page.get_by_text("That did not open it. Try again.")).to_be_visible()
    word.fill(PASSWORD)
    word.press("Enter")
    expect(page.locator(".veil")).to_be_hidden()


def lock(page):
    """Another tab of the same browser locks the desk."""
    said = page.evaluate(
        "async () => { const body = new FormData(document.querySelector('form[method=post]'));"
        " return (await fetch('/desk/lock/', { method: 'POST', body })).status; }"
    )
    assert said == 204


def test_ending_the_other_browser(device):
    make_staff()
    here = device(key=False)
    there = device(key=False, user_agent="Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")
    for page, step in ((there, 0), (here, 1)):
        enter_password(page)
        page.get_by_label("Code").fill(app_code(step=step))
        page.get_by_role("button", name="Sign in").click()
        heading(page, "My sign-in").to_be_visible()
    here.reload()
    here.get_by_role("button", name=re.compile("Sign out Firefox, Linux")).click()
    expect(here.get_by_text("That device is signed out.")).to_be_visible()
    there.reload()
    heading(there, "Sign in to the desk").to_be_visible()
