"""The meeting room's jobs, where the queue looks for them."""

from rapport.meeting.requests import jobs as requests

__all__ = ["requests"]
