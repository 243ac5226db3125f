"""The meeting room's jobs, where the queue looks for them."""

from rapport.meeting.series import jobs as series

__all__ = ["series"]
