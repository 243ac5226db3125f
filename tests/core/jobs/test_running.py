"""One job's run, from its args to its end."""

import logging
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from rapport.core import audit, jobs, time
from rapport.core.jobs import Job, LeaseLost, job, queue, running
from rapport.core.models import AuditEntry
from rapport.core.policy import System

NOW = datetime(2030, 1, 7, 9, 0, tzinfo=UTC)
CUP = uuid.UUID("12345678-1234-4234-8234-123456789012")

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nine_o_clock():
    with time.at(NOW):
        yield


def test_a_job_gets_its_ids_and_what_it_asks_for():
    seen = {}

    @job("tea.make")
    def make(*, cup_id, once, now):
        seen.update(cup_id=cup_id, once=once, now=now)

    promised = jobs.enqueue("tea.make", cup_id=CUP)

    assert jobs.run_due(NOW) == 1
    assert seen == {"cup_id": str(CUP), "once": str(promised.pk), "now": NOW}
    promised.refresh_from_db()
    assert promised.state == "DONE"


def test_what_a_job_leads_to_runs_as_well_and_sees_the_same_clock():
    later = NOW + timedelta(days=30)
    times = []

    @job("tea.boil")
    def boil():
        times.append(time.now())
        jobs.enqueue("tea.pour")

    @job("tea.pour")
    def pour():
        times.append(time.now())

    jobs.enqueue("tea.boil")

    assert jobs.run_due(later) == 2
    assert times == [later, later]
    assert jobs.run_due() == 0


def test_a_failing_job_is_run_once_and_says_its_class_alone(caplog):
    @job("tea.make")
    def make():
        raise ValueError("Mara Lind spilt it")

    promised = jobs.enqueue("tea.make")
    with caplog.at_level(logging.DEBUG, "rapport"):
        assert jobs.run_due(NOW) == 1

    promised.refresh_from_db()
    assert (promised.state, promised.error, promised.attempts) == ("QUEUED", "ValueError", 1)
    assert timedelta(seconds=3) < promised.run_at - NOW < timedelta(seconds=7)
    assert "ValueError" in caplog.text and "Mara" not in caplog.text
    assert all(record.exc_info is None for record in caplog.records)


def test_a_loud_run_raises_what_the_job_raised():
    @job("tea.make")
    def make():
        raise ValueError("spilt")

    promised = jobs.enqueue("tea.make")
    with pytest.raises(ValueError, match="spilt"):
        jobs.run_due(NOW, loud=True)

    promised.refresh_from_db()
    assert promised.error == "ValueError"


def test_a_job_nobody_knows_any_more_fails_like_any_other():
    Job.objects.create(name="tea.drink", run_at=NOW, created_at=NOW, max_attempts=1)

    jobs.run_due(NOW)

    assert Job.objects.get().error == "UnknownJob"
    assert Job.objects.get().state == "DEAD"


def test_an_effect_in_the_database_commits_with_its_end():
    @job("tea.make", outside=False)
    def make(*, spill):
        jobs.enqueue("tea.drink", run_at=NOW + timedelta(days=1))
        if spill:
            raise ValueError

    job("tea.drink")(lambda: None)
    spilt, made = jobs.enqueue("tea.make", spill=True), jobs.enqueue("tea.make", spill=False)

    jobs.run_due(NOW)

    spilt.refresh_from_db()
    made.refresh_from_db()
    assert (spilt.state, made.state) == ("QUEUED", "DONE")
    assert Job.objects.filter(name="tea.drink").count() == 1


def test_who_lost_the_lease_leaves_no_effect(caplog):
    @job("tea.make", outside=False)
    def make():
        jobs.enqueue("tea.make")

    jobs.enqueue("tea.make")
    held = queue.claim(now=NOW)
    queue.claim(now=NOW + timedelta(minutes=2))

    running.perform(held, clock=time.now)

    assert Job.objects.count() == 1
    assert "lost its lease" in caplog.text


def test_who_lost_the_lease_and_fails_writes_nothing(caplog):
    @job("tea.make")
    def make():
        queue.claim(now=NOW + timedelta(minutes=2))
        raise ValueError

    promised = jobs.enqueue("tea.make")
    running.perform(queue.claim(now=NOW), clock=time.now)

    promised.refresh_from_db()
    assert (promised.state, promised.error) == ("RUNNING", "")
    assert "failed after losing its lease" in caplog.text


def test_the_trail_says_which_job_it_was():
    @job("tea.make", outside=False)
    def make():
        audit.record(verb="tea.make", by=System("cron"), subject={})

    before = audit.origin.get()
    promised = jobs.enqueue("tea.make")
    jobs.run_due(NOW)

    assert AuditEntry.objects.get().origin == f"job:{promised.pk}"
    assert audit.origin.get() == before


def test_progress_is_written_at_first_and_at_the_end_and_not_too_often():
    seen = []

    @job("tea.make")
    def make(*, progress):
        for done in range(1, 101):
            progress(done, 100)
            seen.append(Job.objects.get().progress_done)

    jobs.enqueue("tea.make")
    jobs.run_due(NOW)

    assert seen[0] == 1
    assert len(set(seen)) < 50
    assert (Job.objects.get().progress_done, Job.objects.get().progress_total) == (100, 100)


def test_progress_tells_a_job_that_it_is_not_wanted_any_more():
    reached = []

    @job("tea.make")
    def make(*, progress):
        queue.claim(now=NOW + timedelta(minutes=2))
        progress(1, 2)
        reached.append("the end")

    jobs.enqueue("tea.make")
    running.perform(queue.claim(now=NOW), clock=time.now)

    assert reached == []


def test_progress_does_not_ask_twice_once_the_lease_is_lost(django_assert_num_queries):
    job("tea.make")(lambda: None)
    jobs.enqueue("tea.make")
    held = queue.claim(now=NOW)
    queue.release(held)

    with django_assert_num_queries(0), pytest.raises(LeaseLost):
        running.Progress(held)(1, 2)


def test_ended_jobs_are_forgotten_after_a_while():
    job("tea.make")(lambda: None)
    days = {"DONE": [6, 8], "DEAD": [8, 89, 91], "QUEUED": [100]}
    for state, ages in days.items():
        for age in ages:
            ended = None if state == "QUEUED" else NOW - timedelta(days=age)
            made = jobs.enqueue("tea.make", run_at=NOW + timedelta(days=1))
            Job.objects.filter(pk=made.pk).update(state=state, finished_at=ended)

    jobs.purge(now=NOW)

    assert sorted(Job.objects.values_list("state", flat=True)) == ["DEAD", "DEAD", "DONE", "QUEUED"]
