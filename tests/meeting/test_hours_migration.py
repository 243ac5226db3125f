"""Hours that a diary said are rows of the week, and the diary's again on the way back."""

from datetime import time

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from rapport.meeting.models import WorkingHours
from tests.factories import Colleague

BEFORE = [("meeting", "0002_scheduling")]


@pytest.fixture
def back_again(transactional_db):
    yield
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def test_hours_become_rows_and_come_back(back_again):
    ana, ben = Colleague(), Colleague()
    executor = MigrationExecutor(connection)
    executor.migrate(BEFORE)
    old = executor.loader.project_state(BEFORE).apps
    Diary = old.get_model("meeting", "Diary")
    Diary.objects.create(
        staff_id=ana.pk, day_from=time(8), day_until=time(14, 30), weekdays=[1, 3, 3]
    )
    Diary.objects.create(staff_id=ben.pk, weekdays=[])
    executor = MigrationExecutor(connection)
    executor.migrate([("meeting", "0004_hours_out_of_the_diary")])

    rows = WorkingHours.objects.order_by("weekday").values_list(
        "staff", "weekday", "from_at", "until_at"
    )
    assert list(rows) == [(ana.pk, 1, time(8), time(14, 30)), (ana.pk, 3, time(8), time(14, 30))]

    WorkingHours.objects.create(staff=ana, weekday=5, from_at=time(15), until_at=time(18))
    executor = MigrationExecutor(connection)
    executor.migrate(BEFORE)
    again = Diary.objects.get(staff_id=ana.pk)
    assert (again.day_from, again.day_until, again.weekdays) == (time(8), time(18), [1, 3, 5])
    assert not old.get_model("meeting", "WorkingHours").objects.exists()
