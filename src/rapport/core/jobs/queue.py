"""The queue's rows: promised, claimed, finished, given up. Every step one short transaction."""

import random
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q, QuerySet

from rapport.core import time as clock

from . import registry, rules
from .models import Job, Tick
from .wake import bell


def enqueue(
    name: str, *, run_at: datetime | None = None, unique: str | None = None, **args: object
) -> Job | None:
    """Promise to run the job ``name`` with these ids; part of the surrounding transaction.

    Returns:
        The job, or None when one with the key ``unique`` already waits or runs.

    Raises:
        UnknownJob: nothing answers to ``name``.
        NotAnId: ``args`` hold something that could be a name or a note.
    """
    spec = registry.spec(name)
    now = clock.now()
    job = Job(
        name=name,
        args=rules.carried(args),
        run_at=run_at or now,
        unique_key=unique,
        max_attempts=spec.attempts,
        created_at=now,
    )
    try:
        with transaction.atomic():
            job.save(force_insert=True)
    except IntegrityError:
        if unique is None:
            raise
        return None
    ringing = bell()
    transaction.on_commit(ringing.ring)
    return job


def claim(now: datetime) -> Job | None:
    """Take the next job that is due, or whose worker lost its lease; None when there is none."""
    due = Q(state=Job.State.QUEUED, run_at__lte=now) | Q(
        state=Job.State.RUNNING, lease_until__lt=now
    )
    with transaction.atomic():
        waiting = Job.objects.filter(due).order_by("run_at", "pk")
        if connection.features.has_select_for_update_skip_locked:
            waiting = waiting.select_for_update(skip_locked=True)
        job = waiting.first()
        if job is None:
            return None
        if job.attempts >= job.max_attempts:  # its last worker died with it
            _close(job, Job.State.DEAD, now, error="LeaseLost")
            return claim(now)
        job.state, job.worker = Job.State.RUNNING, secrets.token_hex(8)
        job.attempts += 1
        job.lease_until = now + _lease(job)
        job.save(update_fields=["state", "worker", "attempts", "lease_until"])
    return job


def _lease(job: Job) -> timedelta:
    spec = registry.SPECS.get(job.name)
    return spec.lease if spec else registry.LEASE


def _mine(job: Job) -> QuerySet[Job]:
    return Job.objects.filter(pk=job.pk, worker=job.worker, state=Job.State.RUNNING)


def _close(job: Job, state: str, now: datetime, *, error: str = "") -> bool:
    return bool(
        Job.objects.filter(pk=job.pk, worker=job.worker).update(
            state=state, error=error, finished_at=now, lease_until=None, worker=""
        )
    )


def extend(job: Job, now: datetime) -> bool:
    """Keep the lease; False when it was lost."""
    return bool(_mine(job).update(lease_until=now + _lease(job)))


def report(job: Job, done: int, total: int) -> None:
    """Show how far a job is."""
    _mine(job).update(progress_done=done, progress_total=total)


def finish(job: Job, now: datetime) -> bool:
    """Mark done; False when another worker has taken the job over meanwhile."""
    return bool(_mine(job).count()) and _close(job, Job.State.DONE, now)


def fail(job: Job, now: datetime, error: str) -> None:
    """Try again later, or give up. Only the exception's class is kept."""
    if job.attempts >= job.max_attempts:
        _close(job, Job.State.DEAD, now, error=error[:100])
        return
    wait = rules.wait_after(job.attempts, random.random())  # noqa: S311  a spread, no secret
    _mine(job).update(
        state=Job.State.QUEUED, error=error[:100], run_at=now + wait, lease_until=None, worker=""
    )


def dead() -> QuerySet[Job]:
    """Jobs that were given up, the latest first."""
    return Job.objects.filter(state=Job.State.DEAD).order_by("-finished_at")


def strike(now: datetime) -> int:
    """Enqueue what the clocks ask for at ``now``; once per tick however many ask."""
    struck = 0
    for one in registry.CLOCKS.values():
        zone = clock.zone() if one.zone == "practice" else clock.zone_named(one.zone)
        at = one.schedule.last(now, zone)
        tick = Tick.objects.filter(pk=one.name).first()
        if tick is None:
            Tick.objects.get_or_create(pk=one.name, defaults={"last_at": at})
        elif tick.last_at < at:
            with transaction.atomic():
                if Tick.objects.filter(pk=one.name, last_at=tick.last_at).update(last_at=at):
                    enqueue(one.job, unique=f"{one.name}@{at.isoformat()}")
                    struck += 1
    return struck


def purge(before: datetime, chunk: int = 500) -> int:
    """Forget jobs done before ``before``, a short transaction a chunk."""
    gone = 0
    while True:
        old = Job.objects.filter(state=Job.State.DONE, finished_at__lt=before)
        ids = list(old.values_list("pk", flat=True)[:chunk])
        gone += Job.objects.filter(pk__in=ids).delete()[0]
        if len(ids) < chunk:
            return gone


def again(job: Job, now: datetime) -> None:
    """Give a dead job another row of attempts."""
    Job.objects.filter(pk=job.pk, state=Job.State.DEAD).update(
        state=Job.State.QUEUED, run_at=now, finished_at=None, max_attempts=F("attempts") + 5
    )
