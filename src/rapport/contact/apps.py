"""The contact room as a Django app."""

from django.apps import AppConfig


class ContactConfig(AppConfig):
    """Notices, reminders and the ways by which they go out, calendars elsewhere."""

    name = "rapport.contact"
    label = "contact"

    def ready(self) -> None:
        from rapport.contact.calendars import export as calendars  # noqa: F401, PLC0415
        from rapport.contact.reminders import export  # noqa: F401, PLC0415
