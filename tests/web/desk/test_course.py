"""Scores over time through both doors: the same numbers, in words for each reader."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.core import time
from rapport.people.models import Account
from tests.factories import (
    NOW,
    AnAccount,
    AnInformant,
    APlace,
    APractice,
    ARelatedPerson,
    AScore,
    ASheet,
    ClientOf,
    Colleague,
    SupervisedBy,
)
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nine_o_clock(db):
    APractice(time_zone="UTC")
    with time.at(NOW):
        yield


@pytest.fixture
def ana(db):
    return Colleague()


@pytest.fixture
def mara(ana):
    return ClientOf(care_team=[ana], account=AnAccount(realm="PORTAL"))


def scored(client, *totals, band="moderate", informant=None):
    for weeks, total in enumerate(reversed(totals)):
        at = NOW - timedelta(weeks=2 * weeks)
        sheet = ASheet(client=client, answered_at=at, informant=informant)
        AScore(sheet=sheet, total=total, total_rounded=total, band=band)


def desk(client, form="phq-9"):
    return f"/desk/clients/{client.pk}/course/{form}/"


def page(browser, address):
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def portal(mara):
    """Mara's own browser."""
    return inside(Account.objects.get(pk=mara.account.pk), "portal")


def test_the_desk_says_it_in_a_sentence_and_opens_the_arithmetic(ana, mara):
    scored(mara, 20, 18, 14)
    shown = page(inside(ana.account), desk(mara))
    assert "14, moderate; 6 less than on 10 Dec 2029, more than measurement error" in shown
    assert "SEM = 5.5 × √(1 − 0.84) = 2.20" in shown
    assert "−6 / 3.11 = −1.93" in shown
    assert "NHS Talking Therapies" in shown
    assert "comes to the other verdict" in shown
    assert shown.count('<svg class="chart__svg') == 2


def test_in_arabic_the_parts_of_a_reading_are_parted_as_arabic_parts_them(ana, mara):
    ana.account.language = "ar"
    ana.account.save()
    scored(mara, 20, 18, 14)
    said = re.findall('data-said="([^"]*)"', page(inside(ana.account), desk(mara)))
    assert len(said) == 3
    assert "؛ " in said[-1] and not any("; " in one for one in said)


def test_the_client_sees_the_same_numbers_in_plain_words(mara, portal):
    scored(mara, 20, 18, 14)
    shown = page(portal, "/portal/course/phq-9/")
    assert "add up to 14 of 27" in shown
    assert "That is 6 less than on 10 Dec 2029." in shown
    assert "it is not a diagnosis" in shown
    before_the_names = shown.partition("What the stretches of the scale are called")[0]
    assert "moderate" not in before_the_names.lower()
    assert "measurement error" not in shown


def test_nobody_sees_the_scores_of_somebody_else(ana, mara):
    scored(mara, 20, 14)
    noa = ClientOf(account=AnAccount(realm="PORTAL"))
    other = inside(Account.objects.get(pk=noa.account.pk), "portal")
    assert not re.search(r"\b20\b", page(other, "/portal/course/phq-9/").partition("<main")[2])
    fay = Colleague(roles=["FRONT_DESK"], at=[mara.place])
    for stranger in (Colleague(), fay, Colleague(roles=["OWNER"])):
        assert inside(stranger.account).get(desk(mara)).status_code == 404
    sam = Colleague(roles=["SUPERVISOR"])
    SupervisedBy(supervisor=sam, supervisee=ana)
    assert "14, moderate" in page(inside(sam.account), desk(mara))


@pytest.mark.parametrize("form", ["no-such-form", "phq-99", "own-%00", "mine-%00"])
def test_what_is_no_form_is_no_page(ana, mara, portal, form):
    assert inside(ana.account).get(desk(mara, form)).status_code == 404
    assert portal.get(f"/portal/course/{form}/").status_code == 404


def test_before_the_first_score_there_is_a_sentence_and_no_drawing(ana, mara, portal):
    assert "No score yet." in page(inside(ana.account), desk(mara))
    own = page(portal, "/portal/course/phq-9/")
    assert "Nothing has been added up yet." in own
    assert "chart__svg" not in own


def test_one_score_is_compared_with_nothing(ana, mara):
    scored(mara, 14)
    shown = page(inside(ana.account), desk(mara))
    assert "14, moderate." in shown
    assert "how this was judged" not in shown


def test_the_way_leads_from_the_measures_to_the_course(ana, mara, portal):
    scored(mara, 20, 14)
    sheet = mara.sheets.latest("answered_at")
    assert desk(mara) in page(inside(ana.account), f"/desk/clients/{mara.pk}/measures/")
    assert "/portal/course/phq-9/" in page(portal, "/portal/measures/")
    assert f"/desk/measures/{sheet.pk}/" in page(inside(ana.account), desk(mara))


def statements(browser, address):
    with CaptureQueriesContext(connection) as said:
        page(browser, address)
    marks = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    return [q["sql"] for q in said if not q["sql"].startswith(marks)]


@pytest.mark.parametrize(("door", "most"), [("desk", 13), ("portal", 5)])
def test_it_takes_as_many_statements_for_forty_scores_as_for_two(ana, mara, portal, door, most):
    APlace()
    browser = inside(ana.account) if door == "desk" else portal
    address = desk(mara) if door == "desk" else "/portal/course/phq-9/"
    around = AnInformant(client=mara, person=ARelatedPerson(client=mara), by_role=False)
    scored(mara, 20, 14)
    scored(mara, 20, 14, informant=around)
    page(browser, address)
    few = statements(browser, address)
    scored(mara, *range(5, 25))
    scored(mara, *range(5, 25), informant=around)
    many = statements(browser, address)
    assert len(many) == len(few), "\n".join(many)
    assert len(many) <= most, "\n".join(many)
