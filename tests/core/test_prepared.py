"""A kept statement answers like one composed anew, for every value and every shape."""

import json
import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from rapport.core import prepared as module
from rapport.core.models import Job
from rapport.core.prepared import as_mark, as_one_text, as_text, instant, prepared
from rapport.people.models import Client
from tests.factories import NOW, ClientOf

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept_yet():
    connections["default"].__dict__.pop("prepared", None)


@prepared
def named(newest_first, *, name, before):
    found = Job.objects.filter(name=name, created_at__lt=before)
    return found.order_by("-created_at" if newest_first else "created_at")


@pytest.fixture
def jobs():
    return [
        Job.objects.create(
            name=name, state="DEAD", run_at=NOW, finished_at=NOW,
            created_at=NOW + timedelta(hours=hour),
        )
        for name, hour in (("a.job", 0), ("a.job", 1), ("b.job", 2))
    ]  # fmt: skip


LATER = NOW + timedelta(days=1)


def test_each_call_finds_by_its_own_values(jobs):
    first, second, other = jobs

    assert named(False, name="a.job", before=LATER) == [first, second]
    assert named(False, name="b.job", before=LATER) == [other]
    assert named(False, name="a.job", before=second.created_at) == [first]


def test_each_shape_has_a_statement_of_its_own(jobs):
    first, second, _other = jobs

    assert named(False, name="a.job", before=LATER) == [first, second]
    assert named(True, name="a.job", before=LATER) == [second, first]


def test_the_database_is_asked_anew_each_time(jobs):
    named(False, name="a.job", before=LATER)
    Job.objects.filter(pk=jobs[0].pk).delete()

    with CaptureQueriesContext(connection) as said:
        assert named(False, name="a.job", before=LATER) == [jobs[1]]
    assert len(said) == 1


def test_a_statement_is_composed_once(jobs):
    composed = []

    @prepared
    def counted(*, name):
        composed.append(name)
        return Job.objects.filter(name=name)

    assert [len(counted(name=name)) for name in ("a.job", "b.job", "none")] == [2, 1, 0]
    assert len(composed) == 1


def test_more_values_make_another_statement(jobs):
    @prepared
    def among(**names):
        return Job.objects.filter(name__in=list(names.values())).order_by("created_at")

    assert among(one="a.job") == jobs[:2]
    assert among(one="a.job", two="b.job") == jobs
    assert among(one="b.job") == jobs[2:]


def test_no_condition_hangs_on_a_value():
    @prepared
    def careless(*, name):
        return Job.objects.filter(name=name) if name else Job.objects.all()

    with pytest.raises(TypeError, match="shape"):
        careless(name="a.job")


def test_what_finds_nothing_by_its_shape_finds_nothing(jobs):
    @prepared
    def none_of(*, name):
        return Job.objects.filter(Q(pk__in=[]), name=name)

    assert none_of(name="a.job") == none_of(name="a.job") == []


def test_no_more_statements_are_kept_than_agreed(jobs, monkeypatch):
    monkeypatch.setattr(module, "MOST", 2)

    @prepared
    def first_of(number, *, name):
        return Job.objects.filter(name=name).order_by("created_at")[:number]

    assert [len(first_of(n, name="a.job")) for n in (1, 2, 3, 1)] == [1, 2, 2, 1]
    assert len(connections["default"].__dict__["prepared"]) == 2


def test_columns_come_as_the_fields_say(jobs):
    @prepared
    def instants(*, name):
        return Job.objects.filter(name=name).values_list("created_at", "name")

    assert instants(name="b.job") == [(jobs[2].created_at, "b.job")]


def test_threads_share_no_statement():
    composed = []

    @prepared
    def counted(*, name):
        composed.append(threading.get_ident())
        return Job.objects.filter(Q(pk__in=[]), name=name)

    def ask():
        counted(name="a.job")
        connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
        thread.join()
    ask_here = counted(name="a.job")

    assert ask_here == []
    assert len(composed) == 3


def test_five_ids_and_seven_ask_by_the_same_statement():
    five, seven = ([uuid.uuid4() for _ in range(n)] for n in (5, 7))

    assert module.named(five).keys() == module.named(seven).keys()
    assert set(module.named(five).values()) == set(five)
    assert len(module.named(five * 2)) == 16
    assert module.named([]) == {}


def test_what_is_read_as_text_is_the_same_id_and_instant(jobs):
    first = jobs[0]
    pk, at = Job.objects.filter(pk=first.pk).values_list(as_text("pk"), as_text("created_at")).get()

    assert {type(pk), type(at)} == {str}
    assert (uuid.UUID(pk), instant(at)) == (first.pk, first.created_at)


@pytest.mark.parametrize("more", [timedelta(), timedelta(microseconds=500_000),
                                  timedelta(microseconds=1)])  # fmt: skip
def test_no_part_of_an_instant_is_lost_as_text(jobs, more):
    Job.objects.update(created_at=NOW + more)
    assert {instant(one) for one in Job.objects.values_list(as_text("created_at"), flat=True)} == {
        NOW + more
    }


def test_a_mark_is_there_for_a_yes_alone(db):
    for restricted in (False, True):
        ClientOf(restricted=restricted)
    found = Client.objects.order_by("restricted").values_list(as_mark("restricted"), flat=True)

    assert [bool(one) for one in found] == [False, True]


def test_fields_of_a_row_come_as_one_text_that_json_reads(jobs):
    said = Job.objects.order_by("created_at").values_list(
        as_one_text("pk", "name", "created_at", "attempts", "lease_until"), flat=True
    )
    rows = [json.loads(one) for one in said]

    assert [uuid.UUID(pk) for pk, *_rest in rows] == [one.pk for one in jobs]
    assert [instant(created) for _pk, _name, created, *_rest in rows] == [
        one.created_at for one in jobs
    ]
    assert [(name, *rest) for _pk, name, _created, *rest in rows] == [
        (one.name, 0, None) for one in jobs
    ]
