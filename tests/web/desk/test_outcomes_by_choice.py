"""What care came to by the method, the confidence, the scores and the cut-off that were chosen."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest

from rapport.progress.chosen import actions
from rapport.progress.measures.judging import Way
from rapport.progress.models import Choice
from tests.factories import (
    NOW,
    AnEpisode,
    APlace,
    AScore,
    ASheet,
    ClientOf,
    Colleague,
)
from tests.web.stepping import inside

pytestmark = [
    pytest.mark.django_db, pytest.mark.usefixtures("nine_o_clock", "read_from")
]  # fmt: skip

START = datetime(2029, 6, 4, 12, tzinfo=UTC)
STAY = {"opened_on": date(2029, 6, 1), "closed_on": date(2029, 12, 20)}
JT = "norm:nhs-start"


@pytest.fixture
def ana():
    return Colleague(at=[APlace()], roles=["OWNER", "CLINICIAN"])


def ended(ana, *totals):
    """Twelve clients of one course, ten days from score to score."""
    for _ in range(12):
        client = ClientOf(place=ana.places.first())
        AnEpisode(client=client, responsible=ana, close_reason="COMPLETED", **STAY)
        for n, total in enumerate(totals):
            sheet = ASheet(client=client, answered_at=START + timedelta(days=10 * n))
            AScore(sheet=sheet, total=total, total_rounded=total, above_cutoff=total >= 10)


def became(ana):
    """How many of the twelve recovered, improved and stayed as they were."""
    text = inside(ana.account).get("/desk/outcomes/table/").content.decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    return tuple(int(row[name]) for name in ("recovered", "improved", "unchanged"))


def choose(ana, what, **way):
    at = NOW + timedelta(minutes=Choice.objects.count())
    actions.choose(by=ana.account, instrument="phq-9", what=what, way=Way(**way), now=at)


def test_the_chosen_method_and_confidence_decide_and_the_page_names_them(ana):
    """From 18 to 12: published 6; Jacobson and Truax 6.10 at 95 and 5.12 at 90 %."""
    ended(ana, 18, 12)
    assert became(ana) == (0, 12, 0)
    choose(ana, JT, method="jacobson-truax")
    assert became(ana) == (0, 0, 12)
    choose(ana, JT, method="jacobson-truax", level=90)
    assert became(ana) == (0, 12, 0)
    page = inside(ana.account).get("/desk/outcomes/").content.decode()
    assert "Jacobson &amp; Truax · 90 % · mean 15.4, standard deviation 5.5" in page


def test_the_chosen_cut_off_says_who_recovered_of_the_past_too(ana):
    ended(ana, 15, 9)
    assert became(ana) == (12, 0, 0)
    choose(ana, "change:nhs", cutoff="sensitive")
    assert became(ana) == (0, 12, 0)
    assert "8 or more" in inside(ana.account).get("/desk/outcomes/").content.decode()


def test_means_of_two_err_less(ana):
    """From 17 to 12.5, by 2.2 times 1.96: 4.31 points; the ends alone are 6 apart, of 6.10."""
    ended(ana, 18, 16, 13, 12)
    choose(ana, JT, method="jacobson-truax")
    assert became(ana) == (0, 0, 12)
    choose(ana, JT, method="jacobson-truax", ends=2)
    assert became(ana) == (0, 12, 0)
    assert "mean of the first two" in inside(ana.account).get("/desk/outcomes/").content.decode()


def test_with_three_scores_the_first_and_the_last_count(ana):
    ended(ana, 18, 13, 12)
    choose(ana, JT, method="jacobson-truax", ends=2)
    assert became(ana) == (0, 0, 12)
