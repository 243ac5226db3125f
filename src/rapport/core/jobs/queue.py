"""The queue itself: promise a job, lease it, finish it, or give it back.

A lease is held by a random word, new for each run. Whatever a worker writes about its
job names that word, so one that lost its lease cannot overwrite the next one's work.
"""

import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction
from django.db.models import F, Q

from rapport.core import time
from rapport.core.prepared import named, prepared
from rapport.core.writing import insert

from . import registry, rules, wake
from .models import Job

State = Job.State


class LeaseLost(Exception):
    """Another worker has this job now, or nobody: stop, and leave no trace."""


@dataclass
class Claim:
    """A job that this worker holds until its lease runs out."""

    job: Job
    worker: str
    lost: bool = False

    @property
    def row(self) -> "models.QuerySet[Job]":
        """The job's row while this claim holds it; empty once it is lost."""
        return Job.objects.filter(pk=self.job.pk, worker=self.worker, state=State.RUNNING)


def enqueue(
    name: str, *, run_at: datetime | None = None, unique: str | None = None, **ids: object
) -> Job:
    """Promise that the job ``name`` runs with ``ids``, as part of the surrounding transaction.

    Args:
        run_at: aware; not before this instant. None: as soon as a worker is free.
        unique: while a job with this key waits or runs, no second one is made and the
            first is returned. Once it has ended the key is free again. Ids joined by ``@``.
        ids: ids, whole numbers and dates; see ``rules.carried``.

    Raises:
        UnknownJob: no such job. NotAnId: something else than ids was handed over.
    """
    job = _promise(name, run_at, unique, ids)
    if unique is None:
        job.save(force_insert=True)
    else:
        job = _insert_once(job)
    wake.ring_on_commit()
    return job


def enqueue_each(names: Iterable[str], **ids: object) -> list[Job]:
    """Promise that each of these jobs runs with the same ``ids``, in one statement.

    Raises:
        UnknownJob, NotAnId: as ``enqueue``.
    """
    promised = [_promise(name, None, None, ids) for name in names]
    if promised:
        insert(promised)
        wake.ring_on_commit()
    return promised


def _promise(name: str, run_at: datetime | None, unique: str | None, ids: dict[str, object]) -> Job:
    spec = registry.spec(name)
    if taken := set(registry.OFFERED) & set(ids):
        raise ValueError(f"{min(taken)!r} is what the worker brings; call the id otherwise")
    now = time.now()
    return Job(
        name=name,
        args=rules.carried(ids),
        run_at=run_at or now,
        max_attempts=spec.attempts,
        unique_key=rules.key(unique),
        created_at=now,
    )


def _insert_once(job: Job) -> Job:
    waiting = Job.objects.filter(unique_key=job.unique_key, state__in=[State.QUEUED, State.RUNNING])
    while True:
        Job.objects.bulk_create([job], ignore_conflicts=True)
        # Our own row, or the one that was in the way; none if that one ended meanwhile.
        if found := waiting.first():
            return found


def _due(now: datetime) -> Q:
    return Q(state=State.QUEUED, run_at__lte=now) | Q(state=State.RUNNING, lease_until__lte=now)


def claim(*, now: datetime, skip: Collection[UUID] = ()) -> Claim | None:
    """Lease the job that has waited longest, in one short transaction, or None.

    Args:
        skip: jobs this process still works on; after the machine slept, their leases look
            run out until the next heartbeat.
    """
    besides = named(skip)
    if not _waiting(now=now, **besides):  # a look that does not take SQLite's writer
        return None
    skips = connection.features.has_select_for_update_skip_locked  # SQLite has one writer
    while True:
        with transaction.atomic():
            found = _first(skips, now=now, **besides)
            if not found:
                return None
            if taken := _take(found[0], now):
                return taken


@prepared
def _waiting(*, now: Any, **skip: Any) -> models.QuerySet[Any, Any]:
    return _longest(now, skip).values_list("pk")[:1]


@prepared
def _first(skips: bool, *, now: Any, **skip: Any) -> models.QuerySet[Job]:
    return _longest(now, skip).select_for_update(skip_locked=skips)[:1]


def _longest(now: Any, skip: dict[str, Any]) -> models.QuerySet[Job]:
    return Job.objects.filter(_due(now)).exclude(pk__in=list(skip.values())).order_by("run_at")


def _take(job: Job, now: datetime) -> Claim | None:
    """Lease ``job``, which is locked; or give it up if its last run never came back."""
    as_found = Job.objects.filter(pk=job.pk, state=job.state, worker=job.worker)
    if job.attempts >= job.max_attempts:
        as_found.update(
            state=State.DEAD, error="LeaseExpired", finished_at=now, lease_until=None, worker=""
        )
        return None
    known = registry.SPECS.get(job.name)
    held = Claim(job, secrets.token_hex(16))
    job.attempts += 1
    job.lease_until = now + (known.lease if known else registry.LEASE)
    taken = as_found.update(
        state=State.RUNNING,
        worker=held.worker,
        attempts=job.attempts,
        lease_until=job.lease_until,
    )
    return held if taken else None


def extend(held: Claim, *, now: datetime) -> bool:
    """Hold on to the lease from ``now``; False (and ``held.lost``) if it is gone."""
    lease = registry.spec(held.job.name).lease
    held.lost = held.lost or not held.row.update(lease_until=now + lease)
    return not held.lost


def finish(held: Claim, *, now: datetime) -> None:
    """Mark the job done.

    Raises:
        LeaseLost: it is not ours any more.
    """
    done = held.row.update(state=State.DONE, finished_at=now, lease_until=None, worker="", error="")
    if not done:
        raise LeaseLost


def fail(held: Claim, problem: Exception, *, now: datetime, chance: float) -> bool:
    """Let the job rest and try again, or give it up after its last attempt.

    Only the exception's class is kept. False if the job is not ours any more.
    """
    end = partial(held.row.update, error=type(problem).__name__[:100], lease_until=None, worker="")
    if held.job.attempts >= held.job.max_attempts:
        return bool(end(state=State.DEAD, finished_at=now))
    rest = rules.wait_after(held.job.attempts, chance)
    return bool(end(state=State.QUEUED, run_at=now + rest))


def release(held: Claim) -> None:
    """Put the job back as if this run had never begun: the process is about to stop."""
    held.lost = True
    held.row.update(state=State.QUEUED, attempts=F("attempts") - 1, lease_until=None, worker="")


def dead() -> "models.QuerySet[Job]":
    """Jobs that were given up, the latest first: a person decides about them."""
    return Job.objects.filter(state=State.DEAD).order_by("-finished_at")
