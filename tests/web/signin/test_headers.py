"""Every answer, errors included, tells the browser to be careful."""

import json
import re

import pytest
from django.test import Client as Browser

from tests.web.signin.conftest import PASSWORD, give_password, sign_in

pytestmark = pytest.mark.django_db

EVERYWHERE = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@pytest.mark.parametrize(
    ("method", "path"),
    [("get", "/desk/signin/"), ("get", "/desk/signin/mine/"), ("get", "/desk/nothing/here/"),
     ("get", "/i/unknown/"), ("post", "/desk/signin/"), ("delete", "/desk/signin/"),
     ("get", "/nothing/"), ("get", "/portal/signin/passkey/")],
)  # fmt: skip
def test_every_answer_carries_them(method, path):
    answer = getattr(Browser(), method)(path)
    for name, value in EVERYWHERE.items():
        said = answer.headers.get(name, "")
        assert value in said, f"{name} of {path}: {said!r}"
    assert "Permissions-Policy" in answer.headers
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_the_nonce_is_new_each_time():
    def nonce():
        policy = Browser().get("/desk/signin/").headers["Content-Security-Policy"]
        return re.findall(r"'nonce-([^']+)'", policy)

    one, two = nonce(), nonce()
    assert one
    assert set(one) != set(two)


def test_transport_security_is_promised_over_tls_only():
    assert "Strict-Transport-Security" not in Browser().get("/desk/signin/").headers
    over_tls = Browser().get("/desk/signin/", secure=True).headers["Strict-Transport-Security"]
    assert over_tls == "max-age=31536000; includeSubDomains"


def test_cookies_are_tied_to_host_and_tls(ana):
    browser = Browser()
    browser.post("/desk/signin/", {"mail": "ana@example.org", "password": PASSWORD}, secure=True)
    browser.get("/desk/signin/", secure=True)
    cookie = browser.cookies["__Host-desk"]
    assert cookie["secure"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert not cookie["domain"]


def test_on_plain_loopback_they_have_a_plain_name(ana):
    browser = Browser()
    sign_in(browser)
    assert set(browser.cookies) >= {"desk", "known-desk"}
    for cookie in browser.cookies.values():
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert not cookie["secure"]


def test_looking_around_leaves_no_visit_behind(db):
    from rapport.people.accounts.models import Session

    for path in ("/desk/signin/", "/portal/signin/", "/desk/signin/forgotten/", "/"):
        Browser().get(path)
    assert not Session.objects.exists()


def careful():
    return Browser(enforce_csrf_checks=True)


def token_of(browser):
    page = browser.get("/desk/signin/").content.decode()
    return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]


def test_a_form_from_elsewhere_is_refused(ana):
    browser = careful()
    given = {"mail": "ana@example.org", "password": PASSWORD}
    assert browser.post("/desk/signin/", given).status_code == 403
    given["csrfmiddlewaretoken"] = token_of(browser)
    assert browser.cookies["csrf"]["httponly"]
    assert browser.post("/desk/signin/", given).status_code == 302


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, 302),
     ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, 403),
     ({"Origin": "null", "Sec-Fetch-Site": "same-site"}, 403),
     ({"Origin": "null"}, 403),
     ({"Origin": "https://evil.example"}, 403),
     ({"Origin": "http://testserver"}, 302)],
)  # fmt: skip
def test_the_browsers_word_about_the_origin_decides(ana, headers, status):
    browser = careful()
    given = {"mail": "ana@example.org", "password": PASSWORD}
    given["csrfmiddlewaretoken"] = token_of(browser)
    assert browser.post("/desk/signin/", given, headers=headers).status_code == status


def test_a_refused_form_says_what_to_do(ana):
    answer = careful().post("/desk/signin/", {})
    assert answer.status_code == 403
    assert "open too long" in answer.content.decode()


def test_over_tls_the_csrf_cookie_is_tied_to_the_host(ana):
    browser = careful()
    browser.get("/desk/signin/", secure=True)
    assert browser.cookies["__Host-csrf"]["secure"]
    assert browser.cookies["__Host-csrf"]["httponly"]


def test_signing_in_changes_the_form_token(ana):
    browser = Browser()
    browser.get("/desk/signin/")
    before = browser.cookies["csrf"].value
    sign_in(browser)
    assert browser.cookies["csrf"].value != before


SHAPELESS = [
    {},
    {"mail": "x"},
    {"password": "y"},
    {"mail": "a@b.c", "password": ""},
    {"mail": "a@b.c" * 100, "password": "y"},
    {"mail": "a\x00@b.c", "password": "y\x00"},
    {"mail": "ana@example.org", "password": "y" * 5000},
    {"mail": "\u202eana@example.org", "password": "y"},
]


@pytest.mark.parametrize("fields", SHAPELESS)
def test_bad_input_at_the_door_is_a_clear_no(ana, fields):
    assert Browser().post("/desk/signin/", fields).status_code == 422


INSIDE = {"clientDataJSON": "e30", "signature": "eA", "authenticatorData": "eA", "userHandle": "eA"}
AROUND = {"id": "eA", "rawId": "eA", "type": "public-key", "clientExtensionResults": {}}
INVENTED = [
    *("", "{", "[]", "null", "1", '"x"', "{}", '{"id": "x"}'),
    json.dumps({**AROUND, "response": INSIDE}),
    json.dumps({**AROUND, "response": {**INSIDE, "clientDataJSON": "x"}}),
    json.dumps({**AROUND, "response": {**INSIDE, "authenticatorData": 5, "userHandle": [1]}}),
    json.dumps({**AROUND, "response": {**INSIDE, "userHandle": None}}),
    json.dumps({**AROUND, "type": 5, "clientExtensionResults": 7, "response": INSIDE}),
    json.dumps({**AROUND, "id": "ä", "response": INSIDE}),
    json.dumps({**AROUND, "response": {**INSIDE, "userHandle": "Zm9v" * 10}}),
]


@pytest.mark.parametrize("credential", INVENTED)
def test_an_invented_passkey_is_a_clear_no(ana, credential):
    browser = Browser()
    browser.get("/desk/signin/passkey/", headers={"Accept": "application/json"})
    answer = browser.post("/desk/signin/passkey/", {"credential": credential})
    assert answer.status_code == 422


def test_giving_a_password_reveals_nothing_in_the_page(ana):
    answer = give_password(Browser(), password="my secret typed sentence")
    assert "my secret typed sentence" not in answer.content.decode()
