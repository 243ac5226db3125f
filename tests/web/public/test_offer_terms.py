"""Taking an hour on offer, by link or in the portal: the terms are read and accepted first."""

from datetime import timedelta

import pytest
from django.test import Client as Browser

from rapport.core import time
from rapport.core.policy import System
from rapport.meeting.models import Accepted, Appointment, Offer
from rapport.meeting.waiting import answering, offering
from rapport.people.models import Account
from tests.factories import (
    AcceptedTerms,
    AFreedHour,
    AnAccount,
    AnAppointment,
    APractice,
    AWaitingEntry,
    ClientOf,
    Colleague,
    SomeTerms,
)
from tests.web.stepping import inside

from .test_offer_link import NOON

pytestmark = pytest.mark.django_db

BY = System("test")


@pytest.fixture(autouse=True)
def noon(db):
    with time.at(NOON):
        yield


@pytest.fixture
def ana():
    APractice(country="DE", time_zone="UTC")
    return Colleague(legal_name="Ana Roth")


@pytest.fixture(params=["link", "portal"])
def came(ana, request):
    """A client who may answer: their browser, and the address of the offer."""
    account = AnAccount(realm=Account.Realm.PORTAL)
    mara = ClientOf(care_team=[ana], account=account)
    AWaitingEntry(client=mara)
    hour = AFreedHour(clinician=ana, starts_at=NOON + timedelta(days=1, hours=2))
    offering.offer(by=BY, hour=hour, now=NOON, how="IN_TURN")
    one = Offer.objects.get()
    if request.param == "link":
        return Browser(), answering.link(by=BY, offer=one), mara
    me = Account.objects.loaded().get(pk=account.pk)
    return inside(me, "portal"), f"/portal/offers/{one.pk}/", mara


def text(answer):
    return answer.content.decode()


def test_the_terms_are_shown_and_without_accepting_them_nothing_is_booked(came):
    version = SomeTerms(texts={"en": "Call off two days before."}, hours=48)
    browser, where, mara = came
    page = text(browser.get(where))
    assert "Call off two days before." in page and "I have read this and accept it." in page
    without = browser.post(where, {"answer": "yes", "terms": str(version.version)})
    assert without.status_code == 422
    assert "Read the terms, then say that you accept them." in text(without)
    assert not Appointment.objects.exists()
    yes = {"answer": "yes", "terms": str(version.version), "accepted": "on"}
    assert "It is yours" in text(browser.post(where, yes))

    row = Accepted.objects.get()
    assert (row.client, row.terms, row.how, row.language) == (mara, version, "ONLINE", "en")
    assert row.appointment == Appointment.objects.get()


def test_a_no_needs_no_terms(came):
    SomeTerms()
    browser, where, _mara = came

    assert "Thank you for saying so" in text(browser.post(where, {"answer": "no"}))


def test_terms_that_changed_while_one_read_are_shown_anew(came):
    old = SomeTerms(texts={"en": "Old words."}, version=1)
    browser, where, _mara = came
    browser.get(where)
    SomeTerms(texts={"en": "New words."}, version=2)
    answer = browser.post(where, {"answer": "yes", "terms": str(old.version), "accepted": "on"})

    assert answer.status_code == 422 and "New words." in text(answer)
    assert 'name="terms" value="2"' in text(answer)
    assert not Appointment.objects.exists()


def test_who_accepted_this_version_before_is_not_asked_again(came, ana):
    version = SomeTerms(texts={"en": "Call off two days before."})
    browser, where, mara = came
    before = AnAppointment(client=mara, clinician=ana, starts_at=NOON - timedelta(days=9))
    AcceptedTerms(appointment=before, terms=version)

    assert "accept it" not in text(browser.get(where))
    assert "It is yours" in text(browser.post(where, {"answer": "yes"}))


def test_where_the_practice_has_none_one_tap_is_enough(came):
    browser, where, _mara = came

    assert "It is yours" in text(browser.post(where, {"answer": "yes"}))
    assert not Accepted.objects.exists()


def test_what_the_desk_takes_for_them_on_the_telephone_accepts_nothing(came, ana):
    SomeTerms()
    answering.accept(by=ana.account, offer=Offer.objects.get(), now=NOON)

    assert Appointment.objects.exists() and not Accepted.objects.exists()
