"""What a kept statement writes is what Django would have written."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext

from rapport.core.models import Job
from rapport.core.writing import FEW, change, insert
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def made(number, **given):
    return [
        Job(name="tea.make", args={"n": n}, run_at=NOW, created_at=NOW, **given)
        for n in range(number)
    ]


@pytest.mark.parametrize("number", [0, 1, 2, FEW + 1])
def test_each_row_is_there_as_it_was_made(number):
    rows = made(number)
    insert(iter(rows))

    found = {one.pk: model_to_dict(one) for one in Job.objects.all()}
    assert found == {one.pk: model_to_dict(one) for one in rows}
    assert not any(one._state.adding for one in rows)


def test_a_row_that_was_inserted_is_saved_as_one_that_was_loaded():
    (row,) = made(1)
    insert([row])
    row.attempts = 3
    row.save()

    assert Job.objects.get().attempts == 3


def test_some_rows_take_one_statement():
    with CaptureQueriesContext(connection) as said:
        insert(made(3))
    assert len(said) == 1


def test_what_the_database_refuses_is_refused_and_nothing_is_there():
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(made(2, unique_key="tea"))
    assert not Job.objects.exists()


def test_one_row_is_changed_and_no_other():
    one, other = made(2)
    insert([one, other])
    later = NOW + timedelta(days=1)
    with CaptureQueriesContext(connection) as said:
        change(Job, one.pk, args={"n": 7}, run_at=later)

    assert len(said) == 1
    one.refresh_from_db()
    assert (one.args, one.run_at) == ({"n": 7}, later)
    assert model_to_dict(Job.objects.get(pk=other.pk)) == model_to_dict(other)
