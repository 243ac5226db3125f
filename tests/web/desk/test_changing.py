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


@pytest.mark.parametrize(("wanted", "restricted"), [("on", True), ("off", False), ("", True)])
def test_restricting_twice_is_restricting(desk, mara, wanted, restricted):
    for _ in range(2):
        desk.post(f"/desk/clients/{mara.pk}/restrict/", {"restricted": wanted} if wanted else {})
    mara.refresh_from_db()

    assert mara.restricted is restricted
    other = "off" if restricted else "on"
    page = desk.get(f"/desk/clients/{mara.pk}/").content.decode()
    assert f'name="restricted" value="{other}"' in page


@pytest.mark.parametrize(("wanted", "shut"), [("on", True), ("off", False), ("", True)])
def test_closing_a_place_twice_is_closing_it(desk, house, wanted, shut):
    annexe = APlace(name="Annexe")
    for _ in range(2):
        body = {"closed": wanted} if wanted else {}
        desk.post(f"/desk/practice/place/{annexe.pk}/close/", body)
    annexe.refresh_from_db()

    assert (annexe.closed_on is not None) is shut
    page = desk.get("/desk/practice/").content.decode()
    assert ('name="closed" value="off"' in page) is shut


def test_a_colleague_without_a_name_to_show_is_shown_by_the_legal_one(desk, house):
    ben = Colleague(at=[house], legal_name="Ben Buch", display_name="Ben")
    page = f"/desk/staff/{ben.pk}/edit/"

    assert desk.post(page, filled(desk, page, display_name="")).status_code == 302
    ben.refresh_from_db()
    assert ben.display_name == "Ben Buch"


@pytest.mark.parametrize("name", ["\u0301", "\u2060\u200b"])
def test_a_name_nobody_can_read_names_neither_place_nor_practice(desk, house, name):
    for path in ("place/", f"place/{house.pk}/", "edit/"):
        page = f"/desk/practice/{path}"
        answer = desk.post(page, filled(desk, page, name=name))
        assert answer.status_code == 422, path
        assert answer.context["form"].errors["name"], path
