"""The contact room as a Django app."""

from django.apps import AppConfig


class ContactConfig(AppConfig):
    """Notices by mail, and calendars elsewhere."""

    name = "rapport.contact"
    label = "contact"

    def ready(self) -> None:
        from rapport.contact.calendars import export  # noqa: F401, PLC0415
