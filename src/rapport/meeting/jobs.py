"""The meeting room's jobs, where the queue looks for them."""

from rapport.meeting.day_sheet import jobs as day_sheet
from rapport.meeting.requests import jobs as requests
from rapport.meeting.series import jobs as series
from rapport.meeting.waiting import jobs as waiting

__all__ = ["day_sheet", "requests", "series", "waiting"]
