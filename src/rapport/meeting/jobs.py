"""The meeting room's jobs, where the queue looks for them."""

from rapport.meeting.requests import jobs as requests
from rapport.meeting.series import jobs as series

__all__ = ["requests", "series"]
