"""Changing what is known of clients and colleagues loses nothing that nobody meant to lose."""

import pytest

from rapport.core import time as clock
from tests.factories import APlace, APractice, ClientOf, Colleague
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    APractice()
    return APlace(name="House")


@pytest.fixture
def ana(house):
    return Colleague(at=[house], roles=["CLINICIAN", "OWNER"])


@pytest.fixture
def desk(ana):
    return inside(ana.account)


@pytest.fixture
def mara(ana, house):
    return ClientOf(care_team=[ana], place=house, legal_name="Mara Kühn")


def filled(browser, path, **typed):
    """What a browser would send from the page's form, with some of it typed anew."""
    form = browser.get(path).context["form"]
    sent = {}
    for bound in form:
        value = bound.field.prepare_value(bound.initial)
        sent[bound.name] = "" if value is None else value
        if bound.field.show_hidden_initial:
            sent[bound.html_initial_name] = sent[bound.name]
    return sent | typed


def closed(place):
    place.closed_on = clock.today()
    place.save()
    return place


def test_a_client_stays_at_their_place_after_it_closed(desk, mara, house):
    APlace(name="Annexe")
    closed(house)
    page = f"/desk/clients/{mara.pk}/edit/"

    assert f'value="{house.pk}" selected' in desk.get(page).content.decode()
    assert desk.post(page, filled(desk, page, pronouns="she")).status_code == 302
    mara.refresh_from_db()
    assert (mara.place, mara.pronouns) == (house, "she")


def test_a_place_closed_for_good_takes_nobody_new(desk, mara):
    annexe = closed(APlace(name="Annexe"))
    page = f"/desk/clients/{mara.pk}/edit/"

    assert desk.post(page, filled(desk, page, place=annexe.pk)).status_code == 422


def test_a_colleague_keeps_closed_places(desk, house):
    annexe = APlace(name="Annexe")
    ben = Colleague(at=[house, annexe], legal_name="Ben")
    closed(annexe)
    page = f"/desk/staff/{ben.pk}/edit/"

    assert desk.post(page, filled(desk, page)).status_code == 302
    assert set(ben.places.all()) == {house, annexe}


def test_a_language_that_is_not_offered_stays_until_it_is_unticked(desk, mara):
    mara.languages = ["ku", "pt-BR", "de"]
    mara.save()
    page = f"/desk/clients/{mara.pk}/edit/"

    assert "Kurdish" in desk.get(page).content.decode()
    assert desk.post(page, filled(desk, page)).status_code == 302
    mara.refresh_from_db()
    assert set(mara.languages) == {"ku", "pt-BR", "de"}
    desk.post(page, filled(desk, page, languages=["de"]))
    mara.refresh_from_db()
    assert mara.languages == ["de"]
