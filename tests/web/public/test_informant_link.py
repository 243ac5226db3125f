"""A link that somebody else holds: whom it is about, nothing of the client, and no result."""

from datetime import timedelta

import pytest
from django.test import Client as Browser

from rapport.core import time, vault
from rapport.people.consents import actions as consents
from rapport.progress.informants import actions
from rapport.progress.measures import asking
from rapport.progress.models import Alert, Asked, Sheet
from tests.factories import AConsent, APractice, ARelatedPerson, ClientOf, Colleague

pytestmark = pytest.mark.django_db

TO_CLIENTS = ("You do not have to be alone", "You wrote about", "danger, those who care for you")


@pytest.fixture
def ana():
    APractice(name="Practice by the river", country="DE", hours="Mo-Fr 9-17, 030 901820")
    return Colleague()


@pytest.fixture
def mara(ana):
    return ClientOf(legal_name="Mara Lindgren", preferred_name="Mara", care_team=[ana])


@pytest.fixture
def agreed(mara):
    return AConsent(client=mara, kind="OTHERS")


def link(ana, mara, forms=("phq-9",), **given):
    person = ARelatedPerson(client=mara, relation="PARENT", name="Edda Lindgren")
    put = actions.ask(
        by=ana.account, client=mara, forms=forms, person=person, now=time.now(), **given
    )
    return put[0].path


def walked(page, path, values):
    """Every page on the way from the first to the thanks."""
    shown = [page.get(path)]
    page.post(path)
    for number, value in enumerate(values, 1):
        shown.append(page.get(f"{path}1/{number}/"))
        page.post(f"{path}1/{number}/", {"answer": value, "version": "1"})
    shown += [page.get(f"{path}1/check/"), page.post(f"{path}1/check/", {"version": "1"})]
    return [one.content.decode() for one in shown]


def test_it_says_that_it_is_about_somebody_else_and_gives_nobody_away(ana, mara, agreed):
    shown = walked(Browser(), link(ana, mara), ["1"] * 8 + ["0", "0"])
    assert "not about you" in shown[0] and "you were told of, before or with this link" in shown[0]
    assert all("not about you" in one for one in shown[:10])
    whole = "".join(shown)
    for word in ("Mara", "Lindgren", "Edda", "Practice by the river", str(mara.pk)):
        assert word not in whole
    assert "handed in" in shown[-1] and Sheet.objects.get().informant.person.name
    for result in (" 8 ", "mild", "score"):
        assert result not in shown[-1]


def test_a_name_is_said_only_where_somebody_typed_it(ana, mara, agreed):
    first, question, *_ = walked(Browser(), link(ana, mara, calls="<Jo>"), ["1"])
    assert "<bdi>&lt;Jo&gt;</bdi>" in first and "<bdi>&lt;Jo&gt;</bdi>" in question
    assert "<Jo>" not in first and "Mara" not in first


def test_a_risky_answer_raises_the_alert_and_says_nothing_meant_for_the_client(ana, mara, agreed):
    shown = walked(Browser(), link(ana, mara), ["0"] * 8 + ["1", "0"])
    whole = "".join(shown)
    assert not any(text in whole for text in TO_CLIENTS)
    assert "If somebody may be in danger now" in shown[-1] and "tel:112" in shown[-1]
    assert Alert.objects.get().sheet.informant is not None


def test_it_is_handed_in_once(ana, mara, agreed):
    page, path = Browser(), link(ana, mara)
    walked(page, path, ["1"] * 10)
    page.post(f"{path}1/check/", {"version": "1"})
    with time.at(time.now() + timedelta(hours=1)):
        assert page.get(path).status_code == 410
    assert Sheet.objects.count() == 1


def test_when_its_time_is_over_it_says_so(ana, mara, agreed):
    path = link(ana, mara)
    with time.at(time.now() + timedelta(days=8)):
        assert Browser().get(path).status_code == 410


def test_when_the_consent_is_withdrawn_it_is_as_one_that_ended(ana, mara, agreed):
    page, path = Browser(), link(ana, mara)
    page.post(path)
    page.post(f"{path}1/1/", {"answer": "1", "version": "1"})
    consents.withdraw(by=ana.account, client=mara, consent=agreed, on=time.today())
    for answer in (
        page.get(path), page.get(f"{path}1/2/"), page.get(f"{path}1/check/"),
        page.post(f"{path}1/2/", {"answer": "1", "version": "1"}),
        page.post(f"{path}1/check/", {"version": "1"}),
    ):  # fmt: skip
        assert answer.status_code == 410
        assert "no longer asked" in answer.content.decode()
    assert not Sheet.objects.exists()


def test_nothing_of_it_is_laid_on_the_device(ana, mara, agreed):
    page, path = Browser(), link(ana, mara)
    assert "data-ahead" not in page.get(path).content.decode()
    for name in ("pack/", "offline/", "worker.js"):
        assert page.get(f"{path}{name}").status_code == 404
    assert page.post(f"{path}1/send/", "{}", content_type="application/json").status_code == 404


def test_one_link_opens_several_one_after_the_other(ana, mara, agreed):
    page, path = Browser(), link(ana, mara, forms=("phq-9", "gad-7"))
    assert path in walked(page, path, ["1"] * 10)[-1]
    assert Asked.objects.get(state="OPEN").instrument == "gad-7"
    assert page.get(path).status_code == 200


def test_what_a_form_needs_to_know_is_asked_about_the_person(ana, mara, agreed):
    page, path = Browser(), link(ana, mara, forms=("audit-c",))
    shown = walked(page, path, ["1"] * 5)
    assert "Which body does the person have?" in "".join(shown)
    assert "Which fits you" not in "".join(shown)


def test_the_link_of_a_client_whose_record_was_destroyed_is_as_one_that_never_was(
    ana, mara, agreed
):
    mine = asking.ask(by=ana.account, client=mara, instruments=["phq-9"], way="LINK",
                      now=time.now())  # fmt: skip
    paths = [mine[0].path, link(ana, mara, calls="Jo")]
    vault.destroy(mara.data_key, by=ana.account, now=time.now())
    for path in paths:
        for sub in ("", "1/1/", "1/check/"):
            assert Browser().get(f"{path}{sub}").status_code == 404
