"""The people room's jobs, where the queue looks for them."""

from rapport.people.imports import jobs as imports
from rapport.people.staff import jobs as staff

__all__ = ["imports", "staff"]
