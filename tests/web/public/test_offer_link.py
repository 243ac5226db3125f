"""An hour on offer behind a link: looking changes nothing, a button takes it, words are kind."""

import re
from datetime import timedelta

import pytest
from django.test import Client as Browser

from rapport.core import time as clock
from rapport.core.models import AuditEntry
from rapport.core.policy import System
from rapport.meeting.models import Appointment, FreedHour, Hold, Offer, Series, WaitingEntry
from rapport.meeting.waiting import actions, answering, offering
from tests.factories import (
    AFreedHour,
    AnAppointment,
    APractice,
    AWaitingEntry,
    ClientOf,
    Colleague,
)

pytestmark = pytest.mark.django_db

BY = System("test")
NOON = clock.datetime(2030, 1, 7, 12, tzinfo=clock.UTC)


@pytest.fixture(autouse=True)
def noon(db):
    with clock.at(NOON):
        yield


@pytest.fixture
def ana():
    APractice(name="Practice by the river", country="DE", time_zone="UTC")
    return Colleague(legal_name="Ana Roth")


def link(ana, how="IN_TURN", others=0, rule="", **given):
    mara = ClientOf(legal_name="Mara Lindgren", care_team=[ana], **given)
    AWaitingEntry(client=mara, since=NOON - timedelta(days=9))
    for _ in range(others):
        AWaitingEntry(client=ClientOf(care_team=[ana]))
    hour = AFreedHour(clinician=ana, starts_at=NOON + timedelta(days=1, hours=2), rule=rule)
    offering.offer(by=BY, hour=hour, now=NOON, how=how, standing=bool(rule))
    one = Offer.objects.get(client=mara)
    return one, answering.link(by=BY, offer=one)


def still(ana):
    entry = AWaitingEntry(client=ClientOf(care_team=[ana]), asked_at=NOON)
    given = {"by": BY, "client": entry.client, "entry": entry}
    return entry, actions.link(**given)


def everything():
    rows = (Offer, FreedHour, WaitingEntry, Appointment, Hold, AuditEntry)
    return [sorted(map(repr, model.objects.values_list())) for model in rows]


def test_from_the_link_to_the_appointment(ana):
    _one, path = link(ana)
    page = Browser()
    shown = page.get(path)
    assert shown.status_code == 200
    assert "Tuesday, 8 January" in shown.content.decode()
    assert "You can answer until" in shown.content.decode()

    done = page.post(path, {"answer": "yes"})
    assert done.status_code == 200 and "It is yours" in done.content.decode()
    assert Appointment.objects.get().starts_at == NOON + timedelta(days=1, hours=2)


def test_programs_that_read_mail_take_nothing(ana):
    _one, path = link(ana)
    _entry, question = still(ana)
    before = everything()
    for method in ("get", "head", "options", "put", "delete"):
        for where in (path, question):
            getattr(Browser(), method)(f"{where}?answer=yes")

    assert everything() == before


def test_no_page_names_anybody_or_the_practice(ana):
    _one, path = link(ana, others=1)
    page = Browser()
    pages = [page.get(path), page.post(path, {}), page.post(path, {"answer": "no"}),
             page.get(path), page.post(path, {"answer": "yes"})]  # fmt: skip
    for one in pages:
        said = one.content.decode()
        assert "Mara" not in said and "river" not in said and not re.search(r"\bAna\b", said)
        assert one.headers["Cache-Control"] == "no-store"
        assert one.headers["Referrer-Policy"] == "no-referrer"
        assert one.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_a_place_says_how_often_and_from_when_and_is_taken_as_a_standing_slot(ana):
    _one, path = link(ana, rule="FREQ=WEEKLY;BYDAY=TU")
    page = Browser()
    shown = page.get(path).content.decode()
    assert "Every Tuesday, 2 p.m., for the first time:" in shown
    assert not re.search(r"\bAna\b", shown) and "river" not in shown
    done = page.post(path, {"answer": "yes"}).content.decode()

    assert "It is yours" in done and "Every Tuesday, 2 p.m., for the first time:" in done
    assert Series.objects.get().appointments.count() == 53


def test_days_of_a_place_that_others_have_are_said_before_it_is_taken(ana):
    one, path = link(ana, rule="FREQ=WEEKLY;BYDAY=TU")
    page = Browser()
    weeks = [one.hour.starts_at + timedelta(weeks=n) for n in (1, 3)]
    AnAppointment(client=ClientOf(), clinician=ana, starts_at=weeks[0])
    shown = page.get(path).content.decode()
    assert "1 day of the year ahead is not included:" in shown and "Tue 15 Jan 2030" in shown

    AnAppointment(client=ClientOf(), clinician=ana, starts_at=weeks[1])
    answer = page.post(path, {"answer": "yes", "without": "2030-01-15"})
    again = answer.content.decode()
    assert answer.status_code == 422 and "Nothing is booked yet." in again
    assert "Tue 29 Jan 2030" in again and 'value="2030-01-15 2030-01-29 "' in again
    assert not Series.objects.exists()
    done = page.post(path, {"answer": "yes", "without": "2030-01-15 2030-01-29"})

    assert done.status_code == 200
    assert "2 days of the year ahead are not included:" in done.content.decode()
    assert Series.objects.get().appointments.count() == 51


def test_what_is_no_day_is_none_that_was_seen(ana):
    one, path = link(ana, rule="FREQ=WEEKLY;BYDAY=TU")
    second = one.hour.starts_at + timedelta(weeks=1)
    AnAppointment(client=ClientOf(), clinician=ana, starts_at=second)

    answer = Browser().post(path, {"answer": "yes", "without": "2030-01-15 x"})
    assert answer.status_code == 422 and not Series.objects.exists()


def test_a_yes_twice_and_a_look_afterwards_say_that_it_is_theirs(ana):
    _one, path = link(ana)
    page = Browser()
    for answer in (page.post(path, {"answer": "yes"}), page.post(path, {"answer": "yes"}),
                   page.get(path), page.post(path, {"answer": "no"})):  # fmt: skip
        assert answer.status_code == 200 and "It is yours" in answer.content.decode()
    assert Appointment.objects.count() == 1


def test_neither_yes_nor_no_is_asked_again(ana):
    _one, path = link(ana)
    for body in ({}, {"answer": "maybe"}):
        answer = Browser().post(path, body)
        assert answer.status_code == 422 and "one of the two" in answer.content.decode()


def late(one):
    Offer.objects.update(answer_by=NOON)


def taken(one):
    other = Offer.objects.exclude(pk=one.pk).get()
    answering.accept(by=BY, offer=other, now=NOON)


def begun(one):
    FreedHour.objects.update(starts_at=NOON)


def stopped(one):
    offering.stop(by=BY, hour=one.hour, now=NOON)


def test_that_others_are_asked_is_said_only_while_they_are(ana):
    one, path = link(ana, how="AT_ONCE", others=1)
    assert "Others are asked too" in Browser().get(path).content.decode()

    answering.decline(by=BY, offer=Offer.objects.exclude(pk=one.pk).get(), now=NOON)
    page = Browser().get(path).content.decode()
    assert "Others are asked too" not in page and "kept for you until then" in page


@pytest.mark.parametrize(
    ("how", "words"),
    [(late, "The time to answer is over"), (taken, "Somebody else was a little faster"),
     (begun, "This time has begun"), (stopped, "not on offer any more")],
    ids=lambda one: getattr(one, "__name__", None),
)  # fmt: skip
def test_too_late_is_said_kindly(ana, how, words):
    one, path = link(ana, how="AT_ONCE", others=1)
    how(one)
    before = Appointment.objects.count()
    for answer in (Browser().get(path), Browser().post(path, {"answer": "yes"}),
                   Browser().post(path, {"answer": "no"})):  # fmt: skip
        assert answer.status_code == 410
        assert words in answer.content.decode()
    assert Appointment.objects.count() == before


def test_a_no_can_be_looked_at_and_not_turned_round(ana):
    _one, path = link(ana)
    page = Browser()
    assert "Thank you for saying so" in page.post(path, {"answer": "no"}).content.decode()
    assert page.get(path).status_code == 200
    answer = page.post(path, {"answer": "yes"})
    assert answer.status_code == 410 and "call the practice" in answer.content.decode()
    assert not Appointment.objects.exists()


@pytest.mark.parametrize("start", ["/o/", "/w/"])
def test_a_link_that_never_was_says_no_more_than_that_it_does_not_work(ana, start):
    for token in ("x" * 43, "é", "..", "0" * 500, "%00", "a b"):
        for answer in (Browser().get(f"{start}{token}/"), Browser().post(f"{start}{token}/")):
            assert answer.status_code == 404
    said = Browser().get(f"{start}{'x' * 43}/").content.decode()
    assert "This link does not work." in said


def test_a_new_link_ends_the_one_before(ana):
    one, path = link(ana)
    other = answering.link(by=BY, offer=one)

    assert Browser().get(path).status_code == 404
    assert Browser().get(other).status_code == 200


def test_it_speaks_the_clients_language(ana):
    _one, path = link(ana, languages=["de"])

    assert Browser().get(path).headers["Content-Language"] == "de"


class TestStillLooking:
    def test_a_yes_keeps_the_place_and_ends_the_link(self, ana):
        entry, path = still(ana)
        page = Browser()
        assert "Are you still looking" in page.get(path).content.decode()
        assert "You keep your place" in page.post(path, {"answer": "yes"}).content.decode()
        page.post(path, {"answer": "no"})  # a second time it does nothing

        entry.refresh_from_db()
        assert (entry.state, entry.asked_at) == ("WAITING", None)

    def test_a_no_takes_them_off_the_list(self, ana):
        entry, path = still(ana)
        page = Browser()
        assert "not on the list" in page.post(path, {"answer": "no"}).content.decode()
        page.post(path, {"answer": "yes"})

        entry.refresh_from_db()
        assert entry.state == "WITHDRAWN"

    def test_neither_is_asked_again(self, ana):
        entry, path = still(ana)
        assert Browser().post(path, {}).status_code == 422

        entry.refresh_from_db()
        assert entry.asked_at == NOON
