"""The contact room's tables, gathered for Django."""

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
from .referrers.models import Referrer, Source

__all__ = [
    "ConflictCheck",
    "ConflictLook",
    "Inquiry",
    "InquiryEntry",
    "InquiryTask",
    "Keeping",
    "MailServer",
    "Notice",
    "PastInquiry",
    "Referral",
    "Referrer",
    "Source",
]
