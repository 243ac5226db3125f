"""A tablet in a client's hands: their questions, and nothing else of the desk."""

import re
from datetime import timedelta

import pytest

from rapport.core import time
from rapport.core.models import AuditEntry
from rapport.people.accounts import pins
from rapport.people.models import Session
from rapport.progress.measures import asking
from rapport.progress.models import Alert, Asked, Sheet
from rapport.web.signin.handed import WHEN_HANDED
from tests.architecture.walk import routes
from tests.factories import APlace, APractice, ClientOf, Colleague
from tests.web.stepping import inside
from tests.web.test_permissions import MISSING

pytestmark = pytest.mark.django_db

DIGITS = "493817"
KEYS = {"uuid": MISSING, "int": "1", "slug": "gad-2", "str": "x"}
FETCH = {"Sec-Fetch-Mode": "cors"}


@pytest.fixture
def ana():
    APractice(country="DE")
    ana = Colleague(at=[APlace()])
    pins.set_pin(by=ana.account, account=ana.account, pin=DIGITS, now=time.now())
    return ana


@pytest.fixture
def mara(ana):
    return ClientOf(legal_name="Mara Lindgren", care_team=[ana], place=ana.places.get())


def asked(ana, mara, *instruments):
    asking.ask(by=ana.account, client=mara, instruments=instruments, way="DESK", now=time.now())


def handed(staff, client):
    browser = inside(staff.account)
    answer = browser.post(f"/desk/clients/{client.pk}/hand-over/")
    assert (answer.status_code, answer.url) == (302, "/desk/kiosk/")
    return browser


def answered(browser, place, *values):
    browser.post("/desk/kiosk/")
    for number, value in enumerate(values, 1):
        body = {"answer": value, "version": "1"}
        assert browser.post(f"/desk/kiosk/{place}/{number}/", body).status_code == 302
    return browser.post(f"/desk/kiosk/{place}/check/", {"version": "1"})


def test_two_sets_are_answered_by_the_client_and_end_in_thanks_that_tell_nothing(ana, mara):
    asked(ana, mara, "gad-2", "phq-2")
    browser = handed(ana, mara)
    page = browser.get("/desk/kiosk/").content.decode()
    assert "A few questions" in page and "Mara" not in page and ana.display_name not in page
    for place in (1, 2):
        assert answered(browser, place, "3", "3").url == "/desk/kiosk/"

    page = browser.get("/desk/kiosk/").content.decode()
    assert "That was all. Give the tablet back." in page
    assert not re.search(r"\b(GAD|PHQ)\b", page)
    assert not any(word in page for word in ("score", "Mara", ana.display_name))
    assert {(s.source, s.entered_by, s.client) for s in Sheet.objects.all()} == {
        ("CLIENT", None, mara)
    }
    by = set(AuditEntry.objects.filter(verb="measure.answer").values_list("by", flat=True))
    assert by == {f"link:{one.hex}" for one in Asked.objects.values_list("pk", flat=True)}
    assert AuditEntry.objects.filter(verb="measure.hand_over", by=str(ana.account.pk)).exists()


def test_nothing_else_of_the_desk_opens_by_any_address_or_button(ana, mara):
    asked(ana, mara, "gad-2")
    browser = handed(ana, mara)
    tried = 0
    for route in routes():
        if route.door != "desk" or route.permission == "public" or route.name in WHEN_HANDED:
            continue
        path = route.path.replace("<uuid:client_id>", str(mara.pk))
        path = "/" + re.sub(r"<(\w+):\w+>", lambda found: KEYS[found[1]], path)
        for ask in (browser.get, browser.post):
            answer, fetched = ask(path), ask(path, headers=FETCH)
            if answer.status_code == 405:  # nothing is behind this method for anybody
                continue
            tried += 1
            assert (answer.status_code, answer.url) == (302, "/desk/kiosk/"), route
            assert (fetched.status_code, fetched.content) == (423, b""), route

    assert tried > 200
    assert Session.objects.get().handed_at is not None


def test_a_page_that_was_on_its_way_does_not_open_the_desk_again(ana, mara):
    asked(ana, mara, "gad-2")
    browser = inside(ana.account)
    before = browser.cookies["desk"].value
    handed_by = handed(ana, mara)
    browser.cookies["desk"] = handed_by.cookies["desk"].value
    row = Session.objects.exclude(handed_at=None).get()
    Session.objects.filter(pk=row.pk).update(data=row.data)  # whatever a late page would write
    assert browser.get("/desk/").url == "/desk/kiosk/"
    assert handed_by.cookies["desk"].value != before


def test_the_digits_open_the_desk_and_it_is_on_record(ana, mara):
    asked(ana, mara, "gad-2")
    browser = handed(ana, mara)
    wrong = browser.post("/desk/kiosk/back/", {"pin": "111222", "to": "desk"})
    page = wrong.content.decode()
    assert wrong.status_code == 422 and "Try again" in page
    assert "Look at this:" in page and "saved" not in page  # digits alone are typed here
    assert browser.get("/desk/").url == "/desk/kiosk/"

    right = browser.post("/desk/kiosk/back/", {"pin": DIGITS, "to": "desk"})
    assert right.url == "/desk/" and browser.get("/desk/").status_code == 200
    assert "Nothing is handed over" in browser.get("/desk/kiosk/").content.decode()
    said = dict(AuditEntry.objects.filter(verb__startswith="kiosk").values_list("verb", "allowed"))
    assert said == {"kiosk.pin": False, "kiosk.take_back": True}


def test_after_five_wrong_ones_only_a_full_sign_in_opens_it(ana, mara):
    asked(ana, mara, "gad-2")
    browser = handed(ana, mara)
    for _ in range(6):
        browser.post("/desk/kiosk/back/", {"pin": "111222", "to": "desk"})
    for later in (0, 60):  # minutes; the limit has passed by then, the shutting has not
        with time.at(time.now() + timedelta(minutes=later)):
            page = browser.post("/desk/kiosk/back/", {"pin": DIGITS, "to": "desk"})
            assert "Only a full sign-in" in page.content.decode()
            assert browser.get("/desk/").url == "/desk/kiosk/"

    assert browser.post("/desk/signin/out/").status_code == 302
    assert "/desk/signin/" in browser.get("/desk/").url


def test_left_alone_it_covers_itself_on_the_server_too(ana, mara):
    asked(ana, mara, "gad-2")
    browser, start = handed(ana, mara), time.now()
    browser.post("/desk/kiosk/")
    with time.at(start + timedelta(minutes=5)):
        for path in ("/desk/kiosk/", "/desk/kiosk/1/1/", "/desk/kiosk/1/check/"):
            assert browser.get(path).url == "/desk/kiosk/back/"
        assert browser.post("/desk/kiosk/awake/").status_code == 423
        assert "This page is covered" in browser.get("/desk/kiosk/back/").content.decode()
        on = browser.post("/desk/kiosk/back/", {"pin": DIGITS, "to": "questions"})
        assert on.url == "/desk/kiosk/" and browser.get("/desk/").url == "/desk/kiosk/"
        assert browser.get("/desk/kiosk/1/1/").status_code == 200
    assert AuditEntry.objects.filter(verb="kiosk.rest").count() == 1


def test_the_practice_sets_when_a_tablet_covers_itself(ana, mara):
    owner, asked_of = inside(Colleague(roles=["OWNER"]).account), "/desk/practice/edit/"
    given = dict(name="By the river", discreet_name="", hours="", time_zone="UTC", country="DE",
                 currency="EUR", locale="en", consents=["TREATMENT"])  # fmt: skip
    for minutes in ("0", "11", "", "soon"):
        wrong = owner.post(asked_of, given | {"tablet_minutes": minutes})
        assert wrong.status_code == 422
        assert 'id="id_tablet_minutes_error"' in wrong.content.decode()
    asked(ana, mara, "gad-2")
    before = handed(ana, mara)
    assert owner.post(asked_of, given | {"tablet_minutes": "8"}).status_code == 302
    assert "8 minutes after the last touch" in owner.get("/desk/practice/").content.decode()

    browser, start = handed(ana, mara), time.now()
    page = browser.get("/desk/kiosk/").content.decode()
    assert 'data-idle-seconds="480"' in page and 'content="600; url=' in page
    with time.at(start + timedelta(minutes=8)):
        assert browser.get("/desk/kiosk/1/1/").status_code == 200
        assert before.get("/desk/kiosk/1/1/").url == "/desk/kiosk/back/"  # handed over with 3
    with time.at(start + timedelta(minutes=18)):
        assert browser.get("/desk/kiosk/1/1/").url == "/desk/kiosk/back/"


def test_left_for_long_the_digits_still_leave_the_lock(ana, mara):
    asked(ana, mara, "gad-2")
    browser = handed(ana, mara)
    with time.at(time.now() + timedelta(minutes=20)):
        assert browser.post("/desk/kiosk/back/", {"pin": DIGITS, "to": "desk"}).url == "/desk/"
        assert browser.get("/desk/").status_code == 423


def test_an_answer_that_calls_for_help_shows_it_before_the_thanks(ana, mara):
    asked(ana, mara, "phq-9")
    browser = handed(ana, mara)
    page = answered(browser, 1, *["0"] * 8, "2", "0").content.decode()
    assert "tel:112" in page and 'href="/desk/kiosk/"' in page
    assert Alert.objects.count() == 1
    assert "tel:112" not in browser.get("/desk/kiosk/").content.decode()


def test_the_front_desk_hands_over_without_reading_what_is_asked(ana, mara):
    fay = Colleague(roles=["FRONT_DESK"], at=[mara.place])
    nothing = inside(fay.account).get(f"/desk/clients/{mara.pk}/hand-over/").content.decode()
    assert "Nothing waits for this client" in nothing
    asked(ana, mara, "gad-2")
    page = inside(fay.account).get(f"/desk/clients/{mara.pk}/hand-over/").content.decode()
    assert "One set of questions" in page and not re.search(r"\bGAD\b", page)
    browser = handed(fay, mara)
    right = browser.post("/desk/kiosk/back/", {"pin": DIGITS, "to": "desk"})
    assert right.status_code == 422  # those are somebody else's digits


def test_what_was_answered_meanwhile_is_said_and_nothing_is_handed_over(ana, mara):
    browser = inside(ana.account)
    answer = browser.post(f"/desk/clients/{mara.pk}/hand-over/")
    assert answer.status_code == 422 and "Nothing waits" in answer.content.decode()
    assert browser.get("/desk/").status_code == 200


@pytest.mark.parametrize(
    ("pin", "again", "said"),
    [
        ("12345", "12345", "Use six to ten digits"), ("123456", "123456", "nobody tries first"),
        ("777777", "777777", "nobody tries first"), ("493817", "493818", "The two differ"),
        ("٤٩٣٨١٧", "٤٩٣٨١٧", "Use six to ten digits"),
    ],
)  # fmt: skip
def test_weak_digits_are_refused_and_say_why(ana, pin, again, said):
    browser = inside(ana.account)
    Session.objects.update(stepped_up_at=time.now())
    answer = browser.post("/desk/me/pin/", {"pin": pin, "again": again})
    assert answer.status_code == 422 and said in answer.content.decode()


def test_digits_are_set_after_a_fresh_proof_and_kept_as_a_hash(ana):
    browser = inside(ana.account)
    Session.objects.update(stepped_up_at=None)
    assert browser.post("/desk/me/pin/", {"pin": "905142", "again": "905142"}).status_code == 403
    Session.objects.update(stepped_up_at=time.now())
    assert browser.post("/desk/me/pin/", {"pin": "905142", "again": "905142"}).status_code == 302
    assert pins.tried(ana.account, "905142", now=time.now()) == "right"
    assert pins.tried(ana.account, DIGITS, now=time.now()) == "wrong"
    assert "905142" not in ana.account.pin.hash


def test_digits_set_while_handing_over_lead_back_there(ana):
    browser, client = inside(ana.account), ClientOf(care_team=[ana])
    Session.objects.update(stepped_up_at=time.now())
    sent = {"pin": "905142", "again": "905142"}
    address = f"/desk/clients/{client.pk}/hand-over/"
    for asked, leads in ((client.pk, address), ("//evil.example", "/desk/"), ("", "/desk/")):
        assert browser.post(f"/desk/me/pin/?client={asked}", sent).url == leads
