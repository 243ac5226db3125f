"""The people room's jobs, where the queue looks for them."""

from rapport.people.imports import jobs

__all__ = ["jobs"]
