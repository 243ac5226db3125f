"""What a list says of each client's scores."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.core import time as clock
from rapport.progress.measures import instruments
from rapport.progress.measures.latest import latest
from tests.factories import NOW, APractice, AScore, ASheet, ClientOf, Colleague
from tests.progress.held_here import licensed

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    APractice()
    clock.zone()  # read once per process
    return Colleague()


def scored(client, total, days=0, instrument="phq-9", version=1, language="en", **given):
    sheet = ASheet(client=client, instrument=instrument, version=version, language=language,
                   answered_at=NOW + timedelta(days=days))  # fmt: skip
    AScore(sheet=sheet, total=total, total_rounded=total, **given)
    return sheet


def test_the_latest_stands_with_its_change_from_the_one_before(ana):
    mara = ClientOf(care_team=[ana])
    for days, total in enumerate((20, 16, 14)):
        scored(mara, total, days)
    scored(mara, 5, 1, "gad-7")

    first, second = latest(by=ana.account, clients=[mara.pk])[mara.pk]
    assert (first.score.instrument, first.score.total_rounded, first.change) == ("phq-9", 14, -2)
    assert (first.fell, first.rose) == (2, 0)
    assert (second.score.instrument, second.change) == ("gad-7", None)


def test_a_corrected_sheet_and_one_without_a_total_do_not_count(ana):
    mara = ClientOf(care_team=[ana])
    right = scored(mara, 9, 1)
    wrong = scored(mara, 19, 2)
    wrong.replaced_by = right
    wrong.save()
    scored(mara, None, 3, status="NOT_SCORABLE")

    (only,) = latest(by=ana.account, clients=[mara.pk])[mara.pk]
    assert (only.score.total_rounded, only.change) == (9, None)


def test_nobody_learns_a_score_of_somebody_they_do_not_treat(ana):
    theirs = ClientOf(care_team=[Colleague()])
    scored(theirs, 9)
    assert latest(by=ana.account, clients=[theirs.pk]) == {}


def test_one_statement_for_many(ana):
    clients, by = [ClientOf(care_team=[ana]) for _ in range(5)], ana.account
    assert by.staff == ana  # asked for once in a visit
    for client in clients:
        for days in range(4):
            scored(client, days, days)
    with CaptureQueriesContext(connection) as said:
        assert len(latest(by=by, clients=[c.pk for c in clients])) == 5
    assert len(said) == 1, said.captured_queries


@pytest.mark.parametrize(
    ("before", "apart"), [({"version": 7}, "version"), ({"language": "de"}, "language")]
)
def test_no_change_is_said_between_two_versions_or_languages(ana, before, apart):
    mara = ClientOf(care_team=[ana])
    scored(mara, 20, 0)
    scored(mara, 20, 1, **before)
    scored(mara, 14, 2)

    (only,) = latest(by=ana.account, clients=[mara.pk])[mara.pk]
    assert (only.score.total_rounded, only.change, only.apart) == (14, None, apart)
    assert (only.fell, only.rose) == (0, 0)


def test_typed_words_that_read_as_before_are_compared_in_all_their_versions(ana):
    owner = Colleague(roles=["OWNER"]).account
    licensed(owner)
    licensed(owner, same=True, title="Sleep and nights")
    mara = ClientOf(care_team=[ana])
    newest = instruments.find("isi").content.version
    scored(mara, 9, 0, "isi", version=newest - 1)
    scored(mara, 7, 1, "isi", version=newest)

    (only,) = latest(by=ana.account, clients=[mara.pk])[mara.pk]
    assert (only.change, only.apart) == (-2, "")
