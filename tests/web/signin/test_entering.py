"""Every way in asks for two things, and says nothing to those who guess."""

from datetime import timedelta

import pytest
from django.test import Client as Browser

from rapport.core import time
from rapport.people.accounts import actions
from rapport.people.accounts.models import Device, Session, Throttle
from tests.web.signin.conftest import (
    PASSWORD,
    app_code,
    give_password,
    is_in,
    make_client,
    make_staff,
    plain,
    sign_in,
)

pytestmark = pytest.mark.django_db


def test_a_stranger_is_sent_to_the_door_and_back_to_where_they_wanted(ana, browser):
    asked = browser.get("/desk/signin/mine/")
    assert asked.status_code == 302
    assert asked.url == "/desk/signin/?next=%2Fdesk%2Fsignin%2Fmine%2F"
    answer = sign_in(browser, next="/desk/signin/mine/")
    assert answer.url == "/desk/signin/mine/"


def test_a_script_is_told_instead_of_sent(browser):
    answer = browser.get("/desk/signin/mine/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/desk/signin/")


def test_the_password_alone_opens_nothing(ana, browser):
    first = give_password(browser)
    assert first.url == "/desk/signin/code/"
    assert not is_in(browser)


def test_password_and_code_open_the_desk(ana, browser):
    sign_in(browser)
    assert is_in(browser)


def test_a_code_works_once(ana):
    one, two, code = Browser(), Browser(), app_code()
    for browser, status in ((one, 302), (two, 422)):
        give_password(browser)
        assert browser.post("/desk/signin/code/", {"code": code}).status_code == status
    assert is_in(one)
    assert not is_in(two)


def test_a_wrong_code_is_told_at_its_field_and_keeps_the_step(ana, browser):
    give_password(browser)
    wrong = browser.post("/desk/signin/code/", {"code": "000000"})
    assert wrong.status_code == 422
    assert "A code works once" in wrong.content.decode()
    assert browser.post("/desk/signin/code/", {"code": app_code()}).status_code == 302


def test_staff_without_a_factor_reach_only_its_set_up(browser):
    make_staff(app=False)
    answer = give_password(browser)
    assert answer.status_code == 302
    for path in ("/desk/signin/mine/", "/desk/signin/mine/password/", "/desk/signin/mine/codes/"):
        assert browser.get(path).url == "/desk/signin/set-up/"
    assert browser.get("/desk/signin/set-up/").status_code == 200
    assert browser.get("/desk/signin/mine/passkeys/add/").status_code == 200


def test_setting_up_the_app_opens_the_desk_and_leads_to_recovery_codes(browser):
    make_staff(app=False)
    give_password(browser)
    page = browser.get("/desk/signin/mine/app/")
    secret = page.context["secret"].replace(" ", "")
    done = browser.post("/desk/signin/mine/app/", {"code": app_code(secret)})
    assert done.url == "/desk/signin/mine/codes/first/"
    assert "Show my recovery codes" in browser.get(done.url).content.decode()
    codes = browser.post(done.url).context["codes"]
    assert len(set(codes)) == 10
    assert is_in(browser)
    assert browser.get(done.url).status_code == 302, "shown once"

    other = Browser()
    give_password(other)
    assert other.post("/desk/signin/code/", {"code": codes[0]}).status_code == 302
    assert is_in(other)
    third = Browser()
    give_password(third)
    assert third.post("/desk/signin/code/", {"code": codes[0]}).status_code == 422, "used"


def test_a_visit_from_before_the_factor_may_not_add_another(browser):
    account = make_staff(app=False)
    give_password(browser)
    from tests.web.signin.conftest import SECRET, TOTP

    TOTP.activate(account, SECRET)
    assert browser.get("/desk/signin/mine/passkeys/add/").url == "/desk/signin/set-up/"
    assert browser.get("/desk/signin/set-up/").url == "/desk/signin/"
    assert browser.get("/desk/signin/mine/").url.startswith("/desk/signin/?next")


@pytest.mark.parametrize("mail", ["ANA@Example.ORG", " ana@example.org ", "ana@example.org"])
def test_the_address_may_be_typed_in_any_spelling(ana, browser, mail):
    assert give_password(browser, mail).status_code == 302


def test_known_and_unknown_accounts_get_the_same_answer(ana):
    def seen(mail):
        answer = give_password(Browser(), mail, "not the password at all")
        return answer.status_code, plain(answer).replace(mail, ""), sorted(answer.headers)

    assert seen("ana@example.org") == seen("eva@example.org")
    assert seen("ana@example.org")[0] == 422


def test_a_disabled_account_looks_like_a_wrong_password(ana, browser):
    ana.is_active = False
    ana.save()
    assert give_password(browser).status_code == 422


def test_one_hash_is_computed_for_known_unknown_and_passwordless(ana, monkeypatch):
    from rapport.people.accounts.hashing import Argon2id

    counted = []
    encode, verify = Argon2id.encode, Argon2id.verify
    monkeypatch.setattr(Argon2id, "encode", lambda *a, **k: counted.append(1) or encode(*a, **k))
    monkeypatch.setattr(Argon2id, "verify", lambda *a, **k: counted.append(1) or verify(*a, **k))
    make_staff("eva@example.org", password=None, app=False)
    for mail in ("ana@example.org", "eva@example.org", "nobody@example.org"):
        counted.clear()
        give_password(Browser(), mail, "not the password at all")
        assert len(counted) == 1, mail


def test_guessing_is_stopped_and_the_known_browser_still_gets_in(ana):
    hers, thief = Browser(), Browser(REMOTE_ADDR="203.0.113.9")
    sign_in(hers)
    hers.post("/desk/signin/out/")
    seen = [give_password(thief, password=f"guess number {n}").status_code for n in range(12)]
    assert seen == [422] * 5 + [429] * 7
    for n in range(12):  # from many addresses the account's own bucket fills
        give_password(Browser(REMOTE_ADDR=f"198.51.100.{n}"), password="guess again and again")
    stranger = Browser(REMOTE_ADDR="192.0.2.1")
    assert give_password(stranger).status_code == 429
    assert give_password(hers).status_code == 302


def test_the_bucket_empties_with_its_window(ana):
    thief = Browser()
    for n in range(6):
        last = give_password(thief, password=f"guess number {n}")
    assert last.status_code == 429
    with time.at(time.now() + timedelta(minutes=16)):
        assert give_password(thief).status_code == 302


def test_a_full_bucket_says_the_same_for_an_unknown_account(ana):
    def last(mail):
        answers = [give_password(Browser(), mail, f"guess number {n}") for n in range(6)]
        return answers[-1].status_code

    assert last("ana@example.org") == last("nobody@example.org") == 429


def test_a_right_password_is_not_counted(ana):
    start = time.now()
    with time.at(start):  # or the step before this one is soon the one before that
        for step in (-1, 0, 1):
            sign_in(Browser(), at=start, step=step)
    assert not Throttle.objects.filter(failures__gt=0).exists()


@pytest.mark.parametrize(
    "elsewhere",
    ["//evil.example", "https://evil.example/", "/\\evil.example", "\\\\evil", "/portal/",
     "/desk/../portal/", "javascript:alert(1)", "/desk/\r\nX: 1", "%2F%2Fevil", "/desk//\\x"],
)  # fmt: skip
def test_next_never_leads_out_of_the_door(ana, elsewhere):
    answer = sign_in(Browser(), next=elsewhere)
    assert answer.url in ("/desk/", "/desk/../portal/")


def test_the_visit_gets_a_new_key_when_somebody_signs_in(ana, browser):
    give_password(browser)
    before = browser.cookies["desk"].value
    browser.post("/desk/signin/code/", {"code": app_code()})
    after = browser.cookies["desk"].value
    assert before != after
    stale = Browser()
    stale.cookies["desk"] = before
    assert not is_in(stale)


def test_a_key_somebody_made_up_is_not_taken_over(ana, browser):
    browser.cookies["desk"] = "planted-by-an-attacker-0123456789"
    sign_in(browser)
    assert browser.cookies["desk"].value != "planted-by-an-attacker-0123456789"


def test_an_old_cookie_is_dead_after_signing_out(ana, browser):
    sign_in(browser)
    old = browser.cookies["desk"].value
    out = browser.post("/desk/signin/out/")
    assert out.headers["Clear-Site-Data"] == '"cache", "storage"'
    browser.cookies["desk"] = old
    assert not is_in(browser)
    assert not Session.objects.filter(account=ana).exists()


def test_signing_out_is_a_post(ana, browser):
    sign_in(browser)
    assert browser.get("/desk/signin/out/").status_code == 405
    assert is_in(browser)


def test_disabling_ends_every_visit_at_once(ana, browser):
    from rapport.core.policy import System

    sign_in(browser)
    actions.disable(by=System("test"), account=ana)
    assert not is_in(browser)
    assert not Device.objects.filter(account=ana).exists()


def test_a_flag_set_behind_our_back_counts_too(ana, browser):
    sign_in(browser)
    type(ana).objects.filter(pk=ana.pk).update(is_active=False)
    assert not is_in(browser)


def test_a_password_changed_behind_our_back_ends_the_visit(ana, browser):
    sign_in(browser)
    ana.set_password("another long sentence")
    ana.save()
    assert not is_in(browser)


def test_staff_who_left_stand_outside(ana, browser):
    sign_in(browser)
    ana.staff.ended_on = time.today()
    ana.staff.save()
    assert not is_in(browser)


def test_the_desk_cookie_is_nobody_in_the_portal(ana, browser):
    sign_in(browser)
    browser.cookies["portal"] = browser.cookies["desk"].value
    assert not is_in(browser, "portal")
    assert is_in(browser, "desk")


def test_an_account_opens_its_own_realm_only(ana, mara):
    assert give_password(Browser(), "ana@example.org", door="portal").status_code == 422
    assert give_password(Browser(), "mara@example.net", door="desk").status_code == 422
    browser = Browser()
    sign_in(browser, "mara@example.net", "portal")
    assert is_in(browser, "portal")
    browser.cookies["desk"] = browser.cookies["portal"].value
    assert not is_in(browser, "desk")


def test_a_moved_account_does_not_keep_its_visit(ana, browser):
    sign_in(browser)
    type(ana).objects.filter(pk=ana.pk).update(realm="PORTAL")
    assert not is_in(browser)


def test_twelve_hours_end_it_however_busy(ana, browser):
    start = time.now()
    with time.at(start):
        sign_in(browser, at=start)
    for minute in range(10, 12 * 60, 10):
        with time.at(start + timedelta(minutes=minute)):
            assert is_in(browser)
    with time.at(start + timedelta(hours=12)):
        assert not is_in(browser)


def test_a_client_is_signed_out_after_half_an_idle_hour(mara, browser):
    start = time.now()
    with time.at(start):
        sign_in(browser, "mara@example.net", "portal", at=start)
    with time.at(start + timedelta(minutes=29)):
        assert is_in(browser, "portal")
    with time.at(start + timedelta(minutes=60)):
        assert not is_in(browser, "portal")


def test_a_page_that_asks_by_itself_keeps_nobody_awake(mara, browser):
    start = time.now()
    with time.at(start):
        sign_in(browser, "mara@example.net", "portal", at=start)
    for minute in (10, 20, 29):
        with time.at(start + timedelta(minutes=minute)):
            polled = browser.get("/portal/signin/mine/", headers={"X-Rapport-Poll": "1"})
            assert polled.status_code == 200
    with time.at(start + timedelta(minutes=31)):
        assert not is_in(browser, "portal")


def test_session_account_and_staff_come_in_one_statement(ana, browser, django_assert_num_queries):
    from rapport.web.doors import DoorMiddleware, who

    sign_in(browser)
    from django.test import RequestFactory

    request = RequestFactory().get("/desk/")
    request.COOKIES["desk"] = browser.cookies["desk"].value

    def look(request):
        assert who(request).staff.display_name == "Ana"
        from django.http import HttpResponse

        return HttpResponse()

    with django_assert_num_queries(1):
        DoorMiddleware(look)(request)


def test_a_client_without_a_factor_sets_one_up_where_no_mail_goes_out(browser):
    make_client(app=False)
    give_password(browser, "mara@example.net", door="portal")
    assert browser.get("/portal/signin/mine/").url == "/portal/signin/set-up/"


def test_passwords_are_kept_by_argon2id(ana):
    assert ana.password.startswith("argon2$argon2id$")
    assert PASSWORD not in ana.password
