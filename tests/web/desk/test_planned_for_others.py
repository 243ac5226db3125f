"""A client's page says whom the practice's plan is to ask, and what it waits for."""

import html
from datetime import timedelta

import pytest

from rapport.core import jobs, time
from rapport.people.models import Consent
from tests.factories import (
    NOW,
    AnEpisode,
    APlanLine,
    APractice,
    ARelatedPerson,
    ClientOf,
    Colleague,
)
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db
HEADING = "Planned for others, not asked yet"


@pytest.fixture(autouse=True)
def nine_o_clock(db):
    APractice(time_zone="UTC")
    with time.at(NOW):
        yield


@pytest.fixture
def ana():
    return Colleague(display_name="Ana Ortiz")


@pytest.fixture
def timo(ana):
    client = ClientOf(legal_name="Timo Kern", kind="MINOR", care_team=[ana])
    AnEpisode(client=client, responsible=ana, opened_on=NOW.date())
    APlanLine(whom="PARENTS", instrument="gad-7", set_at=NOW - timedelta(days=1))
    return client


@pytest.fixture
def desk(ana):
    return inside(ana.account)


def page(desk, client):
    answer = desk.get(f"/desk/clients/{client.pk}/measures/")
    return " ".join(html.unescape(answer.content.decode()).split())


def test_the_plan_waits_for_a_consent_says_whom_it_asks_and_goes_on_by_itself(desk, timo):
    ARelatedPerson(client=timo, relation="PARENT", name="Edda Kern", may_know="CARE")
    shown = page(desk, timo)
    assert HEADING in shown and "Edda Kern (parent)" in shown
    assert "GAD-7</strong> when care begins" in shown and "Nothing was asked" not in shown
    address = f"/desk/clients/{timo.pk}/consents/note/?kind=OTHERS"
    assert f'<a href="{address}">Put it on file</a>' in shown

    sent = {"kind": "OTHERS", "version": "1", "how": "PAPER", "giver": "CLIENT",
            "given_on": time.today().isoformat()}  # fmt: skip
    assert desk.post(address, sent).status_code == 302
    jobs.run_due(now=NOW)
    assert Consent.objects.get().kind == "OTHERS"
    shown = page(desk, timo)
    assert HEADING not in shown and "Asked by itself" in shown
    assert "asked of <bdi>Edda Kern (parent)</bdi>" in shown


def test_where_nobody_is_noted_it_leads_to_where_somebody_is(desk, timo):
    shown = page(desk, timo)
    assert "Nobody like that is noted around the client." in shown
    assert f"/desk/clients/{timo.pk}/related/" in shown and "Put it on file" not in shown

    father = ARelatedPerson(client=timo, relation="PARENT", name="Olu Kern")
    shown = page(desk, timo)
    assert "may know nothing, and is not asked" in shown and "Olu Kern (parent)" in shown
    assert f"/desk/clients/{timo.pk}/related/{father.pk}/" in shown


def test_without_a_plan_for_others_nothing_is_said(desk, ana):
    mara = ClientOf(care_team=[ana])
    APlanLine()
    shown = page(desk, mara)
    assert HEADING not in shown and "Nothing was asked or answered yet." in shown
