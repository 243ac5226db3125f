"""The contact room's jobs, where the queue looks for them."""

from rapport.contact.calendars import jobs as calendars
from rapport.contact.gateways import jobs as gateways
from rapport.contact.inquiries import jobs as inquiries
from rapport.contact.notices import jobs
from rapport.contact.questions import jobs as questions
from rapport.contact.reminders import jobs as reminders
from rapport.contact.waitlist import jobs as waitlist

__all__ = ["calendars", "gateways", "inquiries", "jobs", "questions", "reminders", "waitlist"]
