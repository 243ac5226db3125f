"""kill -9 in the middle of a job: nothing is lost, and effects in the database happen once."""

import random
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from time import monotonic, sleep

import pytest
from django.db import connection

from rapport.core import time
from rapport.core.jobs import Job, job

MORTAL = Path(__file__).with_name("mortal.py")


@pytest.fixture
def live(tmp_path):
    """Start a mortal worker on this test's database."""
    connection.ensure_connection()
    name = str(connection.settings_dict["NAME"])
    alive = []

    def start():
        process = subprocess.Popen(
            [sys.executable, str(MORTAL), name, str(tmp_path / "outside")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        alive.append(process)
        assert process.stdout.readline() == "ready\n"
        return process

    yield start
    for process in alive:
        process.kill()
        process.communicate()


def promised(name, count):
    job(name, attempts=1000)(lambda: None)
    now = time.now()
    rows = [Job(name=name, run_at=now, created_at=now, max_attempts=1000) for _ in range(count)]
    return {str(row.pk) for row in Job.objects.bulk_create(rows)}


@pytest.mark.django_db(transaction=True)
def test_workers_killed_again_and_again_lose_nothing_and_do_nothing_twice(live, tmp_path):
    seed = random.randrange(10**6)
    print("seed", seed)
    chance = random.Random(seed)
    whole, outside = promised("mortal.whole", 200), promised("mortal.outside", 200)

    struck = []  # whether a worker was killed in the middle of a job
    while len(struck) < 5 or not any(struck):
        process = live()
        sleep(chance.uniform(0.05, 0.5))
        process.kill()
        process.wait()
        struck.append(Job.objects.filter(state="RUNNING").exists())
        assert Job.objects.exclude(state="DONE").exists(), "none was killed in the middle"
    live()
    end = monotonic() + 180
    while Job.objects.exclude(state="DONE").exists():
        assert monotonic() < end, Counter(Job.objects.values_list("name", "state", "error"))
        sleep(0.1)

    happened = Job.objects.filter(name="mortal.effect").values_list("args", flat=True)
    effects = Counter(args["of"] for args in happened)
    assert Job.objects.filter(attempts__gt=1).exists()
    assert effects == dict.fromkeys(whole, 1)
    assert set((tmp_path / "outside").read_text().split()) == outside


@pytest.mark.django_db(transaction=True)
def test_a_job_whose_worker_died_runs_again_when_its_lease_is_over(live):
    """The lease is taken by a process that is no more."""
    whole = promised("mortal.whole", 1)
    lease = time.now() + timedelta(hours=1)
    Job.objects.update(state="RUNNING", worker="dead", attempts=1, lease_until=lease)
    live()
    sleep(0.5)
    assert Job.objects.get(name="mortal.whole").attempts == 1
    Job.objects.update(lease_until=time.now())

    end = monotonic() + 120
    while not Job.objects.filter(name="mortal.whole", state="DONE").exists():
        assert monotonic() < end
        sleep(0.05)
    assert Job.objects.get(name="mortal.whole").attempts == 2
    assert Job.objects.filter(name="mortal.effect").count() == len(whole)
