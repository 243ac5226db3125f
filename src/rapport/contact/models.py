"""The contact room's tables, gathered for Django."""

from .asking.models import AskUs
from .calendars.models import Feed, HouseServer, Outside, Pushed
from .gateways.models import Gateway, Outbox
from .inquiries.models import (
    ConflictCheck,
    ConflictLook,
    Inquiry,
    InquiryEntry,
    InquiryTask,
    Keeping,
    PastInquiry,
    Referral,
)
from .notices.models import MailServer, Notice
from .questions.models import AskingAgain, QuestionsTold
from .referrers.models import Referrer, Source
from .reminders.models import Delivery, Failing, Preference, Reminding, Reply, TypeReminders
from .waitlist.models import WaitingMessage

__all__ = [
    "AskUs", "AskingAgain", "ConflictCheck", "ConflictLook", "Delivery", "Failing", "Feed",
    "Gateway", "HouseServer", "Inquiry", "InquiryEntry", "InquiryTask", "Keeping", "MailServer",
    "Notice", "Outbox", "Outside", "PastInquiry", "Preference", "Pushed", "QuestionsTold",
    "Referral", "Referrer", "Reminding", "Reply", "Source", "TypeReminders",
    "WaitingMessage",
]  # fmt: skip
