"""Changing what is known of clients and colleagues loses nothing that nobody meant to lose."""

import html
import re

import pytest

from rapport.core import time as clock
from tests.factories import APlace, APractice, ClientOf, Colleague
from tests.web.stepping import inside

HIDDEN = re.compile(r'<input type="hidden" name="(initial-\w+)"( value="([^"]*)")?')

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


def started(answer):
    """The hidden values that a page's form carries, as a browser sends them."""
    held = {}
    for name, _, value in HIDDEN.findall(answer.content.decode()):
        value = html.unescape(value).replace("\r\n", "\n").replace("\n", "\r\n")
        held.setdefault(name, []).append(value)
    return held


def filled(browser, path, **typed):
    """What a browser would send from the page's form, with some of it typed anew."""
    answer = browser.get(path)
    shown = {f.name: f.field.prepare_value(f.initial) for f in answer.context["form"]}
    given = {name: "" if value is None else value for name, value in shown.items()}
    return given | started(answer) | typed


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


def test_two_tabs_on_one_client_keep_what_each_changed(desk, mara):
    page = f"/desk/clients/{mara.pk}/edit/"
    one, two = filled(desk, page, pronouns="she"), filled(desk, page, remark="Rings twice")

    assert desk.post(page, one).status_code == 302
    assert desk.post(page, two).status_code == 302
    mara.refresh_from_db()
    assert (mara.pronouns, mara.remark) == ("she", "Rings twice")


def test_who_was_moved_meanwhile_from_a_closed_place_stays_moved(desk, mara, house):
    annexe = APlace(name="Annexe")
    closed(house)
    page = f"/desk/clients/{mara.pk}/edit/"
    one, two = filled(desk, page, place=annexe.pk), filled(desk, page, pronouns="she")
    desk.post(page, one)

    assert desk.post(page, two).status_code == 302
    mara.refresh_from_db()
    assert (mara.place, mara.pronouns) == (annexe, "she")


def test_one_field_changed_twice_is_asked_about_once(desk, mara, house):
    annexe, cellar = APlace(name="Annexe"), APlace(name="Cellar")
    page = f"/desk/clients/{mara.pk}/edit/"
    both = {"birth_on": "1990-07-01", "remark": "Old\r\nbell", "languages": ["de"]}
    one = filled(desk, page, place=annexe.pk, **both)
    two = filled(
        desk, page, place=cellar.pk, languages=["fr"], **{"birth_on": "1991-07-01", "remark": "New"}
    )
    desk.post(page, one)

    answer = desk.post(page, two)

    assert answer.status_code == 422
    errors = {name: str(said) for name, said in answer.context["form"].errors.items()}
    assert set(errors) == {"place", "birth_on", "remark", "languages"}
    for name, theirs in (("place", "Annexe"), ("birth_on", "1 Jul 1990"), ("remark", "bell"),
                         ("languages", "German")):  # fmt: skip
        assert theirs in errors[name]
    mara.refresh_from_db()
    assert (mara.place, mara.remark) == (annexe, "Old\r\nbell")
    form = answer.context["form"]
    assert form["remark"].value() == "New"

    again = two | started(answer)
    assert desk.post(page, again).status_code == 302
    mara.refresh_from_db()
    assert (mara.place, mara.remark, mara.languages) == (cellar, "New", ["fr"])


def test_somebody_like_a_client_is_admitted_once_it_is_meant(desk, ana, mara, house):
    page = "/desk/clients/admit/"
    body = {"legal_name": "mara kuhn", "kind": "ADULT", "status": "ACTIVE", "place": house.pk,
            "clinician": ana.pk, "birth_on": mara.birth_on or ""}  # fmt: skip
    assert "anyway" not in desk.get(page).content.decode()

    answer = desk.post(page, body)

    assert answer.status_code == 422
    shown = answer.content.decode()
    assert f"/desk/clients/{mara.pk}/" in shown and 'name="anyway"' in shown
    assert desk.post(page, body | {"anyway": "on"}).status_code == 302
    assert type(mara).objects.count() == 2
