"""Asking for help without an account and without a time, by people and by programs."""

import re
from datetime import timedelta

import pytest
from django.test import Client as Browser

from rapport.contact.asking import actions
from rapport.contact.models import AskUs, Inquiry
from rapport.core import time as clock
from rapport.core.policy import System
from rapport.people.models import Client, Contact
from rapport.people.practice import actions as practice
from tests.factories import NOW, APlace, APractice, ASource, AType, ClientOf, Colleague
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db

GIVEN = {"name": "Jo Quiet", "mail": "jo@example.net", "safe_to_write": "on", "may_contact": "on",
         "words": "I sleep badly."}  # fmt: skip


@pytest.fixture
def house():
    APractice(name="Practice by the river", country="US", phone="+1 555 010 0199", answer_days=3)
    return APlace(name="River house")


@pytest.fixture
def stranger(house):
    actions.set_page(by=System("test"), is_open=True, shows_names=False)
    return Browser()


def text(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def hidden(browser, name):
    return re.search(rf'name="{name}" value="([^"]+)"', text(browser.get("/ask/")))[1]


def send(browser, after=10, **given):
    held = {name: hidden(browser, name) for name in ("stamp", "once")}
    with clock.at(clock.now() + timedelta(seconds=after)):
        return browser.post("/ask/", GIVEN | held | given)


def test_there_is_no_such_page_until_an_owner_opens_it(house):
    browser = Browser()
    assert browser.get("/ask/").status_code == browser.post("/ask/", GIVEN).status_code == 404
    assert "/ask/" not in text(browser.get("/"))
    olga = Colleague(roles=["OWNER"], at=[house])

    answer = inside(olga.account).post(
        "/desk/practice/self-booking/", {"most_ahead": "3", "is_open": "on"}
    )

    assert answer.status_code == 302
    assert AskUs.objects.get().is_open
    assert browser.get("/ask/").status_code == 200
    assert "/ask/" in text(browser.get("/"))
    assert 'href="/ask/"' in text(browser.get("/first/"))


def test_a_stranger_asks_and_becomes_an_inquiry(stranger, house):
    answer = send(stranger, phone="+1 555 010 0100", safe_to_text="on")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/ask/thanks/")
    inquiry = Inquiry.objects.get()
    client = inquiry.client
    assert (client.status, client.legal_name, client.place, client.languages) == (
        "INQUIRY", "Jo Quiet", house, ["en"]
    )  # fmt: skip
    assert (inquiry.came_by, inquiry.stage, inquiry.seeks) == ("FORM", "NEW", "I sleep badly.")
    assert inquiry.may_contact_at is not None
    assert {(one.kind, one.plain, one.safe_to_text, one.safe_to_write)
            for one in Contact.objects.select_related("client__data_key")} == {
        ("PHONE", "+15550100100", True, False), ("MAIL", "jo@example.net", False, True)
    }  # fmt: skip


def test_the_thanks_say_by_when_and_whom_to_call_and_nothing_of_who_asked(stranger):
    send(stranger)

    page = text(stranger.get("/ask/thanks/"))

    assert "We answer within 3 working days." in page
    assert "tel:988" in page
    assert "tel:911" in page
    assert "tel:+15550100199" in page
    assert "Quiet" not in page


def test_before_the_words_it_says_that_nobody_reads_them_at_once(stranger):
    page = text(stranger.get("/ask/"))

    said, field = page.index("Nobody reads this at once."), page.index('name="words"')
    assert said < page.index("/help-now/", said) < field
    assert page.index("data-quick-exit") < page.index("<main")


def test_a_form_sent_twice_makes_one(stranger):
    held = {name: hidden(stranger, name) for name in ("stamp", "once")}
    with clock.at(clock.now() + timedelta(seconds=10)):
        first, second = (stranger.post("/ask/", GIVEN | held) for _ in range(2))

    assert first.status_code == second.status_code == 302
    assert Inquiry.objects.count() == 1


def test_somebody_known_here_gets_the_same_answer_and_another_inquiry(stranger, house):
    ClientOf(legal_name="Jo Quiet", place=house)

    assert send(stranger).headers["Location"] == "/ask/thanks/"
    assert Client.objects.filter(legal_name="Jo Quiet").count() == 2


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": ""}, "This field is required."),
        ({"mail": ""}, "Write a number or a mail address"),
        ({"mail": "jo"}, "This is not a mail address."),
        ({"may_contact": ""}, "Without this nobody can answer you."),
        ({"website": "http://x.example"}, "so that we know you are a person"),
        ({"words": "x" * 301}, "300"),
    ],
    ids=["nameless", "no way", "no address", "no consent", "a program", "long"],
)
def test_what_is_wrong_stands_beside_it_and_what_was_typed_stays(stranger, given, said):
    answer = send(stranger, **({"phone": ""} | given))

    assert answer.status_code == 422
    page = text(answer)
    assert said in page
    assert ("Jo Quiet" in page) == ("name" not in given)
    assert not Inquiry.objects.exists()


def test_programs_are_too_quick(stranger):
    assert send(stranger, after=1).status_code == 422


def test_six_an_hour_come_from_one_address(stranger):
    assert [send(stranger).status_code for _ in range(7)] == [302] * 6 + [429]
    assert Inquiry.objects.count() == 6


def test_how_they_heard_of_us_is_asked_where_there_is_a_list(stranger):
    assert 'name="source"' not in text(stranger.get("/ask/"))
    friend, _gone = ASource(name="A friend"), ASource(name="Old paper", closed_on=NOW.date())
    page = text(stranger.get("/ask/"))
    assert "A friend" in page
    assert "Old paper" not in page

    send(stranger, source=str(friend.pk))

    assert Inquiry.objects.get().source == friend


def test_whom_they_would_like_to_see_is_asked_where_the_practice_shows_names(stranger, house):
    hill = APlace(name="Hill house")
    ben = Colleague(legal_name="Ben Ott", at=[hill])
    assert "Ben Ott" not in text(stranger.get("/ask/"))
    actions.set_page(by=System("test"), is_open=True, shows_names=True)

    send(stranger, clinician=str(ben.pk))

    inquiry = Inquiry.objects.get()
    assert (inquiry.clinician, inquiry.client.place) == (ben, hill)


def test_a_clinician_whom_the_page_does_not_show_cannot_be_chosen(stranger, house):
    ben = Colleague(at=[house])

    send(stranger, clinician=str(ben.pk))

    assert Inquiry.objects.get().clinician is None


def test_of_several_places_one_may_be_chosen(stranger):
    hill = APlace(name="Hill house")

    send(stranger, place=str(hill.pk))

    assert Inquiry.objects.get().client.place == hill


@pytest.mark.parametrize("address", ["/", "/first/", "/ask/"])
def test_the_number_to_call_stands_where_the_page_says_so(stranger, address):
    assert 'href="tel:+15550100199"' in text(stranger.get(address))


def test_a_page_on_which_nothing_is_free_says_the_number(stranger):
    talk = AType(bookers=["PUBLIC"])

    page = text(stranger.get(f"/first/{talk.pk}/"))

    assert "Nobody has times for this here" in page
    assert 'href="tel:+15550100199"' in page


@pytest.mark.parametrize(
    ("given", "field"),
    [({"phone": "call us"}, "phone"), ({"phone": "12"}, "phone"), ({"answer_days": 31},
     "answer_days")],
    ids=["words", "too short", "a month"],
)  # fmt: skip
def test_a_number_nobody_can_dial_and_a_wait_too_long_are_refused(house, given, field):
    from_here = APractice._meta.model.objects.get()

    with pytest.raises(practice.CannotSet) as said:
        practice.change(by=System("test"), practice=from_here, **given)

    assert said.value.field == field
