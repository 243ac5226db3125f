"""The contact room as a Django app."""

from django.apps import AppConfig


class ContactConfig(AppConfig):
    """Notices by mail, and the inquiries of people who ask for help."""

    name = "rapport.contact"
    label = "contact"

    def ready(self) -> None:
        from rapport.contact.inquiries import export  # noqa: F401, PLC0415
