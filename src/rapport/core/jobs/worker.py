"""Running what is due, in this thread or in a few of its own, and stopping cleanly."""

import logging
import threading
from datetime import datetime
from functools import partial
from typing import Any

from django.db import close_old_connections, connection, transaction

from rapport.core import audit
from rapport.core import time as clock

from . import queue, registry
from .models import Job
from .wake import Bell, bell

log = logging.getLogger("rapport.jobs")

IDLE = 2.0  # seconds between two looks when nobody rang


class LeaseLost(Exception):
    """Another worker has the job now; what this one wrote is rolled back."""


def run_due(now: datetime | None = None, *, most: int = 1000) -> int:
    """Run what is due in this thread; how many jobs ran."""
    ran = 0
    while ran < most and (job := queue.claim(now or clock.now())) is not None:
        run_one(job)
        ran += 1
    return ran


def run_one(job: Job) -> None:
    """Run a claimed job once and write down how it went. Logs ids and classes only."""
    audit.origin.set(f"job:{job.pk}")
    try:
        spec = registry.spec(job.name)
        args, named = spec.read(job.args)
        offers: dict[str, Any] = {
            "progress": partial(queue.report, job), "once": str(job.pk), "now": clock.now(),
        }  # fmt: skip
        named |= {offer: offers[offer] for offer in spec.wants}
        if spec.outside:
            with _Heart(job, spec.lease.total_seconds() / 3):
                spec.run(*args, **named)
            queue.finish(job, clock.now())
        else:
            with audit.unit():
                spec.run(*args, **named)
                if not queue.finish(job, clock.now()):
                    raise LeaseLost
    except LeaseLost:
        log.warning("job %s (%s) lost its lease", job.pk, job.name)
    except Exception as problem:
        queue.fail(job, clock.now(), type(problem).__name__)
        log.warning("job %s (%s) failed: %s", job.pk, job.name, type(problem).__name__)


class _Heart:
    """Extends a lease while a long job runs, from a thread with its own connection."""

    def __init__(self, job: Job, seconds: float) -> None:
        self.job, self.seconds = job, seconds
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._beat, daemon=True)

    def _beat(self) -> None:
        while not self.stop.wait(self.seconds):
            queue.extend(self.job, clock.now())
            connection.close()

    def __enter__(self) -> "_Heart":
        self.thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop.set()
        self.thread.join()


class Worker:
    """Threads that run due jobs and strike the clocks until they are stopped."""

    def __init__(self, threads: int = 1, idle: float = IDLE) -> None:
        self.idle = idle
        self._stop = threading.Event()
        self._bell: Bell | None = None
        self._threads = [
            threading.Thread(target=self._loop, name=f"jobs-{n}", daemon=True)
            for n in range(threads)
        ]

    def start(self) -> None:
        """Begin to work."""
        self._bell = bell()
        for thread in self._threads:
            thread.start()

    def stop(self, timeout: float = 10.0) -> bool:
        """Finish the job in hand and stop; False when one is still running after ``timeout``."""
        self._stop.set()
        if self._bell is not None:
            self._bell.ring()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(timeout)
        return not any(thread.is_alive() for thread in self._threads)

    def _loop(self) -> None:
        assert self._bell is not None
        try:
            while not self._stop.is_set():
                seen = self._bell.rings()
                if not self._turn():
                    close_old_connections()
                    self._bell.wait(seen, self.idle)
        finally:
            connection.close()

    def _turn(self) -> bool:
        """One look for work; False when there is none, or the database does not answer."""
        try:
            queue.strike(clock.now())
            job = queue.claim(clock.now())
        except Exception as problem:
            log.error("the queue does not answer: %s", type(problem).__name__)
            transaction.set_autocommit(True)
            connection.close()
            return False
        if job is not None:
            run_one(job)
        return job is not None
