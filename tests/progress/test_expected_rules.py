"""Which numbers a signal is judged by, and to which care a score belongs."""

from datetime import UTC, date, datetime
from types import SimpleNamespace as Some

import pytest

from rapport.progress.expected import rules
from rapport.progress.measures import instruments

DAY = datetime(2030, 1, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    "cutoffs, begins",
    [
        ([], None),
        ([Some(facts={}, at_least=10, at_most=None)], 10),
        ([Some(facts={}, at_least=None, at_most=50)], 50),
        ([Some(facts={"sex": "female"}, at_least=3, at_most=None)], None),
    ],
)
def test_the_clinical_range_begins_where_it_does_for_everybody(cutoffs, begins):
    assert rules.caseness(cutoffs) == begins


def test_the_scale_of_a_questionnaire_is_its_files():
    form = instruments.get("phq-9").content

    assert rules.scale_of(form) == rules.Scale(0, 27, "lower", 6, 10)


@pytest.mark.parametrize(
    "total, band, part",
    [
        (0, "", "part-1"),
        (5, "", "part-1"),
        (6, "", "part-2"),
        (27, "", "part-5"),
        (3, "low", "low"),
    ],
)
def test_an_intake_lies_in_its_band_or_in_a_fifth_of_the_scale(total, band, part):
    intake = rules.Scored(1, DAY, total, (1, "en"), band)

    assert rules.stretch(intake, least=0, most=27) == part


@pytest.mark.parametrize(
    "opened, closed, begins",
    [
        ([], [], None),
        ([date(2030, 1, 1), date(2030, 1, 4)], [date(2030, 1, 2)], date(2030, 1, 4)),
        ([], [date(2029, 3, 1), date(2029, 12, 31)], date(2030, 1, 1)),
    ],
)
def test_scores_belong_to_the_care_that_goes_on(opened, closed, begins):
    assert rules.since(opened, closed) == begins


def test_without_a_score_of_this_version_there_is_no_series_and_of_two_at_once_the_later_stands():
    one, other = (rules.Scored(n, DAY, n, (1, "en"), prorated=n == 2) for n in (1, 2))

    assert rules.series([one], version=2) is None
    found = rules.series([one, other], version=1)
    assert (found.intake, found.last, found.later, found.prorated) == (other, other, (), True)
