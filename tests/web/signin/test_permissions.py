"""Every sign-in page and every public one, by every method, in every state a visit can be in.

The table tests/signin-permissions.csv is written by hand. Roles make no difference here; what
does is how far somebody came: nobody, one factor shown, locked, inside with a fresh proof,
inside with an old one, inside another door. A page's methods are those it does not refuse by
405 to whoever is inside. Words: "open" answers or does it, "door" sends to the sign-in,
"second" asks for the second factor to be set up, "locked" shows the lock, "prove" asks who one
is again, "desk" goes on into the house, "spent" is the page of a link that does not work,
"wrong" refuses what was sent, "no" is a page that is not there.
"""

import csv
from pathlib import Path

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client as Browser
from django.test import RequestFactory

from rapport.core import time
from rapport.people.accounts import rules
from rapport.people.models import Account, Session
from rapport.web.signin.visit import hold_open
from tests.architecture.walk import routes
from tests.factories import AnAccount, APlace, APractice, AType, Colleague
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db

TABLE = list(csv.DictReader((Path(__file__).parents[2] / "signin-permissions.csv").open()))
STATES = [name for name in TABLE[0] if name not in ("address", "methods")]
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
SIGNIN = ("account_", "mfa_", "signin_")
VALUES = {"<int:factor_id>": "1", "<int:number>": "1", "<int:part>": "1", "<str:token>": "x" * 43,
          "<str:region>": "DE", "<uuid:type_id>": "00000000-0000-4000-8000-000000000001",
          "<uuid:session_id>": "00000000-0000-4000-8000-000000000000"}  # fmt: skip
STATUS = {200: "open", 204: "open", 401: "door", 403: "prove", 404: "no", 410: "spent",
          422: "wrong", 400: "wrong", 423: "locked"}  # fmt: skip


def pages():
    return [r for r in routes() if r.permission == "public" or r.name.startswith(SIGNIN)]


@pytest.fixture
def visits(db):
    """For each door: one browser in each state."""
    APractice()
    ana = Colleague(at=[APlace()]).account
    mara = Account.objects.get(pk=AnAccount(realm=Account.Realm.PORTAL).pk)
    AType(pk=VALUES["<uuid:type_id>"], bookers=["PUBLIC"])
    made = {}
    for door, account, other in (("desk", ana, mara), ("portal", mara, ana)):
        made[door] = {
            "nobody": Browser(),
            "one factor": with_one_factor(account, door),
            "locked": inside(account, door),
            "stale": inside(account, door),
            "inside": inside(account, door),
            "other door": inside(other, "portal" if door == "desk" else "desk"),
        }
        row_of(made[door]["locked"], door).update(locked_at=time.now())
        row_of(made[door]["stale"], door).update(stepped_up_at=None)
    return made | {"public": made["desk"]}


def with_one_factor(account, door):
    """A browser in which the password was given, and the second factor is yet to be set up."""
    request, response = RequestFactory().get("/"), HttpResponse()
    hold_open(request, response, door, account)
    browser = Browser()
    browser.cookies.update(response.cookies)
    return browser


def row_of(browser, door):
    return Session.objects.filter(key_hash=rules.hashed(browser.cookies[door].value))


def address(route):
    path = route.path
    for name, value in VALUES.items():
        path = path.replace(name, value)
    return f"/{path}"


def word(answer):
    if answer.status_code != 302:
        return STATUS[answer.status_code]
    to = answer.headers["Location"].partition("?")[0]
    if to.endswith("/signin/set-up/"):
        return "second"
    if to.endswith("/signin/"):
        return "door"
    if to in ("/desk/", "/portal/"):
        return "desk"
    return "open"


def asked(browser, route):
    """The words of all methods, each request taken back."""
    said = {}
    for method in METHODS:
        mark, cookies = transaction.savepoint(), browser.cookies.output()
        answer = browser.generic(method, address(route))
        transaction.savepoint_rollback(mark)
        if browser.cookies.output() != cookies:
            kept = dict(line.removeprefix("Set-Cookie: ").split(";")[0].split("=", 1)
                        for line in cookies.splitlines())  # fmt: skip
            browser.cookies.clear()
            browser.cookies.load(kept)
        if answer.status_code != 405:
            said[method] = word(answer)
    return said


def row_for(route, visits):
    row, taken = {"address": f"{route.door} {route.name}", "methods": ""}, {}
    for state in STATES:
        said = asked(visits[route.door][state], route)
        taken = said if state == "inside" else taken
        row[state] = " or ".join(sorted(set(said.values())))
    row["methods"] = " ".join(m for m in METHODS if m in taken)
    return row


def test_the_table_is_what_the_pages_answer(visits):
    answered = {row["address"]: row for row in (row_for(route, visits) for route in pages())}
    tabled = {row["address"]: row for row in TABLE}
    differs = [",".join(row.values()) for name, row in answered.items() if row != tabled.get(name)]
    if differs:
        said = "\n".join(differs)
        pytest.fail(f"these pages answer otherwise than the table says:\n{said}", pytrace=False)
    assert set(tabled) == set(answered)
