"""The one job queue: leases, retries, given-up jobs, clocks. At least once; see ``registry.job``.

Enqueue inside the business transaction, and the job exists exactly when the change does.
"""

from .actions import CannotDecide, discard, retry
from .bulk import chunks
from .clocks import strike
from .models import Job
from .queue import LeaseLost, dead, enqueue
from .registry import UnknownJob, cron, job
from .rules import NotAnId
from .running import Progress, run_due
from .upkeep import purge
from .worker import Worker

__all__ = [
    "CannotDecide",
    "Job",
    "LeaseLost",
    "NotAnId",
    "Progress",
    "UnknownJob",
    "Worker",
    "chunks",
    "cron",
    "dead",
    "discard",
    "enqueue",
    "job",
    "purge",
    "retry",
    "run_due",
    "strike",
]
