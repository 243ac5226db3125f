"""The desk locks and keeps what was typed; what matters asks again."""

from datetime import timedelta

import pytest
from django.test import Client as Browser

from rapport.core import time
from rapport.people.accounts.models import Session
from tests.web.signin.conftest import PASSWORD, app_code, is_in, sign_in

pytestmark = pytest.mark.django_db
FETCH = {"Sec-Fetch-Mode": "cors"}


@pytest.fixture
def start():
    return time.now()


@pytest.fixture
def inside(ana, browser, start):
    with time.at(start):
        sign_in(browser, at=start)
    return browser


def test_an_idle_desk_locks_and_does_not_sign_out(inside, start):
    with time.at(start + timedelta(minutes=14)):
        assert is_in(inside)
    with time.at(start + timedelta(minutes=29)):
        page = inside.get("/desk/signin/mine/")
        assert page.status_code == 423
        assert "The desk is locked" in page.content.decode()
        opened = inside.post(
            "/desk/lock/open/", {"password": PASSWORD, "next": "/desk/signin/mine/"}
        )
        assert opened.url == "/desk/signin/mine/"
        assert is_in(inside)


def test_locking_by_hand_locks_every_tab_at_once(inside, start):
    with time.at(start):
        assert inside.post("/desk/lock/").status_code == 302
        assert inside.get("/desk/signin/mine/").status_code == 423
        told = inside.get("/desk/signin/mine/", headers=FETCH)
        assert (told.status_code, told.content) == (423, b"")


def test_a_script_unlocks_with_204_or_hears_why_not(inside, start):
    with time.at(start):
        inside.post("/desk/lock/")
        wrong = inside.post("/desk/lock/open/", {"password": "not this one"}, headers=FETCH)
        assert wrong.status_code == 422
        assert wrong.json()["error"] == "This is not your password. Try again."
        assert (
            inside.post("/desk/lock/open/", {"password": PASSWORD}, headers=FETCH).status_code
            == 204
        )
        assert is_in(inside)


def test_the_app_unlocks_too(inside, start):
    later = start + timedelta(minutes=16)
    with time.at(later):
        answer = inside.post("/desk/lock/open/", {"code": app_code(at=later)}, headers=FETCH)
        assert answer.status_code == 204


def test_what_was_sent_to_a_locked_desk_is_kept(inside, start):
    typed = 'line one\r\nline <two> & "three"'
    with time.at(start):
        inside.post("/desk/lock/")
        page = inside.post(
            "/desk/signin/mine/password/?x=1",
            {"note": [typed, "again"], "csrfmiddlewaretoken": "x"},
        )
        assert page.status_code == 423
        kept = page.context["kept"]
        assert kept == [("kept.note", typed), ("kept.note", "again")]
        sent = {
            "password": PASSWORD,
            "next": page.context["next"],
            "kept": "1",
            "kept.note": [typed, "again"],
        }
        after = inside.post("/desk/lock/open/", sent)
        assert after.context["next"] == "/desk/signin/mine/password/?x=1"
        assert after.context["fields"] == [("note", typed), ("note", "again")]
        assert "line &lt;two&gt; &amp;" in after.content.decode()


def test_a_wrong_password_at_the_lock_keeps_it_too(inside, start):
    with time.at(start):
        inside.post("/desk/lock/")
        sent = {"password": "wrong", "next": "/desk/x/", "kept": "1", "kept.note": "typed"}
        page = inside.post("/desk/lock/open/", sent)
        assert page.status_code == 422
        assert page.context["kept"] == [("kept.note", "typed")]


def test_guessing_at_the_lock_is_slowed(inside, start):
    with time.at(start):
        inside.post("/desk/lock/")
        for n in range(10):
            inside.post("/desk/lock/open/", {"password": f"guess {n}"}, headers=FETCH)
        last = inside.post("/desk/lock/open/", {"password": PASSWORD}, headers=FETCH)
        assert last.status_code == 422
        assert "Too many tries" in last.json()["error"]


def test_unlocking_does_not_stretch_the_twelve_hours(inside, start):
    with time.at(start + timedelta(hours=12)):
        answer = inside.post("/desk/lock/open/", {"password": PASSWORD}, headers=FETCH)
        assert answer.status_code == 401


def test_somebody_elses_password_does_not_unlock(inside, start):
    from tests.web.signin.conftest import make_staff

    make_staff("eva@example.org", password="eva has another sentence")
    with time.at(start):
        inside.post("/desk/lock/")
        answer = inside.post(
            "/desk/lock/open/", {"password": "eva has another sentence"}, headers=FETCH
        )
        assert answer.status_code == 422


def test_one_can_sign_out_of_a_locked_desk(inside, start):
    with time.at(start):
        inside.post("/desk/lock/")
        assert inside.post("/desk/signin/out/").status_code == 302


def test_a_factor_page_asks_again_after_five_minutes(inside, start):
    with time.at(start + timedelta(minutes=4)):
        assert inside.get("/desk/signin/mine/app/").status_code == 302  # has one already
        assert inside.get("/desk/signin/mine/passkeys/add/").status_code == 200
    with time.at(start + timedelta(minutes=6)):
        page = inside.get("/desk/signin/mine/passkeys/add/")
        assert page.status_code == 403
        assert "Show that it is you" in page.content.decode()
        key = inside.cookies["desk"].value
        sent = {"password": PASSWORD, "next": "/desk/signin/mine/passkeys/add/"}
        assert inside.post("/desk/signin/prove/", sent).url == sent["next"]
        assert inside.cookies["desk"].value != key, "a new key with the new proof"
        assert inside.get("/desk/signin/mine/passkeys/add/").status_code == 200
        assert Session.objects.get().created_at == start


def test_a_proof_keeps_what_was_typed(inside, start):
    with time.at(start + timedelta(minutes=6)):
        page = inside.post("/desk/signin/mine/password/", {"old": PASSWORD, "password": "x"})
        assert page.status_code == 403
        assert dict(page.context["kept"]) == {"kept.old": PASSWORD, "kept.password": "x"}
        sent = {
            "code": app_code(at=time.now()),
            "kept": "1",
            "kept.password": "x",
            "next": page.context["next"],
        }
        after = inside.post("/desk/signin/prove/", sent)
        assert after.context["fields"] == [("password", "x")]


WRONG = [
    {},
    {"password": "wrong"},
    {"code": "000000"},
    {"credential": "[]"},
    {"credential": "{"},
]


@pytest.mark.parametrize("given", WRONG)
def test_a_wrong_proof_proves_nothing(inside, start, given):
    with time.at(start + timedelta(minutes=6)):
        assert inside.post("/desk/signin/prove/", given).status_code == 422
        assert inside.get("/desk/signin/mine/passkeys/add/").status_code == 403


def test_a_script_at_a_page_that_asks_again_is_sent_there(inside, start):
    with time.at(start + timedelta(minutes=6)):
        told = inside.post("/desk/signin/mine/codes/", headers=FETCH)
        assert told.headers["HX-Redirect"] == "/desk/signin/prove/"


def test_a_new_password_ends_the_other_visits_and_keeps_this_one(ana):
    here, there = Browser(), Browser()
    sign_in(there)
    sign_in(here, step=1)
    given = {"old": PASSWORD, "password": "a new and longer sentence"}
    assert here.post("/desk/signin/mine/password/", given).status_code == 302
    assert is_in(here)
    assert not is_in(there)


def test_the_password_until_now_is_asked(ana, browser):
    sign_in(browser)
    answer = browser.post(
        "/desk/signin/mine/password/", {"old": "x", "password": "a new and longer sentence"}
    )
    assert answer.status_code == 422


def test_other_visits_are_listed_and_can_be_ended(ana):
    here, there = Browser(), Browser(HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux) Firefox/140.0")
    sign_in(there)
    sign_in(here, step=1)
    page = here.get("/desk/signin/mine/")
    assert "Firefox, Linux" in page.content.decode()
    theirs = Session.objects.get(agent="Firefox, Linux")
    assert here.post(f"/desk/signin/mine/sessions/{theirs.pk}/").status_code == 302
    assert not is_in(there)
    assert is_in(here)


def test_every_other_visit_ends_with_one_button(ana):
    here, there = Browser(), Browser()
    sign_in(there)
    sign_in(here, step=1)
    here.post("/desk/signin/mine/sessions/others/")
    assert (is_in(here), is_in(there)) == (True, False)


def test_nobody_ends_somebody_elses_visit(ana):
    from tests.web.signin.conftest import make_staff

    make_staff("eva@example.org")
    hers, other = Browser(), Browser()
    sign_in(hers)
    sign_in(other, "eva@example.org")
    visit = Session.objects.get(account=ana)
    assert other.post(f"/desk/signin/mine/sessions/{visit.pk}/").status_code == 404
    assert is_in(hers)


def test_the_last_way_in_stays(ana, browser):
    sign_in(browser)
    answer = browser.post("/desk/signin/mine/app/remove/", follow=True)
    assert "This is your only way in" in answer.content.decode()
    assert ana.authenticator_set.count() == 1


def test_nobody_removes_somebody_elses_passkey(ana, browser):
    from tests.web.signin.conftest import make_staff

    eva = make_staff("eva@example.org", app=False)
    passkey = eva.authenticator_set.create(type="webauthn", data={"name": "x", "credential": {}})
    sign_in(browser)
    assert browser.post(f"/desk/signin/mine/passkeys/{passkey.pk}/remove/").status_code == 404
    assert eva.authenticator_set.exists()


def test_a_passkey_with_an_endless_number_is_not_there(ana, browser):
    sign_in(browser)
    path = "/desk/signin/mine/passkeys/99999999999999999999999/remove/"
    assert browser.post(path).status_code == 404


def test_who_types_is_awake(inside, start):
    for minute in range(1, 40):
        with time.at(start + timedelta(minutes=minute)):
            assert inside.post("/desk/signin/awake/", headers=FETCH).status_code == 204
    with time.at(start + timedelta(minutes=60)):
        assert inside.post("/desk/signin/awake/", headers=FETCH).status_code == 423


def test_fresh_recovery_codes_replace_the_old(ana, browser):
    sign_in(browser)
    old = browser.post("/desk/signin/mine/codes/").context["codes"]
    new = browser.post("/desk/signin/mine/codes/").context["codes"]
    assert not set(old) & set(new)


def test_secrets_of_factors_are_sealed(browser):
    from tests.web.signin.conftest import SECRET, make_staff

    account = make_staff(app=True)
    row = account.authenticator_set.get()
    assert SECRET not in str(row.data)
    assert SECRET.encode() not in b"".join(bytes(s.data) for s in Session.objects.all())
