"""The key under which unsaved words lie in a browser: one's own, and for a signed-in visit only."""

from base64 import b64decode

import pytest
from django.test import Client as Browser

from rapport.core import practice
from rapport.people.models import Account
from rapport.record.notes import drafts
from tests.factories import AnAccount, APractice, Colleague
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db

KEY = "/desk/me/draft-key/"
BY_SCRIPT = {"X-Requested-With": "fetch"}


@pytest.fixture
def ana():
    APractice()
    return Colleague(roles=["CLINICIAN"]).account


def test_everybody_has_a_key_of_their_own_and_keeps_it(ana):
    ben = Colleague(roles=["CLINICIAN"]).account
    mine, again, his = (
        inside(who).get(KEY, headers=BY_SCRIPT).json() for who in (ana, ana, ben)
    )  # fmt: skip

    assert len(b64decode(mine["key"])) == 32
    assert mine["key"] == again["key"] != his["key"]
    assert (mine["whose"], his["whose"]) == (str(ana.pk), str(ben.pk))


def test_what_was_sealed_before_a_rotation_opens_after_it(ana):
    before = drafts.key(by=ana)
    practice.current().keyring.rotate()

    assert drafts.key(by=ana) == before


def test_no_cache_keeps_the_key(ana):
    answer = inside(ana).get(KEY, headers=BY_SCRIPT)

    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Type"] == "application/json"


def test_whoever_is_not_signed_in_gets_none(ana):
    portal = AnAccount(realm=Account.Realm.PORTAL)
    for browser in (Browser(), inside(portal, "portal")):
        answer = browser.get(KEY, headers=BY_SCRIPT)
        assert (answer.status_code, answer.content) == (401, b"")


def test_a_locked_desk_gives_none(ana):
    browser = inside(ana)
    browser.post("/desk/lock/", headers=BY_SCRIPT)
    answer = browser.get(KEY, headers=BY_SCRIPT)

    assert (answer.status_code, answer.content) == (423, b"")


def test_the_words_that_wait_are_sent_with_the_token_that_comes_with_the_key(ana):
    browser = inside(ana)
    browser.handler.enforce_csrf_checks = True
    token = browser.get(KEY, headers=BY_SCRIPT).json()["token"]

    assert browser.post("/desk/lock/", headers={"X-CSRFToken": "x" * 64}).status_code == 403
    sent = browser.post("/desk/lock/", headers={"X-CSRFToken": token, **BY_SCRIPT})
    assert sent.status_code == 204


def test_signing_out_empties_the_browser_unless_sealed_words_wait_in_it(ana):
    for given, left in (({}, '"cache", "storage"'), ({"keep": "1"}, '"cache"')):
        out = inside(ana).post("/desk/signin/out/", given)
        assert out.headers["Clear-Site-Data"] == left
