"""What the queue does about itself: forgetting what ended long ago."""

from datetime import datetime, timedelta

from django.db.models import Q

from .bulk import chunks
from .models import Job
from .registry import cron

KEEP_DONE = timedelta(days=7)
KEEP_DEAD = timedelta(days=90)


@cron("jobs.purge", "03:40")
def purge(*, now: datetime) -> None:
    """Delete jobs that were done a week ago or given up a quarter ago."""
    old = Q(state=Job.State.DONE, finished_at__lt=now - KEEP_DONE) | Q(
        state=Job.State.DEAD, finished_at__lt=now - KEEP_DEAD
    )
    for some in chunks(Job.objects.filter(old)):
        Job.objects.filter(pk__in=[job.pk for job in some]).delete()
