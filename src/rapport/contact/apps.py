"""The contact room as a Django app."""

from django.apps import AppConfig


class ContactConfig(AppConfig):
    """What goes out, calendars elsewhere, and the inquiries of people who ask for help."""

    name = "rapport.contact"
    label = "contact"

    def ready(self) -> None:
        from rapport.contact.calendars import export as calendars  # noqa: F401, PLC0415
        from rapport.contact.inquiries import export as inquiries  # noqa: F401, PLC0415
        from rapport.contact.questions import export as questions  # noqa: F401, PLC0415
        from rapport.contact.reminders import export  # noqa: F401, PLC0415
        from rapport.contact.waitlist import export as waitlist  # noqa: F401, PLC0415
