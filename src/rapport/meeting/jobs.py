"""The meeting room's jobs, where the queue looks for them."""

from rapport.meeting.requests import jobs as requests
from rapport.meeting.series import jobs as series
from rapport.meeting.waiting import jobs as waiting

__all__ = ["requests", "series", "waiting"]
