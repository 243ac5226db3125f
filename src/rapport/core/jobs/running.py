"""Running one leased job: in one commit with its completion, or outside with a heartbeat."""

import logging
import random
from collections.abc import Callable
from datetime import datetime
from time import monotonic
from typing import Any

from rapport.core import audit, time

from . import queue, registry
from .queue import Claim, LeaseLost

log = logging.getLogger("rapport.jobs")

Now = Callable[[], datetime]
NEWS_EVERY = 0.5  # seconds between two written states of progress


class Progress:
    """What a long job calls: ``progress(done, total)``. It is where the job learns to stop."""

    def __init__(self, held: Claim) -> None:
        self._held = held
        self._written = float("-inf")

    def __call__(self, done: int, total: int = 0) -> None:
        """Say how far the job is; written at most twice a second, and at the end.

        Raises:
            LeaseLost: the job is not ours any more, or the process stops. Let it pass.
        """
        if self._held.lost:
            raise LeaseLost
        if monotonic() - self._written < NEWS_EVERY and done != total:
            return
        if not self._held.row.update(progress_done=done, progress_total=total):
            raise LeaseLost
        self._written = monotonic()


def perform(held: Claim, *, clock: Now, loud: bool = False) -> None:
    """Run a leased job to its end, whatever that is, and write the end down.

    Args:
        clock: asked when the run begins and when it ends.
        loud: raise what the job raised, after it was written down (tests, demo).
    """
    whence = audit.origin.set(f"job:{held.job.pk}")
    try:
        spec = registry.spec(held.job.name)
        if spec.outside:
            _call(spec, held, clock())
            queue.finish(held, now=clock())
        else:
            _in_one_commit(spec, held, clock())
    except LeaseLost:
        log.warning("job %s %s: lost its lease", held.job.pk, held.job.name)
    except Exception as problem:
        kept = queue.fail(held, problem, now=clock(), chance=random.random())  # noqa: S311
        outcome = type(problem).__name__ if kept else "failed after losing its lease"
        log.warning("job %s %s: %s", held.job.pk, held.job.name, outcome)
        if loud:
            raise
    else:
        log.info("job %s %s: done", held.job.pk, held.job.name)
    finally:
        audit.origin.reset(whence)


def _in_one_commit(spec: registry.Spec, held: Claim, now: datetime) -> None:
    """Completion first (it locks the row), then the effect, then the audit trail: one commit."""
    with audit.unit():
        queue.finish(held, now=now)
        _call(spec, held, now)


def _call(spec: registry.Spec, held: Claim, now: datetime) -> None:
    args, named = spec.read(held.job.args)
    offers: dict[str, Any] = {"progress": Progress(held), "once": str(held.job.pk), "now": now}
    spec.run(*args, **named, **{name: offers[name] for name in spec.wants})


def run_due(now: datetime | None = None, *, loud: bool = False) -> int:
    """Run everything that is due at ``now``, and what that leads to, in this thread.

    The clock stands still at ``now`` meanwhile. Failed jobs rest, so they run once.

    Returns:
        How many runs were made, failed ones included.
    """
    with time.at(now or time.now()) as instant:
        runs = 0
        while held := queue.claim(now=instant):
            perform(held, clock=time.now, loud=loud)
            runs += 1
        return runs
