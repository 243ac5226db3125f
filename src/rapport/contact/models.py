"""The contact room's tables, gathered for Django."""

from .calendars.models import Feed, HouseServer, Outside, Pushed
from .gateways.models import Gateway, Outbox
from .notices.models import MailServer, Notice
from .reminders.models import Delivery, Failing, Preference, Reminding, Reply, TypeReminders

__all__ = [
    "Delivery", "Failing", "Feed", "Gateway", "HouseServer", "MailServer", "Notice", "Outbox",
    "Outside", "Preference", "Pushed", "Reminding", "Reply", "TypeReminders",
]  # fmt: skip
