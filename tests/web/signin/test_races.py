"""Two at the same moment: a code, a link and a bucket are used up once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.test import Client as Browser

from rapport.people.accounts import rules
from rapport.people.accounts.models import Throttle
from tests.web.signin.conftest import app_code, give_password, is_in, make_staff, sign_in
from tests.web.signin.test_links import FRESH, invite

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 6


def together(jobs):
    """Run every job in a thread of its own, all started at one signal."""
    gate = Barrier(len(jobs))

    def run(job):
        gate.wait()
        try:
            return job()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def test_one_code_lets_one_browser_in():
    make_staff()
    browsers = [Browser() for _n in range(AT_ONCE)]
    for browser in browsers:
        give_password(browser)
    code = app_code()
    answers = together([lambda b=b: b.post("/desk/signin/code/", {"code": code}) for b in browsers])
    assert sorted(a.status_code for a in answers) == [302] + [422] * (AT_ONCE - 1)
    assert sum(is_in(browser) for browser in browsers) == 1


def test_one_recovery_code_lets_one_browser_in():
    make_staff()
    inside = Browser()
    sign_in(inside)
    code = inside.post("/desk/signin/mine/codes/").context["codes"][0]
    browsers = [Browser() for _n in range(AT_ONCE)]
    for browser in browsers:
        give_password(browser)
    answers = together([lambda b=b: b.post("/desk/signin/code/", {"code": code}) for b in browsers])
    assert sorted(a.status_code for a in answers) == [302] + [422] * (AT_ONCE - 1)


def test_one_link_makes_one_password():
    account = make_staff(password=None, app=False)
    _made, path = invite(account)
    browsers = [Browser() for _n in range(AT_ONCE)]
    for browser in browsers:
        browser.post(path)
    answers = together(
        [
            lambda n=n, b=b: b.post("/desk/signin/begin/password/", {"password": f"{FRESH} {n}"})
            for n, b in enumerate(browsers)
        ]
    )
    codes = [answer.status_code for answer in answers]
    assert sorted(codes) == [302] + [410] * (AT_ONCE - 1)
    account.refresh_from_db()
    assert account.check_password(f"{FRESH} {codes.index(302)}")


def test_guesses_at_once_do_not_slip_past_the_limit():
    make_staff()
    limit = rules.LIMITS["password.account_address"].failures
    answers = together(
        [
            lambda n=n: give_password(Browser(), password=f"guess number {n}")
            for n in range(2 * limit)
        ]
    )
    assert sorted(a.status_code for a in answers) == [422] * limit + [429] * limit
    assert Throttle.objects.order_by("-failures").first().failures == limit


def test_the_last_two_factors_do_not_go_together():
    account = make_staff()
    account.authenticator_set.create(type="webauthn", data={"name": "x", "credential": {}})
    key = account.authenticator_set.get(type="webauthn").pk
    one, two = Browser(), Browser()
    sign_in(one)
    sign_in(two, step=1)
    together(
        [
            lambda: one.post("/desk/signin/mine/app/remove/"),
            lambda: two.post(f"/desk/signin/mine/passkeys/{key}/remove/"),
        ]
    )
    assert account.authenticator_set.count() == 1
