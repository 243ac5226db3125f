"""A link works once, survives a mail scanner, and is never the whole way in."""

import logging
from datetime import timedelta

import pytest
from django.test import Client as Browser

from rapport.core import time
from rapport.core.policy import Denied, Nobody, System
from rapport.people.accounts import actions, invitations
from rapport.people.accounts.models import Invitation, Session
from tests.web.signin.conftest import (
    TOTP,
    app_code,
    give_password,
    is_in,
    make_client,
    make_staff,
    plain,
    sign_in,
)

pytestmark = pytest.mark.django_db
FRESH = "my own long sentence"


def invite(account, purpose="STAFF", now=None):
    made, path = invitations.make(
        by=System("test"), account=account, purpose=purpose, now=now or time.now()
    )
    return made, path


@pytest.fixture
def guest(db):
    return make_staff(password=None, app=False)


def test_looking_at_a_link_uses_nothing_up(guest):
    made, path = invite(guest)
    for _look in range(3):
        page = Browser().get(path)
        assert page.status_code == 200
        assert "Begin" in page.content.decode()
    made.refresh_from_db()
    assert made.opened_at is None
    assert made.used_at is None


def test_beginning_leads_to_an_address_without_the_token(guest, browser):
    _made, path = invite(guest)
    answer = browser.post(path)
    assert answer.url == "/desk/signin/begin/"
    assert browser.get(answer.url).status_code == 200


def test_a_password_by_link_leads_to_the_second_factor_and_no_further(guest, browser):
    _made, path = invite(guest)
    browser.post(path)
    answer = browser.post("/desk/signin/begin/password/", {"password": FRESH})
    assert answer.url == "/desk/"
    assert browser.get("/desk/signin/mine/").url == "/desk/signin/set-up/"
    secret = browser.get("/desk/signin/mine/app/").context["secret"].replace(" ", "")
    browser.post("/desk/signin/mine/app/", {"code": app_code(secret)})
    assert is_in(browser)


def test_a_used_link_is_spent(guest, browser):
    _made, path = invite(guest)
    browser.post(path)
    browser.post("/desk/signin/begin/password/", {"password": FRESH})
    for again in (Browser().get(path), Browser().post(path)):
        assert again.status_code == 410
        assert "no longer works" in again.content.decode()


def test_two_browsers_with_one_link_and_the_first_wins(guest):
    _made, path = invite(guest)
    one, two = Browser(), Browser()
    one.post(path)
    two.post(path)
    assert one.post("/desk/signin/begin/password/", {"password": FRESH}).status_code == 302
    assert (
        two.post("/desk/signin/begin/password/", {"password": "stolen sentence!"}).status_code
        == 410
    )
    guest.refresh_from_db()
    assert guest.check_password(FRESH)


@pytest.mark.parametrize(
    ("purpose", "lasts"),
    [("STAFF", timedelta(days=7)), ("CLIENT", timedelta(days=7)),
     ("OWNER_FIRST", timedelta(hours=1)), ("RECOVER", timedelta(hours=1)),
     ("RESET", timedelta(minutes=30))],
)  # fmt: skip
def test_a_link_works_until_its_time_and_not_after(guest, purpose, lasts):
    start = time.now()
    _made, path = invite(guest, purpose, now=start)
    with time.at(start + lasts - timedelta(seconds=1)):
        assert Browser().get(path).status_code == 200
    with time.at(start + lasts):
        assert Browser().get(path).status_code == 410
        assert Browser().post(path).status_code == 410


def test_unknown_withdrawn_and_disabled_links_are_told_alike(guest):
    _old, replaced = invite(guest)
    _made, path = invite(guest)
    pages = [Browser().get("/i/no-such-token/"), Browser().get(replaced)]
    actions.disable(by=System("test"), account=guest)
    pages.append(Browser().get(path))
    assert {page.status_code for page in pages} == {410}
    assert len({len(page.content) for page in pages}) == 1


def test_only_the_tokens_hash_is_kept(guest):
    made, path = invite(guest)
    token = path.split("/")[2]
    assert len(token) >= 43
    assert token not in str(Invitation.objects.values().get(pk=made.pk))


@pytest.mark.parametrize("weak", ["short", "password1234", "ana@example.org", "x" * 257])
def test_a_weak_password_is_told_and_the_link_stays(guest, browser, weak):
    made, path = invite(guest)
    browser.post(path)
    answer = browser.post("/desk/signin/begin/password/", {"password": weak})
    assert answer.status_code == 422
    made.refresh_from_db()
    assert made.used_at is None


@pytest.mark.parametrize(
    "good", ["twelve chars", "ångström und ümlaut", "x y " * 16, "пароль длинный очень"]
)
def test_any_long_sentence_is_a_password(guest, browser, good):
    _made, path = invite(guest)
    browser.post(path)
    answer = browser.post("/desk/signin/begin/password/", {"password": good})
    assert answer.status_code == 302
    guest.refresh_from_db()
    assert guest.check_password(good)


def test_a_link_for_the_portal_opens_the_portal(browser):
    account = make_client(password=None, app=False)
    _made, path = invite(account, "CLIENT")
    answer = browser.post(path)
    assert answer.url == "/portal/signin/begin/"
    assert "portal" in browser.cookies
    assert "desk" not in browser.cookies
    browser.cookies["desk"] = browser.cookies["portal"].value
    assert browser.get("/desk/signin/begin/").status_code == 410


def test_without_a_link_there_is_nothing_to_begin(browser):
    for path in ("begin", "new-password"):
        assert browser.get(f"/desk/signin/{path}/").status_code == 410
    assert browser.post("/desk/signin/begin/passkey/", {"credential": "{}"}).status_code == 410
    assert browser.post("/desk/signin/begin/password/", {"password": FRESH}).status_code == 410


def test_a_link_for_a_new_password_is_no_first_sign_in(ana, browser):
    _made, path = invite(ana, "RESET")
    assert browser.post(path).url == "/desk/signin/new-password/"
    assert browser.get("/desk/signin/begin/").status_code == 410
    assert browser.post("/desk/signin/begin/password/", {"password": FRESH}).status_code == 410


def test_a_reset_changes_the_password_ends_visits_and_still_asks_the_factor(ana):
    inside, browser = Browser(), Browser()
    sign_in(inside)
    _made, path = invite(ana, "RESET")
    browser.post(path)
    answer = browser.post("/desk/signin/new-password/", {"password": FRESH})
    assert answer.status_code == 200
    assert not is_in(inside)
    assert not is_in(browser)
    assert give_password(browser).status_code == 422
    assert give_password(browser, password=FRESH).url == "/desk/signin/code/"
    assert TOTP(ana.authenticator_set.get()).instance.type == "totp"


def test_recovering_replaces_every_factor(ana):
    inside, browser = Browser(), Browser()
    sign_in(inside)
    made, path = actions.recover(by=System("cli"), mail=" ANA@example.org", now=time.now())
    assert made.purpose == "RECOVER"
    browser.post(path)
    assert is_in(inside), "nothing happens before the link is used"
    browser.post("/desk/signin/begin/password/", {"password": FRESH})
    assert not is_in(inside)
    assert not ana.authenticator_set.exists()
    assert browser.get("/desk/signin/mine/").url == "/desk/signin/set-up/"


def test_recovering_is_for_the_console_alone(ana):
    for by in (Nobody(), ana):
        with pytest.raises(Denied):
            actions.recover(by=by, mail="ana@example.org", now=time.now())
    with pytest.raises(actions.CannotRecover):
        actions.recover(by=System("cli"), mail="nobody@example.org", now=time.now())


def test_asking_for_a_new_password_says_the_same_to_everybody(ana):
    def seen(mail):
        answer = Browser().post("/desk/signin/forgotten/", {"mail": mail})
        return answer.status_code, plain(answer)

    assert seen("ana@example.org") == seen("nobody@example.org")
    for _again in range(5):
        last = seen("ana@example.org")
    assert last == seen("nobody@example.org")


def test_a_passkey_that_does_not_fit_leaves_the_link_and_the_factors(ana, browser):
    made, path = invite(ana, "RECOVER")
    browser.post(path)
    answer = browser.post("/desk/signin/begin/passkey/", {"credential": '{"id": "x"}'})
    assert answer.status_code == 422
    assert ana.authenticator_set.exists()
    made.refresh_from_db()
    assert made.used_at is None
    assert browser.post("/desk/signin/begin/password/", {"password": FRESH}).status_code == 302


def test_a_link_leaves_no_trace_in_the_referrer(guest):
    _made, path = invite(guest)
    assert Browser().get(path).headers["Referrer-Policy"] == "no-referrer"


def test_a_token_does_not_reach_the_log(guest, caplog):
    from rapport.web.signin.quiet import NoTokens

    caplog.handler.addFilter(NoTokens())
    Browser().get("/i/spent-token-0123456789/")
    Browser(enforce_csrf_checks=True).post("/i/live-token-0123456789/")
    logging.getLogger("rapport").warning("nothing to hide")
    assert len(caplog.records) == 3
    assert "token" not in caplog.text
    assert "/i/…/" in caplog.text
    assert "nothing to hide" in caplog.text


def test_a_visit_that_began_with_a_link_ends_what_was_open_there(ana, browser):
    sign_in(browser)
    other = make_staff("eva@example.org", password=None, app=False)
    _made, path = invite(other)
    browser.post(path)
    assert not Session.objects.filter(account=ana).exists()
