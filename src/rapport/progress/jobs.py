"""The progress room's jobs, where the queue looks for them."""

from rapport.progress.alerts import jobs as alerts

__all__ = ["alerts"]
