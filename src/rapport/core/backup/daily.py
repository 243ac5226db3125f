"""The backup of every night, and the same by hand."""

from datetime import datetime
from pathlib import Path
from typing import Any

from rapport.core import audit, jobs
from rapport.core.policy import System

from . import making, queries

JOB = "backup.make"


def make(*, by: Any, now: datetime) -> Path:
    """Make a backup, then let go of those the keep rule does not keep; it stands in the trail.

    Raises:
        BackupProblem: it was not made; nothing was let go.
    """
    made = making.make(now=now)
    making.prune(now=now)
    audit.record(verb=JOB, by=by, subject={"backup": queries.newest()})
    return made


@jobs.cron("backup.daily", "03:10")
@jobs.job(JOB, attempts=3)
def run(*, now: datetime) -> None:
    """Every night, and when an owner asks."""
    make(by=System("cron"), now=now)
