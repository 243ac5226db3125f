"""The backup of every night."""

from datetime import datetime

from rapport.core import audit, jobs
from rapport.core.policy import System

from . import making, queries

JOB = "backup.make"


@jobs.cron("backup.daily", "03:10")
@jobs.job(JOB, attempts=3)
def run(*, now: datetime) -> None:
    """Make a backup, then let go of those the keep rule does not keep."""
    making.make(now=now)
    making.prune(now=now)
    audit.record(verb=JOB, by=System("cron"), subject={"backup": queries.newest()})
