"""Every page on the way in, in each state of it that the walk over the addresses finds."""

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.test import Client as Browser

from rapport.contact.models import MailServer
from rapport.core import time
from rapport.core.policy import System
from rapport.people.accounts import invitations
from tests.architecture.walk import routes
from tests.factories import APractice
from tests.web.signin.conftest import give_password, make_client, make_staff
from tests.web.stepping import inside

from .rounds import OPEN, SIGNIN, coming_in, spoilt, wrong

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

TOLD = (
    """for (const one of document.querySelectorAll('[data-passkey-problem]')) one.hidden = false"""
)
PARTS = {"signin_passkey", "signin_prove_options", "signin_unlock_options"}
"""What a script asks for."""


def after(*steps, visit=None):
    """A browser that has sent these forms, one after the other."""
    visit = visit or Browser()
    for path, body in steps:
        visit.post(path, body)
    return visit


def link(account, purpose):
    """The path of a fresh link."""
    return invitations.make(by=System("test"), account=account, purpose=purpose, now=time.now())[1]


def person(door, **given):
    """Somebody at a door; each way in is somebody else's."""
    mail = f"{'-'.join([door, *given])}@example.org"
    return (make_staff if door == "desk" else make_client)(mail, **given)


def ways(door):
    """Browsers in every state there is on the way into a door."""
    known, fresh = person(door), person(door, password=None, app=False)
    RecoveryCodes.activate(known)
    first = "STAFF" if door == "desk" else "CLIENT"
    halfway, by_mail = Browser(), Browser()
    give_password(halfway, known.email, door=door)
    give_password(by_mail, person(door, app=False).email, door=door)
    yield "nobody", Browser()
    yield "with a password shown", halfway
    yield "without a factor of one's own", by_mail
    yield "with a first link", after((link(fresh, first), {}))
    yield "with a link for a password", after((link(known, "RESET"), {}))
    yield "inside, without a second factor", inside(fresh, door, strong=False)
    yield "inside, with nothing set up", inside(fresh, door)
    yield "inside, with everything set up", inside(known, door)


@pytest.fixture
def mailing(db):
    APractice()
    MailServer.objects.create(
        host="mail.example.org", from_address="post@example.org", changed_at=time.now()
    )


def on_the_way(page, live_server, door):
    """Open every page of the sign-in at a door that answers in this state, and give both."""
    for route in routes():
        whole = "<" not in route.path and route.name not in PARTS
        if route.door == door and whole and route.name.startswith(SIGNIN):
            answer = page.goto(f"{live_server.url}/{route.path}")
            if answer.status == 405 or answer.url == f"{live_server.url}/{route.path}":
                page.evaluate(OPEN)
                page.evaluate(TOLD)
                yield route, answer.status


def test_axe_finds_nothing_on_any_page_of_the_way_in(chromium, live_server, mailing):
    """A page that both doors show alike is looked at once; their forms are the same."""
    problems, shown, answered = {}, set(), set()
    for door, state, visit in [(d, *way) for d in ("desk", "portal") for way in ways(d)]:
        context = coming_in(chromium, live_server, visit)
        page = context.new_page()
        for route, status in on_the_way(page, live_server, door):
            assert status in (200, 405, 410), f"{route}, {state}"  # 410: a link that is spent
            if status != 410:
                answered.add((door, route.name))
            looks = page.evaluate("document.documentElement.className + document.body.innerText")
            if status == 405 or looks in shown:
                continue
            shown.add(looks)
            problems[f"{route}, {state}"] = wrong(page)
            for number, refused in spoilt(page) if door == "desk" else ():
                said = wrong(page) if refused == 422 else [f"answers {refused}"]
                problems[f"{route}, {state}, form {number} empty"] = said
        context.close()

    assert {where: found for where, found in problems.items() if found} == {}
    every = {(r.door, r.name) for r in routes() if r.name.startswith(SIGNIN) and "<" not in r.path}
    assert {(d, n) for d, n in every if n not in PARTS} - answered == {NO_MAIL_FOR_STAFF}


NO_MAIL_FOR_STAFF = ("desk", "account_confirm_login_code")
"""Staff always have a factor of their own, so no code goes to them by mail."""


def test_axe_finds_nothing_on_what_links_and_forms_lead_to(chromium, live_server, mailing):
    ana, mara = make_staff(), make_client(password=None, app=False)
    locked = after(("/desk/lock/", {}), visit=inside(ana))
    ways_on = [
        ("locked", locked, "/desk/me/", None, 423),
        ("recovery codes", inside(ana), "/desk/signin/mine/", "text=Make new ones", 200),
        ("a link on its way", None, "/desk/signin/forgotten/", "main button", 200),
        ("yesterday's form", None, "/desk/signin/", "text=Go on", 403),
        ("a first link", None, link(mara, "CLIENT"), None, 200),
        ("a link for somebody locked out", None, link(ana, "RECOVER"), None, 200),
        ("a link for a new password", None, link(ana, "RESET"), None, 200),
        ("a link that was used", None, "/i/none/", None, 410),
        ("nothing there", inside(ana), "/desk/nothing/", None, 404),
    ]  # fmt: skip
    problems = {}
    for what, visit, path, button, status in ways_on:
        context = coming_in(chromium, live_server, visit)
        page = context.new_page()
        answer = page.goto(f"{live_server.url}{path}")
        if button:
            for field in page.query_selector_all("main input:not([type=hidden])"):
                field.fill("somebody@example.org")
            if status == 403:
                context.clear_cookies(name="csrf")
            with page.expect_navigation() as sent:
                page.click(button)
            answer = sent.value
        assert answer.status == status, what
        page.evaluate(OPEN)
        if found := wrong(page):
            problems[what] = found
        if what == "locked":
            for number, refused in spoilt(page):
                if found := [*wrong(page), *([] if refused == 422 else [f"answers {refused}"])]:
                    problems[f"{what}, form {number} empty"] = found
        context.close()

    assert problems == {}
