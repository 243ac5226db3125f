"""A first meeting asked for without an account, by people and by programs."""

import re
import uuid
from datetime import timedelta
from urllib.parse import parse_qs, urlparse

import pytest
from django.core import signing
from django.test import Client as Browser

from rapport.contact.models import Inquiry
from rapport.core import jobs
from rapport.core import time as clock
from rapport.core.policy import System
from rapport.meeting.models import (
    Appointment,
    AppointmentType,
    Diary,
    Hold,
    Introduction,
    WorkingHours,
)
from rapport.meeting.terms import actions as terms
from rapport.people.models import Client, Contact
from rapport.people.practice import queries as practice
from tests.factories import (
    NOW,
    AContact,
    APlace,
    APractice,
    ASource,
    AStretch,
    AType,
    ClientOf,
    Colleague,
)
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db

EARLIER = NOW - timedelta(days=5)
GIVEN = {"name": "Jo Quiet", "mail": "jo@example.net", "safe_to_write": "on", "may_contact": "on",
         "words": "I sleep badly."}  # fmt: skip


@pytest.fixture(autouse=True)
def earlier():
    with clock.at(EARLIER):
        yield


@pytest.fixture
def ana():
    APractice()
    one = Colleague(at=[APlace()], legal_name="Ana Roth")
    Diary.objects.create(staff=one, horizon_days=365)
    AStretch(staff=one)
    return one


@pytest.fixture
def first(ana):
    return AType(name="First talk", bookers=["PUBLIC"], needs_approval=True)


@pytest.fixture
def stranger():
    return Browser()


def start(clinician, hours=0.0):
    return f"{NOW + timedelta(hours=hours):%Y-%m-%dT%H:%M}+00:00|{clinician.pk}"


def keep(browser, type, clinician, hours=0.0):
    answer = browser.post(f"/first/{type.pk}/?month=2030-01&zone=UTC",
                          {"start": start(clinician, hours)})  # fmt: skip
    assert answer.status_code == 302, answer.content.decode()
    return answer.headers["Location"]


def stamped(browser, address):
    return re.search(r'name="stamp" value="([^"]+)"', browser.get(address).content.decode())[1]


def send(browser, address, after=10, stamp=None, **given):
    stamp = stamp or stamped(browser, address)
    with clock.at(clock.now() + timedelta(seconds=after)):
        return browser.post(address, GIVEN | {"stamp": stamp} | given)


def text(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def test_the_first_page_leads_there_only_where_something_is_offered(stranger, ana):
    assert "/first/" not in text(stranger.get("/"))
    AType(bookers=["PUBLIC"])

    assert "/first/" in text(stranger.get("/"))


def test_a_stranger_asks_for_a_time_and_reads_what_comes_next(stranger, ana, first):
    answer = send(stranger, keep(stranger, first, ana))

    made = Appointment.objects.get()
    assert (made.status, made.client.status, made.client.legal_name) == (
        "REQUESTED", "INQUIRY", "Jo Quiet"
    )  # fmt: skip
    assert Introduction.objects.get().words == "I sleep badly."
    thanks = text(stranger.get(answer.headers["Location"]))
    assert "Until then it is not confirmed." in thanks
    assert "Quiet" not in thanks


def test_what_needs_nobodys_yes_is_theirs_at_once(stranger, ana):
    talk = AType(bookers=["PUBLIC"])
    address = keep(stranger, talk, ana)
    assert "Book this time" in text(stranger.get(address))

    answer = send(stranger, address)

    made = Appointment.objects.get()
    assert (made.status, made.client.status) == ("BOOKED", "INQUIRY")
    assert not Hold.objects.exists()
    thanks = text(stranger.get(answer.headers["Location"]))
    assert "This time is yours." in thanks and "not confirmed" not in thanks
    jobs.run_due(clock.now() + timedelta(minutes=1), loud=True)
    assert Inquiry.objects.get().stage == "CONSULTATION"
    assert "Clients did this themselves" in text(inside(ana.account).get("/desk/also/"))


def test_nothing_that_was_written_stands_in_an_address(stranger, ana, first):
    address = keep(stranger, first, ana)
    answer = send(stranger, address)

    for one in (address, answer.headers["Location"]):
        said = signing.loads(parse_qs(urlparse(one).query)["at"][0], salt="booking.public")
        assert set(said) == set("htwcszprm"), "ids, a way, a time and a zone"
        assert not any(word in str(said) for word in ("Jo", "example", "sleep", "Roth"))


def test_a_second_tap_asks_once_and_a_lost_answer_is_found_again(stranger, ana, first):
    address = keep(stranger, first, ana)
    stamp = stamped(stranger, address)
    one, two = (send(stranger, address, stamp=stamp) for _ in range(2))

    assert one.headers["Location"] == two.headers["Location"]
    assert (Client.objects.count(), Appointment.objects.count()) == (1, 1)


def test_who_goes_back_to_the_form_reads_that_it_has_arrived(stranger, ana, first):
    address = keep(stranger, first, ana)
    answer = send(stranger, address)

    assert stranger.get(address).headers["Location"] == answer.headers["Location"]


def test_whether_somebody_is_known_here_changes_nothing_that_is_seen(stranger, ana, first):
    fresh = send(stranger, keep(stranger, first, ana), mail="new@example.net")
    mara = ClientOf(care_team=[ana], legal_name="Mara Kühn")
    AContact(client=mara, kind="MAIL", value="mara@example.net", plain="mara@example.net")
    known = send(stranger, keep(stranger, first, ana, 1), name="Mara Kühn",
                 mail="mara@example.net")  # fmt: skip

    assert fresh.status_code == known.status_code == 302
    assert Client.objects.filter(status="INQUIRY").count() == 2
    assert mara.appointments.count() == 0


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"name": "Jo\r\nBcc: all@example.net"}, "Write the name on one line."),
        ({"name": "\u200b\u200b"}, "at least one letter"),
        ({"name": ""}, "This field is required."),
        ({"mail": "a@b.de\r\nBcc: x@y.z"}, "This is not a mail address."),
        ({"mail": "nowhere"}, "This is not a mail address."),
        ({"mail": ""}, "so that somebody can answer"),
        ({"phone": "twelve"}, "not a whole phone number"),
        ({"words": "x" * 301}, "at most 300"),
        ({"may_contact": ""}, "nobody can answer you"),
        ({"website": "https://buy.example"}, "Leave this field empty"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(stranger, ana, first, given, words):
    answer = send(stranger, keep(stranger, first, ana), **given)

    assert answer.status_code == 422
    assert words in text(answer)
    assert ("Jo" in text(answer)) or "name" in given
    assert "I sleep badly." in text(answer) or "words" in given
    assert not Client.objects.exists()


@pytest.mark.parametrize(
    ("after", "words"), [(1, "That was very quick."), (5 * 60 * 60, "stood open for long")]
)
def test_a_program_that_answers_at_once_or_from_yesterday_is_asked_again(
    stranger, ana, first, after, words
):
    answer = send(stranger, keep(stranger, first, ana), after=after)

    assert (answer.status_code, words in text(answer)) == (422, True)
    assert "I sleep badly." in text(answer)


@pytest.mark.parametrize("stamp", ["", "x", "1:2:3"])
def test_a_stamp_that_is_not_ours_is_asked_again(stranger, ana, first, stamp):
    address = keep(stranger, first, ana)
    answer = stranger.post(address, GIVEN | {"stamp": stamp})

    assert answer.status_code == 422
    assert not Client.objects.exists()


def test_one_address_asks_a_few_times_an_hour_and_no_more(stranger, ana, first):
    for n in range(6):
        assert send(stranger, keep(stranger, first, ana, n)).status_code == 302

    answer = send(stranger, keep(stranger, first, ana, 6))

    assert (answer.status_code, "Too many requests" in text(answer)) == (429, True)
    assert "I sleep badly." in text(answer)


def test_who_comes_too_late_keeps_what_was_typed_and_takes_another(stranger, ana, first):
    address = keep(stranger, first, ana)
    stamp = stamped(stranger, address)
    with clock.at(EARLIER + timedelta(minutes=6)):
        other = Browser(REMOTE_ADDR="192.0.2.7")
        send(other, keep(other, first, ana))
        late = send(stranger, address, stamp=stamp)
        assert (late.status_code, "just taken" in text(late)) == (422, True)
        assert "I sleep badly." in text(late)
        assert 'name="instead"' in text(late)

        again = stranger.post(address, GIVEN | {"stamp": stamp, "instead": start(ana, 1)})
        assert again.status_code == 200
        assert "I sleep badly." in text(again)
        action = re.search(r'action="(/first/confirm/[^"]+)"', again.content.decode())[1]
        assert send(stranger, action.replace("&amp;", "&"), stamp=stamp).status_code == 302

    assert set(Appointment.objects.values_list("starts_at", flat=True)) == {
        NOW, NOW + timedelta(hours=1)
    }  # fmt: skip


def closes(type):
    AppointmentType.objects.filter(pk=type.pk).update(closed_on=clock.today())


def is_no_longer_met_in_that_way(type):
    AppointmentType.objects.filter(pk=type.pk).update(ways=["PHONE"])


def loses_its_hours(type):
    WorkingHours.objects.all().delete()


@pytest.mark.parametrize("change", [closes, is_no_longer_met_in_that_way, loses_its_hours])
def test_what_closes_while_somebody_writes_leaves_what_was_typed(stranger, ana, first, change):
    address = keep(stranger, first, ana)
    stamp = stamped(stranger, address)
    change(first)
    with clock.at(EARLIER + timedelta(minutes=6)):
        late = send(stranger, address, stamp=stamp)

    assert late.status_code == 422
    assert "Nothing was booked." in text(late)
    for typed in ("I sleep badly.", 'value="Jo Quiet"', 'value="jo@example.net"', stamp):
        assert typed in text(late)
    assert not Appointment.objects.exists()


def test_something_else_is_taken_with_what_was_typed(stranger, ana, first):
    address = keep(stranger, first, ana)
    stamp = stamped(stranger, address)
    closes(first)
    AType(name="A call", bookers=["PUBLIC"], ways=["PHONE"])

    late = send(stranger, address, stamp=stamp)
    assert "A call" in text(late)
    button = re.search(r'name="otherwise" value="([^"]+)"', text(late))[1]
    kept = stranger.post(address, GIVEN | {"stamp": stamp, "otherwise": button})
    assert (kept.status_code, "I sleep badly." in text(kept)) == (200, True)
    action = re.search(r'action="(/first/confirm/[^"]+)"', text(kept))[1].replace("&amp;", "&")
    assert send(stranger, action, stamp=stamp).status_code == 302
    assert (Appointment.objects.get().way, Hold.objects.count()) == ("PHONE", 0)
    # A second tap on the button of the first page finds the same, not a form to fill again.
    assert send(stranger, action, stamp=stamp).status_code == 302


@pytest.mark.parametrize("button", ["", "x", "|||", f"{uuid.UUID(int=7)}|HERE|2030-01-07T09:00"])
def test_a_button_that_names_nothing_keeps_what_was_typed(stranger, ana, first, button):
    address = keep(stranger, first, ana)
    answer = stranger.post(address, GIVEN | {"otherwise": button})

    assert (answer.status_code, "Choose one of the times." in text(answer)) == (422, True)
    assert "I sleep badly." in text(answer)


def test_the_pages_are_headed_with_the_practice(stranger, ana, first):
    name = practice.current().name
    for address in ("/first/", f"/first/{first.pk}/", "/first/confirm/"):
        assert re.search(r'class="mark"[^>]*>([^<]+)', text(stranger.get(address)))[1] == name


def test_strangers_accept_the_terms_too(stranger, ana, first):
    terms.set_terms(by=System("test"), hours=24, texts={"en": "A day before."},
                    from_on=EARLIER.date(), now=EARLIER)  # fmt: skip
    address = keep(stranger, first, ana)
    assert send(stranger, address).status_code == 422

    assert send(stranger, address, accepted="on", terms="1").status_code == 302
    assert Appointment.objects.get().accepted.terms.version == 1


def test_a_phone_alone_is_enough_and_what_is_not_ticked_is_not_safe(stranger, ana, first):
    send(stranger, keep(stranger, first, ana), mail="", phone="+49 30 901820",
         safe_to_message="on")  # fmt: skip

    one = Contact.objects.get()
    assert (one.kind, one.safe_to_message, one.safe_to_text, one.safe_to_write) == (
        "PHONE", True, False, False
    )  # fmt: skip


def test_what_is_not_for_strangers_is_not_there(stranger, ana):
    inner = AType(bookers=["ACTIVE", "STAFF"])

    assert stranger.get(f"/first/{inner.pk}/").status_code == 404
    assert "cannot be booked here at the moment" in text(stranger.get("/first/"))


def test_pages_without_a_time_say_so(stranger):
    APractice()
    assert "Choose a time first" in text(stranger.get("/first/confirm/"))
    assert stranger.post("/first/confirm/?at=x").status_code == 422
    assert stranger.get("/first/thanks/").status_code == 200
    assert not Hold.objects.exists()


def test_how_they_heard_of_us_stands_with_the_inquiry(stranger, ana, first):
    friend = ASource(name="A friend")
    address = keep(stranger, first, ana)
    assert "How did you hear of us?" in text(stranger.get(address))

    send(stranger, address, source=str(friend.pk))
    jobs.run_due(NOW, loud=True)

    assert Inquiry.objects.get().source == friend


def test_the_form_says_before_the_words_that_nobody_reads_them_at_once(stranger, ana, first):
    page = text(stranger.get(keep(stranger, first, ana)))

    assert page.index("Nobody reads this at once.") < page.index('name="words"')


def test_a_way_out_stands_above_the_times_and_help_is_at_hand(stranger, ana, first):
    page = text(stranger.get(f"/first/{first.pk}/"))

    assert page.index("data-quick-exit") < page.index("<main")
    assert 'class="help-now"' in page
