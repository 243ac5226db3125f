"""The meeting room's checks, where ``verify`` looks for them."""

from rapport.meeting.series import checks as series

__all__ = ["series"]
