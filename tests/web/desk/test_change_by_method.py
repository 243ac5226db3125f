"""A change on the pages of one client: by which method, and what the others say of it."""

from datetime import timedelta

import pytest

from rapport.core import time
from rapport.progress.chosen import actions
from rapport.progress.measures.judging import Way
from rapport.progress.models import Choice
from tests.factories import NOW, APractice, AScore, ASheet, ClientOf, Colleague
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nine_o_clock(db):
    APractice(time_zone="UTC")
    with time.at(NOW):
        yield


@pytest.fixture
def ana():
    return Colleague(roles=["OWNER", "CLINICIAN"])


@pytest.fixture
def mara(ana):
    return ClientOf(care_team=[ana])


def scored(client, *totals, form="phq-9"):
    for weeks, total in zip(range(len(totals), 0, -1), totals, strict=True):
        sheet = ASheet(client=client, instrument=form, answered_at=NOW - timedelta(weeks=weeks))
        AScore(sheet=sheet, total=total, total_rounded=total, band="", above_cutoff=total >= 10)


def choose(ana, what, form="phq-9", **way):
    at = NOW + timedelta(minutes=Choice.objects.count())
    actions.choose(by=ana.account, instrument=form, what=what, way=Way(**way), now=at)


def seen(ana, address):
    return inside(ana.account).get(f"/desk/clients/{address}").content.decode()


def test_the_methods_stand_beside_each_other_and_disagree_near_the_border(ana, mara):
    """From 20 to 14: published 6; by Jacobson and Truax more than 6.10; foretold 19.26, and two
    standard errors of 2.2 below it 14.86."""
    scored(mara, 20, 14)
    text = seen(ana, f"{mara.pk}/course/phq-9/")
    assert "By other methods" in text and "5 of 7 say" in text
    assert "above 14 and below 26" in text and "13.9 to 26.1" in text and "14.9 to 23.7" in text
    assert "no group that answered before and after the same treatment" in text
    assert "Method: A published number of points; 6 points or more" in text
    assert "/desk/practice/change/phq-9/" in text


def test_far_from_the_border_they_agree(ana, mara):
    scored(mara, 24, 4)
    text = seen(ana, f"{mara.pk}/course/phq-9/")
    assert "All of these come to the same verdict." in text
    assert "Response (50 % of the way to the best score): yes." in text
    assert "Remission (below 5): yes." in text


def test_with_one_score_there_is_nothing_to_compare(ana, mara):
    scored(mara, 24)
    assert "By other methods" not in seen(ana, f"{mara.pk}/course/phq-9/")


def test_every_page_judges_by_the_chosen_method_and_says_it(ana, mara):
    scored(mara, 20, 14)
    choose(ana, "norm:nhs-start", method="jacobson-truax")
    course, picture = (seen(ana, f"{mara.pk}/{page}") for page in ("course/phq-9/", "picture/"))
    for text in (course, picture):
        assert "Method: Jacobson &amp; Truax; 95 %; mean 15.4, standard deviation 5.5" in text
        assert "no more than measurement error explains" in text
    assert "within what chance explains" in seen(ana, f"{mara.pk}/measures/")

    choose(ana, "norm:nhs-start", method="jacobson-truax", level=90)
    assert "(90 %): more than 5.1 points" in seen(ana, f"{mara.pk}/course/phq-9/")
    assert "more than chance" in seen(ana, f"{mara.pk}/measures/")


def test_another_method_is_opened_number_by_number(ana, mara):
    scored(mara, 20, 14)
    choose(ana, "norm:nhs-start", method="edwards-nunnally")
    text = seen(ana, f"{mara.pk}/course/phq-9/")
    assert "(14 − 19.26) / 2.20 = -2.39" in text and "from 14.9 to 23.7 nothing changed" in text
    assert "Speer (1992)" in text


def test_means_of_two_are_said_as_means_to_who_treats_and_who_answered(ana, mara):
    scored(mara, 18, 16, 13, 12)
    choose(ana, "norm:nhs-start", method="jacobson-truax", ends=2)
    course = seen(ana, f"{mara.pk}/course/phq-9/")
    assert "the last two average 12.5, the first two 17, more than measurement error" in course
    picture = seen(ana, f"{mara.pk}/picture/")
    assert "The first two scores average 17 and the last two 12.5, more than" in picture


def test_the_cut_off_in_use_is_the_one_that_is_crossed(ana, mara):
    scored(mara, 16, 9)
    assert "now below the cut-off of 10" in seen(ana, f"{mara.pk}/picture/")
    choose(ana, "change:nhs", cutoff="sensitive")
    picture = seen(ana, f"{mara.pk}/picture/")
    assert "above the cut-off of 8" in picture and "now below" not in picture
    assert "cut-off 8" in seen(ana, f"{mara.pk}/course/phq-9/")


def test_the_caseload_says_by_what_it_got_worse(ana, mara):
    scored(mara, 8, 14)
    said = "worse by more than the measure errs"
    page = inside(ana.account).get("/desk/caseload/").content.decode()
    assert f"{said} (published: 6 points)" in page
    choose(ana, "norm:nhs-start", method="jacobson-truax")
    assert said not in inside(ana.account).get("/desk/caseload/").content.decode()


def test_response_and_remission_are_of_scores_where_means_are_compared_too(ana, mara):
    """From 18 to 4; the means are 17 and 6.5, which is no remission."""
    scored(mara, 18, 16, 9, 4)
    choose(ana, "norm:nhs-start", method="jacobson-truax", ends=2)
    text = seen(ana, f"{mara.pk}/course/phq-9/")
    assert "the last two average 6.5, the first two 17" in text
    assert "Remission (below 5): yes." in text


def test_a_part_is_judged_by_what_was_chosen_for_it(ana, mara):
    """Depression of the DASS-21 from 14 to 7: a deviation of 7.74 and .88 err by 7.43 points, at
    90 % by 6.24. Its page leads to where that is chosen."""
    for weeks, total in ((2, 14), (1, 7)):
        sheet = ASheet(client=mara, instrument="dass-21", answered_at=NOW - timedelta(weeks=weeks))
        part = {"status": "SCORED", "total": total, "total_rounded": total, "band": "normal"}
        AScore(sheet=sheet, total=None, total_rounded=None, subscales={"depression": part})
        AScore(sheet=sheet, whole=None, instrument="dass-21_depression", total=total,
               total_rounded=total, band="normal")  # fmt: skip
    same, differs = "no more than measurement error explains", ", more than measurement error"
    pages = ("course/dass-21/", "course/dass-21_depression/", "picture/")
    for page in pages:
        assert same in seen(ana, f"{mara.pk}/{page}"), page
    assert "/desk/practice/change/dass-21_depression/" in seen(ana, f"{mara.pk}/{pages[1]}")
    browser = inside(ana.account)
    address = "/desk/practice/change/dass-21_depression/"
    assert "DASS-21 Depression" in browser.get("/desk/practice/change/").content.decode()
    assert browser.get(address).status_code == 200
    sent = {"method": "jacobson-truax", "norm": "norm:united-kingdom", "level": "90", "ends": "1"}
    assert browser.post(address, sent).status_code == 302
    for page in pages:
        assert differs in seen(ana, f"{mara.pk}/{page}"), page
