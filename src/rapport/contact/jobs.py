"""The contact room's jobs, where the queue looks for them."""

from rapport.contact.inquiries import jobs as inquiries
from rapport.contact.notices import jobs

__all__ = ["inquiries", "jobs"]
