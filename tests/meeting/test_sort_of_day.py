"""What sort of day it is, asked of several clinicians at once, is what each of their days says."""

from datetime import date, timedelta

import pytest

from rapport.core import time
from rapport.meeting.availability import queries
from tests.factories import NOW, AnOtherDay, APlace, APractice, ATimeOff, Colleague

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2029, 12, 31), date(2030, 1, 13)


@pytest.fixture
def people():
    APractice(country="DE")
    house = APlace(region="BW")
    ana, ben, cleo = (Colleague(at=[house], legal_name=name) for name in ("Ana", "Ben", "Cleo"))
    AnOtherDay(staff=ana, on=date(2030, 1, 8))
    ATimeOff(staff=ben, starts_at=NOW - timedelta(days=1), ends_at=NOW + timedelta(days=2))
    return [ana, ben, cleo]


def test_each_day_is_of_the_sort_that_it_says_by_itself(people):
    asked = {"by": people[0], "staff": people, "first": FIRST, "last": LAST}
    with time.at(NOW):
        marks, days = queries.marks_of_each(**asked), queries.days_of_each(**asked)

    said = {(pk, on): hours.marks for pk, of in days.items() for on, hours in of.items()}
    for (pk, on), words in said.items():
        assert marks[pk].get(on, []) == words
    assert any(marks[people[0].pk].values()) and any(marks[people[1].pk].values())
    assert "New Year's Day" in marks[people[2].pk][date(2030, 1, 1)][0].replace("’", "'")
