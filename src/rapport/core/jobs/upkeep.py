"""The queue's own housekeeping."""

from datetime import datetime, timedelta

from . import queue
from .registry import cron, job

KEPT = timedelta(days=7)


@cron("jobs.purge", "03:40")
@job("jobs.purge")
def purge(*, now: datetime) -> None:
    """Forget finished jobs after a week."""
    queue.purge(now - KEPT)
