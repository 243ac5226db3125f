"""The progress room's jobs, where the queue looks for them."""

from rapport.progress.alerts import jobs as alerts
from rapport.progress.expected import jobs as expected
from rapport.progress.extract import jobs as extract
from rapport.progress.measures import jobs as measures

__all__ = ["alerts", "expected", "extract", "measures"]
