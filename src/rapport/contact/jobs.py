"""The contact room's jobs, where the queue looks for them."""

from rapport.contact.notices import jobs

__all__ = ["jobs"]
