"""Threads of the serving process that do what was promised."""

import contextvars
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from time import monotonic
from uuid import UUID

from django.db import Error, close_old_connections, connections

from rapport.core import time

from . import clocks, queue, registry, running, wake
from .manners import PAGES
from .queue import Claim

log = logging.getLogger("rapport.jobs")

AFTER = 0.02  # seconds without a page until what was promised is taken up
LONGEST_WAIT = 2.0  # seconds that pages may keep a worker from beginning
LONGEST_BEAT = 5.0  # seconds; a lease of 15 seconds or more is extended in time


class Worker:
    """Runs jobs in ``threads`` threads, keeps their leases, and strikes the clocks.

    Several workers, in one process or many, share the work. An idle thread looks every
    ``poll`` seconds, and when this process enqueued something: as soon as nobody waits for
    a page of it, after ``longest_wait`` seconds in any case. Threads are daemons: a process
    that dies leaves its leases to run out.
    """

    def __init__(
        self, *, threads: int = 1, poll: float = 2.0, longest_wait: float = LONGEST_WAIT
    ) -> None:
        self._count = threads
        self._poll, self._longest_wait = poll, longest_wait
        self._stopping = threading.Event()
        self._quiet = threading.Event()
        self._held: dict[UUID, Claim] = {}
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._pulse: threading.Thread | None = None

    def start(self) -> None:
        """Begin. The threads serve the practice that is current now."""
        self._bell = wake.bell()
        self._threads = [self._thread(self._work, f"jobs-{n}") for n in range(self._count)]
        self._pulse = self._thread(self._beat, "jobs-pulse")

    def _thread(self, body: Callable[[], None], name: str) -> threading.Thread:
        context = contextvars.copy_context()
        thread = threading.Thread(target=context.run, args=(body,), name=name, daemon=True)
        thread.start()
        return thread

    def stop(self, timeout: float = 10.0) -> bool:
        """Take no new job, let the running ones finish, and give back what does not.

        A job that is given back runs elsewhere at once; this process's run of it learns
        so at its next ``progress`` and cannot write the end down. A job that commits in
        one piece is left alone: it commits, or dies with the process.

        Returns:
            Whether every job finished within ``timeout`` seconds.
        """
        deadline = monotonic() + timeout
        self._stopping.set()
        if self._pulse is None:
            return True
        self._bell.ring()
        for thread in self._threads:
            thread.join(max(0.0, deadline - monotonic()))
        self._quiet.set()
        self._pulse.join()
        left = self._holding()
        for held in left:
            if _outside(held):
                queue.release(held)
        return not left

    def _holding(self) -> list[Claim]:
        with self._lock:
            return list(self._held.values())

    @contextmanager
    def _hold(self, held: Claim) -> Iterator[None]:
        with self._lock:
            self._held[held.job.pk] = held
        try:
            yield
        finally:
            with self._lock:
                del self._held[held.job.pk]

    def _work(self) -> None:
        try:
            while not self._stopping.is_set():
                seen = self._bell.rings()
                if not self._one():
                    self._bell.wait(seen, self._poll)
                    self._let_pages_pass()
        finally:
            connections.close_all()

    def _let_pages_pass(self) -> None:
        """Wait for a moment without pages; then everything that is due is done in one go."""
        until = monotonic() + self._longest_wait
        while not self._stopping.wait(AFTER) and monotonic() < until:
            if PAGES.rest_for(AFTER):
                return

    def _one(self) -> bool:
        """Run one job; False when there is none, or the database does not answer."""
        with _surviving("worker"):
            close_old_connections()
            skip = [held.job.pk for held in self._holding()]
            held = queue.claim(now=time.now(), skip=skip)
            if held is not None:
                with self._hold(held):
                    running.perform(held, clock=time.now)
                return True
        return False

    def _beat(self) -> None:
        shortest = min((spec.lease.total_seconds() for spec in registry.SPECS.values()), default=60)
        pause = min(LONGEST_BEAT, shortest / 3)
        struck: datetime | None = None
        try:
            while True:
                with _surviving("pulse"):
                    close_old_connections()
                    struck = self._strike(struck)
                    self._extend()
                if self._quiet.wait(pause):
                    return
        finally:
            connections.close_all()

    def _strike(self, struck: datetime | None) -> datetime:
        minute = time.now().replace(second=0, microsecond=0)
        if minute != struck and not self._stopping.is_set():
            clocks.strike(time.now())
        return minute

    def _extend(self) -> None:
        """Keep each lease from its first third on."""
        for held in self._holding():
            lease = registry.spec(held.job.name).lease if _outside(held) else None
            until = held.job.lease_until
            if lease is None or until is None or held.lost:
                continue
            now = time.now()
            if until - now <= lease * 2 / 3 and queue.extend(held, now=now):
                held.job.lease_until = now + lease


def _outside(held: Claim) -> bool:
    """Whether the job runs outside a transaction; otherwise its own lock guards its row."""
    spec = registry.SPECS.get(held.job.name)
    return spec is not None and spec.outside


@contextmanager
def _surviving(part: str) -> Iterator[None]:
    """A database that is away, busy or restarted is no reason to stop: look again later."""
    try:
        yield
    except Error as problem:
        log.warning("%s: the database did not answer (%s)", part, type(problem).__name__)
        connections.close_all()
