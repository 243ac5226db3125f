"""What an owner does with a job that was given up."""

from datetime import datetime
from typing import Any

from rapport.core.action import action

from . import queue
from .models import Job


@action("job.retry")
def retry(*, by: Any, job: Job, now: datetime) -> Job:
    """Try a dead job again."""
    queue.again(job, now)
    return job


@action("job.discard")
def discard(*, by: Any, job: Job) -> None:
    """Forget a dead job."""
    Job.objects.filter(pk=job.pk, state=Job.State.DEAD).delete()
