"""The worker's threads: waking, keeping leases, surviving, stopping."""

import threading
from datetime import timedelta
from time import monotonic, sleep

import pytest
from django.db import OperationalError, transaction

from rapport.core import jobs, time
from rapport.core.jobs import Job, Worker, cron, job, queue
from rapport.core.jobs.manners import PAGES
from rapport.core.models import Tick

pytestmark = pytest.mark.django_db(transaction=True)

SOON = 20.0  # seconds; never waited for in full


def eventually(holds, seconds=SOON):
    end = monotonic() + seconds
    while not holds():
        assert monotonic() < end, "it did not happen in time"
        sleep(0.01)


def lease_of(promised):
    return Job.objects.values_list("lease_until", flat=True).get(pk=promised.pk)


def state(promised):
    return Job.objects.values_list("state", flat=True).get(pk=promised.pk)


@pytest.fixture
def worker():
    made = []

    def start(**options):
        made.append(Worker(**options))
        made[-1].start()
        return made[-1]

    yield start
    for one in made:
        one.stop(SOON)


@pytest.fixture
def gate():
    """A job that waits for the test: ``gate.entered``, ``gate.open``."""

    class Gate:
        entered, open = threading.Event(), threading.Event()

    yield Gate
    Gate.open.set()


def test_a_waiting_job_is_done(worker):
    job("tea.make")(lambda: None)
    promised = jobs.enqueue("tea.make")
    worker(threads=2)

    eventually(lambda: state(promised) == "DONE")


def test_an_idle_worker_is_woken_at_once(worker):
    job("tea.make")(lambda: None)
    worker(poll=3 * SOON)
    sleep(0.2)
    with transaction.atomic():
        promised = jobs.enqueue("tea.make")

    eventually(lambda: state(promised) == "DONE")


def test_a_job_waits_until_a_page_is_answered(worker):
    pages = []
    job("tea.make")(lambda: pages.append(PAGES.rest_for(0)))
    worker(longest_wait=60)
    with PAGES.answering():
        promised = jobs.enqueue("tea.make")
        sleep(0.3)
        waited = state(promised)

    eventually(lambda: state(promised) == "DONE")
    assert (waited, pages) == ("QUEUED", [True])


def test_pages_that_never_end_do_not_keep_jobs_from_being_done(worker):
    job("tea.make")(lambda: None)
    worker(longest_wait=0.1)
    with PAGES.answering():
        promised = jobs.enqueue("tea.make")

        eventually(lambda: state(promised) == "DONE")


def test_what_another_process_promised_is_found_by_looking(worker):
    job("tea.make")(lambda: None)
    worker(poll=0.05)
    sleep(0.2)
    now = time.now()
    promised = Job.objects.create(name="tea.make", run_at=now, created_at=now)

    eventually(lambda: state(promised) == "DONE")


def test_a_long_job_keeps_its_lease(worker, gate):
    @job("tea.make", lease=timedelta(seconds=0.6))
    def make():
        gate.entered.set()
        assert gate.open.wait(SOON)

    promised = jobs.enqueue("tea.make")
    worker()
    assert gate.entered.wait(SOON)
    ends = lease_of(promised)
    eventually(lambda: lease_of(promised) > ends)
    assert queue.claim(now=ends) is None  # nobody else takes it when the first lease runs out
    gate.open.set()

    eventually(lambda: state(promised) == "DONE")
    promised.refresh_from_db()
    assert promised.attempts == 1


def test_a_job_that_lost_its_lease_is_not_extended_again(worker, gate):
    """Another worker takes it (this machine slept); the first one's end is not written."""

    @job("tea.make", lease=timedelta(seconds=0.6))
    def make():
        gate.entered.set()
        assert gate.open.wait(SOON)

    promised = jobs.enqueue("tea.make")
    busy = worker()
    assert gate.entered.wait(SOON)
    Job.objects.filter(pk=promised.pk).update(worker="another", lease_until=time.now() + DAY)
    eventually(lambda: busy._holding()[0].lost)
    sleep(0.3)
    gate.open.set()

    eventually(lambda: not busy._holding())
    assert state(promised) == "RUNNING"


DAY = timedelta(days=1)


def test_a_job_that_commits_in_one_piece_is_guarded_by_its_transaction(worker, gate):
    @job("tea.make", lease=timedelta(seconds=0.3), outside=False)
    def make():
        gate.entered.set()
        assert gate.open.wait(SOON)

    promised = jobs.enqueue("tea.make")
    worker()
    assert gate.entered.wait(SOON)
    eventually(lambda: lease_of(promised) < time.now())
    gate.open.set()

    eventually(lambda: state(promised) == "DONE")
    promised.refresh_from_db()
    assert promised.attempts == 1


def test_clocks_strike_while_it_runs(worker):
    cron("tea.minutely", "*/1")(lambda: None)
    Tick.objects.create(name="tea.minutely", last_at=time.now() - timedelta(minutes=5))
    worker(poll=0.05)

    eventually(lambda: Job.objects.filter(name="tea.minutely", state="DONE").exists())


def test_stopping_waits_for_the_job_in_hand(worker, gate):
    @job("tea.make")
    def make():
        gate.entered.set()
        sleep(0.3)

    promised = jobs.enqueue("tea.make")
    busy = worker()
    assert gate.entered.wait(SOON)

    assert busy.stop(SOON) is True
    assert state(promised) == "DONE"


def test_stopping_gives_back_what_does_not_end(worker, gate):
    ended = threading.Event()

    @job("tea.make")
    def make(*, progress):
        gate.entered.set()
        assert gate.open.wait(SOON)
        try:
            progress(1, 2)
        finally:
            ended.set()

    promised = jobs.enqueue("tea.make")
    busy = worker()
    assert gate.entered.wait(SOON)

    assert busy.stop(0.1) is False
    promised.refresh_from_db()
    assert (promised.state, promised.attempts) == ("QUEUED", 0)
    gate.open.set()
    assert ended.wait(SOON)
    eventually(lambda: not busy._holding())
    assert state(promised) == "QUEUED"


def test_stopping_leaves_alone_what_commits_in_one_piece(worker, gate):
    @job("tea.make", outside=False)
    def make():
        gate.entered.set()
        assert gate.open.wait(SOON)

    promised = jobs.enqueue("tea.make")
    busy = worker()
    assert gate.entered.wait(SOON)

    assert busy.stop(0.1) is False
    gate.open.set()
    eventually(lambda: not busy._holding())
    assert state(promised) == "DONE"


def test_a_stopped_worker_takes_no_new_job(worker):
    job("tea.make")(lambda: None)
    worker().stop(SOON)
    promised = jobs.enqueue("tea.make")
    sleep(0.2)

    assert state(promised) == "QUEUED"


def test_stopping_before_starting_is_nothing():
    assert Worker().stop() is True


def test_a_worker_that_stops_strikes_no_clock(monkeypatch):
    cron("tea.minutely", "*/1")(lambda: None)
    stopped = Worker()
    stopped._stopping.set()

    stopped._strike(None)

    assert not Tick.objects.exists()


def test_a_database_that_is_away_is_waited_for(worker, monkeypatch, caplog):
    job("tea.make")(lambda: None)
    promised = jobs.enqueue("tea.make")
    away = iter([OperationalError("password=secret host=10.0.0.1")] * 3)
    claim = queue.claim

    def sometimes(**asked):
        for problem in away:
            raise problem
        return claim(**asked)

    monkeypatch.setattr(queue, "claim", sometimes)
    worker(poll=0.02)

    eventually(lambda: state(promised) == "DONE")
    assert "worker: the database did not answer (OperationalError)" in caplog.text
    assert "secret" not in caplog.text


def test_an_unknown_job_in_hand_has_no_lease_to_keep():
    now = time.now()
    Job.objects.create(name="tea.drink", run_at=now, created_at=now)
    idle = Worker()
    with idle._hold(queue.claim(now=now)):
        idle._extend()

    assert Job.objects.get().state == "RUNNING"


def test_forty_jobs_by_two_workers_are_forty_ends(worker):
    ends = []
    job("tea.make")(lambda *, cup_id: ends.append(cup_id))
    for n in range(40):
        jobs.enqueue("tea.make", cup_id=n)
    worker(threads=2, poll=0.05)
    worker(threads=2, poll=0.05)

    eventually(lambda: not Job.objects.exclude(state="DONE").exists(), 20)
    assert sorted(ends) == list(range(40))
