"""Numbers for research: who is in them, what is in them, and who may take them."""

import csv
import io
import json
import zipfile
from datetime import UTC, date, datetime, timedelta

import pyarrow.parquet as pq
import pytest

from rapport.core import time
from rapport.people.models import Consent
from rapport.progress.chosen import actions
from rapport.progress.measures.judging import Way
from rapport.progress.models import Score
from tests.factories import (
    NOW,
    AConsent,
    AnEpisode,
    AnInformant,
    APlace,
    APractice,
    AScore,
    ASheet,
    ClientOf,
    Colleague,
)
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db

PAGE = "/desk/outcomes/research/"
OPENED, CLOSED = date(2029, 2, 1), date(2029, 11, 1)


@pytest.fixture(autouse=True)
def nine_o_clock(db):
    APractice(time_zone="UTC")
    with time.at(NOW):
        yield


@pytest.fixture
def owner():
    return Colleague(roles=["OWNER", "CLINICIAN"])


def agreed(house, who, *, consent=True, withdrawn=None, **client):
    """Somebody whose care ended, with three scores, one of them after it."""
    one = ClientOf(place=house, legal_name="Planted Name", birth_on=date(1990, 5, 5), **client)
    AnEpisode(client=one, responsible=who, opened_on=OPENED, closed_on=CLOSED,
              close_reason="COMPLETED", problem="MOOD", modality="CBT")  # fmt: skip
    for month, total in ((2, 18), (10, 7), (12, 3)):
        sheet = ASheet(client=one, answered_at=datetime(2029, month, 10, tzinfo=UTC))
        AScore(sheet=sheet, total=total, total_rounded=total)
    if consent:
        AConsent(client=one, kind=Consent.Kind.RESEARCH, withdrawn_on=withdrawn)
    return one


def taken(browser, k=5):
    answer = browser.post(PAGE, {"k": k})
    assert answer.status_code == 200 and answer["Content-Type"] == "application/zip"
    return answer, zipfile.ZipFile(io.BytesIO(answer.content))


def table(file, name):
    return pq.read_table(io.BytesIO(file.read(f"{name}.parquet")))


def test_only_those_who_agreed_and_did_not_take_it_back_are_in_it(owner):
    house = APlace()
    for _ in range(6):
        agreed(house, owner)
    agreed(house, owner, consent=False)
    agreed(house, owner, withdrawn=NOW.date() - timedelta(days=1))
    still = ClientOf(place=house)
    AnEpisode(client=still, responsible=owner, opened_on=OPENED)
    AConsent(client=still, kind=Consent.Kind.RESEARCH)

    _answer, file = taken(inside(owner.account))

    assert table(file, "clients").num_rows == 6
    report = json.loads(file.read("report.json"))
    assert (report["agreed"], report["included"], report["smallest_group"]) == (6, 6, 6)


def test_the_cut_off_in_use_says_who_is_in_the_clinical_range_and_the_report_names_it(owner):
    house = APlace()
    for _ in range(5):
        agreed(house, owner)
    way = Way("published", cutoff="sensitive")
    actions.choose(by=owner.account, instrument="phq-9", what="change:nhs", way=way, now=NOW)
    Score.objects.filter(total=7).update(total=8, total_rounded=8, above_cutoff=False)

    _answer, file = taken(inside(owner.account))

    assert set(table(file, "scores").column("above_cutoff").to_pylist()) == {True}
    assert json.loads(file.read("report.json"))["cutoffs"]["phq-9"].startswith(">= 8; settings")
    assert "the cut-off in use" in file.read("dictionary.csv").decode()


def test_what_others_answered_about_them_is_not_in_it(owner):
    house = APlace()
    for _ in range(6):
        one = agreed(house, owner)
        sheet = ASheet(client=one, answered_at=datetime(2029, 5, 5, tzinfo=UTC),
                       informant=AnInformant(client=one))  # fmt: skip
        AScore(sheet=sheet, total=27, total_rounded=27)
    _answer, file = taken(inside(owner.account))
    scores = table(file, "scores")
    assert scores.num_rows == 12 and 27 not in scores.column("total").to_pylist()


def test_scores_count_weeks_from_the_first_day_and_end_with_the_episode(owner):
    house = APlace()
    for _ in range(5):
        agreed(house, owner)

    _answer, file = taken(inside(owner.account))

    scores = table(file, "scores").to_pylist()
    assert sorted({(one["week"], one["total"]) for one in scores}) == [(1, 18.0), (35, 7.0)]
    people = {one["person"] for one in table(file, "clients").to_pylist()}
    assert {one["person"] for one in scores} == people == set(range(1, 6))


def test_no_name_no_day_and_no_id_leaves_the_house(owner):
    house = APlace()
    clients = [agreed(house, owner) for _ in range(5)]

    answer, file = taken(inside(owner.account))

    plain = b"".join(file.read(name) for name in file.namelist())
    for name in ("clients", "scores"):
        plain += json.dumps(table(file, name).to_pylist()).encode()
    for word in ("Planted", "1990", "2029-02", *(str(one.pk) for one in clients)):
        assert word.encode() not in plain
    assert answer["Content-Disposition"] == 'attachment; filename="research.zip"'


def test_every_column_stands_in_the_dictionary(owner):
    house = APlace()
    for _ in range(5):
        agreed(house, owner)

    _answer, file = taken(inside(owner.account))

    said = csv.DictReader(io.StringIO(file.read("dictionary.csv").decode()))
    names = [(row["file"], row["variable"], row["type"]) for row in said]
    assert names == [
        (name, field.name, str(field.type))
        for name in ("clients", "scores") for field in table(file, name).schema
    ]  # fmt: skip


def test_fewer_than_must_be_alike_give_no_file(owner):
    house = APlace()
    for _ in range(9):
        agreed(house, owner)

    answer = inside(owner.account).post(PAGE, {"k": 10})

    assert answer.status_code == 422
    assert "Fewer people agreed than must be alike." in answer.content.decode()
    assert 'value="10"' in answer.content.decode()


@pytest.mark.parametrize("k", ["4", "51", "", "ten", "-5"])
def test_a_number_that_cannot_be_is_told_beside_its_field(owner, k):
    agreed(APlace(), owner)

    answer = inside(owner.account).post(PAGE, {"k": k})

    assert answer.status_code == 422 and "id_k_error" in answer.content.decode()


def test_where_nobody_agreed_the_page_says_what_to_do(owner):
    said = inside(owner.account).get(PAGE).content.decode()

    assert "Nobody whose care ended has agreed to research." in said
    assert "Make the file" not in said
