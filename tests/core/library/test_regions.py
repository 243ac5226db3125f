"""Every land's file, against its own examples and against what others know of the land."""

from dataclasses import replace

import phonenumbers
import pytest
from babel import Locale
from babel.numbers import get_territory_currencies

from rapport.core import library
from rapport.core.regions import REGIONS
from rapport.progress.measures.instruments import INSTRUMENTS

LANDS = {"us", "ca", "gb", "ie", "au", "nz", "de", "at", "ch"}


def test_the_shipped_library_has_no_problem():
    assert library.check() == []
    assert set(REGIONS.find()) >= LANDS
    assert set(INSTRUMENTS.find()) >= {"phq-9", "gad-7", "phq-2", "gad-2", "pcl-5", "audit-c"}


@pytest.mark.parametrize("id", sorted(REGIONS.find()))
def test_a_land_agrees_with_cldr_and_the_numbering_plan(id):
    land = REGIONS.get(id).content
    locale = Locale.parse(land.locale, sep="-")

    assert locale.territory == land.country
    assert land.locale.split("-")[0] == land.languages[0]
    assert land.names == {
        tongue: Locale.parse(tongue).territories[land.country] for tongue in land.names
    }
    assert {"en", "de", "ar"} <= set(land.names)
    assert ("monday", None, None, None, None, "saturday", "sunday")[
        locale.first_week_day
    ] == land.week_start
    assert land.currency in get_territory_currencies(land.country)
    prefix = phonenumbers.country_code_for_region(land.country)
    assert land.phone_prefix == f"+{prefix}"


@pytest.mark.parametrize("id", sorted(REGIONS.find()))
def test_every_number_can_be_dialled_and_says_where_it_was_found(id):
    land = REGIONS.get(id).content
    for fact in (*land.emergency, *land.crisis):
        assert fact.source and fact.checked_on.year >= 2026
    for line in land.crisis:
        for number in (*line.call, *filter(None, [line.text])):
            assert number.replace(" ", "").replace("-", "").isdigit()
            assert line.hours


@pytest.mark.parametrize("id", sorted(LANDS))
def test_nobody_is_sent_to_a_wrong_emergency_number(id):
    """The numbering plan's own list of emergency numbers, from another source."""
    from phonenumbers.shortnumberinfo import is_emergency_number

    land = REGIONS.get(id).content
    for one in land.emergency:
        assert is_emergency_number(one.number, land.country), one.number


@pytest.mark.parametrize(
    "change, advice",
    [
        ({"country": "XX"}, "id in upper case"),
        ({"phone_prefix": "0049"}, "must look like"),
        ({"time_zones": ["Europe/Bonn"]}, "Europe/Bonn is no IANA name"),
        ({"emergency": []}, "nobody is named for police"),
        ({"crisis": []}, "at least one line"),
        ({"version": 0}, "counts from 1"),
    ],
)
def test_a_land_that_makes_no_sense_is_refused(change, advice):
    with pytest.raises(ValueError, match=advice):
        replace(REGIONS.get("de").content, **change)


def test_a_line_needs_a_number():
    line = REGIONS.get("de").content.crisis[0]

    with pytest.raises(ValueError, match="where to call or to text"):
        replace(line, call=[])


def test_a_wrong_example_is_told(monkeypatch):
    land = REGIONS.get("ch")
    wrong = replace(land.content.examples[0], numbers=["911"])

    assert list(library.KINDS["regions"].checker(land, wrong)) == [
        "ambulance gives ['144', '112'], not ['911']"
    ]
