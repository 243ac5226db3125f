"""Who agreed for a client: the client, or a parent or guardian by name."""

import html

import pytest

from rapport.core import time as clock
from rapport.people.circle import actions as circle
from rapport.people.circle import queries as around
from rapport.people.consents import actions
from rapport.people.export.record import collected
from rapport.people.models import Consent
from tests.factories import AConsent, APractice, ARelatedPerson, ClientOf, Colleague
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    APractice()
    return Colleague()


@pytest.fixture
def timo(ana):
    """A child in care."""
    return ClientOf(care_team=[ana], legal_name="Timo Kern", kind="MINOR")


@pytest.fixture
def edda(timo):
    return ARelatedPerson(client=timo, relation="GUARDIAN", name="Edda Kern")


def note(by, client, **given):
    said = {"kind": "OTHERS", "version": "1", "given_on": clock.today(), "how": "PAPER"}
    return actions.note(by=by.account, client=client, now=clock.now(), **said | given)


def text(answer):
    return " ".join(html.unescape(answer.content.decode()).split())


def test_of_a_minor_it_is_said_who_agreed_and_each_guardian_once(ana, timo, edda):
    olu = ARelatedPerson(client=timo, relation="PARENT", name="Olu Kern")
    with pytest.raises(actions.CannotNote, match="Say who agreed") as refused:
        note(ana, timo)
    assert refused.value.field == "giver"

    first, second = note(ana, timo, person=edda), note(ana, timo, person=olu)
    assert (first.giver, first.giver_name, first.person) == ("GUARDIAN", "Edda Kern", edda)
    assert (second.giver, second.giver_name) == ("PARENT", "Olu Kern")
    with pytest.raises(actions.CannotNote, match="on file already"):
        note(ana, timo, person=edda)
    own = note(ana, timo, by_client=True)
    assert (own.giver, own.giver_name, own.person) == ("CLIENT", None, None)


@pytest.mark.parametrize(
    ("kind", "relation", "may"),
    [("MINOR", "PARENT", True), ("MINOR", "GUARDIAN", True), ("MINOR", "TEACHER", False),
     ("ADULT", "PARENT", False), ("ADULT", "GUARDIAN", True), ("ADULT", "PARTNER", False)],
)  # fmt: skip
def test_a_guardian_agrees_and_of_a_minor_a_parent(ana, kind, relation, may):
    client = ClientOf(care_team=[ana], kind=kind)
    person = ARelatedPerson(client=client, relation=relation)
    assert around.agreeing(by=ana.account, client=client) == ([person] if may else [])
    if may:
        assert note(ana, client, person=person).giver == relation
    else:
        with pytest.raises(actions.CannotNote, match="from the list"):
            note(ana, client, person=person)


def test_somebody_around_another_client_agrees_to_nothing(ana, timo):
    other = ARelatedPerson(client=ClientOf(kind="MINOR"), relation="GUARDIAN")
    with pytest.raises(actions.CannotNote, match="from the list"):
        note(ana, timo, person=other)
    assert not Consent.objects.exists()


def test_a_grown_client_agreed_themselves_and_is_not_asked_who(ana):
    mara = ClientOf(care_team=[ana])
    AConsent(client=mara, kind="PRIVACY")
    assert note(ana, mara).giver == "CLIENT"
    browser, address = inside(ana.account), f"/desk/clients/{mara.pk}/consents/"
    assert "Who agreed" not in text(browser.get(f"{address}note/"))
    page = text(browser.get(address))
    assert "agreed by" not in page and "not noted" not in page


def test_who_agreed_stays_on_file_when_they_are_forgotten_and_leaves_with_the_record(
    ana, timo, edda
):
    consent = note(ana, timo, person=edda)
    circle.change_related(
        by=ana.account, client=timo, person=edda, relation="OTHER", name="Edda Moor",
        reach_at="", may_know="NOTHING", emergency=False, remark="",
    )  # fmt: skip
    circle.remove_related(by=ana.account, client=timo, person=edda)

    consent = Consent.objects.get(pk=consent.pk)
    assert (consent.person, consent.giver, consent.giver_name) == (None, "GUARDIAN", "Edda Kern")
    (part,) = [one for one in collected(by=ana.account, client=timo) if one.part.name == "consents"]
    assert part.plain[0]["giver_name"] == "Edda Kern"
    assert ("who agreed", "guardian") in part.shown[0]


def test_the_page_takes_who_agreed_and_says_it_wherever_the_consent_stands(ana, timo, edda):
    AConsent(client=timo, kind="PRIVACY")
    browser, client = inside(ana.account), f"/desk/clients/{timo.pk}/"
    address = f"{client}consents/"
    assert "who agreed is not noted" in text(browser.get(address))
    form = text(browser.get(f"{address}note/?kind=OTHERS"))
    assert "Who agreed" in form and "Edda Kern (guardian)" in form

    sent = {"kind": "OTHERS", "version": "7b", "how": "PAPER", "given_on": "2026-01-05"}
    unsaid = browser.post(f"{address}note/", sent)
    assert unsaid.status_code == 422 and 'value="7b"' in text(unsaid)
    assert browser.post(f"{address}note/", sent | {"giver": "somebody"}).status_code == 422
    assert browser.post(f"{address}note/", sent | {"giver": str(edda.pk)}).status_code == 302
    said = 'agreed by <bdi class="name">Edda Kern</bdi> (guardian)'
    assert said in text(browser.get(address))
    assert "version 7b, agreed by a guardian" in text(browser.get(client))

    consent = Consent.objects.get(kind="OTHERS")
    browser.post(f"{address}{consent.pk}/withdraw/")
    assert said in text(browser.get(address))
    assert browser.post(f"{address}note/", sent | {"giver": "CLIENT"}).status_code == 302
    assert "agreed by the client" in text(browser.get(address))


def test_where_no_guardian_is_noted_the_form_says_how_one_comes_into_the_list(ana, timo):
    page = text(inside(ana.account).get(f"/desk/clients/{timo.pk}/consents/note/"))
    assert "once they are noted around the client" in page
