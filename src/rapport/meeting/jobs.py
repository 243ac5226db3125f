"""The meeting room's jobs, where the queue looks for them."""

from rapport.meeting.waiting import jobs as waiting

__all__ = ["waiting"]
