"""What the owner decides about a job that was given up."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from rapport.core.action import action

from . import queue, wake
from .models import Job


class CannotDecide(Exception):
    """The job is not one that was given up. The message is safe to show."""


def _given_up(job: Job) -> Job:
    found = queue.dead().select_for_update().filter(pk=job.pk).first()
    if found is None:
        raise CannotDecide(_("This job is running again, or was thrown away already."))
    return found


@action("job.retry")
def retry(*, by: Any, job: Job, now: datetime) -> Job:
    """Let a given-up job run again, with all its attempts.

    Raises:
        CannotDecide: it was not given up, or another job does the same work already.
    """
    found = _given_up(job)
    unfinished = [Job.State.QUEUED, Job.State.RUNNING]
    same = Job.objects.filter(unique_key=found.unique_key, state__in=unfinished)
    if found.unique_key is not None and same.exists():
        raise CannotDecide(_("Another job is doing the same work. Throw this one away."))
    found.state, found.run_at, found.attempts, found.finished_at = Job.State.QUEUED, now, 0, None
    found.save(update_fields=["state", "run_at", "attempts", "finished_at"])
    wake.ring_on_commit()
    return found


@action("job.discard")
def discard(*, by: Any, job: Job) -> None:
    """Throw a given-up job away.

    Raises:
        CannotDecide: it was not given up.
    """
    _given_up(job).delete()
