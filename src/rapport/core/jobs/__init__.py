"""One queue in the practice's own database: leases, retries, clocks, progress.

A job is enqueued in the business transaction, so a crash loses none; it is delivered at
least once. A job that only writes to the database commits together with its completion,
so its effect happens exactly once.
"""

from .queue import dead, enqueue
from .registry import cron, job
from .rules import NotAnId
from .worker import Worker, run_due

__all__ = ["NotAnId", "Worker", "cron", "dead", "enqueue", "job", "run_due"]
