"""Where people come from, also those who were forgotten since."""

from datetime import date, timedelta

import pytest

from rapport.contact.inquiries import counting, jobs
from tests.factories import NOW, AnInquiry, AReferrer, ASource

pytestmark = pytest.mark.django_db

FIRST = date(2029, 2, 1)


def test_twelve_months_end_with_this_one():
    assert counting.since(date(2030, 1, 31)) == FIRST
    assert counting.since(date(2030, 12, 1)) == date(2030, 1, 1)


def test_received_started_and_the_time_to_the_first_answer(house):
    web, doctor = ASource(name="Web"), AReferrer(name="Dr. Castell")
    AnInquiry(source=web, answered_at=NOW + timedelta(minutes=30), stage="STARTED")
    AnInquiry(source=web, answered_at=NOW + timedelta(minutes=90))
    AnInquiry(source=web, referrer=doctor, received_at=NOW - timedelta(days=40))
    AnInquiry(received_at=NOW - timedelta(days=500))
    AnInquiry(came_by="")

    table = counting.table(counting.facts(by=house.olga.account, first=FIRST))

    assert table[1:] == [
        ["2029-11", "Web", "Dr. Castell", "1", "0", "", "0", "0"],
        ["2030-01", "Web", "", "2", "1", "60", "0", "0"],
    ]


def test_who_was_forgotten_is_still_counted(house):
    AnInquiry(source=ASource(name="Web"), answered_at=NOW + timedelta(minutes=30))
    before = counting.table(counting.facts(by=house.olga.account, first=FIRST))

    jobs.purge(now=NOW.replace(month=8))

    assert counting.table(counting.facts(by=house.olga.account, first=FIRST)) == before
    assert before[1] == ["2030-01", "Web", "", "1", "0", "30", "0", "0"]


def test_no_name_of_a_source_runs_in_a_spreadsheet(house):
    AnInquiry(source=ASource(name="=HYPERLINK(1)"), referrer=AReferrer(name="@SUM(1)"))

    row = counting.table(counting.facts(by=house.olga.account, first=FIRST))[1]

    assert row[1:3] == ["'=HYPERLINK(1)", "'@SUM(1)"]
