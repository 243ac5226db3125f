"""The contact room's jobs, where the queue looks for them."""

from rapport.contact.calendars import jobs as calendars
from rapport.contact.notices import jobs

__all__ = ["calendars", "jobs"]
