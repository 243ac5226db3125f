"""Promising, leasing, finishing and giving up, one step at a time."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.utils import IntegrityError

from rapport.core import jobs, time
from rapport.core.jobs import Job, LeaseLost, NotAnId, UnknownJob, job, queue, wake
from rapport.core.jobs.queue import Claim

NOW = datetime(2030, 1, 7, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def tea():
    with time.at(NOW):
        job("tea.make", attempts=2)(lambda **ids: None)
        yield


@pytest.mark.django_db
def test_a_promise_is_a_row():
    made = jobs.enqueue("tea.make", cup_id=7)

    found = Job.objects.get()
    assert found == made
    assert (found.name, found.args, found.state) == ("tea.make", {"cup_id": 7}, "QUEUED")
    assert (found.run_at, found.created_at, found.max_attempts) == (NOW, NOW, 2)
    assert str(found) == f"job {found.pk}"


@pytest.mark.django_db
def test_a_promise_for_later_waits():
    jobs.enqueue("tea.make", run_at=NOW + MINUTE)

    assert queue.claim(now=NOW + MINUTE - timedelta(microseconds=1)) is None
    assert queue.claim(now=NOW + MINUTE)


@pytest.mark.django_db
def test_only_known_jobs_and_ids_are_promised():
    with pytest.raises(UnknownJob):
        jobs.enqueue("tea.drink")
    with pytest.raises(NotAnId):
        jobs.enqueue("tea.make", wish="with milk please")
    with pytest.raises(ValueError, match="'now'"):
        jobs.enqueue("tea.make", now=NOW)
    assert not Job.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_promise_dies_with_the_transaction_it_was_made_in():
    rings = wake.bell().rings()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        jobs.enqueue("tea.make")
        raise ZeroDivisionError
    assert not Job.objects.exists()
    assert wake.bell().rings() == rings

    with transaction.atomic():
        jobs.enqueue("tea.make")
        assert wake.bell().rings() == rings
    assert wake.bell().rings() == rings + 1


@pytest.mark.django_db
def test_a_key_is_promised_once_until_it_ends():
    first = jobs.enqueue("tea.make", unique="pot")
    assert jobs.enqueue("tea.make", unique="pot") == first
    held = queue.claim(now=NOW)
    assert jobs.enqueue("tea.make", unique="pot").state == "RUNNING"
    queue.finish(held, now=NOW)

    assert jobs.enqueue("tea.make", unique="pot") != first
    assert jobs.enqueue("tea.make", unique="kettle").unique_key == "kettle"


@pytest.mark.django_db
def test_a_promise_that_ended_while_we_looked_is_made_again(monkeypatch):
    """The row in the way ends between our insertion and our look at it."""
    first = jobs.enqueue("tea.make", unique="pot")
    insert = Job.objects.bulk_create

    def insert_late(*given, **options):
        made = insert(*given, **options)
        Job.objects.filter(pk=first.pk).update(state="DONE")
        return made

    monkeypatch.setattr(Job.objects, "bulk_create", insert_late)
    second = jobs.enqueue("tea.make", unique="pot")

    assert second != first
    assert Job.objects.filter(state="QUEUED").get() == second


@pytest.mark.django_db(transaction=True)
def test_many_threads_promise_one_key_once():
    start = threading.Barrier(6)
    made = []

    def promise():
        start.wait()
        made.append(jobs.enqueue("tea.make", unique="pot").pk)
        connection.close()

    threads = [threading.Thread(target=promise) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(made) == 6 and len(set(made)) == 1


@pytest.mark.django_db
def test_the_database_itself_refuses_a_second_key_and_a_run_without_lease():
    row = {"name": "tea.make", "run_at": NOW, "created_at": NOW}
    Job.objects.create(**row, unique_key="pot")
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(**row, unique_key="pot")
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(**row, state="RUNNING", worker="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(**row, state="RUNNING", lease_until=NOW)


@pytest.mark.django_db
def test_the_longest_waiting_goes_first():
    late = jobs.enqueue("tea.make", run_at=NOW - MINUTE)
    early = jobs.enqueue("tea.make", run_at=NOW - 2 * MINUTE)

    assert [queue.claim(now=NOW).job for _ in range(2)] == [early, late]
    assert queue.claim(now=NOW) is None


@pytest.mark.django_db
def test_a_lease_keeps_others_away_until_it_runs_out():
    promised = jobs.enqueue("tea.make")
    first = queue.claim(now=NOW)
    assert (first.job.attempts, first.job.lease_until) == (1, NOW + MINUTE)
    assert queue.claim(now=NOW + MINUTE - timedelta(microseconds=1)) is None

    second = queue.claim(now=NOW + MINUTE)

    assert second.job == promised
    assert second.job.attempts == 2
    assert second.worker != first.worker


@pytest.mark.django_db
def test_who_lost_the_lease_writes_nothing():
    promised = jobs.enqueue("tea.make")
    first = queue.claim(now=NOW)
    queue.claim(now=NOW + MINUTE)

    with pytest.raises(LeaseLost):
        queue.finish(first, now=NOW)
    assert queue.fail(first, ValueError(), now=NOW, chance=0) is False
    assert queue.extend(first, now=NOW) is False
    assert first.lost
    queue.release(first)
    promised.refresh_from_db()
    assert (promised.state, promised.attempts, promised.error) == ("RUNNING", 2, "")


@pytest.mark.django_db
def test_a_job_still_worked_on_here_is_left_alone():
    promised = jobs.enqueue("tea.make")
    queue.claim(now=NOW)

    assert queue.claim(now=NOW + MINUTE, skip=[promised.pk]) is None
    assert queue.claim(now=NOW + MINUTE)


@pytest.mark.django_db
def test_a_heartbeat_moves_the_lease():
    promised = jobs.enqueue("tea.make")
    held = queue.claim(now=NOW)

    assert queue.extend(held, now=NOW + MINUTE / 3)
    promised.refresh_from_db()
    assert promised.lease_until == NOW + MINUTE * 4 / 3


@pytest.mark.django_db
def test_an_end_is_written_down():
    promised = jobs.enqueue("tea.make")
    queue.finish(queue.claim(now=NOW), now=NOW + MINUTE)

    promised.refresh_from_db()
    assert (promised.state, promised.finished_at) == ("DONE", NOW + MINUTE)
    assert (promised.lease_until, promised.worker) == (None, "")


@pytest.mark.django_db
def test_a_failure_rests_and_the_last_one_gives_up_with_its_class_alone():
    promised = jobs.enqueue("tea.make")
    queue.fail(queue.claim(now=NOW), ValueError("Mara spilt it"), now=NOW, chance=0.5)
    promised.refresh_from_db()
    assert (promised.state, promised.error) == ("QUEUED", "ValueError")
    assert promised.run_at == NOW + timedelta(seconds=5)

    queue.fail(queue.claim(now=NOW + MINUTE), KeyError("Mara"), now=NOW + MINUTE, chance=0.5)

    promised.refresh_from_db()
    assert (promised.state, promised.error, promised.attempts) == ("DEAD", "KeyError", 2)
    assert list(jobs.dead()) == [promised]
    assert queue.claim(now=NOW + 60 * MINUTE) is None


@pytest.mark.django_db
def test_a_job_that_keeps_killing_its_worker_is_given_up():
    promised = jobs.enqueue("tea.make")
    for n in range(2):
        assert queue.claim(now=NOW + n * MINUTE)

    assert queue.claim(now=NOW + 2 * MINUTE) is None
    promised.refresh_from_db()
    assert (promised.state, promised.error) == ("DEAD", "LeaseExpired")


@pytest.mark.django_db
def test_a_job_given_back_has_lost_no_attempt():
    promised = jobs.enqueue("tea.make")
    held = queue.claim(now=NOW)
    queue.release(held)

    promised.refresh_from_db()
    assert held.lost
    assert (promised.state, promised.attempts) == ("QUEUED", 0)
    assert queue.claim(now=NOW)


@pytest.mark.django_db
def test_work_that_is_gone_between_look_and_lock_is_none(monkeypatch):
    monkeypatch.setattr(QuerySet, "exists", lambda rows: True)

    assert queue.claim(now=NOW) is None


@pytest.mark.django_db
def test_a_job_taken_between_look_and_lock_is_no_ones_loss():
    promised = jobs.enqueue("tea.make")
    Job.objects.filter(pk=promised.pk).update(
        state="RUNNING", worker="other", attempts=1, lease_until=NOW + MINUTE
    )

    assert queue._take(promised, NOW) is None


@pytest.mark.django_db(transaction=True)
def test_many_threads_share_the_work_and_none_does_it_twice():
    for n in range(40):
        jobs.enqueue("tea.make", cup_id=n)
    start, taken = threading.Barrier(4), []

    def work():
        start.wait()
        while held := queue.claim(now=NOW):
            taken.append(held.job.pk)
            queue.finish(held, now=NOW)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(taken) == len(set(taken)) == 40
    assert not Job.objects.exclude(state="DONE").exists()


@pytest.mark.django_db
def test_an_unknown_job_is_leased_all_the_same():
    Job.objects.create(name="tea.drink", run_at=NOW, created_at=NOW)

    held = queue.claim(now=NOW)

    assert isinstance(held, Claim)
    assert held.job.lease_until == NOW + MINUTE


@pytest.mark.django_db
def test_an_idle_look_asks_once_and_never_for_the_writer(django_assert_num_queries):
    with django_assert_num_queries(1) as asked:
        assert queue.claim(now=NOW) is None
    assert asked[0]["sql"].startswith("SELECT")


@pytest.mark.django_db
def test_large_tables_are_read_in_chunks():
    for n in range(7):
        jobs.enqueue("tea.make", cup_id=n)

    sizes = [len(some) for some in jobs.chunks(Job.objects.filter(args__cup_id__lt=7), 3)]
    seen = [row.pk for some in jobs.chunks(Job.objects.all(), 7) for row in some]

    assert sizes == [3, 3, 1]
    assert sorted(seen) == sorted(Job.objects.values_list("pk", flat=True))
    assert list(jobs.chunks(Job.objects.none())) == []
