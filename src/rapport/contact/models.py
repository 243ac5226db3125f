"""The contact room's tables, gathered for Django."""

from .calendars.models import Feed, HouseServer, Outside, Pushed
from .notices.models import MailServer, Notice

__all__ = ["Feed", "HouseServer", "MailServer", "Notice", "Outside", "Pushed"]
