"""What a client agreed to, and what is missing."""

from datetime import date, timedelta

import pytest

from rapport.core import policy
from rapport.core import time as clock
from rapport.people.consents import actions, queries
from rapport.people.models import Consent
from tests.factories import AConsent, APractice, ClientOf, Colleague
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    APractice()
    return Colleague()


@pytest.fixture
def mara(ana):
    return ClientOf(care_team=[ana])


def note(by, client, **given):
    said = {"kind": "PRIVACY", "version": "2026-01", "given_on": clock.today(), "how": "PAPER"}
    return actions.note(by=by.account, client=client, now=clock.now(), **said | given)


def test_what_is_on_file_is_no_longer_missing_until_it_is_withdrawn(ana, mara):
    wanted = ["TREATMENT", "PRIVACY"]
    consent = note(ana, mara)
    assert queries.missing(queries.of(by=ana.account, client=mara), wanted) == ["TREATMENT"]

    actions.withdraw(by=ana.account, client=mara, consent=consent, on=clock.today())
    on_file = queries.of(by=ana.account, client=mara)
    assert [c.pk for c in on_file] == [consent.pk]
    assert queries.missing(on_file, wanted) == wanted

    actions.take_back(by=ana.account, client=mara, consent=consent)
    assert queries.missing(queries.of(by=ana.account, client=mara), wanted) == ["TREATMENT"]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"given_on": date(9999, 12, 31)}, "still to come"),
        ({"given_on": date(1, 1, 1)}, "between 1900"),
        ({"version": "  "}, "as printed"),
        ({"version": "x" * 41}, "as printed"),
        ({"kind": "PIZZA"}, "agreed to"),
        ({"how": "SMOKE"}, "how the client agreed"),
    ],
)
def test_what_cannot_be_is_said_in_words(ana, mara, given, says):
    with pytest.raises(actions.CannotNote, match=says):
        note(ana, mara, **given)
    assert not Consent.objects.exists()


def test_the_same_version_stands_once_and_a_newer_beside_it(ana, mara):
    note(ana, mara)
    with pytest.raises(actions.CannotNote, match="on file already"):
        note(ana, mara)
    note(ana, mara, version="2026-02")
    assert mara.consents.count() == 2


def test_another_clients_consent_is_not_withdrawn(ana, mara):
    theirs = AConsent(client=ClientOf(care_team=[Colleague()]))
    with pytest.raises(actions.CannotNote, match="no consent of the client"):
        actions.withdraw(by=ana.account, client=mara, consent=theirs, on=clock.today())


def test_a_stranger_notes_nothing(ana, mara):
    with pytest.raises(policy.Denied):
        note(Colleague(), mara)


def test_the_page_says_what_is_missing_and_takes_it(ana, mara):
    browser, address = inside(ana.account), f"/desk/clients/{mara.pk}/consents/"
    assert "privacy notice" in browser.get(address).content.decode()

    wrong = browser.post(f"{address}note/", {"kind": "PRIVACY", "version": "7b", "how": "PAPER",
                                             "given_on": "yesterday"})  # fmt: skip
    assert wrong.status_code == 422
    assert 'value="7b"' in wrong.content.decode()

    good = {"kind": "PRIVACY", "version": "7b", "how": "PAPER", "given_on": "2026-01-05"}
    assert browser.post(f"{address}note/", good).status_code == 302
    consent = Consent.objects.get()
    assert (consent.kind, consent.noted_by) == ("PRIVACY", ana.account)

    browser.post(f"{address}{consent.pk}/withdraw/")
    page = browser.get(address).content.decode()
    assert "Undo" in page
    browser.post(f"{address}{consent.pk}/back/")
    consent.refresh_from_db()
    assert consent.withdrawn_on is None


def test_it_is_withdrawn_no_earlier_than_it_was_given(ana, mara):
    consent = note(ana, mara)
    actions.withdraw(by=ana.account, client=mara, consent=consent,
                     on=clock.today() - timedelta(days=9))  # fmt: skip
    assert consent.withdrawn_on == consent.given_on
