"""Whom to call now: the practice's land first, every other land at hand."""

import re

import pytest
from django.test import Client as Browser

from rapport.core.regions import REGIONS
from tests.factories import APractice

pytestmark = pytest.mark.django_db

LANDS = sorted(REGIONS.find())


def asked(land="", **headers):
    return (
        Browser(headers=headers).get("/help-now/", {"land": land} if land else {}).content.decode()
    )


def called(page):
    return re.findall(r'href="(?:tel|sms):([^"]+)"', page)


def test_the_practices_own_land_comes_first():
    APractice(country="GB")

    assert called(asked())[:3] == ["999", "112", "116123"]


@pytest.mark.parametrize("id", LANDS)
def test_each_land_shows_all_its_numbers_and_where_they_come_from(id):
    APractice(country="US")
    land = REGIONS.get(id).content

    page = asked(id)

    numbers = [one.number for one in land.emergency]
    for line in land.crisis:
        numbers += [*line.call, *([line.text] if line.text else [])]
    assert called(page) == [number.replace(" ", "") for number in numbers]
    assert page.count("data-source=") == len(land.emergency) + len(land.crisis)
    assert {f"?land={other}" for other in LANDS if other != id} <= set(
        re.findall(r'href="([^"]+)"', page)
    )


@pytest.mark.parametrize("land", ["xx", "GB", "../us", ""])
def test_a_land_we_do_not_know_falls_back_to_the_practices(land):
    APractice(country="DE")

    assert called(asked(land))[:2] == ["112", "110"]


def test_a_practice_in_a_land_without_numbers_asks_where_one_is_and_invents_none():
    APractice(country="FR")

    page = asked()

    assert called(page) == []
    assert "Where are you?" in page and page.count("?land=") == len(LANDS)


def test_it_answers_before_there_is_a_practice():
    assert "Where are you?" in asked()


@pytest.mark.parametrize(
    ("language", "name"),
    [("de", "Vereinigtes Königreich"), ("ar", "المملكة المتحدة"), ("fr", "United Kingdom")],
)
def test_lands_are_named_in_the_readers_language(language, name):
    APractice(country="GB")

    assert name in asked(accept_language=language)


def test_one_leaves_it_quickly_and_needs_no_script():
    APractice(country="AT")
    page = asked()

    assert 'href="/elsewhere/" data-quick-exit' in page
    assert "<form" not in page and "hx-" not in page


def test_the_portals_language_comes_along_and_stays_with_the_next_land():
    APractice(country="GB")
    page = Browser().get("/help-now/", {"in": "ar"}).content.decode()

    assert 'lang="ar" dir="rtl"' in page
    assert "?land=de&amp;in=ar" in page and "?in=de&amp;land=gb" in page


def test_a_language_we_do_not_have_is_not_asked_for():
    page = Browser().get("/help-now/", {"in": '"><b>'}).content.decode()

    assert 'lang="en"' in page and "&amp;in=" not in page


def test_lands_stand_in_the_readers_alphabet():
    APractice(country="GB")
    page = Browser().get("/help-now/", {"in": "de"}).content.decode()

    assert page.index("Neuseeland") < page.index("Österreich") < page.index("Schweiz")
