"""The contact room's tables, gathered for Django."""

from .gateways.models import Gateway, Outbox
from .notices.models import MailServer, Notice
from .reminders.models import Delivery, Failing, Preference, Reminding, Reply, TypeReminders

__all__ = [
    "Delivery", "Failing", "Gateway", "MailServer", "Notice", "Outbox", "Preference", "Reminding",
    "Reply", "TypeReminders",
]  # fmt: skip
