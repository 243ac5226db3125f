"""The contact room's tables, gathered for Django."""

from .notices.models import MailServer, Notice

__all__ = ["MailServer", "Notice"]
